"""The stage as a whole: an account's observations to its findings and conflicts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from research.model.account import Account
from research.model.document import Document
from research.model.finding import Conflict, Finding, Observation
from research.resolve.aliases import fold_companies
from research.resolve.merge import fold_events, fold_people, merge
from research.resolve.register import settle_roles
from research.resolve.repeats import fold_signals
from research.resolve.slots import settle

NAME: Final = "resolve"
VERSION: Final = "3"
FLOOR: Final = 0.3  # below it a reading is a guess; it is counted, not shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Findings by kind and confidence, conflicts by field, and how many readings fell below the floor."""

    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    below_floor: int


def resolve(
    account: Account, observations: Iterable[Observation], documents: Mapping[str, Document], now: str
) -> Resolution:
    """Pure: equal observations give equal findings, in whatever order they come."""
    merged = merge(account, sorted(observations, key=_order), documents, now)
    sure = tuple(f for f in merged if f.confidence >= FLOOR)
    folded = fold_events(fold_people(settle_roles(sure, account, documents.values())))
    folded = fold_signals(fold_companies(folded, documents), documents)
    settled, conflicts = settle(folded, documents)
    ordered = tuple(sorted(settled, key=lambda f: (f.kind, -f.confidence, f.id)))
    return Resolution(findings=ordered, conflicts=conflicts, below_floor=len(merged) - len(sure))


def _order(observation: Observation) -> tuple[str, str, int, int, str]:
    return (observation.kind, observation.document_id, observation.start, observation.end, str(observation.attributes))
