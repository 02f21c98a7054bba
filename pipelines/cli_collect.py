"""`dossier collect`: captured traffic in bulk."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import printer
from research.errors import DossierError

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]


def collect(
    warc_list: Annotated[Path, typer.Option("--warc-list", help="Text file with a WARC file's path a line.")],
    every_site: Annotated[bool, typer.Option("--every-site", help="Make an account of each site.")] = False,
    least_pages: Annotated[int, typer.Option("--least-pages", min=1, help="Pages that such a site has.")] = 3,
    home: Home = None,
) -> None:
    """Store what WARC files hold of the accounts, each file read once; `dossier refresh` then analyses it."""
    from pipelines.cli import workspace
    from pipelines.collect_warcs import collect_warcs, read_list
    from research.run.report import RunReport, render

    paths = read_list(warc_list)
    with workspace(home) as opened:
        begun = opened.clock()
        report = collect_warcs(paths, opened, least_pages=least_pages if every_site else None)
        ended = opened.clock()
    printer().note(render(RunReport(command="collect", started=begun, ended=ended, stages=(report,))))
    if report.failed:
        raise DossierError(f"{len(report.failed)} of {len(paths)} files could not be read")
