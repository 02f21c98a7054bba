"""`dossier changes`, `dossier digest` and `dossier notify`: what changed of claims, told and sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from pipelines.console import printer
from research.errors import DossierError, UsageError

if TYPE_CHECKING:
    from pipelines.bootstrap import Workspace
    from research.model.account import Account
    from research.model.change import News

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]
Since = Annotated[str, typer.Option("--since", help="YYYY-MM-DD, a date-time, or last-meeting.")]
Out = Annotated[Path | None, typer.Option("--out", help="File or folder to write to instead of standard output.")]
_ENDINGS: Final[Mapping[str, str]] = {"text": "txt", "json": "json", "md": "md", "atom": "atom"}


def since_of(text: str) -> str:
    """What `--since` says: `last-meeting`, an ISO date, or an ISO date-time; UsageError for anything else."""
    if text == "last-meeting":
        return text
    try:
        stated = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date: write it like 2026-01-31, or last-meeting") from None
    if len(text) <= len("2026-01-31"):
        return stated.date().isoformat()
    return (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).isoformat()


def changes(
    account: Annotated[str, typer.Argument(help="An account by id, name or domain.")],
    since: Since,
    form: Annotated[str, typer.Option("--format", help="text, json, md, or atom (a feed).")] = "text",
    as_json: Annotated[bool, typer.Option("--json", help="As JSON lines.")] = False,
    out: Out = None,
    home: Home = None,
) -> None:
    """What appeared, changed, lapsed or is contradicted since a day, with the quotes before and after."""
    from pipelines.accounts import require_account
    from pipelines.changes import news_of
    from pipelines.cli import workspace
    from research.export.as_news import change_json

    if form not in _ENDINGS:
        raise UsageError(f"--format {form}: use text, json, md or atom")
    with workspace(home) as opened:
        known = require_account(opened, account)
        news = news_of(known, since_of(since), opened)
        if as_json:
            body = "".join(f"{json.dumps(change_json(c), ensure_ascii=False)}\n" for c in news.changes).encode()
        else:
            body = _render(form, known, news, opened)
    _put(body, out, f"{known.id}.{'jsonl' if as_json else _ENDINGS[form]}")
    folded = f", {news.folded} rewordings and the like folded" if news.folded else ""
    count = len(news.changes)
    printer().note(f"{count} {'change' if count == 1 else 'changes'} since {news.since}{folded}")


def _render(form: str, account: Account, news: News, opened: Workspace) -> bytes:
    from pipelines.changes import steps_of
    from research.export.as_atom import to_atom
    from research.export.as_changes import changes_json, changes_markdown, changes_text

    if form == "atom":
        return to_atom(account, steps_of(account, news.since, opened), opened.clock())
    if form == "json":
        return f"{changes_json(account, news, opened.clock())}\n".encode("utf-8", "backslashreplace")
    said = changes_markdown(account, news) if form == "md" else f"{changes_text(news.changes)}\n" * bool(news.changes)
    return said.encode("utf-8", "replace")


def _put(body: bytes, out: Path | None, name: str) -> None:
    from research.export.write import write_file

    if out is None:
        printer().data.write(body.decode("utf-8"))
        return
    path = out / name if out.is_dir() else out
    write_file(path, body)
    printer().line(str(path))


def digest(
    since: Since = "last-meeting",
    feeds: Annotated[Path | None, typer.Option("--feeds", help="Folder for an Atom feed of every account.")] = None,
    out: Out = None,
    home: Home = None,
) -> None:
    """The changes of all accounts on one Markdown page, and as an Atom feed of each."""
    from pipelines.cli import workspace
    from pipelines.digest import digest_of, write_feeds

    with workspace(home) as opened:
        body = digest_of(since_of(since), opened)
        written = write_feeds(feeds, since_of(since), opened) if feeds else ()
    _put(body, out, "digest.md")
    for path in written:
        printer().line(str(path))


def notify(
    rules: Annotated[
        Path | None, typer.Option("--rules", help="TOML of rules (default: notify.toml in the home).")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would be sent, and send nothing.")] = False,
    since: Annotated[
        str | None, typer.Option("--since", help="YYYY-MM-DD instead of where the last run ended.")
    ] = None,
    home: Home = None,
) -> None:
    """Tell those who asked for it in notify.toml what has changed; each change goes out once a rule."""
    from pipelines.cli import workspace
    from pipelines.notices import load_rules, send_notices

    with workspace(home) as opened:
        found = load_rules(rules or opened.home / "notify.toml")
        start = since_of(since) if since else None
        outcome = send_notices(found, opened, since=start, dry_run=dry_run)
    for line in outcome.lines:
        printer().line(line)
    printer().note(f"{outcome.sent} messages {'would be ' if dry_run else ''}sent")
    if outcome.failed:
        raise DossierError(
            f"{len(outcome.failed)} messages could not be sent and will be tried again: {outcome.failed[0]}"
        )
