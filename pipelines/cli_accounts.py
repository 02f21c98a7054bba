"""`dossier accounts`: the key accounts that refreshes watch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import printer
from research.errors import DossierError, UsageError

app = typer.Typer(no_args_is_help=True, help="Add, list, show and import accounts.", rich_markup_mode=None)
Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The company's name.")],
    site: Annotated[str | None, typer.Option("--site", help="Its home page.")] = None,
    aliases: Annotated[list[str] | None, typer.Option("--alias", help="Another name; repeatable.")] = None,
    segment: Annotated[str | None, typer.Option("--segment", help="Your own grouping, such as tier-1.")] = None,
    meeting: Annotated[
        str | None, typer.Option("--meeting", help="Date of a meeting, past or to come, YYYY-MM-DD.")
    ] = None,
    home: Home = None,
) -> None:
    """Add an account, or complete one that is there."""
    from pipelines.accounts import add_account
    from pipelines.cli import iso_date, workspace

    with workspace(home) as opened:
        account = add_account(
            opened, name, site=site, aliases=tuple(aliases or ()), segment=segment, meeting=iso_date(meeting)
        )
    printer().line(account.id)


@app.command("list")
def list_accounts(home: Home = None) -> None:
    """One line an account: id, name, domains, documents, findings, last seen."""
    from pipelines.accounts import overview
    from pipelines.cli import workspace

    with workspace(home) as opened:
        rows = overview(opened)
    for row in rows:
        printer().line("\t".join(row))
    if not rows:
        printer().note("no accounts yet: `dossier brief URL` or `dossier accounts add NAME --site URL` makes one")


@app.command()
def show(account: Annotated[str, typer.Argument(help="An account by id, name or domain.")], home: Home = None) -> None:
    """What the store knows of one account."""
    from pipelines.accounts import describe_account
    from pipelines.cli import workspace

    with workspace(home) as opened:
        printer().line(describe_account(opened, account))


@app.command()
def resolve(
    texts: Annotated[list[str] | None, typer.Argument(help="Names, sites or profiles as people type them.")] = None,
    crm: Annotated[Path | None, typer.Option("--crm", help="TOML mapping of a CRM export instead of names.")] = None,
    registers: Annotated[str, typer.Option(help="Any of edgar, gleif, wikidata.")] = "edgar,gleif,wikidata",
    add: Annotated[bool, typer.Option("--add", help="Keep those that are resolved as accounts.")] = False,
    home: Home = None,
) -> None:
    """Say who is meant: resolved, ambiguous or failed, with candidates and reasons; nothing is picked silently."""
    from pipelines.cli import workspace
    from pipelines.crm_accounts import crm_rows, keep_resolved
    from pipelines.resolving import registers_of, render_resolved, resolve_all

    rows = crm_rows(crm) if crm else [(text, "") for text in texts or []]
    if not rows:
        raise UsageError("give names to resolve, or a CRM export with --crm MAPPING.toml")
    asked = registers_of([name.strip() for name in registers.split(",") if name.strip()])
    with workspace(home) as opened:
        answers = resolve_all(rows, opened, asked)
        kept = keep_resolved(answers, opened) if add else 0
    for answer in answers:
        printer().line(render_resolved(answer))
    counts = [f"{sum(a.state == s for a in answers)} {s}" for s in ("resolved", "ambiguous", "failed")]
    printer().note(", ".join(counts) + (f"; {kept} accounts kept" if add else ""))


@app.command()
def export(
    account: Annotated[str, typer.Argument(help="An account by id, name or domain.")],
    out: Annotated[Path, typer.Argument(help="The archive to write: .warc.gz or .wacz.")],
    home: Home = None,
) -> None:
    """Write what was fetched for an account as a web archive; the team's own files stay here."""
    from pipelines.archive import export_archive
    from pipelines.cli import workspace

    with workspace(home) as opened:
        count = export_archive(opened, account, out)
    printer().line(str(out))
    printer().note(f"{count} captures")


@app.command()
def meeting(
    account: Annotated[str, typer.Argument(help="An account by id, name or domain.")],
    days: Annotated[
        list[str] | None, typer.Argument(help="Dates, YYYY-MM-DD; none: list those that are known.")
    ] = None,
    ics: Annotated[Path | None, typer.Option("--ics", help="Take the account's meetings from a calendar file.")] = None,
    title: Annotated[str, typer.Option("--title", help="What it is about.")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the given dates out again.")] = False,
    home: Home = None,
) -> None:
    """Note the days of meetings with an account, past and to come, or list them."""
    from pipelines.cli import workspace
    from pipelines.meetings import note_meetings

    with workspace(home) as opened:
        known = note_meetings(opened, account, days or (), ics=ics, title=title, remove=remove)
    for line in known:
        printer().line(line)


@app.command("import")
def import_csv(
    file: Annotated[Path, typer.Argument(help="CSV with a header: name, site, aliases (;), segment, meeting.")],
    home: Home = None,
) -> None:
    """Add many accounts from a CSV file; a bad line is reported and the rest is kept."""
    from pipelines.accounts import import_accounts
    from pipelines.cli import workspace

    with workspace(home) as opened:
        added, problems = import_accounts(opened, file)
    for problem in problems:
        printer().note(problem)
    printer().note(f"{added} accounts imported, {len(problems)} lines refused")
    if problems:
        raise DossierError(f"{file}: {len(problems)} lines could not be imported")
