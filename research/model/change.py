"""What became of an account's claims between two days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from research.model.finding import Finding

ChangeType = Literal["new", "changed", "lapsed", "contradicted"]
FoldReason = Literal["reworded", "read anew", "history", "doubtful"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimChange:
    """One change of one claim: `before` is None where it is new, `after` where it lapsed.

    A lapsed claim may leave traces on dated pages, which `note` then names. `importance` is 0 to 100.
    """

    type: ChangeType
    topic: str
    importance: int
    before: Finding | None
    after: Finding | None
    note: str = ""

    @property
    def subject(self) -> Finding:
        """The finding that the change is about: the later one where there are two."""
        found = self.after or self.before
        if found is None:
            raise ValueError("a change without a finding")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A difference that is no change of a claim, and why."""

    reason: FoldReason
    before: Finding | None
    after: Finding | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """The changes between two states of an account, the most important first, and what was folded."""

    changes: tuple[ClaimChange, ...]
    folded: tuple[Folded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldChange:
    """One change in words, with its quotes and where they stand; all are empty where there is no before or after.

    `id` stays the same however often the change is listed; `at` is the ISO date-time at which it was noted.
    """

    id: str
    finding_id: str
    at: str
    change: ChangeType
    kind: str
    topic: str
    importance: int
    before: str
    after: str
    quote_before: str
    quote_after: str
    url_before: str = ""
    url_after: str = ""
    finding_before: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """What changed of an account since a day, the most important first, and how many differences were folded."""

    since: str
    changes: tuple[ToldChange, ...]
    folded: int = 0
