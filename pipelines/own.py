"""The team's own files for one account: notes, mails, a CRM export, a calendar; they never leave the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from pipelines.bootstrap import Workspace
from research.errors import UsageError
from research.model.account import Account
from research.model.capture import Fetched, Skipped
from research.net.files import list_files, read_file
from research.sources import calendar, crm
from research.store.accounts import load_account
from research.store.meetings import MeetingDay, save_meetings
from research.text.names import company_key


def read_own(path: Path, account: Account, workspace: Workspace) -> Iterator[Fetched | Skipped]:
    """What lies at `path` of the account: of a CRM export (a mapping in TOML) and a calendar only its own rows, every
    other file whole, under addresses that begin with `own:`."""
    now = workspace.clock()
    for file in list_files(path):
        if file.suffix.lower() == ".toml":
            yield from _export(file, account, now)
        elif file.suffix.lower() == ".ics":
            yield from _meetings(file, account, workspace)
        elif not _is_table(file, path):
            answer = read_file(file, path, fetched_at=now)
            yield _moved(answer)


def _is_table(file: Path, root: Path) -> bool:
    """Whether a CSV belongs to a mapping that lies beside it: its rows come through that."""
    return file.suffix.lower() == ".csv" and root.is_dir() and any(file.parent.glob("*.toml"))


def _moved(answer: Fetched | Skipped) -> Fetched | Skipped:
    if isinstance(answer, Skipped):
        return answer
    url = "own:" + answer.url.removeprefix("file:")
    return replace(answer, url=url, final_url=url)


def load_tables(file: Path) -> Mapping[str, list[dict[str, str]]]:
    """The tables of a CRM export by the mapping in `file`, whose CSV files lie beside it; UsageError for a fault."""
    layout = crm.read_mapping(_text(file), file.name)
    tables: dict[str, list[dict[str, str]]] = {}
    for table, name in layout.files:
        place = file.parent / name
        try:
            tables[table] = crm.read_table(layout, table, place.read_bytes(), name)
        except OSError as error:
            raise UsageError(f"{file.name}: {name} cannot be read ({error.strerror}): it must lie beside it") from error
    return tables


def _export(file: Path, account: Account, now: str) -> Iterator[Fetched | Skipped]:
    body = crm.rows_of(account.names, load_tables(file))
    url = f"{crm.PREFIX}{file.name}"
    if body:
        yield _record(url, body, now)
    else:
        yield Skipped(url=url, reason=f"the CRM export has nothing of {account.name}")


def _meetings(file: Path, account: Account, workspace: Workspace) -> Iterator[Fetched | Skipped]:
    meetings = tuple(calendar.read_calendar(_text(file)))
    body = calendar.meetings_of(account.names, account.domains, meetings)
    url = f"{calendar.PREFIX}{file.name}"
    if not body:
        yield Skipped(url=url, reason=f"the calendar has no meeting with {account.name}")
        return
    _note_days(body, account, workspace)
    yield _record(url, body, workspace.clock())


def _note_days(body: bytes, account: Account, workspace: Workspace) -> None:
    """The days of the meetings, from which `dossier changes` counts and by which refreshes are planned."""
    if load_account(workspace.store, account.id):
        days = [MeetingDay(day=day, title=title) for day, title in calendar.days_of(body)]
        save_meetings(workspace.store, account.id, days)


def meetings_in(file: Path, account: Account) -> tuple[MeetingDay, ...]:
    """The meetings with an account that an .ics file holds; UsageError where it cannot be read."""
    meetings = tuple(calendar.read_calendar(_text(file)))
    body = calendar.meetings_of(account.names, account.domains, meetings)
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
