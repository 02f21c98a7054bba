"""Linear classifiers over named features: loading, saving and predicting with numpy alone."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from research.errors import DossierError
from research.text.hashing import sha256_bytes

Floats = NDArray[np.float64]
FORMAT = "dossier.linear/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """How the features `name=…` enter the model: tf-idf of unit length, or plain indicators; times `weight`."""

    name: str
    weight: float
    text: bool = True


@dataclass(frozen=True, kw_only=True)
class Model:
    """Weights of one classifier.

    `names` are F features in order, `idf` is (F,), `weights` (F, L), `bias` and `shift` (L,). The shift moves the
    decision between labels (chosen out of fold for F1); the temperature makes the winner's probability calibrated.
    """

    labels: tuple[str, ...]
    blocks: tuple[Block, ...]
    names: tuple[str, ...]
    idf: Floats
    weights: Floats
    bias: Floats
    shift: Floats
    temperature: float
    card: Mapping[str, Any]

    @cached_property
    def _index(self) -> dict[str, int]:
        return {name: row for row, name in enumerate(self.names)}

    @cached_property
    def _by_block(self) -> dict[str, Block]:
        return {block.name: block for block in self.blocks}

    @cached_property
    def digest(self) -> str:
        """The sha256 of the weights as they are saved."""
        return sha256_bytes(_pack(self))

    def logits(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """Raw scores, (rows, L)."""
        out = np.tile(self.bias, (len(rows), 1))
        for at, row in enumerate(rows):
            for block, found in self._rows(row).items():
                where = np.fromiter(found, dtype=np.int64, count=len(found))
                values = block_values(self._by_block[block], np.fromiter(found.values(), np.float64), self.idf[where])
                out[at] += values @ self.weights[where]
        return out

    def _rows(self, row: Mapping[str, float]) -> dict[str, dict[int, float]]:
        """The known features of one row, by block: row in the weights -> value."""
        known: dict[str, dict[int, float]] = {}
        index = self._index
        for name, value in row.items():
            at = index.get(name)
            if at is not None:
                known.setdefault(name.partition("=")[0], {})[at] = value
        return known

    def predict_proba(self, rows: Sequence[Mapping[str, float]]) -> Floats:
        """Probabilities, (rows, L): the largest is the decision, and how sure it is."""
        return settle(self.logits(rows), self.shift, self.temperature)

    def classify(self, rows: Sequence[Mapping[str, float]]) -> list[dict[str, float]]:
        """For each row the probability of every label, the likeliest first."""
        order = [sorted(zip(self.labels, row, strict=True), key=lambda p: -p[1]) for row in self.predict_proba(rows)]
        return [{label: float(value) for label, value in row} for row in order]

    def save(self, path: Path) -> None:
        """Writes `path` (npz) and the card beside it (JSON); equal models give equal bytes."""
        path.write_bytes(_pack(self))
        card = json.dumps(dict(self.card), indent=1, ensure_ascii=False, sort_keys=True)
        path.with_suffix(".json").write_text(card + "\n", encoding="utf-8")


def block_values(block: Block, values: Floats, idf: Floats) -> Floats:
    """One row's values of one block as the model sees them: sublinear tf-idf of unit length, or 1 for an indicator."""
    if not block.text:
        return np.full(len(values), block.weight)
    weighed = (1.0 + np.log(values)) * idf
    length = float(np.sqrt(weighed @ weighed)) or 1.0
    return weighed * (block.weight / length)


def settle(logits: Floats, shift: Floats, temperature: float) -> Floats:
    """Softmax of shifted logits at a temperature."""
    z = (logits + shift) / temperature
    z = np.exp(z - z.max(axis=1, keepdims=True))
    return np.asarray(z / z.sum(axis=1, keepdims=True), dtype=np.float64)


def _pack(model: Model) -> bytes:
    head = {
        "format": FORMAT,
        "labels": model.labels,
        "blocks": [[b.name, b.weight, b.text] for b in model.blocks],
        "temperature": model.temperature,
    }
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        head=_bytes(json.dumps(head)),
        names=_bytes("\n".join(model.names)),
        idf=model.idf.astype(np.float16),
        weights=model.weights.astype(np.float16),
        bias=model.bias,
        shift=model.shift,
    )
    return buffer.getvalue()


def _bytes(text: str) -> NDArray[np.uint8]:
    return np.frombuffer(text.encode("utf-8"), dtype=np.uint8)


def unpack(data: bytes, card: Mapping[str, Any]) -> Model:
    """A model from the bytes of its npz; DossierError where they are none."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            head = json.loads(stored["head"].tobytes())
            return Model(
                labels=tuple(head["labels"]),
                blocks=tuple(Block(name=name, weight=weight, text=text) for name, weight, text in head["blocks"]),
                names=tuple(stored["names"].tobytes().decode("utf-8").split("\n")),
                idf=stored["idf"].astype(np.float64),
                weights=stored["weights"].astype(np.float64),
                bias=stored["bias"],
                shift=stored["shift"],
                temperature=float(head["temperature"]),
                card=card,
            )
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise DossierError(f"the weights are no {FORMAT} file ({error}): train them again") from None


def load(name: str) -> Model:
    """The shipped model `corpora/weights/NAME.npz` with its card."""
    folder = files("corpora") / "weights"
    try:
        data = (folder / f"{name}.npz").read_bytes()
        card = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DossierError(f"corpora/weights/{name}.npz is missing: run `dossier train {name}`") from None
    return unpack(data, card)


def digest_of(name: str) -> str:
    """The digest of the shipped model NAME without reading it: equal models are saved as equal bytes."""
    return weights_digest(f"{name}.npz")


@cache
def weights_digest(file: str) -> str:
    """The sha256 of a file of `corpora/weights`; DossierError where it is missing."""
    try:
        return sha256_bytes((files("corpora") / "weights" / file).read_bytes())
    except FileNotFoundError:
        raise DossierError(f"corpora/weights/{file} is missing: run `dossier train`") from None


def decide(probabilities: Iterable[Mapping[str, float]]) -> list[tuple[str, float]]:
    """The likeliest label of each row and its probability."""
    return [max(row.items(), key=lambda pair: pair[1]) for row in probabilities]
