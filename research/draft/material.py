"""What sections are drafted from, chosen and put in order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from research.draft.sources import Sources
from research.model.account import Seller
from research.model.draft import Claim, Gap, GapState
from research.model.finding import Conflict, Finding, Theme
from research.text.names import company_key

# Below this confidence a finding is more often wrong than a reader forgives: it goes to `contested`, with its quote.
FLOOR = 0.4
DECIDED = ("accepted", "edited")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafted:
    """What a section's drafter hands back."""

    claims: tuple[Claim, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Sure findings best first, doubtful ones, and everything else that drafters read."""

    sources: Sources
    sure: tuple[Finding, ...]
    doubtful: tuple[Finding, ...]
    themes: tuple[Theme, ...]
    conflicts: tuple[Conflict, ...]
    seller: Seller | None
    searched: frozenset[str]
    blocked: frozenset[str]

    def of_kind(self, kind: str, **attributes: str) -> tuple[Finding, ...]:
        """The sure findings of one kind whose attributes have these values, best first."""
        return tuple(
            f for f in self.sure if f.kind == kind and all(f.text(name) == value for name, value in attributes.items())
        )

    def relations(self, relation: str) -> tuple[Finding, ...]:
        """The sure relations of one type that are the account's own, one finding a company."""
        own = {company_key(name) for name in self.sources.account.names} | {""}
        found = [f for f in self.of_kind("relation", relation=relation) if company_key(f.text("of")) in own]
        return tuple({company_key(f.text("company")): f for f in reversed(found)}.values())[::-1]

    def contested(self, finding: Finding) -> bool:
        """Whether a conflict that the reader must weigh touches this finding."""
        return any(finding.id in c.finding_ids for c in self.conflicts if c.kind in ("genuine", "stale", "spread"))

    def theme_rank(self) -> Mapping[str, int]:
        """The place of each themed finding's theme, the largest theme first; a finding of two has the larger one's."""
        by_size = sorted(self.themes, key=lambda theme: (-len(theme.finding_ids), theme.label))
        ranks: dict[str, int] = {}
        for rank, theme in enumerate(by_size):
            for finding_id in theme.finding_ids:
                ranks.setdefault(finding_id, rank)
        return ranks

    def gap_state(self, where: frozenset[str]) -> GapState:
        """Why something is missing: a page that refused us may hold it, or the pages were read, or none was."""
        if where & (self.blocked - self.searched):
            return "blocked"
        return "undisclosed" if where & self.searched else "not_searched"


def split_by_confidence(
    findings: Iterable[Finding], sources: Sources
) -> tuple[tuple[Finding, ...], tuple[Finding, ...]]:
    """Findings to stand on and doubtful ones, each best first; rejected and lapsed ones are in neither."""
    live = best_first((f for f in findings if f.status not in ("rejected", "lapsed")), sources)
    sure = tuple(f for f in live if f.status in DECIDED or f.get("pinned") or f.confidence >= FLOOR)
    taken = {f.id for f in sure}
    return sure, tuple(f for f in live if f.id not in taken)


def best_first(findings: Iterable[Finding], sources: Sources) -> list[Finding]:
    """By importance: what people pinned, what they decided, then by confidence; signals that are about equally sure
    stand newest first, for what was said lately is more likely to be still so."""

    def key(finding: Finding) -> tuple[bool, bool, float, int, float, str]:
        signal = finding.kind == "signal"
        band = round(finding.confidence, 1) if signal else finding.confidence
        day, published = sources.date(finding)
        newest = int(day.replace("-", "").ljust(8, "0")) if signal and published else 0
        decided = finding.status in DECIDED
        return (not finding.get("pinned"), not decided, -band, -newest, -finding.confidence, finding.id)

    return sorted(findings, key=key)
