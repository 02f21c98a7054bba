"""One reader for each fold by company, two at a time, and one for all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Final

import numpy as np

from research.cluster.encoder import load_encoder
from research.cluster.fitting import Ints
from research.cluster.linear import Floats
from research.cluster.tuning import Course, Learnt, Question, learn, prepare
from research.text.parts import Parts

WORKERS: Final = 2
Told = Mapping[int, Sequence[float]]
"""For rows without a truth the probabilities that a teacher gives; see `Question.told`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a reader is to learn: inputs, questions, how much each row counts, and (train, test) rows of each fold.

    `told` has what teachers say of rows without a truth, by question: for each fold, then for the reader of all rows.
    """

    inputs: Sequence[Parts]
    questions: Mapping[str, Question]
    weights: Sequence[float]
    folds: Sequence[tuple[Sequence[int], Sequence[int]]]
    course: Course
    told: Sequence[Mapping[str, Told]] = ()

    def questions_of(self, fold: int) -> dict[str, Question]:
        """The questions with what the fold's teacher says; behind the last fold those of the reader of all rows."""
        told = self.told[fold] if self.told else {}
        return {name: replace(question, told=told.get(name, {})) for name, question in self.questions.items()}


@dataclass(frozen=True, kw_only=True)
class Read:
    """For each question the probabilities of every row that is data, from a reader that saw no row of its company
    (zero elsewhere), each row's fold, and the reader that learnt from all rows."""

    held_out: Mapping[str, Floats]
    fold_of: Ints
    reader: Learnt


def read_by_folds(task: Task) -> Read:
    """Trains one reader for each fold, two at a time, and one on everything."""
    everything = list(range(len(task.inputs)))
    rows = [*task.folds, (everything, everything[:1])]
    jobs = [(task, number, list(train), list(test)) for number, (train, test) in enumerate(rows)]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_learn_fold, jobs))
    held_out = {name: np.zeros((len(everything), len(question.labels))) for name, question in task.questions.items()}
    fold_of = np.full(len(everything), -1)
    for number, ((_, test), (answers, _)) in enumerate(zip(task.folds, results, strict=False)):
        fold_of[list(test)] = number
        for name, values in answers.items():
            held_out[name][list(test)] = values
    return Read(held_out=held_out, fold_of=fold_of, reader=results[-1][1])


def _learn_fold(job: tuple[Task, int, list[int], list[int]]) -> tuple[dict[str, Floats], Learnt]:
    task, number, train, test = job
    encoder = load_encoder()
    lesson = prepare(encoder, [encoder.pieces.lay_out(parts) for parts in task.inputs], task.weights)
    learnt = learn(encoder, lesson, train, task.questions_of(number), task.course)
    return learnt.answer(lesson, test), learnt.without_net()
