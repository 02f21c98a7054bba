"""In which order an analyst should look at findings, and why each is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from research.model.finding import Conflict, Finding
from research.review.alike import near_duplicates
from research.review.judgements import Reviewed

Why = Literal["disagreement", "conflict", "reworded", "changed", "lapsed", "open"]

WHY: Final[dict[Why, str]] = {
    "disagreement": "analysts differ",
    "reworded": "an analyst's words to merge",
    "changed": "changed since it was accepted",
    "conflict": "sources contradict one another",
    "lapsed": "decided, and no page says it any more",
    "open": "not decided yet",
}
"""Why a finding is in the queue, in the order in which it stands there."""

# What a wrong line costs in a meeting, by kind: a pain that is not theirs costs most, an office least.
IMPORTANCE: Final = {
    "signal": 1.0,
    "presence": 0.95,
    "person": 0.9,
    "fact": 0.8,
    "event": 0.75,
    "relation": 0.7,
    "offering": 0.5,
    "office": 0.3,
}
_OWN_BONUS: Final = 0.2  # competitors and the account's own signals stand on the first page
_SHOWN_BONUS: Final = 0.6  # what a drafted sentence cites is read in meetings; the rest stands in brief.json only
_REMEDY: Final = 0.6  # of a pain or goal: what they have solved already moves no meeting
_RANK: Final = {why: place for place, why in enumerate(WHY)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One place in the queue; `alike` are findings that say nearly the same and are folded behind it."""

    reviewed: Reviewed
    why: Why
    alike: tuple[str, ...] = ()

    @property
    def finding(self) -> Finding:
        """The finding under people's decisions."""
        return self.reviewed.finding


def queue(
    reviewed: Sequence[Reviewed],
    conflicts: Sequence[Conflict],
    disputed: Iterable[str] = (),
    groups: Mapping[str, tuple[str, ...]] | None = None,
    shown: frozenset[str] = frozenset(),
) -> tuple[Entry, ...]:
    """What to look at, the most pressing first: in the order of `WHY`, then uncertain and important ones.

    Decided findings are left out unless analysts differ on them, a contradiction is open, or their ground has moved;
    lapsed ones that nobody decided on, too. `groups` are near-duplicates by finding, as `near_duplicates` gives them
    (made here where they are not given); of a group that waits for a first decision only the most pressing one stands.
    `shown` are the findings that drafted sentences cite.
    """
    contradicted, doubted = _contradicted(reviewed, conflicts), frozenset(disputed)
    reasons = [(one, why) for one in reviewed if (why := _why(one, contradicted, doubted)) is not None]
    ordered = sorted(reasons, key=lambda r: (_RANK[r[1]], -urgency(r[0].finding, shown), r[0].finding.id))
    waiting = {one.finding.id for one, why in ordered if why == "open"}
    groups = near_duplicates([one.finding for one, _ in ordered]) if groups is None else groups
    folded = _folded([one.finding.id for one, why in ordered if why == "open"], groups, waiting)
    behind = {other for others in folded.values() for other in others}
    return tuple(
        Entry(reviewed=one, why=why, alike=folded.get(one.finding.id, ()))
        for one, why in ordered
        if one.finding.id not in behind
    )


def urgency(finding: Finding, shown: frozenset[str] = frozenset()) -> float:
    """Importance times uncertainty, 0..1.8: uncertainty is 1 at even odds and 0.1 at certainty."""
    uncertainty = max(0.1, 1 - abs(2 * finding.confidence - 1))
    own = finding.get("holder") == "account" or finding.get("relation") == "competitor"
    kind = IMPORTANCE[finding.kind] * (_REMEDY if finding.get("type") == "remedy" else 1)
    return (kind + _OWN_BONUS * own + _SHOWN_BONUS * (finding.id in shown)) * uncertainty


def _why(one: Reviewed, contradicted: frozenset[str], disputed: frozenset[str]) -> Why | None:
    status = one.finding.status
    if one.finding.id in disputed:
        return "disagreement"
    if status == "rejected":
        return None
    if one.finding.id in contradicted:
        return "conflict"
    if one.decision is None:
        return "open" if status == "new" else None
    if not one.moved:
        return None
    if one.raw.status == "lapsed":
        return "lapsed"
    return "reworded" if one.words is not None else "changed"


def _contradicted(reviewed: Sequence[Reviewed], conflicts: Sequence[Conflict]) -> frozenset[str]:
    """The findings of a genuine conflict of which two or more may still hold and one or more are undecided."""
    by_id = {one.finding.id: one for one in reviewed if one.finding.status not in ("rejected", "lapsed")}
    found: set[str] = set()
    for conflict in conflicts:
        left = [by_id[i] for i in dict.fromkeys(conflict.finding_ids) if i in by_id]
        if conflict.kind == "genuine" and len(left) > 1 and any(one.decision is None for one in left):
            found.update(one.finding.id for one in left)
    return frozenset(found)


def _folded(
    ordered: Sequence[str], groups: Mapping[str, tuple[str, ...]], waiting: set[str]
) -> dict[str, tuple[str, ...]]:
    """By the first of each group in the queue, the others of it that wait as well."""
    group_of = {member: head for head, members in groups.items() for member in (head, *members)}
    first: dict[str, str] = {}
    folded: dict[str, list[str]] = {}
    for finding_id in ordered:
        head = group_of.get(finding_id, finding_id)
        if head in first and finding_id in waiting:
            folded.setdefault(first[head], []).append(finding_id)
        else:
            first.setdefault(head, finding_id)
    return {key: tuple(members) for key, members in folded.items()}
