"""Where analysts differ, and how much two of them agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from research.model.judgement import Judgement
from research.review.judgements import STATUS, effective


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """Analysts who decided differently on one finding: the last decision of each, oldest first."""

    finding_id: str
    judgements: tuple[Judgement, ...]

    @property
    def settled(self) -> bool:
        """Whether most analysts stand behind the latest decision: a third one, who saw both, has had their say."""
        latest = self.judgements[-1]
        behind = sum(j.verdict == latest.verdict for j in self.judgements)
        return 2 * behind > len(self.judgements)


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Two analysts on the findings that both decided: how many, on how many they agree, and Cohen's kappa, which is
    None where chance alone would make them agree on all."""

    analysts: tuple[str, str]
    both: int
    agreed: int
    kappa: float | None


def disagreements(judgements: Iterable[Judgement]) -> tuple[Disagreement, ...]:
    """Findings on which analysts' last decisions differ in verdict, or in the words or corrections of an edit."""
    return tuple(
        Disagreement(finding_id=finding_id, judgements=tuple(sorted(by_analyst.values(), key=lambda j: (j.at, j.id))))
        for finding_id, by_analyst in sorted(_last_of_each(judgements).items())
        if len({(j.verdict, j.edit, j.changes) for j in by_analyst.values()}) > 1
    )


def agreements(judgements: Iterable[Judgement]) -> tuple[Agreement, ...]:
    """For each two analysts who decided on common findings, keep (accept, edit) or drop (reject) each counted.

    Kappa is (p_o - p_e) / (1 - p_e) of J. Cohen, A coefficient of agreement for nominal scales, 1960: p_o is the share
    on which they agree, p_e the share on which two who decide at random in their own proportions would.
    """
    pairs: dict[tuple[str, str], list[tuple[bool, bool]]] = {}
    for by_analyst in _last_of_each(judgements).values():
        for one, other in combinations(sorted(by_analyst), 2):
            decided = (by_analyst[one].verdict != "reject", by_analyst[other].verdict != "reject")
            pairs.setdefault((one, other), []).append(decided)
    return tuple(_agreement(analysts, decided) for analysts, decided in sorted(pairs.items()))


def _last_of_each(judgements: Iterable[Judgement]) -> dict[str, dict[str, Judgement]]:
    last: dict[str, dict[str, Judgement]] = {}
    for judgement in effective(judgements):
        if judgement.target_kind == "finding" and judgement.verdict in STATUS:
            for finding_id in judgement.target_ids:
                last.setdefault(finding_id, {})[judgement.analyst] = judgement
    return last


def _agreement(analysts: tuple[str, str], decided: Sequence[tuple[bool, bool]]) -> Agreement:
    both, agreed = len(decided), sum(one == other for one, other in decided)
    kept = Counter(place for pair in decided for place in (0, 1) if pair[place])
    first, second = kept[0] / both, kept[1] / both
    by_chance = first * second + (1 - first) * (1 - second)
    kappa = None if by_chance == 1 else (agreed / both - by_chance) / (1 - by_chance)
    return Agreement(analysts=analysts, both=both, agreed=agreed, kappa=kappa)
