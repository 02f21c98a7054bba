"""Copies of the store that are verified before they are trusted, made while others work on it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from research.errors import DossierError, UsageError
from research.store.connect import BUSY_SECONDS, FILE_NAME, open_store
from research.store.diagnosis import diagnose
from research.store.failures import clear_errors

_BESIDE: Final = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a file and would apply to whatever is there
REPLACED: Final = f"{FILE_NAME}.replaced"
_PAGES: Final = 4096  # copied at a time, 16 MB


def back_up(home: Path, file: Path, *, overwrite: bool = False) -> Mapping[str, int]:
    """Copy the store of `home` to `file` and give the number of rows of each table; DossierError where the copy is not
    whole, and then there is none. The store may be in use: readers go on, writers wait for some seconds."""
    store = home / FILE_NAME
    if not store.exists():
        raise DossierError(f"{store}: there is no store to copy")
    if file.exists() and not overwrite:
        raise UsageError(f"{file}: is there already: name another file, or give --overwrite")
    with _temporary(file) as temporary:
        counts = _copy(store, temporary)
        _verify(temporary, counts)
        _into_place(temporary, file)
    return counts


def restore(file: Path, home: Path, *, overwrite: bool = False) -> Mapping[str, int]:
    """Put the copy `file` in the place of the store of `home` and give the number of rows of each table; an earlier
    store is only replaced with `overwrite`, and lies beside it as REPLACED then. The caller holds the lock."""
    store = home / FILE_NAME
    if not file.is_file():
        raise UsageError(f"{file}: there is no such file")
    if store.exists() and not overwrite:
        raise UsageError(f"{store}: is there already: give --overwrite to put the copy in its place, or another --home")
    with _temporary(store) as temporary:
        counts = _copy(file, temporary)
        _verify(temporary, counts)
        _put_aside(store)
        _into_place(temporary, store)
    return counts


def _copy(source: Path, target: Path) -> dict[str, int]:
    """Copy one file page by page and give the rows of each table as they were at that moment."""
    with clear_errors(source), closing(_open(source, "ro")) as one:
        one.execute("BEGIN")  # one state for the counts and for the copy
        counts = _counts(one)
        with clear_errors(target), closing(_open(target, "rwc")) as other:
            one.backup(other, pages=_PAGES)
            other.execute("PRAGMA journal_mode = DELETE")
    return counts


def _verify(copy: Path, counts: Mapping[str, int]) -> None:
    """DossierError where a copy does not hold what its original held, or `dossier doctor` finds fault with it."""
    with clear_errors(copy), closing(_open(copy, "ro")) as connection:
        found = _counts(connection)
    lacking = [table for table in counts if found.get(table) != counts[table]]
    if lacking:
        raise DossierError(f"{copy}: the copy of table {lacking[0]} is not whole: nothing was put in place")
    with open_store(copy.parent) as store:
        problems = [check for check in diagnose(store) if not check.ok]
    if problems:
        first = problems[0]
        raise DossierError(f"{copy}: {first.name}: {first.detail}: nothing was put in place; see `dossier doctor`")


def _open(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=BUSY_SECONDS)


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    tables = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608  (names of the schema)  # nosec B608
        for (name,) in tables.fetchall()
    }


@contextmanager
def _temporary(file: Path) -> Iterator[Path]:
    """A store of its own, in a folder beside `file`, for what becomes it; gone at the end where it did not."""
    try:
        with TemporaryDirectory(dir=file.resolve().parent, prefix=f".{file.name}.") as folder:
            yield Path(folder) / FILE_NAME
    except OSError as error:
        raise DossierError(f"{file}: cannot be written ({error.strerror}): choose another place") from error


def _put_aside(store: Path) -> None:
    """Keep an earlier store, with what SQLite left beside it, out of the way of the new one."""
    for suffix in ("", *_BESIDE):
        old = store.with_name(store.name + suffix)
        if old.exists():
            old.replace(store.with_name(REPLACED + suffix))


def _into_place(temporary: Path, file: Path) -> None:
    """Rename once the bytes are on the disk, and the folder after it."""
    with temporary.open("rb") as written:
        os.fsync(written.fileno())
    temporary.chmod(0o600)  # customer research is nobody else's business
    temporary.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
