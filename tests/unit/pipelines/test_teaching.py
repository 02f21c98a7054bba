"""Answers of teachers: kept in one byte a number, refused where they are of other gold, and taught by fold."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.folds import Task
from pipelines.own_labels import read_unlabelled
from pipelines.teaching import Answers, answers_path, read_answers, write_answers
from pipelines.train_reader import KINDS, SENTENCES, sentence_questions, told_of
from pipelines.train_samples import default_folder
from research.cluster.tuning import Course
from research.errors import UsageError

LABELS = {name: labels for name, (_, labels, _) in SENTENCES.questions.items()}
TEACHERS, SENTENCE_COUNT = 3, 5
THESE: dict[str, Any] = {"data_sha256": "of this gold", "places_sha256": "of these places", "folds": TEACHERS}


@pytest.fixture
def answers() -> Answers:
    chance = np.random.default_rng(7)
    told = {name: chance.dirichlet(np.ones(4), (TEACHERS, SENTENCE_COUNT)) for name in LABELS}
    return Answers(told=told, data_sha256="of this gold", places_sha256="of these places")


def test_answers_are_read_as_they_were_written_but_for_a_byte_of_room(tmp_path: Path, answers: Answers) -> None:
    path = tmp_path / "answers.npz"
    assert write_answers(path, answers, LABELS) == path.stat().st_size
    read = read_answers(path, LABELS, **THESE)
    for name, values in answers.told.items():
        np.testing.assert_allclose(read.told[name], values, atol=0.01)
        np.testing.assert_allclose(read.told[name].sum(axis=2), 1)


def test_the_shipped_answers_are_one_a_place_of_the_gold_that_the_models_learnt_from(tmp_path: Path) -> None:
    digest = json.loads((default_folder() / "signals.json").read_text())["data_sha256"]
    places = read_unlabelled(tmp_path)  # no document is there
    answers = read_answers(answers_path(), LABELS, data_sha256=digest, places_sha256=places.places_sha256, folds=5)
    assert places.rows == ()
    assert {values.shape for values in answers.told.values()} == {(5, places.lost, 4)}


def test_answers_of_other_gold_labels_or_folds_are_refused(tmp_path: Path, answers: Answers) -> None:
    path = tmp_path / "answers.npz"
    with pytest.raises(UsageError, match=r"missing: run `python -m pipelines\.train_teacher MODEL_FOLDER"):
        read_answers(path, LABELS, **THESE)
    write_answers(path, answers, LABELS)
    with pytest.raises(UsageError, match="learnt from other gold"):
        read_answers(path, LABELS, **THESE | {"data_sha256": "of that gold"})
    with pytest.raises(UsageError, match="to other sentences"):
        read_answers(path, LABELS, **THESE | {"places_sha256": "of others"})
    with pytest.raises(UsageError, match="of other folds"):
        read_answers(path, LABELS, **THESE | {"folds": TEACHERS + 1})
    with pytest.raises(UsageError, match="to other labels"):
        read_answers(path, LABELS | {"signals": KINDS[::-1]}, **THESE)


def test_one_teacher_answers_for_its_fold_and_the_mean_of_all_for_the_reader_that_ships(answers: Answers) -> None:
    np.testing.assert_array_equal(answers.of_teacher(1)["signals"], answers.told["signals"][1])
    np.testing.assert_allclose(answers.of_teacher(None)["signals"], answers.told["signals"].mean(axis=0))


def test_whose_a_signal_is_counts_as_far_as_the_sentence_is_taken_for_one() -> None:
    nothing, pain = [1.0, 0.0, 0.0, 0.0], [0.2, 0.8, 0.0, 0.0]
    told = told_of({"signals": np.array([nothing, pain]), "holders": np.array([[0.5, 0.5, 0, 0]] * 2)}, [1, 0], 10)
    assert told["signals"] == {10: tuple(pain), 11: tuple(nothing)}
    assert told["holders"][10] == pytest.approx((0.4, 0.4, 0, 0))
    assert told["holders"][11] == (0, 0, 0, 0)


def test_a_row_without_a_label_is_asked_only_what_its_folds_teacher_says() -> None:
    rows = [{"kind": "pain", "holder": "account"}, {"kind": "none", "holder": None}, {}]
    told = [{"signals": {2: (0.0, 0.0, 1.0, 0.0)}}, {}]
    task = Task(
        inputs=[()] * 3,
        questions=sentence_questions(rows),
        weights=[1.0] * 3,
        folds=[([], [])],
        course=Course(),
        told=told,
    )
    first, shipped = task.questions_of(0), task.questions_of(1)
    assert first["signals"].target(2) == [0.0, 0.0, 1.0, 0.0]
    assert shipped["signals"].target(2) is None
    assert first["holders"].target(2) is None
    assert first["holders"].target(1) is None
    target = first["signals"].target(0)
    assert target is not None
    assert sum(target) == pytest.approx(1)
    assert target.index(max(target)) == KINDS.index("pain")
