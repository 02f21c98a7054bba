"""The report fits one screen and hides nothing."""

from __future__ import annotations

import json

from research.model.capture import Skipped
from research.run.report import SHOWN, RunReport, render, summarise
from research.run.stage import StageReport

BLOCKED = Skipped(url="https://acme.example/private", reason="robots.txt refuses it")
BROKEN = Skipped(url="file:a.pdf", reason="the PDF is damaged")


def report(*stages: StageReport, skipped: tuple[Skipped, ...] = ()) -> RunReport:
    return RunReport(command="brief", started="2026-03-01", ended="2026-03-02", stages=stages, skipped=skipped)


def stage(name: str, done: int, reused: int, *failed: Skipped) -> StageReport:
    return StageReport(name=name, done=done, reused=reused, failed=failed, seconds=1.25)


def test_each_stage_has_its_line_and_each_failure_its_reason() -> None:
    text = render(report(stage("extract", 12, 300, BROKEN), stage("analyse", 0, 312), skipped=(BLOCKED, BROKEN)))
    assert text.splitlines() == [
        "extract     12 done    300 unchanged     1 failed      1.2 s",
        "analyse      0 done    312 unchanged     0 failed      1.2 s",
        "  https://acme.example/private: robots.txt refuses it",
        "  file:a.pdf: the PDF is damaged",
    ]


def test_a_run_without_work_says_so() -> None:
    assert "Nothing had changed since the last run." in render(report(stage("extract", 0, 3)))
    assert "Nothing had changed" not in render(report(stage("extract", 1, 3)))
    assert render(report()) == ""


def test_many_and_long_failures_stay_on_one_screen() -> None:
    failures = tuple(
        Skipped(url=f"https://acme.example/{n}/" + "x" * 300, reason="line one\nline two") for n in range(500)
    )
    lines = render(report(*(stage(f"stage {n}", 1, 1) for n in range(8)), skipped=failures)).splitlines()
    assert len(lines) == 8 + SHOWN + 1 <= 24
    assert lines[-1] == f"  … and {500 - SHOWN} more"
    assert max(map(len, lines)) <= 120


def test_the_summary_is_json_with_all_counts() -> None:
    summary = summarise(report(stage("extract", 12, 300, BROKEN), skipped=(BLOCKED,)))
    assert json.loads(json.dumps(summary)) == {
        "command": "brief",
        "stages": [{"name": "extract", "done": 12, "reused": 300, "failed": 1, "seconds": 1.25}],
        "failures": 2,
        "reasons": {"robots.txt refuses it": 1, "the PDF is damaged": 1},
    }
