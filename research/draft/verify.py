"""The last gate of a whole brief, as values or as brief.json: evidence slices to its quote, claims hold on theirs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any

from research.draft.check import Problem, verify_claim, verify_groups
from research.draft.sources import ANALYST, ANALYST_TEXT, account_context, document_context
from research.draft.support import scale_note
from research.draft.wording import wording
from research.model.document import Document
from research.model.draft import SECTION_TITLES, Brief, Claim
from research.model.finding import Evidence, Finding
from research.text.hashing import sha256_text

__all__ = ["Problem", "Stated", "mark_unverified", "stated_in", "verify_brief", "verify_claim", "verify_json"]

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cited:
    """A finding as a claim sees it."""

    status: str
    quotes: tuple[str, ...]
    context: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One drafted sentence with everything that it is held against: its quotes finding by finding, the texts that vouch
    for names, numbers and dates beside them, and the template's own words."""

    section: str
    text: str
    groups: tuple[tuple[str, ...], ...]
    context: tuple[str, ...]
    own_words: frozenset[str]

    def problems(self, text: str | None = None) -> tuple[Problem, ...]:
        """What the evidence does not show of the sentence, or of `text` in its place."""
        sentence = self.text if text is None else text
        return verify_groups(sentence, self.groups, context=self.context, own_words=self.own_words)


def verify_brief(brief: Brief) -> tuple[Problem, ...]:
    """Everything in a brief that does not hold: evidence outside its document or of another account, claims without
    live findings, sentences that their quotes do not show."""
    documents = {document.id: document for document in brief.documents}
    refused = {admission.document_id for admission in brief.admissions if not admission.admitted}
    evidence = (
        _evidence_problem(item, documents, brief.account.id, refused) for f in brief.findings for item in f.evidence
    )
    empty = (
        Problem(kind="uncited", detail="a finding without evidence", where=f.id)
        for f in brief.findings
        if not f.evidence
    )
    return tuple(chain(empty, filter(None, evidence), _claims(_vouched(brief), *_behind(brief, documents))))


def mark_unverified(brief: Brief, *, keep_uncited: bool = True) -> Brief:
    """The brief with each sentence of an analyst's checked: what its live quotes do not show is marked as unverified,
    whatever the analyst vouches for. Sentences all of whose findings are missing from the brief stay without citations,
    or go where not `keep_uncited`."""
    if not any(f.get(ANALYST_TEXT) for f in brief.findings) and not any(
        claim.analyst for section in brief.sections for claim in section.claims
    ):
        return brief
    documents = {document.id: document for document in brief.documents}
    cited, general = _behind(brief, documents)
    live = {f.id for f in brief.findings if f.status not in ("rejected", "lapsed")}
    worded = {f.id: f.text(ANALYST) for f in brief.findings if f.get(ANALYST_TEXT)}

    def marked(section: str, claim: Claim) -> Claim | None:
        by = claim.analyst or next((worded[i] for i in claim.finding_ids if i in worded), "")
        if not by and not claim.analyst and not any(i in worded for i in claim.finding_ids):
            return claim
        known = tuple(i for i in claim.finding_ids if i in cited)
        if claim.finding_ids and not known and not keep_uncited:
            return None
        shown = bool(known) and live.issuperset(known)
        shown = shown and not _stated(section, claim.text, [cited[i] for i in known], general).problems()
        return replace(claim, finding_ids=known, analyst=by, unverified=not shown)

    sections = tuple(
        replace(s, claims=tuple(c for claim in s.claims if (c := marked(s.name, claim)) is not None))
        for s in brief.sections
    )
    return replace(brief, sections=sections)


def stated_in(brief: Brief) -> tuple[Stated, ...]:
    """Every sentence of a brief that cites findings, as the verifier sees it."""
    cited, general = _behind(brief, {document.id: document for document in brief.documents})
    return tuple(
        _stated(section, text, [cited[finding_id] for finding_id in finding_ids], general)
        for section, text, finding_ids in _vouched(brief)
        if finding_ids and all(finding_id in cited for finding_id in finding_ids)
    )


def _drafted(brief: Brief) -> Iterator[tuple[str, str, Sequence[str]]]:
    return ((s.name, claim.text, claim.finding_ids) for s in brief.sections for claim in s.claims)


def _vouched(brief: Brief) -> Iterator[tuple[str, str, Sequence[str]]]:
    """The sentences that stand on quotes; an analyst's word is marked as one, and nothing else is claimed of it."""
    return ((s.name, c.text, c.finding_ids) for s in brief.sections for c in s.claims if not c.unverified)


def _behind(brief: Brief, documents: Mapping[str, Document]) -> tuple[dict[str, _Cited], tuple[str, ...]]:
    """The cited findings as claims see them, and what is known of the account without any document."""
    fetched = dict(brief.fetched_at)
    used = {finding_id for _, _, finding_ids in _drafted(brief) for finding_id in finding_ids}
    account = account_context(brief.account.names, brief.account.domains, brief.account.identifiers)
    return (
        {f.id: _of_finding(f, documents, fetched) for f in brief.findings if f.id in used},
        (*account, brief.as_of[:10]),
    )


def _stated(section: str, text: str, used: Sequence[_Cited], general: Sequence[str]) -> Stated:
    return Stated(
        section=section,
        text=text,
        groups=tuple(one.quotes for one in used),
        context=(*general, *chain.from_iterable(one.context for one in used)),
        own_words=wording(section).words if section in SECTION_TITLES else frozenset(),
    )


