"""A small transformer encoder in eight-bit weights, run with numpy alone.

The arithmetic is BERT's (Devlin et al. 2019): embeddings, then layers of attention and of two dense steps, each with a
residual and a layer norm. Weights are kept as whole numbers with a scale for each output, and computed with as float32.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from research.cluster.pieces import Layout, Pieces
from research.errors import DossierError

Array = NDArray[np.float32]
Tensors = Mapping[str, NDArray[Any]]
HEADS: Final = 12
BATCH: Final = 32  # rows computed at once, of about equal length so that little is padding
_EPSILON: Final = np.float32(1e-12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """`x @ weight + bias`; `weight` is (inputs, outputs)."""

    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        # One product of all rows: a stack of products would lay the weights out anew for each input of a batch.
        out = (x.reshape(-1, x.shape[-1]) @ self.weight).reshape(*x.shape[:-1], -1)
        out += self.bias
        return np.asarray(out, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Layer norm over the last axis."""

    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        centred /= np.sqrt(np.square(centred).mean(axis=-1, keepdims=True) + _EPSILON)
        centred *= self.weight
        centred += self.bias
        return centred


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One encoder layer."""

    query: Dense
    key: Dense
    value: Dense
    mixed: Dense
    mixed_norm: Norm
    inner: Dense
    outer: Dense
    outer_norm: Norm

    def __call__(self, x: Array, bars: Array) -> Array:
        """The states (rows, length, width) after this layer; `bars` (rows, 1, 1, length) is added to the scores."""
        x = self.mixed_norm(x + self.mixed(self._attend(x, bars)))
        return self.outer_norm(x + self.outer(gelu(self.inner(x))))

    def _attend(self, x: Array, bars: Array) -> Array:
        rows, length, width = x.shape
        size = width // HEADS
        query, key, value = (
            part(x).reshape(rows, length, HEADS, size).transpose(0, 2, 1, 3)
            for part in (self.query, self.key, self.value)
        )
        scores = query @ key.transpose(0, 1, 3, 2)
        scores *= np.float32(size**-0.5)
        scores += bars
        scores -= scores.max(axis=-1, keepdims=True)
        np.exp(scores, out=scores)
        scores /= scores.sum(axis=-1, keepdims=True)
        return np.asarray((scores @ value).transpose(0, 2, 1, 3).reshape(rows, length, width), dtype=np.float32)


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """Embeddings and layers; the first layer is everybody's, tasks bring upper layers of their own."""

    pieces: Pieces
    words: Array
    places: Array
    sides: Array
    norm: Norm
    layers: tuple[Layer, ...]

    def embed(self, layouts: Sequence[Layout]) -> tuple[Array, Array]:
        """(states after the first layer, bars) of inputs, padded to the longest."""
        length = max(len(layout.rows) for layout in layouts)
        rows = np.zeros((len(layouts), length), dtype=np.int64)
        sides = np.zeros_like(rows)
        bars = np.full((len(layouts), 1, 1, length), -1e4, dtype=np.float32)
        for at, layout in enumerate(layouts):
            size = len(layout.rows)
            rows[at, :size], sides[at, :size], bars[at, :, :, :size] = layout.rows, layout.sides, 0.0
        states = self.norm(self.words[rows] + self.places[:length] + self.sides[sides])
        return self.layers[0](states, bars), bars


def read_out(states: Array, layouts: Sequence[Layout]) -> Array:
    """For each input its first state and the mean state of each of its spans, side by side."""
    rows = [
        np.concatenate([states[at, 0], *(states[at, a : max(b, a + 1)].mean(axis=0) for a, b in layout.spans)])
        for at, layout in enumerate(layouts)
    ]
    return np.stack(rows)


def gelu(x: Array) -> Array:
    """The Gaussian error linear unit in its tanh form (Hendrycks and Gimpel 2016); works in one buffer."""
    inner = np.float32(0.044715) * x
    for factor in (x, x):
        inner *= factor
    inner += x
    inner *= np.float32(0.7978845608)
    np.tanh(inner, out=inner)
    inner += 1
    inner *= np.float32(0.5) * x
    return inner


def pack_dense(name: str, weight: Array, bias: Array) -> dict[str, NDArray[Any]]:
    """A dense step in eight bits: whole numbers, a scale for each output, and the bias."""
    scale = (np.abs(weight).max(axis=0) / 127 + 1e-12).astype(np.float32)
    whole = np.round(weight / scale).astype(np.int8)
    return {f"{name}.whole": whole, f"{name}.scale": scale, f"{name}.bias": bias.astype(np.float32)}


