"""What `brief` and `refresh` share beside their own options: who does the work, and who watches; and `dossier runs`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.console import printer
from research.errors import DossierError

if TYPE_CHECKING:
    from pipelines.bootstrap import Workspace

Cluster = Annotated[
    str | None,
    typer.Option("--cluster", help="Dask workers: local:N on this machine, or a scheduler like tcp://127.0.0.1:8786."),
]
JsonLog = Annotated[bool, typer.Option("--json-log", help="One JSON object a line on standard error, no progress bar.")]
Metrics = Annotated[Path | None, typer.Option("--metrics", help="Prometheus text file to write when the run is over.")]
Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]


@contextmanager
def run_workspace(
    home: Path | None, command: str, *, cluster: str | None, json_log: bool, metrics: Path | None
) -> Iterator[Workspace]:
    """The open home folder for a run that is watched: by a progress bar on a terminal, by a log, by a metrics file that
    is written even where the run fails."""
    from pipelines.bootstrap import default_home, open_workspace
    from pipelines.cli import now
    from pipelines.metrics import metrics_text, write_metrics
    from pipelines.watching import watched

    with (
        watched(printer(), command, json_log=json_log, now=now) as progress,
        open_workspace(home or default_home(), now, progress, cluster) as opened,
    ):
        try:
            yield opened
        finally:
            if metrics is not None:
                write_metrics(metrics, metrics_text(opened))


def brief_again(target: str, out: Path | None, formats: tuple[str, ...], home: Path | None) -> None:
    """Write an account's brief as it was last drafted, with the judgements since then; no model is loaded."""
    from pipelines.accounts import require_account
    from pipelines.cli import workspace
    from pipelines.making import stored_brief
    from research.export.write import write_brief

    with workspace(home) as opened:
        account = require_account(opened, target)
        brief = stored_brief(account.id, opened)
        if brief is None:
            raise DossierError(f"{account.name} has no brief yet: make it with `dossier brief` first")
        paths = write_brief(brief, out or Path("out") / account.id, formats)
    for path in paths:
        printer().line(str(path))


def runs(
    account: Annotated[str | None, typer.Argument(help="An account by id, name or domain (default: all).")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="At most so many, the latest first.")] = 10,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON lines.")] = False,
    home: Home = None,
) -> None:
    """What past runs did, what they left out and why, and how long each stage took."""
    from pipelines.cli import workspace
    from pipelines.runs import list_reports, render_run

    out = printer()
    with workspace(home) as opened:
        rows = list_reports(account, limit, opened)
    for row in rows:
        out.line(json.dumps(row, ensure_ascii=False) if as_json else render_run(row))
    out.note(f"{len(rows)} runs")
