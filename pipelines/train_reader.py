"""Trains the readers of sentences and of pairs, fold by fold by company, and the blends with the linear models.

Run after `dossier train signals`, `holders` and `relations`: the blends are chosen on what those models said of rows
that they had not seen. About an hour on two cores.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Final

import numpy as np

from pipelines.held_out import read_held_out, write_held_out
from pipelines.own_labels import read_own_labels
from pipelines.train_samples import (
    NONE,
    RELATION_FILES,
    SENTENCE_FILES,
    Row,
    default_folder,
    extra_rows,
    groups_of,
    pair_of,
    pair_weights,
    read_gold,
    relation_groups,
    sentence_context,
)
from research.analyse.parts import relation_parts, signal_parts
from research.analyse.relation_model import RELATIONS
from research.cluster.blending import choose_blend
from research.cluster.encoder import load_encoder
from research.cluster.fitting import Ints, Sample, mean_f1, split
from research.cluster.linear import Floats
from research.cluster.reader import Blend, Head, by_label, save_reader, table
from research.cluster.tuning import Course, Learnt, Question, learn, prepare, version
from research.text.parts import Parts

WORKERS: Final = 2
KINDS: Final = ("none", "pain", "goal", "remedy")
HOLDERS: Final = ("account", "customer", "industry", "other")
_HOLDER_WEIGHT: Final = 0.5  # of the question whose a signal is, beside the question what it is
_TARGETS: Final = ("pain", "goal", "remedy")
_NONE_STEP: Final = 2  # of our own labels of sentences that say nothing one in so many is read, to halve the time
_NO_TARGETS: Final = frozenset({"none", "other"})
# Enough for the loss to flatten; more rounds were not compared.
_SENTENCES: Final = Course(rounds=3)
_PAIRS: Final = Course(rounds=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderReport:
    """One reader that was trained: its rows, held-out macro F1 and accuracies by question, and where it lies."""

    name: str
    rows: int
    scores: Mapping[str, float]
    path: Path
    bytes_written: int


def train_readers(data: Path, out: Path | None, date: str, *, folds: int = 5) -> list[ReaderReport]:
    """Trains the reader of sentences and that of pairs from the gold files in `data` and our own labels.

    Writes `sentences_reader.npz` and `pairs_reader.npz` with their cards, and what the blends say of held-out rows.
    UsageError where PyTorch or data are missing.
    """
    folder = out or default_folder()
    return [_sentences(data, folder, date, folds), _pairs(data, folder, date, folds)]


def _sentences(data: Path, folder: Path, date: str, folds: int) -> ReaderReport:
    gold, digest = read_gold(data, SENTENCE_FILES)
    labels = read_own_labels(data.parent)
    extra = extra_rows([row for at, row in enumerate(labels.rows) if row["kind"] != NONE or at % _NONE_STEP == 0])
    rows = [*gold, *(row for row, _ in extra)]
    task = Task(
        inputs=[signal_parts(sentence_context(row)) for row in rows],
        questions={
            "signals": Question(labels=KINDS, truth=_numbers(rows, "kind", KINDS)),
            "holders": Question(labels=HOLDERS, truth=_numbers(rows, "holder", HOLDERS), weight=_HOLDER_WEIGHT),
        },
        weights=[1.0] * len(gold) + [weight for _, weight in extra],
        folds=_folds(groups_of(rows), len(gold), folds),
        course=_SENTENCES,
    )
    return _train("sentences", task, gold, digest, folder, date, {"signals": _TARGETS, "holders": ()})


def _pairs(data: Path, folder: Path, date: str, folds: int) -> ReaderReport:
    gold, digest = read_gold(data, RELATION_FILES)
    task = Task(
        inputs=[relation_parts(pair_of(row)) for row in gold],
        questions={"relations": Question(labels=RELATIONS, truth=_numbers(gold, "relation", RELATIONS))},
        weights=pair_weights(gold),
        folds=_folds(relation_groups(gold), len(gold), folds),
        course=_PAIRS,
    )
    targets = tuple(label for label in RELATIONS if label not in _NO_TARGETS)
    return _train("pairs", task, gold, digest, folder, date, {"relations": targets})


def _numbers(rows: Sequence[Row], field: str, labels: Sequence[str]) -> list[int]:
    return [labels.index(row[field]) if row[field] in labels else -1 for row in rows]


def _folds(groups: Sequence[str], own: int, folds: int) -> list[tuple[list[int], list[int]]]:
    """Folds by company of the first `own` rows; the others are trained on where their company is not tested."""
    extra = frozenset(range(own, len(groups)))
    return split(Sample(rows=[{}] * len(groups), labels=[""] * len(groups), groups=groups, extra=extra), folds)


def _train(
    name: str,
    task: Task,
    gold: Sequence[Row],
    digest: str,
    folder: Path,
    date: str,
    targets: Mapping[str, Sequence[str]],
) -> ReaderReport:
    read = read_by_folds(task)
    blends: dict[str, Blend] = {}
    scores: dict[str, float] = {}
    for question, asked in task.questions.items():
        linear = read_held_out(question, folder).rows
        spoken = table([linear.get(row["id"], {}) for row in gold], asked.labels)
        wanted = [asked.labels.index(label) for label in targets[question]]
        blended, blends[question] = blend_question(read, question, asked, spoken, wanted)
        told = by_label(blended, asked.labels)
        write_held_out(
            folder / f"{question}_blend.npz", {row["id"]: p for row, p in zip(gold, told, strict=True)}, digest
        )
        scores |= {f"{question} {key}": value for key, value in _scores(blended, asked, wanted).items()}
    path = folder / f"{name}_reader.npz"
    card = {
        "name": f"{name}_reader",
        "trained": date,
        "command": "dossier train readers --data DATA/gold",
        "data_sha256": digest,
        "rows": len(gold),
        "own_examples_and_labels": len(task.inputs) - len(gold),
        "cross_validation": {"folds": len(task.folds), "by": "company", **scores},
        "rounds": task.course.rounds,
        "rate": task.course.rate,
        "torch": version(),
        "method": "upper layers on the frozen first layer of corpora/vectors/encoder.npz, blended with a linear model",
    }
    size, _ = save_reader(path, read.reader.layers, heads_of(read, task.questions, blends), card)
    return ReaderReport(name=name, rows=len(task.inputs), scores=scores, path=path, bytes_written=size)


def _scores(blended: Floats, question: Question, targets: Sequence[int]) -> dict[str, float]:
    truth = np.array(question.truth[: len(blended)])
    asked = truth >= 0
    found = {"accuracy": float((blended[asked].argmax(axis=1) == truth[asked]).mean())}
    if targets:
        found["macro f1"] = mean_f1(blended[asked], truth[asked], targets)
    return {name: round(value, 4) for name, value in found.items()}


def render_readers(reports: Sequence[ReaderReport]) -> str:
    """The reports in lines for a person."""
    lines = []
    for report in reports:
        lines.append(f"{report.name}: {report.rows} rows")
        lines += [f"  {name:24} {value:.4f}" for name, value in report.scores.items()]
        lines.append(f"wrote {report.path} ({report.bytes_written / 1e6:.1f} MB)")
    return "\n".join(lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What a reader is to learn: inputs, questions, how much each row counts, and (train, test) rows of each fold."""

    inputs: Sequence[Parts]
    questions: Mapping[str, Question]
    weights: Sequence[float]
    folds: Sequence[tuple[Sequence[int], Sequence[int]]]
    course: Course


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
    jobs = [(task, list(train), list(test)) for train, test in task.folds] + [(task, everything, everything[:1])]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        results = list(pool.map(_learn_fold, jobs))
    held_out = {name: np.zeros((len(everything), len(question.labels))) for name, question in task.questions.items()}
    fold_of = np.full(len(everything), -1)
    for number, ((_, test), (answers, _)) in enumerate(zip(task.folds, results, strict=False)):
        fold_of[list(test)] = number
        for name, values in answers.items():
            held_out[name][list(test)] = values
    return Read(held_out=held_out, fold_of=fold_of, reader=results[-1][1])


