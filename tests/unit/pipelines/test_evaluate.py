"""Figures, their uncertainty, and the floors that they must not fall below."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import pytest

from pipelines.evaluate import Evaluation, Metric, digest_of, evaluate_all, floors_for, render_table
from pipelines.scoring import Counts, Scored, pooled
from research.errors import UsageError


def metric(name: str, score: float, floor: float | None) -> Metric:
    return Metric(name=name, n=3, score=score, low=None, high=None, floor=floor)


@pytest.mark.parametrize(("kind", "expected"), [("p", 0.75), ("r", 0.6), ("f1", 2 * 0.75 * 0.6 / 1.35)])
def test_counts_are_pooled_before_a_figure_is_taken(kind: str, expected: float) -> None:
    units = (Counts(right=2, wrong=1), Counts(right=1, missed=2))
    assert pooled(units, kind) == pytest.approx(expected)


def test_nothing_asked_and_nothing_answered_is_zero_and_no_error() -> None:
    assert [pooled((), kind) for kind in ("p", "r", "f1", "mean")] == [0.0] * 4


def test_the_interval_holds_the_figure_and_is_the_same_every_time() -> None:
    scored = Scored(name="x", n=20, kind="mean", units=tuple(Counts(right=float(i % 4 > 0)) for i in range(20)))
    low, high = scored.interval()
    assert low is not None
    assert high is not None
    assert low < scored.score < high
    assert scored.interval() == (low, high)


def test_few_units_have_no_interval() -> None:
    assert Scored(name="x", n=4, units=(Counts(right=1),) * 4).interval() == (None, None)


def test_a_figure_below_its_floor_is_named_and_marked() -> None:
    metrics = (metric("good", 0.9, 0.9), metric("bad", 0.8, 0.9), metric("free", 0.1, None))
    evaluation = Evaluation(at="2026-01-01", data_sha256="", metrics=metrics, details={})
    assert evaluation.below == ("bad",)
    marked = [line.split()[0] for line in render_table(evaluation).splitlines() if line.endswith("below")]
    assert marked == ["bad"]


def test_the_digest_follows_the_gold_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "a.json").write_text("1", encoding="utf-8")
    before = digest_of(tmp_path)
    (tmp_path / "other.json").write_text("2", encoding="utf-8")
    assert digest_of(tmp_path) == before
    (tmp_path / "gold" / "a.json").write_text("2", encoding="utf-8")
    assert digest_of(tmp_path) != before


def test_a_folder_without_gold_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--data"):
        evaluate_all(tmp_path, "2026-01-01")


def test_the_floors_name_their_data_and_lie_within_bounds() -> None:
    stored = json.loads((files("corpora") / "floors.json").read_text(encoding="utf-8"))
    assert len(stored["data_sha256"]) == 64
    assert stored["floors"]["account.evidence_sound"] == 1.0
    assert floors_for(stored["data_sha256"]) == stored["floors"]
    assert all(0 <= floor <= 1 for floor in stored["floors"].values())


def test_floors_hold_for_no_other_data_and_that_is_said() -> None:
    assert floors_for("0" * 64) == {}
    evaluation = Evaluation(at="2026-01-01", data_sha256="", metrics=(metric("free", 0.1, None),), details={})
    assert render_table(evaluation).splitlines()[-1].startswith("No floors")