def verify_json(data: Json, text_of: Callable[[str], str | None]) -> tuple[Problem, ...]:
    """As `verify_brief`, on a parsed brief.json; `text_of` gives the stored text of a document id, None where the store
    has none. A malformed part is a problem, never an exception."""
    try:
        return tuple(chain(_shape(data), _json_evidence(data, text_of), _json_claims(data, text_of)))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        return (Problem(kind="malformed", detail=f"not a dossier.brief/1: {type(error).__name__}: {error}"),)


def _evidence_problem(
    evidence: Evidence, documents: Mapping[str, Document], account_id: str, refused: set[str]
) -> Problem | None:
    document = documents.get(evidence.document_id)
    if document is None:
        return Problem(kind="evidence", detail=f"no document {evidence.document_id}", where=evidence.finding_id)
    if document.account_id != account_id or document.id in refused:
        return Problem(
            kind="identity", detail=f"document {document.id} is not the account's", where=evidence.finding_id
        )
    quote = document.text[evidence.start : evidence.end]
    if 0 <= evidence.start < evidence.end and sha256_text(quote) == evidence.quote_sha256:
        return None
    detail = f"text[{evidence.start}:{evidence.end}] of {document.id} is not the quote"
    return Problem(kind="evidence", detail=detail, where=evidence.finding_id)


def _of_finding(finding: Finding, documents: Mapping[str, Document], fetched: Mapping[str, str]) -> _Cited:
    known = [(e, documents[e.document_id]) for e in finding.evidence if e.document_id in documents]
    context = [finding.first_seen[:10], finding.last_seen[:10]]
    for evidence, document in known:
        context += document_context(document.title, document.published, document.url)
        context += [fetched.get(document.id, "")[:10], scale_note(document.text, evidence.start)]
    quotes = [document.text[evidence.start : evidence.end] for evidence, document in known]
    return _Cited(
        status=finding.status,
        quotes=tuple(quotes),
        context=tuple(text for text in context if text),
    )


def _claims(
    claims: Iterable[tuple[str, str, Sequence[str]]], cited: Mapping[str, _Cited], general: Sequence[str]
) -> Iterator[Problem]:
    for section, text, finding_ids in claims:
        where = f"{section}: {text[:80]}"
        missing = [finding_id for finding_id in finding_ids if finding_id not in cited]
        if not finding_ids or missing:
            yield Problem(kind="uncited", detail=f"cites {missing or 'nothing'}", where=where)
            continue
        used = [cited[finding_id] for finding_id in finding_ids]
        if dead := {one.status for one in used} & {"rejected", "lapsed"}:
            yield Problem(kind="status", detail=f"stands on a finding that is {min(dead)}", where=where)
        for problem in _stated(section, text, used, general).problems():
            yield Problem(kind=problem.kind, detail=problem.detail, where=where)


def _shape(data: Json) -> Iterator[Problem]:
    if data.get("schema") != "dossier.brief/1":
        yield Problem(kind="malformed", detail=f"schema is {data.get('schema')!r}, not 'dossier.brief/1'")
    for finding in data["findings"]:
        if not finding["evidence"]:
            yield Problem(kind="uncited", detail="a finding without evidence", where=str(finding["id"]))


def _json_evidence(data: Json, text_of: Callable[[str], str | None]) -> Iterator[Problem]:
    known = {document["id"] for document in data["documents"]}
    for finding in data["findings"]:
        for evidence in finding["evidence"]:
            if detail := _json_evidence_detail(evidence, known, text_of):
                yield Problem(kind="evidence", detail=detail, where=str(finding["id"]))


def _json_evidence_detail(evidence: Json, known: set[str], text_of: Callable[[str], str | None]) -> str | None:
    document, start, end, quote = (evidence[name] for name in ("document", "start", "end", "quote"))
    if document not in known:
        return f"document {document} is not among the brief's documents"
    text = text_of(document)
    if text is None:
        return f"the store has no text of document {document}"
    if not (0 <= start < end <= len(text)) or text[start:end] != quote:
        return f"text[{start}:{end}] of {document} is not the quote"
    return None


def _json_claims(data: Json, text_of: Callable[[str], str | None]) -> Iterator[Problem]:
    documents = {document["id"]: document for document in data["documents"]}
    used = {finding_id for s in data["sections"] for c in s["claims"] for finding_id in c["findings"]}
    cited = {f["id"]: _of_json(f, documents, text_of) for f in data["findings"] if f["id"] in used}
    account = data["account"]
    names = (account["name"], *account["aliases"])
    identifiers = [(key, str(value)) for key, value in account["identifiers"].items()]
    general = (*account_context(names, account["domains"], identifiers), data["as_of"][:10])
    spoken = ((s["name"], c) for s in data["sections"] for c in s["claims"] if not c.get("unverified"))
    claims = ((name, c["text"], c["findings"]) for name, c in spoken)
    return _claims(claims, cited, general)


def _of_json(finding: Json, documents: Mapping[str, Json], text_of: Callable[[str], str | None]) -> _Cited:
    context = [finding["first_seen"][:10], finding["last_seen"][:10]]
    for evidence in finding["evidence"]:
        document = documents.get(evidence["document"], {"title": "", "published": None, "url": "", "fetched_at": ""})
        context += document_context(document["title"], document["published"], document["url"])
        context += [document["fetched_at"][:10], scale_note(text_of(evidence["document"]) or "", evidence["start"])]
    quotes = [evidence["quote"] for evidence in finding["evidence"]]
    return _Cited(
        status=finding["status"],
        quotes=tuple(quotes),
        context=tuple(text for text in context if text),
    )
