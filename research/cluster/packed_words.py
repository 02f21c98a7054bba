"""Embeddings that stay in four bits until a row is asked for.

A run reads some thousand of thirty thousand rows: to unpack all of them takes 0.2 s of CPU and 150 MB for a moment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedWords:
    """Two numbers a byte in `whole` (rows, width / 2), the first in the upper half, and a `scale` for each row."""

    whole: NDArray[np.uint8]
    scale: Array

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and width."""
        return self.whole.shape[0], self.whole.shape[1] * 2

    def __getitem__(self, rows: Any) -> Array:
        """The embeddings of these rows, with an axis for the width behind those of `rows`."""
        packed = self.whole[rows]
        out = np.empty((*packed.shape[:-1], packed.shape[-1] * 2), dtype=np.float32)
        out[..., ::2] = packed >> np.uint8(4)
        out[..., 1::2] = packed & np.uint8(15)
        out -= 8
        out *= self.scale[rows]
        return out

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> NDArray[Any]:
        """All rows, for who trains or saves them."""
        del copy
        return np.asarray(self[:], dtype=dtype)
