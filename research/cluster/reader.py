"""Trained readers: upper layers on the shared encoder, with one head for each question, blended with a linear model."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from research.cluster.encoder import (
    Array,
    Dense,
    Encoder,
    Layer,
    chunks,
    load_encoder,
    pack_dense,
    pack_layer,
    read_dense,
    read_layer,
    read_out,
    read_tensors,
    rows_read,
)
from research.cluster.linear import Floats, settle
from research.cluster.pieces import Layout
from research.errors import DossierError
from research.text.hashing import sha256_bytes
from research.text.parts import Parts

FORMAT: Final = "dossier.reader/1"
_LEAST: Final = 1e-6  # no probability is taken as nought


@dataclass(frozen=True, slots=True, kw_only=True)
class Blend:
    """How a reader's answer and a linear model's are put together: `share` is the reader's, shift and temperature as in
    `linear.Model`."""

    share: float
    shift: tuple[float, ...]
    temperature: float

    def __call__(self, reader: Floats, linear: Floats) -> Floats:
        """Probabilities (rows, L) from two tables of probabilities over the same labels."""
        return settle(mix(reader, linear, self.share), np.array(self.shift), self.temperature)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """One question: its labels, and the dense step that answers it."""

    labels: tuple[str, ...]
    dense: Dense
    blend: Blend


@dataclass(frozen=True, kw_only=True)
class Reader:
    """Upper layers and heads; `digest` is the sha256 of the weights as they are saved."""

    encoder: Encoder
    layers: tuple[Layer, ...]
    heads: Mapping[str, Head]
    digest: str

    def read(self, inputs: Sequence[Parts]) -> dict[str, Floats]:
        """For each head the probabilities of its labels, (inputs, L), as the reader alone sees them."""
        layouts = [self.encoder.pieces.lay_out(parts) for parts in inputs]
        out = {name: np.zeros((len(inputs), len(head.labels))) for name, head in self.heads.items()}
        for part in chunks(layouts):
            seen = self._states([layouts[at] for at in part])
            for name, head in self.heads.items():
                logits = head.dense(seen).astype(np.float64)
                out[name][part.start : part.stop] = settle(logits, np.zeros(len(head.labels)), 1.0)
        return out

    def _states(self, layouts: Sequence[Layout]) -> Array:
        states, edges = self.encoder.embed(layouts)
        rows = rows_read(layouts, edges)
        *lower, last = self.layers
        for layer in lower:
            states = layer(states, edges)
        return read_out(last(states, edges, rows), layouts, edges, rows)


def mix(reader: Floats, linear: Floats, share: float) -> Floats:
    """The weighed mean of two tables of probabilities, as logarithms."""
    return share * _log(reader) + (1 - share) * _log(linear)


def table(rows: Sequence[Mapping[str, float]], labels: Sequence[str]) -> Floats:
    """Probabilities by label as a table (rows, L)."""
    return np.array([[row.get(label, 0.0) for label in labels] for row in rows]).reshape(len(rows), len(labels))


def by_label(probabilities: Floats, labels: Sequence[str]) -> list[dict[str, float]]:
    """For each row the probability of every label, the likeliest first."""
    order = [sorted(zip(labels, row, strict=True), key=lambda pair: -pair[1]) for row in probabilities]
    return [{label: float(value) for label, value in row} for row in order]


def save_reader(
    path: Path, layers: Sequence[Layer], heads: Mapping[str, Head], card: Mapping[str, Any]
) -> tuple[int, str]:
    """Writes `path` (npz) and the card beside it; returns bytes and digest. Equal readers give equal bytes."""
    return _save(path, _pack(layers, heads), card)


def save_blends(path: Path, blends: Mapping[str, Blend], card: Mapping[str, Any]) -> tuple[int, str]:
    """Puts other blends into the reader at `path`, as `save_reader` writes it; nothing else of it changes."""
    stored = read_tensors(path.read_bytes(), "the reader's weights")
    about = json.loads(stored["about"].tobytes())
    for name, blend in blends.items():
        about["heads"][name] |= _blend_about(blend)
    return _save(path, _zip({**stored, "about": _about(about)}), card)


def _save(path: Path, data: bytes, card: Mapping[str, Any]) -> tuple[int, str]:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    text = json.dumps(dict(card), indent=1, ensure_ascii=False, sort_keys=True)
    path.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    return len(data), sha256_bytes(data)


def _blend_about(blend: Blend) -> dict[str, Any]:
    return {"share": blend.share, "shift": blend.shift, "temperature": blend.temperature}


def _about(about: Mapping[str, Any]) -> NDArray[Any]:
    return np.frombuffer(json.dumps(about).encode(), dtype=np.uint8)


def _zip(tensors: Mapping[str, NDArray[Any]]) -> bytes:
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **tensors)
    return buffer.getvalue()


def _pack(layers: Sequence[Layer], heads: Mapping[str, Head]) -> bytes:
    about = {
        "format": FORMAT,
        "layers": len(layers),
        "heads": {name: {"labels": head.labels, **_blend_about(head.blend)} for name, head in heads.items()},
    }
    tensors: dict[str, NDArray[Any]] = {"about": _about(about)}
    for at, layer in enumerate(layers):
        tensors |= pack_layer(f"layer{at}", layer)
    for name, head in heads.items():
        tensors |= pack_dense(f"head.{name}", head.dense.weight, head.dense.bias)
    return _zip(tensors)


def read_reader(data: bytes, encoder: Encoder) -> Reader:
    """A reader from the bytes of an npz; DossierError where they are none."""
    stored = read_tensors(data, "the reader's weights")
    about = json.loads(stored["about"].tobytes()) if "about" in stored else {}
    if about.get("format") != FORMAT:
        raise DossierError(f"the weights are no {FORMAT} file: train them again")
    heads = {
        name: Head(
            labels=tuple(head["labels"]),
            dense=read_dense(f"head.{name}", stored),
            blend=Blend(share=head["share"], shift=tuple(head["shift"]), temperature=head["temperature"]),
        )
        for name, head in about["heads"].items()
    }
    layers = tuple(read_layer(f"layer{at}", stored) for at in range(about["layers"]))
    return Reader(encoder=encoder, layers=layers, heads=heads, digest=sha256_bytes(data))


def load_reader(name: str) -> Reader:
    """The shipped reader `corpora/weights/NAME_reader.npz`."""
    path = files("corpora") / "weights" / f"{name}_reader.npz"
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DossierError(f"corpora/weights/{name}_reader.npz is missing: run `dossier train {name}`") from None
    return read_reader(data, load_encoder())


def _log(probabilities: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(probabilities, _LEAST)), dtype=np.float64)
