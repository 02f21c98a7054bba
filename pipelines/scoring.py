"""Figures with their uncertainty, and the scorer that lies beside the gold data."""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from research.errors import UsageError

_DRAWS: Final = 1000
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
        scores = np.sort(np.round(self._drawn(), 4))
        return float(scores[int(0.025 * _DRAWS)]), float(scores[int(0.975 * _DRAWS) - 1])

    def _drawn(self) -> NDArray[np.float64]:
        """The figure on `_DRAWS` draws of as many units with replacement."""
        rows = self.classes or tuple((unit,) for unit in self.units)
        counts = np.array([[(c.right, c.wrong, c.missed) for c in row] for row in rows])
        draw = np.random.default_rng(_SEED)
        times = draw.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=_DRAWS)
        right, wrong, missed = np.moveaxis(np.tensordot(times, counts, axes=1), -1, 0)
        if self.kind == "mean" and not self.classes:
            return np.asarray(right[:, 0] / len(rows))
        asked = {"p": right + wrong, "r": right + missed}.get(self.kind, right + (wrong + missed) / 2)
        return np.asarray((right / np.where(asked > 0, asked, 1)).mean(axis=1))


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
