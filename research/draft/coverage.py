"""The coverage map: of every field of the template, whether it is filled and from where, or why it is not."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from research.model.draft import Coverage, SourceState
from research.model.finding import Conflict, Finding

_READ: Final = frozenset({"read", "unchanged"})
_REFUSED: Final = frozenset({"blocked", "down"})
_LIVE: Final = frozenset({"new", "accepted", "edited"})
_FACTS: Final = (
    "legal_name", "description", "industry", "founded", "headquarters", "employees", "revenue", "net_income", "ticker",
    "parent", "ownership",
)  # fmt: skip
_RELATIONS: Final = {
    "customers": "customer", "partners": "partner", "investors": "investor", "subsidiaries": "subsidiary",
    "competitors": "competitor", "technology": "supplier",
}  # fmt: skip


def _of_kind(kind: str, **wanted: str) -> Callable[[Finding], bool]:
    return lambda f: f.kind == kind and all(f.text(name) == value for name, value in wanted.items())


FIELDS: Final[Mapping[str, Callable[[Finding], bool]]] = {
    **{field: _of_kind("fact", field=field) for field in _FACTS},
    "offerings": _of_kind("offering"),
    "offices": _of_kind("office"),
    "people": _of_kind("person"),
    **{field: _of_kind("relation", relation=relation) for field, relation in _RELATIONS.items()},
    "events": _of_kind("event"),
    "hiring": lambda f: f.kind == "event" and f.text("summary").startswith("Open posts:"),
    "goals": _of_kind("signal", type="goal", holder="account"),
    "pains": _of_kind("signal", type="pain", holder="account"),
    "us_here": _of_kind("presence"),
}
"""Every field of the template, and which findings fill it."""


def cover(
    findings: Sequence[Finding],
    conflicts: Sequence[Conflict],
    states: Sequence[SourceState],
    *,
    may_fill: Mapping[str, tuple[str, ...]],
    kind_of: Mapping[str, str],
) -> tuple[Coverage, ...]:
    """The state of each field: filled, by which source kinds; conflicting; blocked where a kind that may fill it
    refused or was down; undisclosed where such kinds were read in vain; else not searched.

    `may_fill` gives each kind's fields, `kind_of` the source kind of each document.
    """
    live = [f for f in findings if f.status in _LIVE]
    genuine = {c.field for c in conflicts if c.kind == "genuine"}
    return tuple(_cover(field, fills, live, genuine, states, may_fill, kind_of) for field, fills in FIELDS.items())


def _cover(
    field: str,
    fills: Callable[[Finding], bool],
    findings: Sequence[Finding],
    genuine: set[str],
    states: Sequence[SourceState],
    may_fill: Mapping[str, tuple[str, ...]],
    kind_of: Mapping[str, str],
) -> Coverage:
    found = [f for f in findings if fills(f)]
    if found:
        kinds = sorted({kind_of.get(e.document_id, "site") for f in found for e in f.evidence})
        state = "conflicting" if field in genuine else "filled"
        return Coverage(field=field, state=state, kinds=tuple(kinds))  # type: ignore[arg-type]
    able = [s for s in states if field in may_fill.get(s.kind, ())]
    refused = [s for s in able if s.state in _REFUSED]
    if refused:
        reason = "; ".join(f"{s.kind}: {s.reason or s.state}" for s in refused)
        return Coverage(field=field, state="blocked", kinds=tuple(s.kind for s in refused), reason=reason)
    read = tuple(s.kind for s in able if s.state in _READ)
    if read:
        return Coverage(field=field, state="undisclosed", kinds=read, reason=f"read in vain: {', '.join(read)}")
    others = ", ".join(kind for kind, fields in may_fill.items() if field in fields)
    return Coverage(field=field, state="not_searched", reason=f"may be had from: {others}" if others else "")
