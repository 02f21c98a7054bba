"""Accounts as people keep them: added one by one or from a CSV file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.target import home_page
from research.errors import DossierError, UsageError
from research.model.account import Account, Source
from research.store.accounts import (
    find_account,
    list_accounts,
    load_account,
    save_account,
    save_source,
    sources_of,
)
from research.store.documents import current_document_ids
from research.store.findings import load_findings
from research.store.meetings import MeetingDay, last_meeting, next_meeting, save_meetings
from research.text.hashing import short_id
from research.text.names import slug
from research.text.urls import registrable_domain

_COLUMNS: Final = frozenset({"name", "site", "aliases", "segment", "meeting"})


def add_account(
    workspace: Workspace,
    name: str,
    *,
    site: str | None = None,
    aliases: tuple[str, ...] = (),
    segment: str | None = None,
    meeting: str | None = None,
    base: Account | None = None,
) -> Account:
    """The account with what is given added to what was known of it (of `base`, else of the account with that domain or
    name); UsageError for an empty name or a bad address."""
    if not name.strip():
        raise UsageError("the account's name is empty: give the company's name")
    address = home_page(site) if site else None
    if site and address is None:
        raise UsageError(f"{site!r} is no address: write it like https://www.example.com/")
    domain = registrable_domain(address) if address else None
    store = workspace.store
    base = base or (find_account(store, domain) if domain else None) or find_account(store, name)
    base = base or Account(id=_free_id(workspace, name), name=name.strip())
    account = replace(
        base,
        name=name.strip(),
        domains=tuple(dict.fromkeys((*base.domains, *((domain,) if domain else ())))),
        aliases=tuple(dict.fromkeys((*base.aliases, *aliases))),
        segment=segment or base.segment,
    )
    with store.transaction():
        save_account(store, account)
        if address:
            save_source(store, _site(account, address, workspace.settings.max_pages))
        if meeting:
            save_meetings(store, account.id, [MeetingDay(day=meeting)])
    return account


def _site(account: Account, address: str, max_pages: int) -> Source:
    return Source(
        id=short_id(account.id, "site", address), account_id=account.id, kind="site", url=address, max_pages=max_pages
    )


def _free_id(workspace: Workspace, name: str) -> str:
    wanted = slug(name)
    return wanted if load_account(workspace.store, wanted) is None else f"{wanted}-{short_id(name)[:4]}"


def require_account(workspace: Workspace, text: str) -> Account:
    """The account of that id, name or domain; UsageError where there is none."""
    account = load_account(workspace.store, text) or find_account(workspace.store, text)
    if account is None:
        raise UsageError(f"no account {text!r}: `dossier accounts list` shows those that there are")
    return account


def overview(workspace: Workspace) -> list[tuple[str, ...]]:
    """A row an account: id, name, domains, number of documents and of findings."""
    rows: list[tuple[str, ...]] = []
    for account in list_accounts(workspace.store):
        documents = len(current_document_ids(workspace.store, account.id))
        findings = len(load_findings(workspace.store, account.id))
        rows.append(
            (account.id, account.name, ",".join(account.domains), f"{documents} documents", f"{findings} findings")
        )
    return rows


def describe_account(workspace: Workspace, text: str) -> str:
    """An account, its sources and its counts, one a line."""
    account = require_account(workspace, text)
    counts: dict[str, int] = {}
    for finding in load_findings(workspace.store, account.id):
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
    lines = [f"{account.name} ({account.id})", f"domains: {', '.join(account.domains) or 'none'}"]
    lines += [f"other names: {', '.join(account.aliases)}"] if account.aliases else []
    lines += [f"last meeting: {last_meeting(workspace.store, account.id, workspace.today) or 'not known'}"]
    lines += [f"next meeting: {day}"] if (day := next_meeting(workspace.store, account.id, workspace.today)) else []
    lines += [f"source: {s.kind} {s.url}" for s in sources_of(workspace.store, account.id)]
    lines += [f"{kind}: {count}" for kind, count in sorted(counts.items())]
    return "\n".join(lines)


def import_accounts(workspace: Workspace, file: Path) -> tuple[int, tuple[str, ...]]:
    """How many accounts of a CSV file were added, and what was wrong with the other lines."""
    from research.sources.own import OwnReader, UnreadFileError  # 25 ms that no other command about accounts needs

    try:
        with OwnReader() as reader:
            header, *lines = reader.rows(file) or [[]]
    except UnreadFileError as error:
        raise DossierError(str(error)) from error
    lines = [line for line in lines if line]
    if lines and "name" not in header:
        raise UsageError(f"{file}: there is no column `name`; the header may hold {', '.join(sorted(_COLUMNS))}")
    if lines and (unknown := sorted(set(header) - _COLUMNS)):
        raise UsageError(f"{file}: unknown column {unknown[0]!r}; the header may hold {', '.join(sorted(_COLUMNS))}")
    problems = [p for number, line in enumerate(lines, start=2) if (p := _import_line(workspace, header, line, number))]
    return len(lines) - len(problems), tuple(problems)


def _import_line(workspace: Workspace, header: Sequence[str], line: Sequence[str], number: int) -> str | None:
    if any(line[len(header) :]):
        return f"line {number}: has {len(line)} cells where the header has {len(header)}; quote what holds a comma"
    row = dict(zip(header, line, strict=False))
    try:
        meeting = (row.get("meeting") or "").strip() or None
        if meeting and not _is_day(meeting):
            return f"line {number}: {meeting!r} is no date; write the meeting as YYYY-MM-DD"
        add_account(
            workspace,
            row.get("name") or "",
            site=(row.get("site") or "").strip() or None,
            aliases=tuple(a.strip() for a in (row.get("aliases") or "").split(";") if a.strip()),
            segment=(row.get("segment") or "").strip() or None,
            meeting=meeting,
        )
    except (UsageError, ValueError) as error:
        return f"line {number}: {error}"
    return None


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
