"""Trains the readers of sentences and of pairs, fold by fold by company, and the blends with the linear models.

The reader of sentences learns from labels and from what a teacher says of sentences without any (`pipelines.teaching`).

Run after `dossier train signals`, `holders` and `relations`: the blends are chosen on what those models said of rows
that they had not seen. An hour or two on two cores; `train blends` chooses them anew in seconds.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from pipelines.folds import Read, Task, Told, read_by_folds
from pipelines.held_out import read_held_out, write_held_out
from pipelines.own_labels import Unlabelled, read_own_labels, read_unlabelled
from pipelines.teaching import answers_path, read_answers
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
from research.cluster.fitting import Ints, Sample, mean_f1, split
from research.cluster.linear import Floats
from research.cluster.reader import Blend, Head, by_label, save_blends, save_reader, table
from research.cluster.tuning import Course, Question, version
from research.errors import UsageError

KINDS: Final = ("none", "pain", "goal", "remedy")
HOLDERS: Final = ("account", "customer", "industry", "other")
_HOLDER_WEIGHT: Final = 0.5  # of the question whose a signal is, beside the question what it is
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a reader is asked of the rows of some gold files: for each question the field that holds the truth, its
    labels, and those whose mean F1 its blend is chosen for (none: accuracy); and whether a blend shifts its answers."""

    name: str
    files: Sequence[str]
    groups: Callable[[Sequence[Row]], list[str]]
    questions: Mapping[str, tuple[str, tuple[str, ...], Sequence[str]]]
    shifted: bool


SENTENCES: Final = Subject(
    name="sentences",
    files=SENTENCE_FILES,
    groups=groups_of,
    questions={"signals": ("kind", KINDS, ("pain", "goal", "remedy")), "holders": ("holder", HOLDERS, ())},
    shifted=False,  # from fold to fold the best shift of "remedy" goes from -.9 to .4: what it fits is chance
)
PAIRS: Final = Subject(
    name="pairs",
    files=RELATION_FILES,
    groups=relation_groups,
    questions={"relations": ("relation", RELATIONS, tuple(r for r in RELATIONS if r not in _NO_TARGETS))},
    shifted=True,
)


def train_readers(data: Path, out: Path | None, date: str, *, folds: int = 5) -> list[ReaderReport]:
    """Trains the reader of sentences and that of pairs from the gold files in `data` and our own labels.

    Writes `sentences_reader.npz` and `pairs_reader.npz` with their cards, and what readers and blends say of held-out
    rows. UsageError where PyTorch or data are missing.
    """
    folder = out or default_folder()
    for subject in (SENTENCES, PAIRS):  # stale answers are refused here, not after an hour
        gold, digest = read_gold(data, subject.files)
        for name in subject.questions:
            _answers(name, folder, gold, digest)
    return [_sentences(data, folder, date, folds), _pairs(data, folder, date, folds)]


def train_blends(data: Path, out: Path | None, *, folds: int = 5) -> list[ReaderReport]:
    """Chooses the blends of the readers in the folder anew, from what they and the linear models said of held-out rows:
    seconds, where a linear model was trained again and its reader was not.

    UsageError where the held-out answers are of other gold.
    """
    folder = out or default_folder()
    return [_blend_again(subject, data, folder, folds) for subject in (SENTENCES, PAIRS)]


def _blend_again(subject: Subject, data: Path, folder: Path, folds: int) -> ReaderReport:
    gold, digest = read_gold(data, subject.files)
    questions = _questions(subject, gold)
    fold_of = np.full(len(gold), -1)
    for number, (_, test) in enumerate(_folds(subject.groups(gold), len(gold), folds)):
        fold_of[test] = number
    held_out = {name: table(_answers(f"{name}_read", folder, gold, digest), q.labels) for name, q in questions.items()}
    chosen = _choose(subject, questions, held_out, fold_of, gold, digest, folder)
    path = folder / f"{subject.name}_reader.npz"
    card = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    card["cross_validation"] = {"folds": folds, "by": "company", **chosen.scores}
    size, _ = save_blends(path, chosen.blends, card)
    return ReaderReport(name=subject.name, rows=len(gold), scores=chosen.scores, path=path, bytes_written=size)


