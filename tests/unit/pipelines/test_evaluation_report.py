"""Figures from held-out predictions agree with the shared definition, and what lies behind them is shown."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pipelines.evaluate import Evaluation, Metric, last_figures, render_table
from pipelines.evaluation_page import render_page
from pipelines.evaluation_report import calibration, confusion, label_report, precision_by_coverage, relation_report
from pipelines.held_out import read_held_out, write_held_out
from pipelines.judged import Judged, Related, as_asked
from pipelines.scoring import Counts, Scored
from pipelines.scoring_releases import Dateline, read_dateline
from pipelines.scoring_verify import area_under_curve, balanced_accuracy
from research.errors import DossierError


def judged(n: int, gold: str, answer: str, sure: float = 0.8, *, url: str = "https://quay.example/") -> Judged:
    row = {"id": f"s{n}", "account": f"Quay {n % 3}", "url": url, "sentence": f"Sentence {n}.", "kind": gold}
    row |= {"holder": None if gold == "none" else "account"}
    rest = (1 - sure) / 3
    kinds = {kind: sure if kind == answer else rest for kind in ("pain", "goal", "remedy", "none")}
    return Judged(row=row, kinds=kinds, holders={"account": 0.6, "customer": 0.4})


ROWS = (
    judged(1, "pain", "pain", 0.9),
    judged(2, "pain", "none", 0.7),
    judged(3, "none", "pain", 0.6, url="10-K/QUAY"),
    judged(4, "goal", "goal", 0.95),
    judged(5, "pain", "pain", 0.5, url="10-K/QUAY"),
)


def test_the_calibration_error_is_the_mean_gap_over_its_bins() -> None:
    found = calibration([(0.95, True), (0.95, False), (0.55, True), (0.55, True)])
    assert found["ece"] == pytest.approx((2 * 0.45 + 2 * 0.45) / 4)
    assert [b["n"] for b in found["bins"]] == [2, 2]
    assert calibration([])["ece"] == 0.0


def test_precision_is_taken_over_the_surest_first() -> None:
    curve = precision_by_coverage([(0.9, True), (0.8, True), (0.4, False), (0.3, False)])
    assert curve[0]["precision"] == 1.0
    assert curve[-1] == {"coverage": 1.0, "n": 4, "from": 0.3, "precision": 0.5}


def test_pains_are_scored_by_where_they_stand() -> None:
    places = label_report(ROWS, frozenset({"s5"}), frozenset({"s3"}))["pains_by_place"]
    assert places["web pages"] == {"n": 3, "pains": 2, "p": 1.0, "r": 0.5, "f1": pytest.approx(0.6667)}
    assert places["filings, risk section"]["f1"] == 1.0
    assert places["outside risk sections"]["n"] == 3
    assert places["filings, place not known"]["n"] == 1


def test_the_surest_errors_stand_first_with_their_sentences() -> None:
    worst = label_report(ROWS, frozenset(), frozenset())["worst"]["pain"]
    assert [(e["id"], e["sentence"]) for e in worst["false"]] == [("s3", "Sentence 3.")]
    assert [e["id"] for e in worst["missed"]] == ["s2"]


def test_a_confusion_counts_every_answer_to_every_label() -> None:
    assert confusion([("a", "a"), ("a", "b"), ("b", "b")]) == {"a": {"a": 1, "b": 1}, "b": {"a": 0, "b": 1}}


def test_relations_are_reported_with_their_errors() -> None:
    row = {"id": "r1", "subject": "Quay", "object": "Tern", "relation": "customer", "sentence": "Quay sells to Tern."}
    report = relation_report([Related(row=row, group="g", relations={"customer": 0.2, "competitor": 0.8})])
    assert report["relations"] == {"customer": {"competitor": 1}}
    assert report["worst"]["customer"][0]["sentence"] == "Quay sells to Tern."


def test_a_row_labelled_of_one_candidate_is_answered_of_that_alone() -> None:
    row = {"id": "r1", "subject": "Quay", "object": "Tern", "relation": "none", "sentence": "Quay and Tern compete."}
    told = {"competitor": 0.7, "supplier": 0.1, "none": 0.2}
    asked = [Related(row=row | extra, group="g", relations=told).as_asked for extra in ({}, {"candidate": "supplier"})]
    assert asked == ["competitor", "none"]
    assert as_asked(told, "supplier") == ("none", pytest.approx(0.9))
    assert as_asked(told, "competitor") == ("competitor", 0.7)


def test_a_mean_over_labels_has_an_interval_that_holds_it() -> None:
    units = tuple((Counts(right=1, wrong=n % 2), Counts(right=n % 3 > 0, missed=n % 3 == 0)) for n in range(30))
    low, high = Scored(name="x", n=30, classes=units, value=0.8).interval()
    assert low is not None
    assert high is not None
    assert low < 0.8 < high


def test_held_out_predictions_come_back_as_they_were(tmp_path: Path) -> None:
    rows = {"b": {"pain": 0.25, "none": 0.75}, "a": {"pain": 1.0, "none": 0.0}}
    path = write_held_out(tmp_path / "signals.npz", rows, "abc")
    found = read_held_out("signals", tmp_path)
    assert (path.name, found.data_sha256, dict(found.rows)) == ("signals.held_out.json", "abc", rows)
    with pytest.raises(DossierError, match="dossier train holders"):
        read_held_out("holders", tmp_path)


def test_doubt_tells_supported_claims_from_others() -> None:
    doubts = [(0.0, True), (0.2, True), (0.5, False), (0.2, False)]
    assert area_under_curve(doubts) == pytest.approx(3.5 / 4)
    assert balanced_accuracy(doubts) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ("<p><b>Oulu, Finland &mdash; May 2, 2013 </b></p>", Dateline("Oulu, Finland", "2013-05-02")),
        ("<p>Oulu, Finland — it said on May 2, 2013</p>", None),
        ("<i>Oulu — May 2, 2013</i><i>Turku — May 3, 2013</i>", None),
    ],
)
def test_a_release_s_markup_states_its_dateline_once(markup: str, found: Dateline | None) -> None:
    assert read_dateline(markup) == found


def _evaluation(details: dict[str, Any]) -> Evaluation:
    metrics = (Metric(name="x", n=3, score=0.5, low=None, high=None, floor=0.4, last=0.45),)
    return Evaluation(at="2026-01-01", data_sha256="ab" * 32, metrics=metrics, details=details)


def test_the_figure_before_stands_in_the_last_column(tmp_path: Path) -> None:
    evaluation = _evaluation({})
    assert render_table(evaluation).splitlines()[1].split() == ["x", "3", "0.5000", "0.400", "0.4500"]
    path = tmp_path / "evaluation.json"
    assert last_figures(path) == {}
    path.write_text(json.dumps(evaluation.as_dict()), encoding="utf-8")
    assert last_figures(path) == {"x": 0.5}


def test_the_page_shows_the_figures_and_what_lies_behind_them() -> None:
    report = label_report(ROWS, frozenset({"s5"}), frozenset())
    found = _evaluation({"labels.macro_f1": report, "tenk.f1": {"QUAY": "wrong"}}).as_dict()
    page = render_page(found)
    assert "| x | 3 | 0.5 |" in page
    assert "### Confusion of holders" in page
    assert "Sentence 3." in page
    assert "- QUAY: wrong" in page
    assert set(found["report"]) == {"labels"}
    assert "labels.macro_f1" not in found["details"]
