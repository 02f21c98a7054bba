"""`dossier review`: the analysts' desk on this computer."""

from __future__ import annotations

import secrets
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import printer

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]


def review(
    port: Annotated[int, typer.Option("--port", min=1, max=65535, help="Port on 127.0.0.1.")] = 8321,
    account: Annotated[str | None, typer.Option("--account", help="Begin at this account: id, name or domain.")] = None,
    home: Home = None,
) -> None:
    """Serve the analysts' desk on 127.0.0.1."""
    from pipelines.accounts import require_account
    from pipelines.bootstrap import default_home, open_workspace
    from pipelines.cli import now
    from pipelines.desk.app import create_app
    from pipelines.desk.desk import HOST, Desk
    from pipelines.desk.serve import serve

    place = home or default_home()
    with open_workspace(place, now) as workspace:  # migrates an older store before the first page
        known = require_account(workspace, account).id if account else None
    desk = Desk(home=place, clock=now, token=secrets.token_urlsafe(32))
    start = f"http://{HOST}:{port}/" + (f"accounts/{known}" if known else "")
    printer().note(f"the desk is on {start} (Ctrl-C ends it)")
    with suppress(KeyboardInterrupt):  # the way to end it
        serve(create_app(desk), port)
