"""The changes of every account: one page for a person to read, one feed an account for a program."""

from __future__ import annotations

from pathlib import Path

from pipelines.bootstrap import Workspace
from pipelines.changes import news_of, start_of, steps_of
from research.errors import UsageError
from research.export.as_atom import to_atom
from research.export.as_changes import digest_markdown
from research.export.write import write_file
from research.model.account import Account
from research.model.change import News
from research.store.accounts import list_accounts


def digest_of(since: str, workspace: Workspace) -> bytes:
    """The digest as UTF-8 Markdown; an account whose last meeting is not known is named with that reason."""
    told: list[tuple[Account, News]] = []
    failed: list[tuple[Account, str]] = []
    for account in list_accounts(workspace.store):
        try:
            told.append((account, news_of(account, since, workspace)))
        except UsageError:
            failed.append((account, "no meeting before today is known"))
    return digest_markdown(told, failed, workspace.today).encode("utf-8", "replace")


def write_feeds(folder: Path, since: str, workspace: Workspace) -> tuple[Path, ...]:
    """A feed `ACCOUNT.atom` of each account in `folder`; of one whose last meeting is not known, of all its changes."""
    written = []
    for account in list_accounts(workspace.store):
        try:
            start = start_of(account, since, workspace)
        except UsageError:
            start = "0001-01-01"
        body = to_atom(account, steps_of(account, start, workspace), workspace.clock())
        write_file(folder / f"{account.id}.atom", body)
        written.append(folder / f"{account.id}.atom")
    return tuple(written)
