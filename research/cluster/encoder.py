"""A small transformer encoder in eight-bit weights, run with numpy alone.

The arithmetic is BERT's (Devlin et al. 2019): embeddings, then layers of attention and of two dense steps, each with a
residual and a layer norm. Weights are kept as whole numbers with a scale for each output, and computed with as float32.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import Any, Final
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from research.cluster.packed_words import PackedWords
from research.cluster.pieces import Layout, Pieces
from research.errors import DossierError

Array = NDArray[np.float32]
Ints = NDArray[np.int64]
Tensors = Mapping[str, NDArray[Any]]
HEADS: Final = 12
CHUNK: Final = 1024  # rows computed at once: enough for the matrix products, few enough for the processor's cache
_EPSILON: Final = np.float32(1e-12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """`x @ weight + bias`; `weight` is (inputs, outputs)."""

    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        out = x @ self.weight
        out += self.bias
        return np.asarray(out, dtype=np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Layer norm over the last axis."""

    weight: Array
    bias: Array

    def __call__(self, x: Array) -> Array:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.einsum("...i,...i->...", centred, centred) / np.float32(x.shape[-1])
        centred /= np.sqrt(spread + _EPSILON)[..., None]
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

    def __call__(self, x: Array, edges: Sequence[int], wanted: Ints | None = None) -> Array:
        """The states (rows, width) after this layer, of all rows or only of those `wanted`, which are in order.

        `x` holds one input after the other, without padding; input i has the rows from `edges[i]` to `edges[i + 1]`.
        """
        own, own_edges = (x, edges) if wanted is None else (x[wanted], np.searchsorted(wanted, edges).tolist())
        seen = self.mixed(self._attend(own, own_edges, x, edges))
        seen += own
        seen = self.mixed_norm(seen)
        out = self.outer(gelu(self.inner(seen)))
        out += seen
        return self.outer_norm(out)

    def _attend(self, own: Array, own_edges: Sequence[int], x: Array, edges: Sequence[int]) -> Array:
        """What each row of `own` takes from the rows of its input in `x`."""
        width = x.shape[1]
        size = width // HEADS
        query = self.query(own)
        query *= np.float32(size**-0.5)
        key, value = self.key(x), self.value(x)
        out = np.empty_like(own)
        for at, (first, last) in enumerate(pairwise(edges)):
            mine = slice(own_edges[at], own_edges[at + 1])
            scores = _by_head(query[mine]) @ _by_head(key[first:last]).transpose(0, 2, 1)
            scores -= scores.max(axis=-1, keepdims=True)
            np.exp(scores, out=scores)
            taken = scores @ _by_head(value[first:last])
            taken /= scores.sum(axis=-1, keepdims=True)
            out[mine] = taken.transpose(1, 0, 2).reshape(-1, width)
        return out


def _by_head(x: Array) -> Array:
    """(rows, width) as (heads, rows, width of a head)."""
    return x.reshape(len(x), HEADS, -1).transpose(1, 0, 2)


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """Embeddings and layers; the first layer is everybody's, tasks bring upper layers of their own."""

    pieces: Pieces
    words: Array | PackedWords
    places: Array
    sides: Array
    norm: Norm
    layers: tuple[Layer, ...]

    def embed(self, layouts: Sequence[Layout]) -> tuple[Array, tuple[int, ...]]:
        """(states after the first layer, edges) of inputs, one after the other: see `Layer`."""
        edges = tuple(accumulate((len(layout.rows) for layout in layouts), initial=0))
        states = self.words[np.concatenate([layout.rows for layout in layouts])]
        states += self.places[np.concatenate([np.arange(len(layout.rows)) for layout in layouts])]
        states += self.sides[np.concatenate([layout.sides for layout in layouts])]
        return self.layers[0](self.norm(states), edges), edges


def rows_read(layouts: Sequence[Layout], edges: Sequence[int]) -> Ints:
    """The rows of packed inputs that `read_out` looks at, in order: of each input the first, and those of its spans."""
    wanted = [
        np.array(sorted({0}.union(*(range(a, max(b, a + 1)) for a, b in layout.spans)))) + edge
        for layout, edge in zip(layouts, edges, strict=False)
    ]
    return np.concatenate(wanted)


def read_out(states: Array, layouts: Sequence[Layout], edges: Sequence[int], rows: Ints) -> Array:
    """For each input its first state and the mean state of each of its spans, side by side; `states` are those of
    `rows`, as `rows_read` gives them."""
    out = []
    for layout, edge in zip(layouts, edges, strict=False):
        spans = [np.searchsorted(rows, (edge + a, edge + max(b, a + 1))) for a, b in layout.spans]
        first = int(np.searchsorted(rows, edge))
        out.append(np.concatenate([states[first], *(states[a:b].mean(axis=0) for a, b in spans)]))
    return np.stack(out)


def chunks(layouts: Sequence[Layout]) -> Iterator[range]:
    """The places of the inputs in runs of at most CHUNK rows, and of one input at least."""
    start = rows = 0
    for at, layout in enumerate(layouts):
        if at > start and rows + len(layout.rows) > CHUNK:
            yield range(start, at)
            start, rows = at, 0
        rows += len(layout.rows)
    if layouts:
        yield range(start, len(layouts))


def gelu(x: Array) -> Array:
    """The Gaussian error linear unit in its tanh form (Hendrycks and Gimpel 2016), written with the logistic function,
    which is the same and costs half."""
    out = np.square(x)
    out *= np.float32(0.044715)
    out += 1
    out *= x
    out *= np.float32(-2 * 0.7978845608)
    with np.errstate(over="ignore"):  # e^-z beyond the range of floats: the unit is nought there
        np.exp(out, out=out)
    out += 1
    return np.divide(x, out, out=out)


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


def read_words(stored: Tensors) -> PackedWords:
    """The embeddings that `pack_words` wrote."""
    return PackedWords(whole=stored["words.whole"], scale=stored["words.scale"])


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
    out |= pack_words(np.asarray(encoder.words))
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