def read_dense(name: str, stored: Tensors) -> Dense:
    """The dense step that `pack_dense` wrote."""
    weight = stored[f"{name}.whole"].astype(np.float32) * stored[f"{name}.scale"]
    return Dense(weight=np.ascontiguousarray(weight, dtype=np.float32), bias=_float(stored[f"{name}.bias"]))


def pack_layer(name: str, layer: Layer) -> dict[str, NDArray[Any]]:
    """A layer as tensors whose names begin with `name`."""
    out: dict[str, NDArray[Any]] = {}
    for field in fields(Layer):
        part = getattr(layer, field.name)
        own = f"{name}.{field.name}"
        if isinstance(part, Dense):
            out |= pack_dense(own, part.weight, part.bias)
        else:
            out |= {f"{own}.weight": part.weight, f"{own}.bias": part.bias}
    return out


def read_layer(name: str, stored: Tensors) -> Layer:
    """The layer that `pack_layer` wrote."""

    def dense(part: str) -> Dense:
        return read_dense(f"{name}.{part}", stored)

    def norm(part: str) -> Norm:
        return read_norm(f"{name}.{part}", stored)

    return Layer(
        query=dense("query"),
        key=dense("key"),
        value=dense("value"),
        mixed=dense("mixed"),
        mixed_norm=norm("mixed_norm"),
        inner=dense("inner"),
        outer=dense("outer"),
        outer_norm=norm("outer_norm"),
    )


def read_norm(name: str, stored: Tensors) -> Norm:
    """A layer norm."""
    return Norm(weight=_float(stored[f"{name}.weight"]), bias=_float(stored[f"{name}.bias"]))


def pack_words(words: Array) -> dict[str, NDArray[Any]]:
    """Embeddings in four bits, two numbers a byte, with a scale for each row; the width is even."""
    scale = (np.abs(words).max(axis=1, keepdims=True) / 7.5 + 1e-12).astype(np.float32)
    whole = (np.clip(np.round(words / scale), -7, 7) + 8).astype(np.uint8)
    return {"words.whole": whole[:, ::2] << 4 | whole[:, 1::2], "words.scale": scale}


def read_words(stored: Tensors) -> Array:
    """The embeddings that `pack_words` wrote."""
    packed = stored["words.whole"]
    whole = np.empty((packed.shape[0], packed.shape[1] * 2), dtype=np.float32)
    whole[:, ::2] = packed >> np.uint8(4)
    whole[:, 1::2] = packed & np.uint8(15)
    return np.asarray((whole - 8) * stored["words.scale"], dtype=np.float32)


def pack_encoder(encoder: Encoder) -> dict[str, NDArray[Any]]:
    """The whole encoder as tensors."""
    out: dict[str, NDArray[Any]] = {
        "pieces": np.frombuffer(json.dumps(encoder.pieces.words).encode(), dtype=np.uint8),
        "places": encoder.places.astype(np.float16),
        "sides": encoder.sides,
        "norm.weight": encoder.norm.weight,
        "norm.bias": encoder.norm.bias,
        "layers": np.array(len(encoder.layers)),
    }
    out |= pack_words(encoder.words)
    for at, layer in enumerate(encoder.layers):
        out |= pack_layer(f"layer{at}", layer)
    return out


def read_encoder(data: bytes) -> Encoder:
    """The encoder from the bytes of an npz; DossierError where they are none."""
    stored = read_tensors(data, "the encoder")
    return Encoder(
        pieces=Pieces(words=tuple(json.loads(stored["pieces"].tobytes()))),
        words=read_words(stored),
        places=_float(stored["places"]),
        sides=_float(stored["sides"]),
        norm=read_norm("norm", stored),
        layers=tuple(read_layer(f"layer{at}", stored) for at in range(int(stored["layers"]))),
    )


def read_tensors(data: bytes, what: str) -> dict[str, NDArray[Any]]:
    """The arrays of an npz by name; DossierError where it is broken."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            return {name: stored[name] for name in stored.files}
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise DossierError(f"{what} cannot be read ({error}): install the project again") from None


@cache
def load_encoder() -> Encoder:
    """The shipped encoder, `corpora/vectors/encoder.npz`; read once."""
    return read_encoder((files("corpora") / "vectors" / "encoder.npz").read_bytes())


def _float(values: NDArray[Any]) -> Array:
    return np.asarray(values, dtype=np.float32)
