"""`dossier judgements`: what analysts decided, as JSON lines, out of a store and into one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import printer
from research.errors import DossierError

app = typer.Typer(no_args_is_help=True, help="Export and import what analysts decided.", rich_markup_mode=None)
Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]


@app.command("export")
def export_judgements(
    account: Annotated[str | None, typer.Option("--account", help="One account only: id, name or domain.")] = None,
    home: Home = None,
) -> None:
    """One JSON line a judgement on standard output, oldest first; `dossier train --with-judgements` reads them."""
    from pipelines.accounts import require_account
    from pipelines.cli import workspace
    from pipelines.exchange import export_lines

    with workspace(home) as opened:
        chosen = require_account(opened, account).id if account else None
        number = 0
        for number, line in enumerate(export_lines(opened.store, chosen), start=1):  # noqa: B007
            printer().line(line)
    printer().note(f"{number} judgements")


@app.command("move")
def move(
    source: Annotated[str, typer.Argument(help="The account that is given up: id, name or domain.")],
    target: Annotated[str, typer.Argument(help="The account that stands for the same company.")],
    home: Home = None,
) -> None:
    """Let what was decided on one account hold for another one of the same company; nothing is taken away."""
    from pipelines.accounts import require_account
    from pipelines.cli import workspace
    from pipelines.exchange import move_judgements

    with workspace(home) as opened:
        added, known = move_judgements(require_account(opened, source), require_account(opened, target), opened.store)
    printer().note(f"{added} judgements added to {target}, {known} were there already")


@app.command("import")
def import_judgements(
    file: Annotated[str, typer.Argument(help="A file that `dossier judgements export` wrote, or - for the input.")],
    home: Home = None,
) -> None:
    """Add the judgements of a file, all or none; those that are here already stay as they are."""
    from pipelines.cli import now, workspace
    from pipelines.exchange import import_lines

    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DossierError(f"{file}: cannot be read ({error})") from error
    with workspace(home) as opened:
        added, known = import_lines(text.splitlines(), opened.store, now())
    printer().note(f"{added} judgements added, {known} were here already")
