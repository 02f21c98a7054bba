"""Fields that hold one value at a time: which finding speaks for the field, and what contradicts it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from research.model.document import Document
from research.model.finding import Conflict, ConflictKind, Finding

_DEMOTED: Final = 0.8  # a runner-up's confidence relative to the winner's, so that the page shows one value a field
_SPREAD: Final = 0.02  # figures closer than this are one figure rounded twice
_HEADCOUNT_SPREAD: Final = 0.15  # headcounts are printed as round numbers ("more than 1,000")
_WORDED: Final = frozenset({"industry"})  # said anew in every release: the newest wordings are kept
_WORDINGS_KEPT: Final = 2
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
        settled.update({f.id: f for f in _demote(ordered)})
        for dropped in ordered[_WORDINGS_KEPT:] if field in _WORDED else ():
            del settled[dropped.id]
        if field in _CONTESTABLE and (conflict := _conflict(field, ordered, documents)):
            conflicts.append(conflict)
    return tuple(settled[f.id] for f in findings if f.id in settled), tuple(conflicts)


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


def _conflict(field: str, ordered: Sequence[Finding], documents: Mapping[str, Document]) -> Conflict | None:
    winner = ordered[0]
    others = [f for f in ordered[1:] if _contradicts(field, winner, f)]
    if not others:
        return None
    kind, why = _explain(field, winner, others[0], documents)
    return Conflict(field=field, kind=kind, finding_ids=(winner.id, *(f.id for f in others)), explanation=why)


def _contradicts(field: str, a: Finding, b: Finding) -> bool:
    if field in ("revenue", "net_income"):  # each period has a figure of its own
        return a.get("period") == b.get("period") and a.get("normal") != b.get("normal")
    if field == "ownership":
        return {a.text("normal"), b.text("normal")} >= {"public", "subsidiary"}
    return a.get("normal") != b.get("normal") or field in ("headquarters", "parent")


def _explain(field: str, a: Finding, b: Finding, documents: Mapping[str, Document]) -> tuple[ConflictKind, str]:
    first, second = newest_date(a, documents), newest_date(b, documents)
    values = f"{a.text('value')!r} against {b.text('value')!r}"
    if field in ("revenue", "net_income", "employees") and _close(field, a, b):
        return "spread", f"{values}: the figures differ by rounding only"
    if field == "employees" and a.get("period") and b.get("period") and a.get("period") != b.get("period"):
        return "period", f"{values}: stated for {a.text('period')} and for {b.text('period')}"
    if first[:4] and second[:4] and second[:4] < first[:4]:
        return "stale", f"{values}: the second was last stated in {second[:4]}, the first in {first[:4]}"
    return "genuine", f"{values}: the sources contradict each other"


def _close(field: str, a: Finding, b: Finding) -> bool:
    x, y = a.get("normal"), b.get("normal")
    if not isinstance(x, (int, float)) or not isinstance(y, (int, float)):
        return False
    return abs(x - y) <= (_HEADCOUNT_SPREAD if field == "employees" else _SPREAD) * max(abs(x), abs(y))
