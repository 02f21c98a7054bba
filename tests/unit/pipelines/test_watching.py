"""Who watches a run sees numbers and reasons, and no page can write into a log."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.metrics import metrics_text, write_metrics
from pipelines.runs import list_reports, render_run
from pipelines.watching import JsonLog
from research.errors import DossierError
from research.model.account import Account
from research.model.capture import Skipped
from research.run.report import RunReport, summarise
from research.run.stage import StageReport
from research.store.accounts import save_account
from research.store.runs import finish_run, save_skipped, start_run

NOW = "2026-03-01T08:00:00+00:00"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with open_workspace(tmp_path / "home", lambda: NOW) as opened:
        yield opened


def note_run(workspace: Workspace, account: str, *reasons: str, ended: bool = True) -> None:
    save_account(workspace.store, Account(id=account, name=account))
    number = start_run(workspace.store, f"brief {account}", NOW)
    skipped = tuple(Skipped(url=f"https://{account}.example/{at}", reason=r) for at, r in enumerate(reasons))
    save_skipped(workspace.store, number, account, skipped)
    stages = (StageReport(name="collect", done=3, reused=4, failed=(), seconds=1.5),)
    report = RunReport(command="brief", started=NOW, ended=NOW, stages=stages, skipped=skipped)
    if ended:
        finish_run(workspace.store, number, NOW, summarise(report))


def ticking(*moments: float) -> Iterator[float]:
    yield from moments


def test_a_log_is_one_json_object_a_line_with_rate_and_time_left() -> None:
    stream, clock = io.StringIO(), ticking(0.0, 0.5, 2.0, 4.0)
    log = JsonLog(stream, lambda: NOW, lambda: next(clock))
    for done in (0, 1, 4, 8):
        log.advanced("extract", done, 8)
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["done"] for line in lines] == [0, 4, 8]
    assert lines[1] == {
        "at": NOW, "event": "stage", "stage": "extract", "done": 4, "total": 8, "per_second": 2.0, "seconds_left": 2.0
    }  # fmt: skip


def test_a_name_from_a_page_cannot_begin_a_line_of_its_own() -> None:
    stream = io.StringIO()
    JsonLog(stream, lambda: NOW).tell("run failed", error='x"\n{"event": "run ended"}\x1b[2J\u2028')
    assert len(stream.getvalue().splitlines()) == 1
    assert "\x1b" not in stream.getvalue()


def test_reasons_are_counted_without_what_is_particular(workspace: Workspace) -> None:
    note_run(workspace, "acme", "beyond the page budget of 20 (--max-pages)", "beyond the page budget of 30", "empty")
    (row,) = list_reports("acme", 5, workspace)
    assert row["reasons"] == {"beyond the page budget of": 2, "empty": 1}
    assert "3 done" in render_run(row)
    assert "2 left out: beyond the page budget of" in render_run(row)


def test_runs_of_one_account_are_told_apart_and_a_broken_one_is_named(workspace: Workspace) -> None:
    note_run(workspace, "acme")
    note_run(workspace, "brill", ended=False)
    assert [row["command"] for row in list_reports(None, 5, workspace)] == ["brief brill", "brief acme"]
    (row,) = list_reports("brill", 5, workspace)
    assert "broken off" in render_run(row)


def test_metrics_sum_over_runs_and_name_no_account(workspace: Workspace) -> None:
    note_run(workspace, "acme", "empty")
    note_run(workspace, "acme", ended=False)
    text = metrics_text(workspace)
    assert 'dossier_stored{what="accounts"} 1.0' in text
    assert 'dossier_stage_units_total{outcome="done",stage="collect"} 3.0' in text
    assert 'dossier_runs_total{outcome="broken off"} 1.0' in text
    assert 'dossier_skipped_total{reason="empty"} 1.0' in text
    assert "acme" not in text


def test_a_metrics_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "dossier.prom"
    file.write_text("old")
    write_metrics(file, "new\n")
    assert file.read_text() == "new\n"
    assert list(tmp_path.iterdir()) == [file]
    with pytest.raises(DossierError, match="choose another file"):
        write_metrics(tmp_path / "nowhere" / "x.prom", "new")
