"""The team's own tables and calendars, read in a process that can be killed: whoever writes an invitation, a lead or a
note into one of them may be a stranger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self, cast

from research.child.process import Child, ChildError
from research.errors import UsageError
from research.sources import crm

READ_SECONDS: Final = 30.0  # of one file, as of a PDF (docs/security/parsing.md)
MAX_BYTES: Final = 50 << 20  # of one file: some 200,000 activities with their notes, or 50,000 meetings
_MODULE: Final = "research.sources.own_worker"

Table = list[dict[str, str]]


class UnreadFileError(Exception):
    """Why nothing was learnt from a file, in words for the user."""


class OwnReader:
    """Reads in a child, which starts with the first question; use it as a context manager, from one thread."""

    def __init__(self, *, seconds: float = READ_SECONDS) -> None:
        self._child = Child(_MODULE)
        self._seconds = seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._child.stop()

    def meetings(self, file: Path, names: Sequence[str], domains: Sequence[str]) -> bytes:
        """The meetings of an .ics file with an account, as `calendar.meetings_of` gives them; UnreadFileError."""
        said = self._ask({"read": "calendar", "names": list(names), "domains": list(domains)}, file)
        return cast("str", said).encode()

    def table(self, mapping: str, table: str, file: Path, keys: Sequence[str] | None = None) -> Table:
        """The rows of a CRM's table as `crm.read_table` gives them, all or an account's by its `keys`; UsageError where
        the mapping does not fit the file, UnreadFileError where it cannot be read."""
        head = {"read": "table", "mapping": mapping, "table": table, "keys": None if keys is None else list(keys)}
        return cast("Table", self._ask(head, file))

    def account_rows(self, mapping: str, layout: crm.Layout, folder: Path, names: Sequence[str]) -> bytes:
        """What a CRM export in `folder` holds of the account with these names, as `crm.rows_of` gives it."""
        keys = crm.keys_of(names)
        found: dict[str, Table] = {}
        for table, file in sorted(layout.files):  # the accounts come first: their ids are keys of all others
            found[table] = self.table(mapping, table, folder / file, sorted(keys))
            keys = crm.keys_of(names, found.get("accounts", ()))
        return crm.rows_of(names, found)

    def rows(self, file: Path) -> list[list[str]]:
        """The cells of a CSV file, line by line; UnreadFileError where it cannot be read."""
        return cast("list[list[str]]", self._ask({"read": "rows"}, file))

    def _ask(self, head: dict[str, Any], file: Path) -> object:
        try:
            answer = self._child.ask(head | {"name": file.name}, _bytes_of(file), self._seconds)
        except ChildError as error:
            raise UnreadFileError(f"{file.name}: {error}") from error
        if "wrong" in answer:
            raise UsageError(str(answer["wrong"]))
        if "unread" in answer:
            raise UnreadFileError(str(answer["unread"]))
        return answer["found"]


def _bytes_of(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            body = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise UnreadFileError(f"{file.name}: cannot be read ({error.strerror})") from error
    if len(body) > MAX_BYTES:
        raise UnreadFileError(f"{file.name}: is larger than {MAX_BYTES >> 20} MB: export a shorter time or fewer rows")
    return body
