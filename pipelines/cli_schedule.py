"""`dossier refresh` and `dossier schedule`: what is read again, and when."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipelines import cli_run
from pipelines.console import printer
from research.errors import DossierError, UsageError

if TYPE_CHECKING:
    from pipelines.refresh import Refreshed

_SHOWN: Final = 20  # accounts that wait, by name; an evening of catching up has hundreds
Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]


def refresh(
    accounts: Annotated[list[str] | None, typer.Argument(help="Accounts by id, name or domain.")] = None,
    due: Annotated[bool, typer.Option("--due", help="Those whose time has come; `dossier schedule` says why.")] = False,
    every: Annotated[bool, typer.Option("--all", help="Every account of the store.")] = False,
    requests: Annotated[
        int | None, typer.Option("--budget-requests", min=1, help="With --due: requests that this run may make.")
    ] = None,
    minutes: Annotated[
        float | None, typer.Option("--budget-minutes", min=0.01, help="With --due: no account begins after this.")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the briefs (default: out/ACCOUNT).")] = None,
    cluster: cli_run.Cluster = None,
    json_log: cli_run.JsonLog = False,
    metrics: cli_run.Metrics = None,
    home: Home = None,
) -> None:
    """Run the stages again for stored accounts; unchanged input costs next to nothing."""
    from pipelines.refresh import Budget, refresh_accounts
    from research.store.lock import BusyError

    if (requests or minutes) and not due:
        raise UsageError("--budget-requests and --budget-minutes go with --due: a budget is spent on what is due first")
    budget = Budget(requests=requests, minutes=minutes)
    try:
        with cli_run.run_workspace(home, "refresh", cluster=cluster, json_log=json_log, metrics=metrics) as opened:
            results = refresh_accounts(accounts or [], opened, due=due, every=every, out=out, budget=budget)
    except BusyError as busy:
        if not due:
            raise
        printer().note(f"{busy}; what is due stays due until then")
        return
    _tell(results)


def _tell(results: list[Refreshed]) -> None:
    from research.run.report import render

    out = printer()
    waiting = [result for result in results if result.waits]
    for result in [*(r for r in results if not r.waits), *waiting[:_SHOWN]]:
        out.line(f"{result.account_id}: {result.message}")
        if result.report is not None:
            out.note(render(result.report))
    if len(waiting) > _SHOWN:
        out.note(f"and {len(waiting) - _SHOWN} more accounts wait for the next run: `dossier schedule` names them")
    if not results:
        out.note("nothing is due: `dossier schedule` says what will be, and when")
    failed = [r for r in results if r.failed]
    if failed:
        raise DossierError(f"{len(failed)} of {len(results)} accounts could not be refreshed")


def schedule(
    days: Annotated[int, typer.Option("--days", min=0, max=3650, help="How far to look ahead.")] = 30,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON lines.")] = False,
    show: Annotated[
        str | None, typer.Option("--print", help="Show a systemd timer or cron line: systemd, cron.")
    ] = None,
    install: Annotated[str | None, typer.Option("--install", help="Set it up for this user: systemd, cron.")] = None,
    every: Annotated[int, typer.Option("--every", min=1, max=24, help="Hours between runs of the timer.")] = 1,
    home: Home = None,
) -> None:
    """What will be read again, when, and why; with --print or --install a timer that does it."""
    from pipelines.bootstrap import default_home
    from pipelines.cli import now, workspace
    from pipelines.schedule import timetable, turn_json, turn_line

    out = printer()
    place = (home or default_home()).absolute()
    if show or install:
        _timer(show, install, place, every)
        return
    with workspace(home) as opened:
        turns = timetable(opened)
    moment = now()
    until = _ahead(moment, days)
    shown = [turn for turn in turns if turn.at <= until]
    for turn in shown:
        out.line(json.dumps(turn_json(turn), ensure_ascii=False) if as_json else turn_line(turn, moment))
    out.note(f"{sum(t.at <= moment for t in turns)} due now, {len(shown)} within {days} days, {len(turns)} watched")


def _ahead(moment: str, days: int) -> str:
    from datetime import datetime, timedelta

    return (datetime.fromisoformat(moment) + timedelta(days=days)).isoformat(timespec="seconds")


def _timer(show: str | None, install: str | None, home: Path, every: int) -> None:
    from pipelines.timers import cron_line, install_cron, install_systemd, systemd_units

    chosen = show or install
    if chosen not in ("systemd", "cron"):
        raise UsageError(f"{chosen}: use systemd or cron")
    if show and install:
        raise UsageError("give --print to see the timer or --install to set it up, not both")
    command = (sys.executable, "-m", "pipelines.cli")
    out = printer()
    if chosen == "cron":
        line = cron_line(command, home, every)
        out.line(install_cron(line) if install else line)
        return
    units = systemd_units(command, home, every)
    if install:
        for told in install_systemd(units):
            out.line(told)
        return
    for name, text in units.items():
        out.line(f"# {name}\n{text}")
