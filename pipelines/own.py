"""The team's own files for one account: notes, mails, a CRM export, a calendar; they never leave the machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pipelines.bootstrap import Workspace
from research.errors import UsageError
from research.model.account import Account
from research.model.capture import Fetched, Skipped
from research.net.files import list_files, read_file
from research.sources import calendar, crm
from research.sources.own import OwnReader, UnreadFileError
from research.store.accounts import load_account
from research.store.meetings import MeetingDay, save_meetings
from research.text.names import company_key


def read_own(path: Path, account: Account, workspace: Workspace) -> Iterator[Fetched | Skipped]:
    """What lies at `path` of the account: of a CRM export (a mapping in TOML) and a calendar only its own rows, every
    other file whole, under addresses that begin with `own:`."""
    now = workspace.clock()
    with OwnReader() as reader:
        for file in list_files(path):
            if file.suffix.lower() == ".toml":
                yield _export(file, account, now, reader)
            elif file.suffix.lower() == ".ics":
                yield _meetings(file, account, workspace, reader)
            elif not _is_table(file, path):
                yield _moved(read_file(file, path, fetched_at=now))


def _is_table(file: Path, root: Path) -> bool:
    """Whether a CSV belongs to a mapping that lies beside it: its rows come through that."""
    return file.suffix.lower() == ".csv" and root.is_dir() and any(file.parent.glob("*.toml"))


def _moved(answer: Fetched | Skipped) -> Fetched | Skipped:
    if isinstance(answer, Skipped):
        return answer
    url = "own:" + answer.url.removeprefix("file:")
    return replace(answer, url=url, final_url=url)


def load_accounts(file: Path) -> list[dict[str, str]] | None:
    """The accounts of a CRM export by the mapping in `file`, whose CSV files lie beside it, None where it names none;
    UsageError for a fault."""
    mapping = _text(file)
    place = dict(crm.read_mapping(mapping, file.name).files).get("accounts")
    if place is None:
        return None
    try:
        with OwnReader() as reader:
            return reader.table(mapping, "accounts", file.parent / place)
    except UnreadFileError as error:
        raise UsageError(f"{file.name}: {error}; it must lie beside it") from error


def _export(file: Path, account: Account, now: str, reader: OwnReader) -> Fetched | Skipped:
    url = f"{crm.PREFIX}{file.name}"
    mapping = _text(file)
    layout = crm.read_mapping(mapping, file.name)
    try:
        body = reader.account_rows(mapping, layout, file.parent, account.names)
    except UnreadFileError as error:
        return Skipped(url=url, reason=str(error))
    return _record(url, body, now) if body else Skipped(url=url, reason=f"the CRM export has nothing of {account.name}")


def _meetings(file: Path, account: Account, workspace: Workspace, reader: OwnReader) -> Fetched | Skipped:
    url = f"{calendar.PREFIX}{file.name}"
    try:
        body = reader.meetings(file, account.names, account.domains)
    except UnreadFileError as error:
        return Skipped(url=url, reason=str(error))
    if not body:
        return Skipped(url=url, reason=f"the calendar has no meeting with {account.name}")
    _note_days(body, account, workspace)
    return _record(url, body, workspace.clock())


def _note_days(body: bytes, account: Account, workspace: Workspace) -> None:
    """The days of the meetings, from which `dossier changes` counts and by which refreshes are planned."""
    if load_account(workspace.store, account.id):
        days = [MeetingDay(day=day, title=title) for day, title in calendar.days_of(body)]
        save_meetings(workspace.store, account.id, days)


def meetings_in(file: Path, account: Account) -> tuple[MeetingDay, ...]:
    """The meetings with an account that an .ics file holds; UsageError where it cannot be read."""
    try:
        with OwnReader() as reader:
            body = reader.meetings(file, account.names, account.domains)
    except UnreadFileError as error:
        raise UsageError(str(error)) from error
    return tuple(MeetingDay(day=day, title=title) for day, title in calendar.days_of(body))


def _record(url: str, body: bytes, now: str) -> Fetched:
    return Fetched(
        url=url, final_url=url, fetched_at=now, status=200, media_type="application/json", body=body, charset="utf-8"
    )


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{file.name}: is not UTF-8 text: save it again as UTF-8") from error
    except OSError as error:
        raise UsageError(f"{file.name}: cannot be read ({error.strerror})") from error


def known_to_crm(account: Account) -> Account:
    """The account under the key by which its CRM and calendar records are admitted."""
    known = dict(account.identifiers) | {"crm": company_key(account.name)}
    return replace(account, identifiers=tuple(sorted(known.items())))
