"""The evidence list: one numbered note a cited finding, with its quotes in context."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from research.export.internal import is_hidden, is_internal
from research.model.document import Document
from research.model.draft import Brief, Claim
from research.model.finding import Evidence, Finding

_COUNT = re.compile(r"And \d+ more in brief\.json\.")
CONTEXT = 90  # characters before and after a quote: about one line of print each
QUOTE_LIMIT = 480  # a table or a card longer than this is cut in print; brief.json has it whole
QUOTES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """One piece of evidence; `link` is empty where the address is not one that a browser should follow."""

    before: str
    marked: str
    after: str
    title: str
    url: str
    link: str
    published: str
    seen: str
    low_trust: bool
    internal: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Everything behind one finding that the brief cites."""

    number: int
    what: str
    confidence: str
    figure: str
    quotes: tuple[Quote, ...]
    more: int


def number(claims: Iterable[Claim]) -> dict[str, int]:
    """A number for each finding that a line of the page stands on, in the order in which the page cites them."""
    cited = (finding_id for claim in claims if not counts_only(claim) for finding_id in claim.finding_ids)
    return {finding_id: place for place, finding_id in enumerate(dict.fromkeys(cited), start=1)}


def counts_only(claim: Claim) -> bool:
    """Whether a line only counts findings that stand in brief.json: hundreds of notes would bury those of the page."""
    return _COUNT.fullmatch(claim.text) is not None


def notes(brief: Brief, numbers: Mapping[str, int]) -> tuple[Note, ...]:
    """The notes in the order of their numbers; a number without a finding in the brief gives none."""
    known = {finding.id: finding for finding in brief.findings}
    documents = {document.id: document for document in brief.documents}
    fetched = dict(brief.fetched_at)
    return tuple(
        _note(known[finding_id], place, documents, fetched)
        for finding_id, place in sorted(numbers.items(), key=lambda item: item[1])
        if finding_id in known
    )


def quote_in_context(evidence: Evidence, document: Document, fetched_at: str) -> Quote:
    """One evidence with the words around it."""
    text = document.text
    start, end = evidence.start, evidence.end
    first, last = _around(document, start, end)
    before = text[max(first, start - CONTEXT) : start]
    after = text[end : min(last, end + CONTEXT)]
    cut_before = before.partition(" ")[2] if start - CONTEXT > first else before
    cut_after = after.rpartition(" ")[0] if end + CONTEXT < last else after
    marked = text[start:end]
    if len(marked) > QUOTE_LIMIT:
        marked = f"{marked[:QUOTE_LIMIT].rpartition(' ')[0] or marked[:QUOTE_LIMIT]} …"
    return Quote(
        before=("… " if start - CONTEXT > first else "") + cut_before,
        marked=marked,
        after=cut_after + (" …" if end + CONTEXT < last else ""),
        title=document.title or document.url,
        url=document.url,
        link=safe_link(document.url),
        published=(document.published or "")[:10],
        seen=fetched_at[:10],
        low_trust=document.trust == "low",
        internal=is_internal(document),
        hidden=is_hidden(evidence, document),
    )


def _around(document: Document, start: int, end: int) -> tuple[int, int]:
    """The span of the passages that a quote stands in: no word of a neighbour is shown, for nothing was read of it."""
    within = [p for p in document.passages if p.start < end and start < p.end]
    return (min(p.start for p in within), max(p.end for p in within)) if within else (start, end)


def safe_link(url: str) -> str:
    """The address where it is plain http or https without credentials, else empty: nothing else may be clicked."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    plain = url.isprintable() and not any(char in url for char in " \\\"'<>")
    return url if plain and parts.scheme in ("http", "https") and parts.netloc and "@" not in parts.netloc else ""


def in_words(finding: Finding) -> str:
    """Confidence as a person says it; a decision of an analyst says more than a figure."""
    decided = {"accepted": "accepted by an analyst", "edited": "worded by an analyst"}
    if finding.status in decided:
        return decided[finding.status]
    level = next(word for floor, word in ((0.85, "high"), (0.6, "fair"), (0.0, "low")) if finding.confidence >= floor)
    return f"{level} confidence"


def describe(finding: Finding) -> str:
    """What kind of finding this is, for the head of its note."""
    if finding.kind == "signal":
        whose = {"account": "the account's own", "customer": "their customers'", "industry": "the industry's"}
        return f"{whose.get(finding.text('holder'), 'holder unclear:')} {finding.text('type')}"
    name = {"fact": "field", "relation": "relation", "event": "type"}.get(finding.kind)
    return f"{finding.kind}: {finding.text(name).replace('_', ' ')}" if name else finding.kind


def _note(finding: Finding, place: int, documents: Mapping[str, Document], fetched: Mapping[str, str]) -> Note:
    shown = [e for e in finding.evidence if e.document_id in documents][:QUOTES_SHOWN]
    return Note(
        number=place,
        what=describe(finding),
        confidence=in_words(finding),
        figure=f"{finding.confidence:.2f}",
        quotes=tuple(quote_in_context(e, documents[e.document_id], fetched.get(e.document_id, "")) for e in shown),
        more=len(finding.evidence) - len(shown),
    )
