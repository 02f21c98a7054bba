"""Fields that hold one value at a time: which finding speaks for the field, and what contradicts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from research.model.document import Document
from research.model.finding import Conflict, ConflictKind, Evidence, Finding
from research.resolve.scopes import owner_of, scope_of
from research.text.datelines import sent_from

_DEMOTED: Final = 0.8  # a runner-up's confidence relative to the winner's, so that the page shows one value a field
_SPREAD: Final = 0.02  # figures closer than this are one figure rounded twice
_HEADCOUNT_SPREAD: Final = 0.15  # headcounts are printed as round numbers ("more than 1,000")
_WORDED: Final = frozenset({"industry"})  # said anew in every release: the newest wordings are kept
_WORDINGS_KEPT: Final = 2
_FIGURES: Final = ("revenue", "net_income", "employees")
_OF: Final = {"whole": "the whole company", "part": "a part of it", "quarter": "one quarter"}
_CONTESTABLE: Final = frozenset(
    {"founded", "headquarters", "employees", "revenue", "net_income", "ticker", "parent", "ownership"}
)


def settle(
    findings: Sequence[Finding], documents: Mapping[str, Document]
) -> tuple[tuple[Finding, ...], tuple[Conflict, ...]]:
    """The findings with each field's runners-up ranked below its winner, and the conflicts among them."""
    fields: dict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kind == "fact":
            fields[finding.text("field")].append(finding)
    settled = {f.id: f for f in findings}
    conflicts: list[Conflict] = []
    for field, group in sorted(fields.items()):
        ordered = sorted(group, key=lambda f: _preference(f, documents), reverse=True)
        if field == "headquarters":
            ordered = _stated(ordered, documents)
            for gone in {f.id for f in group} - {f.id for f in ordered}:
                del settled[gone]
        settled.update({f.id: f for f in _demote(ordered)})
        for dropped in ordered[_WORDINGS_KEPT:] if field in _WORDED else ():
            del settled[dropped.id]
        if field in _CONTESTABLE:
            conflicts += _conflicts(field, ordered, documents)
    return tuple(settled[f.id] for f in findings if f.id in settled), tuple(conflicts)


def _stated(places: Sequence[Finding], documents: Mapping[str, Document]) -> list[Finding]:
    """Head offices without those that a release was merely sent from, where one is stated."""
    stated = [f for f in places if not all(sent_from(_quote(e, documents)) for e in f.evidence)]
    return stated or list(places)


def _quote(evidence: Evidence, documents: Mapping[str, Document]) -> str:
    return documents[evidence.document_id].text[evidence.start : evidence.end]


def _preference(finding: Finding, documents: Mapping[str, Document]) -> tuple[object, ...]:
    """Sort key, best last: the newest period for figures, support by distinct documents for names."""
    sources = {e.document_id for e in finding.evidence}
    newest = newest_date(finding, documents)
    field = finding.text("field")
    if field in ("revenue", "net_income"):
        return (finding.text("period"), round(finding.confidence, 1), _size(finding), newest, finding.id)
    if field == "employees":
        return (finding.confidence >= 0.5, newest[:4], finding.confidence, finding.id)
    if field in ("industry", "description"):
        return (round(finding.confidence, 1), newest, len(sources), finding.id)
    return (round(finding.confidence, 1), len(sources), newest, finding.id)


def _size(finding: Finding) -> float:
    """Of figures for one period the largest is the whole company's, the others its parts'."""
    value = finding.get("normal")
    return abs(float(value)) if isinstance(value, (int, float)) else 0.0


def newest_date(finding: Finding, documents: Mapping[str, Document]) -> str:
    """The latest publication date among a finding's documents, empty where none is dated."""
    return max((documents[e.document_id].published or "" for e in finding.evidence), default="")


def _demote(ordered: Sequence[Finding]) -> list[Finding]:
    winner = ordered[0]
    return [
        winner,
        *(replace(f, confidence=round(min(f.confidence, winner.confidence * _DEMOTED), 4)) for f in ordered[1:]),
    ]


def _conflicts(field: str, ordered: Sequence[Finding], documents: Mapping[str, Document]) -> Iterator[Conflict]:
    """The winner against all that contradict it, one conflict for each reason why they differ."""
    winner = ordered[0]
    found: dict[ConflictKind, list[tuple[Finding, str]]] = defaultdict(list)
    for other in ordered[1:]:
        if _contradicts(field, winner, other):
            kind, why = _explain(field, winner, other, documents)
            found[kind].append((other, why))
    for kind, others in found.items():
        ids = (winner.id, *(other.id for other, _ in others))
        yield Conflict(field=field, kind=kind, finding_ids=ids, explanation=others[0][1])


def _contradicts(field: str, a: Finding, b: Finding) -> bool:
    if field in ("revenue", "net_income"):  # each period has a figure of its own
        return a.get("period") == b.get("period") and a.get("normal") != b.get("normal")
    if field == "ownership":
        owners = {owner_of(a), owner_of(b)}  # a subsidiary is private as a rule: that is no contradiction
        return len(owners) == 2 and "public" in owners and "" not in owners
    return a.get("normal") != b.get("normal") or field in ("headquarters", "parent")


def _explain(field: str, a: Finding, b: Finding, documents: Mapping[str, Document]) -> tuple[ConflictKind, str]:
    first, second = newest_date(a, documents), newest_date(b, documents)
    values = f"{a.text('value')!r} against {b.text('value')!r}"
    if field in _FIGURES and (typed := _unlike(a, b, documents)):
        return typed[0], f"{values}: {typed[1]}"
    if field in _FIGURES and _close(field, a, b):
        return "spread", f"{values}: the figures differ by rounding only"
    if first[:4] and second[:4] and second[:4] < first[:4]:
        return "stale", f"{values}: the second was last stated in {second[:4]}, the first in {first[:4]}"
    return "genuine", f"{values}: the sources contradict each other"


def _unlike(a: Finding, b: Finding, documents: Mapping[str, Document]) -> tuple[ConflictKind, str] | None:
    """Why two figures are none of the same thing, and in words; None where they are of one unit, time and scope."""
    if a.get("unit") and b.get("unit") and a.get("unit") != b.get("unit"):
        return "currency", f"stated in {a.text('unit')} and in {b.text('unit')}"
    if a.get("period") and b.get("period") and a.get("period") != b.get("period"):
        return "period", f"stated for {a.text('period')} and for {b.text('period')}"
    if a.text("field") == "employees":
        return None
    first, second = scope_of(a, documents), scope_of(b, documents)
    if "part" in (first, second) and first != second:
        return "scope", f"of {_OF[first]} and of {_OF[second]}"
    if first != second:
        return "period", f"of {_OF[first]} and of {_OF[second]}"
    return None


def _close(field: str, a: Finding, b: Finding) -> bool:
    """Whether two figures are one, printed more or less round; a headcount only as far as its printed zeros go."""
    x, y = a.get("normal"), b.get("normal")
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return False
    if field == "employees" and abs(x - y) > max(_grain(x), _grain(y)):
        return False
    return abs(x - y) <= (_HEADCOUNT_SPREAD if field == "employees" else _SPREAD) * max(abs(x), abs(y))


def _grain(figure: float) -> int:
    """The last digit that a whole figure prints: 1,000 of 5,000, 10 of 1,480."""
    digits = f"{abs(figure):.0f}"
    return int(10 ** (len(digits) - len(digits.rstrip("0"))))