def _sentences(data: Path, folder: Path, date: str, folds: int) -> ReaderReport:
    lesson = sentence_lesson(data, folds)
    labels = {name: question.labels for name, question in lesson.questions.items()}
    answers = read_answers(
        answers_path(),
        labels,
        data_sha256=lesson.data_sha256,
        places_sha256=lesson.unlabelled.places_sha256,
        folds=folds,
    )
    task = Task(
        inputs=[signal_parts(sentence_context(row)) for row in lesson.rows],
        questions=lesson.questions,
        weights=lesson.weights,
        folds=lesson.folds,
        course=_SENTENCES,
        told=[
            told_of(answers.of_teacher(number), lesson.unlabelled.numbers, lesson.labelled)
            for number in (*range(folds), None)
        ],
    )
    return _train(SENTENCES, task, lesson.gold, lesson.data_sha256, folder, date)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceLesson:
    """The sentences that a reader and its teacher learn from: gold rows first, then our own up to `labelled`, then
    those that nobody labelled; how much each counts, what is asked of each, and (train, test) rows of each fold."""

    gold: Sequence[Row]
    data_sha256: str
    rows: Sequence[Row]
    labelled: int
    unlabelled: Unlabelled
    weights: Sequence[float]
    questions: Mapping[str, Question]
    folds: Sequence[tuple[Sequence[int], Sequence[int]]]


def sentence_lesson(data: Path, folds: int) -> SentenceLesson:
    """The sentences of the gold files in `data`, of our own labels, and those without labels."""
    gold, digest = read_gold(data, SENTENCES.files)
    own = read_own_labels(data.parent).rows
    extra = extra_rows([row for at, row in enumerate(own) if row["kind"] != NONE or at % _NONE_STEP == 0])
    unlabelled = read_unlabelled(data.parent)
    rows = [*gold, *(row for row, _ in extra), *unlabelled.rows]
    return SentenceLesson(
        gold=gold,
        data_sha256=digest,
        rows=rows,
        labelled=len(gold) + len(extra),
        unlabelled=unlabelled,
        weights=[1.0] * len(gold) + [weight for _, weight in extra] + [1.0] * len(unlabelled.rows),
        questions=sentence_questions(rows),
        folds=_folds(groups_of(rows), len(gold), folds),
    )


def sentence_questions(rows: Sequence[Row]) -> dict[str, Question]:
    """What is asked of sentences; of those without labels nothing is known."""
    questions = _questions(SENTENCES, rows)
    return questions | {"holders": replace(questions["holders"], weight=_HOLDER_WEIGHT)}


def told_of(answers: Mapping[str, Floats], numbers: Sequence[int], first: int) -> dict[str, Told]:
    """A teacher's answers for the sentences of these numbers, which are the rows from `first` on; whose a signal is
    counts as far as the teacher takes the sentence for one."""
    signal = 1 - answers["signals"][:, KINDS.index(NONE)]
    counted = {**answers, "holders": answers["holders"] * signal[:, None]}
    return {
        name: {first + at: tuple(map(float, values[number])) for at, number in enumerate(numbers)}
        for name, values in counted.items()
    }


def _pairs(data: Path, folder: Path, date: str, folds: int) -> ReaderReport:
    gold, digest = read_gold(data, PAIRS.files)
    task = Task(
        inputs=[relation_parts(pair_of(row)) for row in gold],
        questions=_questions(PAIRS, gold),
        weights=pair_weights(gold),
        folds=_folds(relation_groups(gold), len(gold), folds),
        course=_PAIRS,
    )
    return _train(PAIRS, task, gold, digest, folder, date)


def _questions(subject: Subject, rows: Sequence[Row]) -> dict[str, Question]:
    return {
        name: Question(labels=labels, truth=_numbers(rows, field, labels))
        for name, (field, labels, _) in subject.questions.items()
    }


def _numbers(rows: Sequence[Row], field: str, labels: Sequence[str]) -> list[int]:
    return [labels.index(row[field]) if row.get(field) in labels else -1 for row in rows]


def _folds(groups: Sequence[str], own: int, folds: int) -> list[tuple[list[int], list[int]]]:
    """Folds by company of the first `own` rows; the others are trained on where their company is not tested."""
    extra = frozenset(range(own, len(groups)))
    return split(Sample(rows=[{}] * len(groups), labels=[""] * len(groups), groups=groups, extra=extra), folds)


