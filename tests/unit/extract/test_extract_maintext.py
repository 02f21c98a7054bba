"""The verdict on blocks, and the training of its weights."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from pipelines.train_maintext import LEVELS, Example, fit, main_shares, read_examples, train, word_f1
from research.extract.html_main import Forest, best_set, forest, read_forest


def test_the_set_of_blocks_has_the_greatest_expected_f1():
    chances = np.asarray([0.9, 0.05, 0.8, 0.3], dtype=np.float32)
    words = np.asarray([100, 500, 50, 10], dtype=np.float32)
    kept = best_set(chances, words)
    expected = {
        tuple(mask): 2 * (chances * words * mask).sum() / ((words * mask).sum() + (chances * words).sum())
        for mask in np.ndindex(2, 2, 2, 2)
    }
    assert tuple(kept.astype(int)) == max(expected, key=expected.get)
    assert kept.tolist() == [True, False, True, False]


def test_blocks_without_a_chance_are_never_kept():
    assert not best_set(np.asarray([0.01], dtype=np.float32), np.asarray([5], dtype=np.float32)).any()


def test_a_tree_asks_one_question_a_level():
    tree = Forest(
        columns=np.asarray([[0, 1]]),
        thresholds=np.asarray([[0.5, 2.0]], dtype=np.float32),
        leaves=np.asarray([[-3.0, 0.0, 1.0, 3.0]], dtype=np.float32),
        bias=0.0,
    )
    rows = np.asarray([[0, 0], [1, 0], [0, 3], [1, 3]], dtype=np.float32)
    assert tree.chances(rows) == pytest.approx([0.0474, 0.5, 0.7311, 0.9526], abs=1e-3)


def example(seed: int) -> Example:
    chance = np.random.default_rng(seed)
    rows = chance.random((80, 3)).astype(np.float32)
    return Example(
        page_type="article",
        rows=rows,
        shares=(rows[:, 1] > 0.5).astype(np.float32),
        words=np.full(80, 10, dtype=np.float32),
        texts=tuple(f"word{n}" for n in range(80)),
        gold=" ".join(f"word{n}" for n in range(80) if rows[n, 1] > 0.5),
    )


def test_training_learns_a_rule_and_is_the_same_each_time(monkeypatch):
    monkeypatch.setattr("pipelines.train_maintext.TREES", 20)
    learnt = fit([example(seed) for seed in range(4)])
    unseen = example(9)
    assert word_f1(unseen, learnt.chances(unseen.rows) > 0.5) > 0.95
    again = fit([example(seed) for seed in range(4)])
    assert np.array_equal(learnt.leaves, again.leaves)


def test_shares_of_blocks_in_the_gold_text():
    gold = "About us\nAcme makes robots that sort parcels."
    texts = [
        "About us",
        "Acme makes robots that sort parcels.",
        "robots",
        "Buy now and save big",
        "sort parcels today with our help",
    ]
    assert main_shares(texts, gold) == [1.0, 1.0, 0.5, 0.0, 0.0]


def test_the_stored_weights_are_whole():
    stored = forest()
    trees, levels = stored.columns.shape
    assert stored.thresholds.shape == (trees, levels)
    assert stored.leaves.shape == (trees, 1 << levels)
    assert np.isfinite(stored.leaves).all()


@pytest.mark.shared
def test_main_text_of_labelled_pages(shared_data):
    """A guard against a walk or a feature that no longer fits the weights; what unseen pages give stands in the
    docstring of `pipelines/train_maintext.py`."""
    examples = islice(read_examples(shared_data / "maintext"), 40)
    scores = [word_f1(one, best_set(forest().chances(one.rows), one.words)) for one in examples]
    assert sum(scores) / len(scores) >= 0.87


@pytest.mark.shared
def test_training_writes_what_the_extractor_reads(shared_data, tmp_path, monkeypatch):
    monkeypatch.setattr("pipelines.train_maintext.TREES", 2)
    monkeypatch.setattr("pipelines.train_maintext.read_examples", lambda _: [example(seed) for seed in range(6)])
    report = train(shared_data, tmp_path / "w.json")
    assert report.pages == 6
    assert read_forest((tmp_path / "w.json").read_text("utf-8")).columns.shape == (2, LEVELS)
