"""Training of readers, where PyTorch is installed (the extra `train`): it learns, repeats itself, and is read as it was learnt."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from research.cluster.encoder import load_encoder
from research.cluster.reader import Blend, Head, Reader
from research.cluster.tuning import Course, Learnt, Lesson, Question, learn, prepare
from research.text.parts import Part, Parts

pytest.importorskip("torch", reason="PyTorch is an extra: pip install -c constraints-train.txt '.[train]'")

SUBJECTS = ("The harbour", "Our depot", "The plant in Leeds", "A small yard", "The northern mill", "This warehouse")
GOOD = ("is growing fast.", "made a fine profit.", "won new orders.", "opened on time.")
BAD = ("lost many orders.", "was closed by a fire.", "is late again.", "made a heavy loss.")
ROWS: list[tuple[Parts, int]] = [
    ((Part(text=f"{subject} {end}", most=32, slot=1),), kind)
    for subject in SUBJECTS
    for kind, ends in enumerate((GOOD, BAD))
    for end in ends
]
QUESTION = Question(labels=("good", "bad"), truth=[kind for _, kind in ROWS])
UNSEEN = 2 * (len(GOOD) + len(BAD))  # rows of the last two subjects
TRAIN, TEST = list(range(len(ROWS) - UNSEEN)), list(range(len(ROWS) - UNSEEN, len(ROWS)))
COURSE = Course(rounds=6, batch=8)


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    encoder = load_encoder()
    return prepare(encoder, [encoder.pieces.lay_out(parts) for parts, _ in ROWS])


def _learn(lesson: Lesson) -> Learnt:
    return learn(load_encoder(), lesson, TRAIN, {"mood": QUESTION}, COURSE)


@pytest.fixture(scope="module")
def learnt(lesson: Lesson) -> Learnt:
    return _learn(lesson)


def test_what_is_trained_knows_what_it_was_taught_of_other_subjects_as_well(lesson: Lesson, learnt: Learnt) -> None:
    answers = learnt.answer(lesson, TEST)["mood"]
    assert answers.argmax(axis=1).tolist() == [QUESTION.truth[at] for at in TEST]


def test_equal_lessons_give_equal_weights(lesson: Lesson, learnt: Learnt) -> None:
    again = _learn(lesson)
    np.testing.assert_array_equal(again.heads["mood"].weight, learnt.heads["mood"].weight)
    np.testing.assert_array_equal(again.layers[-1].outer.weight, learnt.layers[-1].outer.weight)


def test_the_reader_without_pytorch_answers_as_the_net_that_was_trained(lesson: Lesson, learnt: Learnt) -> None:
    blend = Blend(share=1.0, shift=(0.0, 0.0), temperature=1.0)
    head = Head(labels=QUESTION.labels, dense=learnt.heads["mood"], blend=blend)
    reader = Reader(encoder=load_encoder(), layers=learnt.layers, heads={"mood": head}, digest="")
    read = reader.read([ROWS[at][0] for at in TEST])["mood"]
    np.testing.assert_allclose(
        read, learnt.answer(lesson, TEST)["mood"], atol=0.02
    )  # the lesson is kept in half precision


def test_a_net_learns_from_what_a_teacher_says_of_rows_without_a_truth(lesson: Lesson) -> None:
    """The teacher calls every row the opposite of what it is, and nothing else is known."""
    told = {at: (0.05, 0.95) if QUESTION.truth[at] == 0 else (0.95, 0.05) for at in TRAIN}
    question = Question(labels=QUESTION.labels, truth=[-1] * len(ROWS), told=told)
    learnt = learn(load_encoder(), lesson, TRAIN, {"mood": question}, COURSE)
    answers = learnt.answer(lesson, TEST)["mood"]
    assert answers.argmax(axis=1).tolist() == [1 - QUESTION.truth[at] for at in TEST]


def test_the_mean_of_the_later_weights_answers_as_the_last_ones_do(lesson: Lesson, learnt: Learnt) -> None:
    calm = learn(load_encoder(), lesson, TRAIN, {"mood": QUESTION}, replace(COURSE, mean=True))
    assert not np.array_equal(calm.heads["mood"].weight, learnt.heads["mood"].weight)
    answers = calm.answer(lesson, TEST)["mood"]
    assert answers.argmax(axis=1).tolist() == [QUESTION.truth[at] for at in TEST]