def _learn_fold(job: tuple[Task, list[int], list[int]]) -> tuple[dict[str, Floats], Learnt]:
    task, train, test = job
    encoder = load_encoder()
    lesson = prepare(encoder, [encoder.pieces.lay_out(parts) for parts in task.inputs], task.weights)
    learnt = learn(encoder, lesson, train, task.questions, task.course)
    return learnt.answer(lesson, test), learnt.without_net()


def blend_question(
    read: Read, name: str, question: Question, linear: Floats, targets: Sequence[int]
) -> tuple[Floats, Blend]:
    """(held-out probabilities of the blend, the blend that ships) for one question over the rows that `linear` has.

    A blend is chosen on the rows that ask the question, and said of all.
    """
    own = len(linear)
    truth, folds, reader = np.array(question.truth[:own]), read.fold_of[:own], read.held_out[name][:own]
    asked = truth >= 0
    blended = np.zeros_like(reader)
    for fold in sorted(set(folds.tolist())):
        others, inside = asked & (folds != fold), folds == fold
        blend = choose_blend(reader[others], linear[others], truth[others], targets)
        blended[inside] = blend(reader[inside], linear[inside])
    return blended, choose_blend(reader[asked], linear[asked], truth[asked], targets)


def heads_of(read: Read, questions: Mapping[str, Question], blends: Mapping[str, Blend]) -> dict[str, Head]:
    """The heads as they are saved."""
    return {
        name: Head(labels=question.labels, dense=read.reader.heads[name], blend=blends[name])
        for name, question in questions.items()
    }
