"""Monday's refresh over Friday's decisions: nothing of a person's is lost, and what moved is asked again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from pipelines.board import Board, Boards
from pipelines.bootstrap import Workspace
from pipelines.brief import Order, make_brief
from pipelines.judging import Ask, save
from pipelines.verify import verify_file
from research.model.draft import Brief

from .test_incremental import CHANGED, FIRST, _write

MORE = CHANGED + " Manual scheduling of rope teams slows every project that we run in the North Sea."


def refreshed(folder: Path, text: str, out: Path, workspace: Workspace) -> tuple[Brief, Board]:
    _write(folder, text)
    outcome = make_brief(Order(target="Tarnbeck Ltd", sources=(str(folder),), out=out), workspace)
    return outcome.brief, Boards().board(workspace.store, outcome.brief.account.id)


class Analyst:
    """Decides, having seen everything so far."""

    def __init__(self, workspace: Workspace, account_id: str) -> None:
        self.workspace, self.account_id, self.number = workspace, account_id, 0

    def __call__(self, verdict: str, *targets: str, kind: str = "finding", **more: str) -> None:
        self.number += 1
        board = Boards().board(self.workspace.store, self.account_id)
        ask = Ask(
            key=f"decision-{self.number}", analyst="Ada", verdict=verdict, targets=targets, target_kind=kind, seen=10**6, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        save(ask, board, self.workspace.store, self.workspace.clock())


def fact(board: Board, field: str) -> str:
    return next(r.finding.id for r in board.reviewed if r.finding.get("field") == field and r.raw.status != "lapsed")


def customer(board: Board, name: str) -> str:
    return next(r.finding.id for r in board.reviewed if r.finding.text("company") == name)


def texts(brief: Brief, name: str) -> list[str]:
    return [claim.text for section in brief.sections if section.name == name for claim in section.claims]


def test_a_refresh_keeps_every_decision_and_proposes_what_moved(tmp_path: Path, workspace: Workspace) -> None:
    pages, out = tmp_path / "pages", tmp_path / "out"
    brief, board = refreshed(pages, FIRST, out, workspace)
    ada = Analyst(workspace, brief.account.id)
    staff = fact(board, "employees")
    ada("edit", staff, edit="About three hundred people")
    ada("reject", customer(board, "Norvane Energy"), reason="stale")
    ada("accept", customer(board, "Halden Dams"))
    ada("accept", "people", kind="section")
    ada("accept", "snapshot", kind="section")
    sentence = next(c for s in brief.sections if s.name == "snapshot" for c in s.claims if staff in c.finding_ids)
    ada("edit", "snapshot", *sentence.finding_ids, kind="section", edit="A house of three hundred.")
    ada("add", "pains", kind="section", edit="They told us that rope is short.")

    same, board = refreshed(pages, FIRST, out, workspace)
    assert "A house of three hundred." in texts(same, "snapshot")
    assert texts(same, "pains")[-1] == "They told us that rope is short."
    assert texts(same, "profile")[-1].startswith("Customers named: Halden Dams")
    assert not any(one.moved for one in board.reviewed)

    workspace = replace(workspace, clock=lambda: "2026-11-27T09:00:00+00:00")
    ada.workspace = workspace
    changed, board = refreshed(pages, CHANGED, out, workspace)
    assert "A house of three hundred." in texts(changed, "snapshot")
    assert texts(changed, "pains")[-1] == "They told us that rope is short."
    assert texts(changed, "profile")[-1].startswith("Customers named: Halden Dams")
    heir = board.by_id[fact(board, "employees")]
    assert heir.finding.id != staff
    assert (heir.finding.get("analyst_text"), heir.finding.status, heir.moved) == (
        "About three hundred people",
        "edited",
        True,
    )
    assert board.entries[0].finding.id == heir.finding.id
    assert board.entries[0].why == "reworded"
    carried = {c.section.name: c for c in board.carried}
    assert carried["snapshot"].reopened is not None
    assert carried["people"].accepted is not None
    (proposal,) = carried["snapshot"].proposals
    assert proposal.human_text == "A house of three hundred."
    check_export(out, workspace)

    ada("accept", heir.finding.id)
    ada("accept", "snapshot", kind="section")
    _, settled = refreshed(pages, MORE, out, workspace)
    assert settled.by_id[heir.finding.id].finding.status == "accepted"
    assert not settled.by_id[heir.finding.id].moved


def check_export(out: Path, workspace: Workspace) -> None:
    result = verify_file(out / "brief.json", workspace)
    assert result.problems == ()
    assert any("rope is short" in words for words in result.analysts_words)
    exported = json.loads((out / "brief.json").read_text(encoding="utf-8"))
    status = {f["attributes"].get("company"): f["status"] for f in exported["findings"] if f["kind"] == "relation"}
    assert (status["Norvane Energy"], status["Halden Dams"]) == ("rejected", "accepted")
