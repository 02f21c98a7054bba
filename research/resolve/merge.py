"""Many observations, one finding: the evidence is gathered, the best wording chosen, the confidence combined."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from research.model.account import Account
from research.model.document import Document
from research.model.finding import Attributes, Evidence, Finding, Observation, Value
from research.resolve.keys import finding_id, finding_key, person_key, phrase_key, role_key
from research.text.hashing import sha256_text
from research.text.names import fold

_EVIDENCE_KEPT: Final = 8  # quotes a finding keeps, best first: more do not fit a page or a reader
_CEILING: Final = 0.99


def merge(
    account: Account, observations: Iterable[Observation], documents: Mapping[str, Document], now: str
) -> tuple[Finding, ...]:
    """One finding a key, ordered by kind and confidence; observations of unknown documents are a programming error."""
    groups: dict[tuple[str, tuple[Value, ...]], list[Observation]] = defaultdict(list)
    for observation in observations:
        groups[(observation.kind, finding_key(observation))].append(observation)
    findings = [_finding(account, kind, key, group, documents, now) for (kind, key), group in groups.items()]
    return tuple(sorted(findings, key=lambda f: (f.kind, -f.confidence, f.id)))


def _finding(
    account: Account,
    kind: str,
    key: tuple[Value, ...],
    group: Sequence[Observation],
    documents: Mapping[str, Document],
    now: str,
) -> Finding:
    identity = finding_id(account.id, kind, key)
    best = max(group, key=lambda o: (o.score, _newness(o, documents), -o.start, o.document_id))
    return Finding(
        id=identity,
        account_id=account.id,
        kind=best.kind,
        attributes=_wording(best, group),
        status="new",
        confidence=confidence(group, documents),
        first_seen=now,
        last_seen=now,
        evidence=_evidence(identity, group, documents),
    )


def _newness(observation: Observation, documents: Mapping[str, Document]) -> str:
    return documents[observation.document_id].published or ""


_FREQUENT: Final = {
    "relation": "company",
    "person": "name",
    "offering": "name",
    "office": "place",
    "presence": "company",
}


def _wording(best: Observation, group: Sequence[Observation]) -> Attributes:
    """The best observation's attributes, the name as most of the group spell it, the first description given."""
    values = dict(best.attributes)
    if name := _FREQUENT.get(best.kind):
        spellings = Counter(str(o.get(name)) for o in group)
        values[name] = max(spellings, key=lambda s: (spellings[s], len(s), s))
    if best.kind == "offering" and not values.get("description"):
        values["description"] = next((str(o.get("description")) for o in group if o.get("description")), "")
    if best.kind == "person":
        values["current"] = _current(group)
    return tuple(sorted(values.items()))


def _current(group: Sequence[Observation]) -> bool | None:
    stated = [o.get("current") for o in sorted(group, key=lambda o: -o.score) if o.get("current") is not None]
    return bool(stated[0]) if stated else None


def confidence(group: Sequence[Observation], documents: Mapping[str, Document]) -> float:
    """Noisy-or over independent passages: the best score of each distinct text counts once, later ones count half,
    so that one boilerplate on forty pages proves no more than itself."""
    best: dict[str, float] = {}
    for observation in group:
        text = documents[observation.document_id].text[observation.start : observation.end]
        words = sha256_text(fold(text))
        best[words] = max(best.get(words, 0.0), observation.score)
    doubt = 1.0
    for rank, score in enumerate(sorted(best.values(), reverse=True)[:6]):
        doubt *= 1.0 - min(score, _CEILING) * (1.0 if rank == 0 else 0.5)
    return round(min(1.0 - doubt, _CEILING), 4)


def _evidence(identity: str, group: Sequence[Observation], documents: Mapping[str, Document]) -> tuple[Evidence, ...]:
    spans: dict[tuple[str, int, int], float] = {}
    for o in group:
        span = (o.document_id, o.start, o.end)
        spans[span] = max(spans.get(span, 0.0), o.score)
    ordered = sorted(spans.items(), key=lambda item: (-item[1], _rank(documents[item[0][0]]), item[0]))
    return tuple(
        Evidence(
            finding_id=identity,
            document_id=document_id,
            start=start,
            end=end,
            score=score,
            quote_sha256=sha256_text(documents[document_id].text[start:end]),
        )
        for (document_id, start, end), score in ordered[:_EVIDENCE_KEPT]
    )


def _rank(document: Document) -> tuple[int, str]:
    """Newer first among equals; undated last."""
    return (-int((document.published or "0000").replace("-", "").ljust(8, "0")[:8]), document.url)


def fold_people(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Roles of one person that say the same (`CEO`, `President & CEO`) become the one that says most."""
    people: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kind == "person":
            people[person_key(finding.text("name"))].append(finding)
    kept = [f for f in findings if f.kind != "person"]
    for group in people.values():
        kept.extend(_fold_roles(group))
    return tuple(kept)


def _fold_roles(group: Sequence[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    for finding in sorted(group, key=lambda f: (-f.confidence, -len(f.text("role")), f.id)):
        words = set(role_key(finding.text("role")).split())
        twin = next((i for i, k in enumerate(kept) if _says_same(words, set(role_key(k.text("role")).split()))), None)
        if twin is None:
            kept.append(finding)
        else:
            kept[twin] = join(kept[twin], finding)
    return kept


def _says_same(a: set[str], b: set[str]) -> bool:
    return bool(a and b) and (a <= b or b <= a)


def join(kept: Finding, other: Finding) -> Finding:
    """`kept` with the other's evidence behind its own."""
    seen = {(e.document_id, e.start, e.end) for e in kept.evidence}
    more = tuple(
        Evidence(
            finding_id=kept.id,
            document_id=e.document_id,
            start=e.start,
            end=e.end,
            quote_sha256=e.quote_sha256,
            score=e.score,
        )
        for e in other.evidence
        if (e.document_id, e.start, e.end) not in seen
    )
    doubt = (1 - kept.confidence) * (1 - 0.5 * other.confidence)
    return replace(
        kept, evidence=(kept.evidence + more)[:_EVIDENCE_KEPT], confidence=round(min(1 - doubt, _CEILING), 4)
    )


def fold_events(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Events of one type and date whose summaries share most of their words are one event told twice."""
    kept: list[Finding] = []
    for finding in findings:
        twin = (
            next((i for i, k in enumerate(kept) if _same_event(k, finding)), None) if finding.kind == "event" else None
        )
        if twin is None:
            kept.append(finding)
        else:
            kept[twin] = join(kept[twin], finding)
    return tuple(kept)


def _same_event(a: Finding, b: Finding) -> bool:
    if a.kind != "event" or a.get("type") != b.get("type") or a.text("date")[:7] != b.text("date")[:7]:
        return False
    left, right = set(phrase_key(a.text("summary")).split()), set(phrase_key(b.text("summary")).split())
    return len(left & right) >= 0.5 * min(len(left), len(right))
