"""A second run does nothing; a changed paragraph costs that paragraph; a broken-off run goes on."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from pipelines import tasks
from pipelines.bootstrap import Workspace
from pipelines.brief import Order, Outcome, make_brief
from research.analyse.read import Reading
from research.model.finding import Observation

from .conftest import workspace_of

PAGE = """<!doctype html><html lang="en"><head><title>About - Tarnbeck</title></head><body><main>
<h1>About Tarnbeck</h1>
<p>Tarnbeck Ltd. is a maker of rope access equipment for wind farms and dams in Europe.</p>
<p>{second}</p>
<p>Our customers include Norvane Energy and Halden Dams, who trust our anchors every day of the year.</p>
</main><footer><p>© 2026 Tarnbeck Ltd.</p></footer></body></html>"""
TEAM = """<!doctype html><html lang="en"><head><title>Team - Tarnbeck</title></head><body><main><h1>Our team</h1>
<div class="team"><div class="member"><h3>Astrid Mellor</h3><p>Chief Executive Officer</p></div>
<div class="member"><h3>Piers Hollow</h3><p>Chief Financial Officer</p></div>
<div class="member"><h3>Runa Castell</h3><p>Head of Operations</p></div></div></main></body></html>"""
FIRST = "Tarnbeck was founded in 1994 and employs 310 people in three countries of the European Union."
CHANGED = "Tarnbeck was founded in 1994 and employs 345 people in four countries of the European Union."


def _write(folder: Path, second: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "about.html").write_text(PAGE.format(second=second), encoding="utf-8")
    (folder / "team.html").write_text(TEAM, encoding="utf-8")


def _brief(folder: Path, out: Path, workspace: Workspace) -> Outcome:
    return make_brief(Order(target="Tarnbeck Ltd", sources=(str(folder),), out=out), workspace)


def _written(outcome: Outcome) -> dict[str, Any]:
    (path,) = (p for p in outcome.paths if p.name == "brief.json")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def _done(outcome: Outcome) -> dict[str, int]:
    return {stage.name: stage.done for stage in outcome.report.stages}


def test_a_second_identical_run_works_on_nothing_and_says_so(tmp_path: Path, workspace: Workspace) -> None:
    _write(tmp_path / "pages", FIRST)
    first = _brief(tmp_path / "pages", tmp_path / "out", workspace)
    written = {p.name: p.read_bytes() for p in first.paths}
    second = _brief(tmp_path / "pages", tmp_path / "out", workspace)
    assert _done(first)["extract"] == 2
    assert _done(first)["annotate"] > 0
    assert set(_done(second).values()) == {0}
    assert second.report.idle
    assert {p.name: p.read_bytes() for p in second.paths} == written


def test_one_touched_paragraph_is_the_only_passage_analysed(tmp_path: Path, workspace: Workspace) -> None:
    _write(tmp_path / "pages", FIRST)
    _brief(tmp_path / "pages", tmp_path / "out", workspace)
    _write(tmp_path / "pages", CHANGED)
    again = _brief(tmp_path / "pages", tmp_path / "out", workspace)
    assert _done(again)["extract"] == 1
    assert _done(again)["annotate"] == 1
    assert _done(again)["analyse"] == 1


def test_what_changed_is_listed_with_the_quotes_before_and_after(tmp_path: Path) -> None:
    from pipelines.changes import list_changes

    _write(tmp_path / "pages", FIRST)
    with workspace_of(tmp_path / "home", "2026-01-05T08:00:00+00:00") as workspace:
        _brief(tmp_path / "pages", tmp_path / "out", workspace)
    _write(tmp_path / "pages", CHANGED)
    with workspace_of(tmp_path / "home", "2026-02-05T08:00:00+00:00") as workspace:
        _brief(tmp_path / "pages", tmp_path / "out", workspace)
        changes = list_changes("Tarnbeck Ltd", "2026-02-01", workspace)
    (staff,) = [c for c in changes if "employees" in (c.after or c.before)]
    assert (staff.change, staff.before, staff.after) == ("changed", "employees: 310", "employees: 345")
    assert FIRST in staff.quote_before
    assert CHANGED in staff.quote_after


def test_a_run_that_is_broken_off_goes_on_from_there(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pipelines.brief as main_job

    _write(tmp_path / "pages", FIRST)

    def interrupt(*_args: object, **_options: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(main_job, "make", interrupt)
        with pytest.raises(KeyboardInterrupt):
            _brief(tmp_path / "pages", tmp_path / "out", workspace)
    assert not (tmp_path / "out").exists()
    resumed = _brief(tmp_path / "pages", tmp_path / "out", workspace)
    assert _done(resumed)["extract"] == 0
    assert _done(resumed)["annotate"] == 0
    assert _done(resumed)["resolve"] == 1
    assert (tmp_path / "out" / "brief.json").exists()


def test_a_page_whose_analysis_does_not_end_is_left_out_with_the_reason_and_not_tried_again(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    title = "Offices - Tarnbeck"

    def observe(reading: Reading) -> tuple[Observation, ...]:
        tried.append(reading.document.title)
        while reading.document.title == title:
            pass
        return ()

    tried: list[str] = []
    slow = SimpleNamespace(NAME="slow", VERSION="1", observe=observe)
    monkeypatch.setattr(tasks, "ANALYSERS", (*tasks.ANALYSERS, slow))
    monkeypatch.setattr(tasks, "analysis_seconds", lambda document: 2 if document.title == title else 600)
    _write(tmp_path / "pages", FIRST)
    page = PAGE.replace("About - Tarnbeck", title).format(second="Our head office is in Bergen, Norway.")
    (tmp_path / "pages" / "offices.html").write_text(page, encoding="utf-8")
    briefs = [_written(_brief(tmp_path / "pages", tmp_path / str(run), workspace)) for run in range(2)]
    reasons = [[s["reason"] for s in brief["skipped"] if "offices.html" in s["url"]] for brief in briefs]
    assert reasons == [["analysing it took more than 2 s of CPU time: nothing is read from it"]] * 2
    assert tried.count(title) == 1
    read_from = {e["url"] for f in briefs[0]["findings"] for e in f["evidence"]}
    assert read_from == {"file:about.html"}
