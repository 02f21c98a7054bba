"""Static word vectors: a few megabytes of eight-bit numbers, read with numpy alone."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from research.cluster.pieces import longest_pieces
from research.errors import DossierError

Floats = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class Vectors:
    """`matrix` (words, dimensions) in eight bits, each row times its `scale`; `rarity` weighs frequent words down."""

    words: tuple[str, ...]
    matrix: NDArray[np.int8]
    scale: NDArray[np.float32]
    rarity: NDArray[np.float32]

    @staticmethod
    def quantise(words: Sequence[str], values: NDArray[np.floating], rarity: NDArray[np.floating]) -> Vectors:
        """Eight-bit vectors from real ones."""
        scale = np.abs(values).max(axis=1) / 127 + 1e-12
        matrix = np.round(values / scale[:, None]).astype(np.int8)
        return Vectors(
            words=tuple(words), matrix=matrix, scale=scale.astype(np.float32), rarity=rarity.astype(np.float32)
        )

    @cached_property
    def _index(self) -> dict[str, int]:
        return {word: row for row, word in enumerate(self.words)}

    def pieces(self, word: str) -> tuple[int, ...]:
        """The rows of a word, or of the longest pieces that make it up; none where it cannot be spelt."""
        return longest_pieces(word, self._index)

    def embed(self, bags: Sequence[Mapping[str, float]]) -> Floats:
        """The weighed mean direction of each bag's words (word -> weight), (bags, dimensions), unit length or zero."""
        out = np.zeros((len(bags), self.matrix.shape[1]))
        for at, bag in enumerate(bags):
            for word, weight in bag.items():
                rows = list(self.pieces(word))
                if rows:
                    share = weight * self.rarity[rows] * self.scale[rows] / len(rows)
                    out[at] += share @ self.matrix[rows]
        return unit(out)


def unit(matrix: Floats) -> Floats:
    """Rows at length one; zero rows stay zero."""
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    lengths[lengths == 0] = 1.0
    return np.asarray(matrix / lengths, dtype=np.float64)


def save_vectors(vectors: Vectors, path: Path) -> None:
    """Writes an npz; equal vectors give equal bytes."""
    np.savez_compressed(
        path,
        words=np.frombuffer(json.dumps(vectors.words).encode(), dtype=np.uint8),
        matrix=vectors.matrix,
        scale=vectors.scale.astype(np.float16),
        rarity=vectors.rarity.astype(np.float16),
    )


def read_vectors(data: bytes) -> Vectors:
    """Vectors from the bytes of an npz; DossierError where they are none."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return Vectors(
                words=tuple(json.loads(stored["words"].tobytes())),
                matrix=stored["matrix"],
                scale=stored["scale"].astype(np.float32),
                rarity=stored["rarity"].astype(np.float32),
            )
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise DossierError(f"the word vectors cannot be read ({error}): install the project again") from None


@cache
def load_vectors() -> Vectors:
    """The shipped vectors, `corpora/vectors/words.npz`; read once."""
    return read_vectors((files("corpora") / "vectors" / "words.npz").read_bytes())
