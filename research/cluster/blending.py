"""Chooses how a reader's answers and a linear model's are put together, on rows that neither has seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from research.cluster.fitting import Ints, choose_shift, choose_temperature, mean_f1
from research.cluster.linear import Floats
from research.cluster.reader import Blend, mix

_SHARES: Final = tuple(float(v) for v in np.round(np.linspace(0.3, 0.9, 7), 2))


def choose_blend(
    reader: Floats, linear: Floats, truth: Ints, targets: Sequence[int], *, shifted: bool = False
) -> Blend:
    """The share, temperature and, where they are asked for, shifts that serve these held-out rows best.

    With targets the mean F1 of those labels decides, else accuracy; a share stands for its neighbours as well.
    """
    scored = []
    for share in _SHARES:
        mixed = mix(reader, linear, share)
        shift = choose_shift(mixed, truth, targets) if shifted else np.zeros(mixed.shape[1])
        worth = mean_f1(mixed + shift, truth, targets) if targets else _accuracy(mixed, truth)
        scored.append((worth, share, shift))
    worths = np.pad(np.array([worth for worth, _, _ in scored]), 1, mode="edge")
    smooth = (worths[:-2] + 2 * worths[1:-1] + worths[2:]) / 4
    _, share, shift = scored[int(np.round(smooth, 9).argmax())]
    temperature = choose_temperature(mix(reader, linear, share) + shift, truth)
    return Blend(share=share, shift=tuple(float(v) for v in shift), temperature=temperature)


def _accuracy(mixed: Floats, truth: Ints) -> float:
    return float((mixed.argmax(axis=1) == truth).mean())
