"""In which order findings claim their place on the page."""

from __future__ import annotations

from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from research.draft.material import best_first
from research.draft.signals import by_theme
from research.draft.wording import render
from research.model.finding import Finding


@dataclass(frozen=True)
class Dated:
    """Sources that know nothing but each finding's day."""

    days: dict[str, str]

    def date(self, finding: Finding) -> tuple[str, bool]:
        day = self.days.get(finding.id)
        return (day, True) if day else ("2026-01-01", False)


def finding(name: str, confidence: float, kind: str = "signal", **attributes: object) -> Any:
    return SimpleNamespace(
        id=name, kind=kind, confidence=confidence, status="proposed", attributes=attributes, get=attributes.get
    )


def order(days: dict[str, str], *findings: Any) -> list[str]:
    return [f.id for f in best_first(findings, Dated(days))]  # type: ignore[arg-type]


def test_of_equally_sure_signals_the_newest_stands_first_and_the_undated_last() -> None:
    days = {"old": "2012-05-01", "new": "2019-02"}
    assert order(days, finding("none", 0.84), finding("old", 0.83), finding("new", 0.76)) == ["new", "old", "none"]


def test_a_much_surer_signal_stands_before_a_newer_one() -> None:
    days = {"old": "2012-05-01", "new": "2019-02-01"}
    assert order(days, finding("new", 0.5), finding("old", 0.9)) == ["old", "new"]


def test_other_kinds_stand_by_confidence_alone() -> None:
    days = {"old": "2012-05-01", "new": "2019-02-01"}
    assert order(days, finding("new", 0.83, "offering"), finding("old", 0.84, "offering")) == ["old", "new"]


def test_what_people_decided_stands_first() -> None:
    accepted = finding("accepted", 0.4)
    accepted.status = "accepted"
    days = {"sure": "2019-02-01"}
    assert order(days, finding("sure", 0.9), accepted, finding("pinned", 0.3, pinned=True)) == [
        "pinned", "accepted", "sure",
    ]  # fmt: skip


def test_the_theme_of_the_best_finding_leads_and_a_theme_stays_together() -> None:
    best, lone, weak, rest = (finding(name, 0.9) for name in ("best", "lone", "weak", "rest"))
    material: Any = SimpleNamespace(theme_rank=lambda: {"best": 1, "rest": 1, "weak": 0})
    assert [f.id for f in by_theme(material, [best, lone, weak, rest])] == ["best", "rest", "lone", "weak"]


def test_a_summary_that_was_cut_says_so_and_ends_in_no_full_stop() -> None:
    assert list(render(["{summary}."], {"summary": "GPUs, CPUs …"})) == ["GPUs, CPUs …"]
    assert list(render(["{summary}."], {"summary": "GPUs"})) == ["GPUs."]
