"""The team's own CRM: contacts, opportunities and activities of one account, from exported CSV files."""

from __future__ import annotations

import csv
import io
import json
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from research.errors import UsageError
from research.sources.kind import ChangedError, Line, Record, labelled, person
from research.sources.shape import need, parse_json, rows_at, text_at
from research.text.names import company_key

NAME: Final = "crm"
PREFIX: Final = "own:crm/"
TABLES: Final[Mapping[str, tuple[str, ...]]] = {
    "accounts": ("name", "id", "website", "country", "segment", "owner"),
    "contacts": ("account", "name", "role", "email", "phone"),
    "opportunities": ("account", "name", "stage", "amount", "close"),
    "activities": ("account", "date", "subject", "notes"),
}
"""The tables of a mapping and the columns that each may name; `name` or `account` must be there."""
_CONTACT: Final = 0.85  # what a colleague wrote down


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Which file each table of an export is in, and which of its columns are which."""

    files: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...]


def read_mapping(text: str, name: str) -> Layout:
    """A mapping in TOML: `[contacts]` with `file = "contacts.csv"` and columns such as `name = ["First", "Last"]`;
    UsageError that says what is wrong."""
    try:
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{name}: is no valid TOML: {error}") from error
    unknown = sorted(raw.keys() - TABLES.keys())
    if unknown or not raw:
        raise UsageError(f"{name}: [{unknown[0] if unknown else ''}]: the tables here are {', '.join(TABLES)}")
    files, columns = [], []
    for table, entries in raw.items():
        allowed = ("file", *TABLES[table])
        wrong = sorted(entries.keys() - set(allowed))
        if wrong or "file" not in entries or TABLES[table][0] not in entries:
            missing = f"an unknown key {wrong[0]!r}" if wrong else f"no `file` or no `{TABLES[table][0]}`"
            raise UsageError(f"{name}: [{table}] has {missing}; it may have {', '.join(allowed)}")
        files.append((table, str(entries["file"])))
        pairs = ((key, _listed(value)) for key, value in entries.items() if key != "file")
        columns.append((table, tuple(pairs)))
    return Layout(files=tuple(files), columns=tuple(columns))


def _listed(value: object) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def read_table(
    mapping: Layout, table: str, body: bytes, name: str, keys: Collection[str] | None = None
) -> list[dict[str, str]]:
    """The rows of one table under the mapping's own names, all or those whose account is among `keys`; UsageError where
    a column is not in the file, csv.Error or UnicodeDecodeError where it is no CSV in UTF-8."""
    columns = dict(dict(mapping.columns)[table])
    reader = csv.DictReader(io.TextIOWrapper(io.BytesIO(body), "utf-8-sig", newline=""))
    present = reader.fieldnames or ()
    absent = [c for group in columns.values() for c in group if c not in present]
    if absent:
        raise UsageError(f"{name}: there is no column {absent[0]!r}; there are {', '.join(present)}")
    rows = ({key: _cell(row, group) for key, group in columns.items()} for row in reader)
    wanted = frozenset(keys or ())
    return [row for row in rows if keys is None or _names(table, row) & wanted]


def _cell(row: Mapping[str, str | None], group: Sequence[str]) -> str:
    """The cells of some columns as one line."""
    return " ".join(filter(None, (" ".join((row.get(column) or "").split()) for column in group)))


def _names(table: str, row: Mapping[str, str]) -> set[str]:
    """What a row calls its account, as `keys_of` has it."""
    stated = row.get(TABLES[table][0], "")
    return {company_key(stated), *(() if table == "accounts" else (stated.casefold(),))} - {""}


def keys_of(names: Sequence[str], accounts: Sequence[Mapping[str, str]] = ()) -> frozenset[str]:
    """What the rows of an account may call it: its names, and the ids that the table of accounts gives it."""
    named = {key for name in names if (key := company_key(name))}
    ids = {row["id"].casefold() for row in accounts if row.get("id") and _names("accounts", row) & named}
    return frozenset(named | ids)


def rows_of(names: Sequence[str], tables: Mapping[str, Sequence[Mapping[str, str]]]) -> bytes:
    """What the tables hold of one account under any of its names or its id, as JSON; empty where they hold nothing."""
    keys = keys_of(names, tables.get("accounts", ()))
    found = {table: [row for row in tables.get(table, ()) if _names(table, row) & keys] for table in TABLES}
    if not any(found.values()):
        return b""
    return json.dumps({"account": names[0], **found}, ensure_ascii=False, sort_keys=True, indent=0).encode()


def reads(url: str) -> bool:
    """What was kept of the team's CRM for one account."""
    return url.startswith(PREFIX)


def read(url: str, body: bytes) -> Record:
    """Contacts as people, opportunities and activities as lines; notes are read like any text."""
    del url
    data = parse_json(body, "the CRM export")
    account = need(data, "account", str, "the CRM export")
    lines = tuple(_lines(data))
    if not lines:
        raise ChangedError("the CRM holds nothing of this account")
    return Record(
        title=f"CRM: {account}",
        lines=lines,
        about=(("crm", company_key(account)),),
        published=max((text_at(row, "date") for row in rows_at(data, "activities")), default="")[:10] or None,
        internal=True,
        page_type="record",
    )


def _lines(data: Any) -> Iterator[Line]:
    for row in rows_at(data, "accounts"):
        told = (f"{key} {row[key]}" for key in ("owner", "segment", "country", "website") if row.get(key))
        yield labelled("Account", ", ".join((text_at(row, "name"), *told)))
    for row in rows_at(data, "contacts"):
        name, role = text_at(row, "name"), text_at(row, "role")
        reach = ", ".join(filter(None, (text_at(row, "email"), text_at(row, "phone"))))
        said = (person(name, role, current=True, score=_CONTACT),) if name and role else ()
        yield labelled("Contact", ", ".join(filter(None, (name, role))) + (f" ({reach})" if reach else ""), *said)
    for row in rows_at(data, "opportunities"):
        parts = [text_at(row, key) for key in ("name", "stage", "amount")]
        close = text_at(row, "close")
        yield labelled("Opportunity", ", ".join(filter(None, (*parts, f"closes {close}" if close else ""))))
    for row in rows_at(data, "activities"):
        yield labelled("Activity", ": ".join(filter(None, (text_at(row, "date"), text_at(row, "subject")))))
        for text in re.split(r"\n+", text_at(row, "notes")):
            yield Line(text=text, role="paragraph")
