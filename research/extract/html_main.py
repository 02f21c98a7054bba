"""Which blocks of a page are its main text.

Boosted trees give each block the chance that it is main text, and the page keeps the set of blocks with the greatest
expected word F1. The trees are oblivious (one question a level), so that scoring a page is three matrix operations.
Weights: `corpora/weights/maintext.json`, made by `pipelines/train_maintext.py`, which also holds what was measured.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
from numpy.typing import NDArray

from research.extract.features import lay_out, measure
from research.extract.html_blocks import Block, Container

Floats = NDArray[np.float32]

_FEWEST: Final = 0.02  # a chance below which no block is kept, however little else there is


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """Oblivious trees: `columns` and `thresholds` are trees x levels, `leaves` trees x 2^levels (log odds)."""

    columns: NDArray[np.intp]
    thresholds: Floats
    leaves: Floats
    bias: float

    def chances(self, rows: Floats) -> Floats:
        """The probability of each row."""
        trees, levels = self.columns.shape
        asked = rows[:, self.columns.ravel()] > self.thresholds.ravel()
        powers = (1 << np.arange(levels)).astype(np.float32)
        leaf = (asked.reshape(len(rows), trees, levels) @ powers).astype(np.intp)
        odds = self.leaves[np.arange(trees), leaf].sum(axis=1) + self.bias
        return np.asarray(1 / (1 + np.exp(-odds)), dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict a block; for each container its hints with those of all above, and how many blocks it holds."""

    main: tuple[bool, ...]
    hints: tuple[int, ...]
    sizes: tuple[int, ...]


def judge(blocks: Sequence[Block], containers: Sequence[Container], title: str) -> Judged:
    """Decide each block of a page; a page without blocks has nothing to decide."""
    layout = lay_out(blocks, containers)
    hints, sizes = tuple(layout.hints), tuple(int(held[0]) for held in layout.sums)
    if not blocks:
        return Judged(main=(), hints=hints, sizes=sizes)
    chances = forest().chances(measure(blocks, containers, layout, title))
    words = np.asarray([len(block.text.split()) for block in blocks], dtype=np.float32)
    return Judged(main=tuple(best_set(chances, words).tolist()), hints=hints, sizes=sizes)


def best_set(chances: Floats, words: Floats) -> NDArray[np.bool_]:
    """The blocks whose union has the greatest expected F1 over words: the likeliest, down to where adding costs."""
    order = np.argsort(-chances, kind="stable")
    hits = np.cumsum(chances[order] * words[order])
    kept = np.cumsum(words[order])
    score = 2 * hits / (kept + hits[-1] + 1e-9)
    chosen = np.zeros(len(chances), dtype=bool)
    chosen[order[: int(score.argmax()) + 1]] = True
    return chosen & (chances > _FEWEST)


@lru_cache(maxsize=1)
def forest() -> Forest:
    """The trained weights."""
    return read_forest((files("corpora") / "weights" / "maintext.json").read_text("utf-8"))


def read_forest(text: str) -> Forest:
    """Weights from their JSON form."""
    stored = json.loads(text)
    return Forest(
        columns=np.asarray(stored["columns"], dtype=np.intp),
        thresholds=np.asarray(stored["thresholds"], dtype=np.float32),
        leaves=np.asarray(stored["leaves"], dtype=np.float32),
        bias=float(stored["bias"]),
    )
