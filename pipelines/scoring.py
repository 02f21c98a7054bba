"""Figures with their uncertainty, and the scorer that lies beside the gold data."""

from __future__ import annotations

import importlib.util
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from research.errors import UsageError

_DRAWS: Final = 1000
_MANY: Final = 500  # units, from which on fewer draws are as good as the page needs, and take seconds
_FEWER_DRAWS: Final = 200
_SEED: Final = 20261125  # any number, but always the same one


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Right, wrong and missed answers on one unit (a filing, a page)."""

    right: float = 0.0
    wrong: float = 0.0
    missed: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """One figure: pooled over `units` by `kind`, or `value` where it cannot be pooled."""

    name: str
    n: int
    kind: str = "f1"  # f1, p, r, or mean (of `right`)
    units: tuple[Counts, ...] = ()
    classes: tuple[tuple[Counts, ...], ...] = ()  # in the place of units: of each, the counts of several labels
    value: float | None = None
    detail: Any = field(default=None)

    @property
    def score(self) -> float:
        """The figure."""
        return self.value if self.value is not None else pooled(self.units, self.kind)

    def interval(self) -> tuple[float | None, float | None]:
        """The 95 % percentile bootstrap over units; (None, None) where there are fewer than five."""
        if max(len(self.units), len(self.classes)) < 5:
            return None, None
        draw = random.Random(_SEED)  # noqa: S311  (a bootstrap, not a secret)
        draws = _DRAWS if max(len(self.units), len(self.classes)) < _MANY else _FEWER_DRAWS
        scores = sorted(self._drawn(draw) for _ in range(draws))
        return round(scores[int(0.025 * draws)], 4), round(scores[int(0.975 * draws) - 1], 4)

    def _drawn(self, draw: random.Random) -> float:
        if not self.classes:
            return pooled(draw.choices(self.units, k=len(self.units)), self.kind)
        drawn = draw.choices(self.classes, k=len(self.classes))
        by_label = [pooled(label, "f1") for label in zip(*drawn, strict=True)]
        return sum(by_label) / len(by_label)


def pooled(units: Sequence[Counts], kind: str) -> float:
    """Precision, recall, F1 or mean over the summed counts; 0 where nothing was asked or answered."""
    right, wrong, missed = sum(u.right for u in units), sum(u.wrong for u in units), sum(u.missed for u in units)
    if kind == "mean":
        return right / len(units) if units else 0.0
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    if kind in ("p", "r"):
        return precision if kind == "p" else recall
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def load_scorer(data: Path) -> ModuleType:
    """The scorer at `DATA/../tools/score.py`: one definition of every figure, whoever measures."""
    path = data.resolve().parent / "tools" / "score.py"
    spec = importlib.util.spec_from_file_location("score", path)
    if not path.is_file() or spec is None or spec.loader is None:
        raise UsageError(f"{path}: the scorer is missing; it belongs beside the data")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