def _train(subject: Subject, task: Task, gold: Sequence[Row], digest: str, folder: Path, date: str) -> ReaderReport:
    read = read_by_folds(task)
    held_out = {name: answers[: len(gold)] for name, answers in read.held_out.items()}
    for name, question in task.questions.items():
        told = by_label(held_out[name], question.labels)
        write_held_out(folder / f"{name}_read.npz", _by_id(gold, told), digest)
    chosen = _choose(subject, task.questions, held_out, read.fold_of[: len(gold)], gold, digest, folder)
    path = folder / f"{subject.name}_reader.npz"
    asked = next(iter(task.questions.values()))
    card = {
        "name": f"{subject.name}_reader",
        "trained": date,
        "command": "dossier train readers --data DATA/gold",
        "data_sha256": digest,
        "rows": len(gold),
        "own_examples_and_labels": sum(truth >= 0 for truth in asked.truth[len(gold) :]),
        "answers_of_teachers": len(task.inputs) - sum(truth >= 0 for truth in asked.truth),
        "cross_validation": {"folds": len(task.folds), "by": "company", **chosen.scores},
        "rounds": task.course.rounds,
        "rate": task.course.rate,
        "torch": version(),
        "method": "upper layers on the frozen first layer of corpora/vectors/encoder.npz, blended with a linear model",
    }
    size, _ = save_reader(path, read.reader.layers, heads_of(read, task.questions, chosen.blends), card)
    return ReaderReport(name=subject.name, rows=len(task.inputs), scores=chosen.scores, path=path, bytes_written=size)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chosen:
    """The blends of a reader's questions, and how good they are on companies that they were not chosen on."""

    blends: Mapping[str, Blend]
    scores: Mapping[str, float]


def _choose(
    subject: Subject,
    questions: Mapping[str, Question],
    held_out: Mapping[str, Floats],
    fold_of: Ints,
    gold: Sequence[Row],
    digest: str,
    folder: Path,
) -> _Chosen:
    """Chooses a blend for each question, and writes what the blends say of rows that they were not chosen on."""
    blends: dict[str, Blend] = {}
    scores: dict[str, float] = {}
    for name, question in questions.items():
        linear = table(_answers(name, folder, gold, digest), question.labels)
        wanted = [question.labels.index(label) for label in subject.questions[name][2]]
        choose = partial(choose_blend, targets=wanted, shifted=subject.shifted)
        blended, blends[name] = blend_question(held_out[name], fold_of, question, linear, choose)
        told = by_label(blended, question.labels)
        write_held_out(folder / f"{name}_blend.npz", _by_id(gold, told), digest)
        scores |= {f"{name} {key}": value for key, value in held_out_scores(blended, question, wanted).items()}
    return _Chosen(blends=blends, scores=scores)


def _answers(name: str, folder: Path, gold: Sequence[Row], digest: str) -> list[Mapping[str, float]]:
    """What a model said of each gold row when it was held out."""
    stored = read_held_out(name, folder)
    if stored.data_sha256 != digest:
        raise UsageError(f"{name}: its held-out answers are of other gold than this: train it first")
    return [stored.rows.get(row["id"], {}) for row in gold]


def _by_id(gold: Sequence[Row], told: Sequence[Mapping[str, float]]) -> dict[str, Mapping[str, float]]:
    return {row["id"]: probabilities for row, probabilities in zip(gold, told, strict=True)}


def held_out_scores(blended: Floats, question: Question, targets: Sequence[int]) -> dict[str, float]:
    """The accuracy of held-out answers, and the mean F1 of `targets`."""
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


def blend_question(
    reader: Floats, folds: Ints, question: Question, linear: Floats, choose: Callable[[Floats, Floats, Ints], Blend]
) -> tuple[Floats, Blend]:
    """(held-out probabilities of the blend, the blend that ships) for one question, from what a reader and a linear
    model said of the same rows, and each row's fold.

    A blend is chosen on the rows that ask the question, and said of all.
    """
    truth = np.array(question.truth[: len(linear)])
    asked = truth >= 0
    blended = np.zeros_like(reader)
    for fold in sorted(set(folds.tolist())):
        others, inside = asked & (folds != fold), folds == fold
        blend = choose(reader[others], linear[others], truth[others])
        blended[inside] = blend(reader[inside], linear[inside])
    return blended, choose(reader[asked], linear[asked], truth[asked])


def heads_of(read: Read, questions: Mapping[str, Question], blends: Mapping[str, Blend]) -> dict[str, Head]:
    """The heads as they are saved."""
    return {
        name: Head(labels=question.labels, dense=read.reader.heads[name], blend=blends[name])
        for name, question in questions.items()
    }
