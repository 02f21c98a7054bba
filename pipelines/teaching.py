"""What the readers' teacher says of sentences that nobody labelled: `corpora/labels/answers.npz`.

The teacher was trained once for each fold of the gold labels, without that fold's companies. A reader of a fold learns
from that fold's teacher and from no sentence of those companies, so that its held-out answers stay what they say; the
reader that ships learns from the mean of all.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Final

import numpy as np

from research.cluster.linear import Floats
from research.errors import UsageError

_WHOLE: Final = 255  # a probability of one
_DIGESTS: Final = ("data_sha256", "places_sha256")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """For each question (teachers, sentences, labels) probabilities, and the digests of the gold that was learnt and of
    the places of the sentences."""

    told: Mapping[str, Floats]
    data_sha256: str
    places_sha256: str

    def of_teacher(self, number: int | None) -> dict[str, Floats]:
        """What one teacher says, (sentences, labels), or the mean of all."""
        return {name: values.mean(axis=0) if number is None else values[number] for name, values in self.told.items()}


def answers_path() -> Path:
    """Where the answers of this installation lie."""
    return Path(str(files("corpora") / "labels" / "answers.npz"))


def write_answers(path: Path, answers: Answers, labels: Mapping[str, Sequence[str]]) -> int:
    """Writes the answers in one byte a number; the size in bytes."""
    arrays = {name: np.rint(values * _WHOLE).astype(np.uint8) for name, values in answers.told.items()}
    named = {f"{name}_labels": np.array(labels[name]) for name in arrays}
    buffer = io.BytesIO()
    digests = {name: np.array(getattr(answers, name)) for name in _DIGESTS}
    np.savez_compressed(buffer, allow_pickle=False, **digests, **arrays, **named)
    path.write_bytes(buffer.getvalue())
    return len(buffer.getvalue())


def read_answers(
    path: Path, labels: Mapping[str, Sequence[str]], *, data_sha256: str, places_sha256: str, folds: int
) -> Answers:
    """The answers, in the order of `labels`; UsageError where they are of other gold, sentences, labels or folds."""
    again = "run `python -m pipelines.train_teacher MODEL_FOLDER DATA/gold corpora/labels/answers.npz`"
    if not path.is_file():
        raise UsageError(f"{path} is missing: {again}")
    with np.load(path, allow_pickle=False) as stored:
        told = {}
        for name, wanted in labels.items():
            if tuple(stored[f"{name}_labels"]) != tuple(wanted) or len(stored[name]) != folds:
                raise UsageError(f"{path}: its answers are to other labels, or of other folds: {again}")
            values = stored[name].astype(float)
            told[name] = values / values.sum(axis=2, keepdims=True)
        digests = {name: str(stored[name]) for name in _DIGESTS}
    if digests["data_sha256"] != data_sha256:
        raise UsageError(f"{path}: the teachers learnt from other gold than this: {again}")
    if digests["places_sha256"] != places_sha256:
        raise UsageError(f"{path}: its answers are to other sentences than those of unlabelled.jsonl: {again}")
    return Answers(told=told, **digests)
