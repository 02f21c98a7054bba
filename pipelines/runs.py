"""The stored reports of past runs, as a person or a program reads them."""

from __future__ import annotations

from typing import Any

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace
from research.store.runs import RunRow, list_runs, runs_of


def list_reports(account: str | None, limit: int, workspace: Workspace) -> list[dict[str, Any]]:
    """The latest runs, newest first, of one account or of all."""
    store = workspace.store
    rows = runs_of(store, require_account(workspace, account).id, limit) if account else list_runs(store, limit)
    return [_as_dict(row) for row in rows]


def _as_dict(row: RunRow) -> dict[str, Any]:
    told = row.summary or {}
    return {
        "run": row.id,
        "command": row.command,
        "started": row.started,
        "ended": row.ended,
        "stages": told.get("stages", []),
        "skipped": told.get("failures", 0),
        "reasons": told.get("reasons", {}),
    }


def render_run(row: dict[str, Any]) -> str:
    """A run as a few lines: its head, a line a stage, and why what was left out was."""
    head = f"run {row['run']}  {row['started']}  {row['command']}"
    if row["ended"] is None:
        return f"{head}\n  broken off: the next run goes on from what it had stored"
    line = "  {name:<9} {done:>6} done {reused:>6} unchanged {failed:>5} failed {seconds:>8.1f} s"
    stages = [line.format(**stage) for stage in row["stages"]]
    reasons = [f"  {count:>6} left out: {reason}" for reason, count in row["reasons"].items()]
    return "\n".join([head, *stages, *reasons])
