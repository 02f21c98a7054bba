"""Opening the store, and the few ways in which the other modules touch it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

from research.errors import DossierError
from research.store.database import Database
from research.store.failures import clear_errors, clear_values
from research.store.schema import MIGRATIONS, unknown_steps

FILE_NAME: Final = "dossier.sqlite"
BUSY_SECONDS: Final = 30.0  # how long a writer waits for another one; a transaction here lasts well under a second
CACHE_KIB: Final = 16_384  # pages kept in memory, a small share of the 600 MB that a first run may use

_FULL, _EXTRA = 2, 3  # of PRAGMA synchronous

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """An open store; used as a context manager it closes itself. One thread, one Store."""

    db: Database
    path: Path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file; what was not committed is gone."""
        self.db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes of the block or none; blocks nest, and an inner block that fails undoes only itself."""
        with clear_errors(self.path), self.db.transaction():
            yield

    @contextmanager
    def durable_transaction(self) -> Iterator[None]:
        """As `transaction`, and on the disk when the block ends, however fast and loose the store is set otherwise.

        With a rollback journal EXTRA flushes the folder as well: a journal that comes back after a power cut would undo
        what was committed (sqlite.org/pragma.html#pragma_synchronous). Within another transaction that one decides.
        """
        if self.db.conn.in_transaction:
            with self.transaction():
                yield
            return
        (before,) = self.row("PRAGMA synchronous") or (_FULL,)
        self.db.conn.execute(f"PRAGMA synchronous = {_EXTRA}")
        try:
            with self.transaction():
                yield
        finally:
            self.db.conn.execute(f"PRAGMA synchronous = {before}")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """All reads of the block see the store at one moment."""
        outermost = not self.db.conn.in_transaction
        with clear_errors(self.path):
            if outermost:
                self.db.conn.execute("BEGIN")
            try:
                yield
            finally:
                if outermost:
                    self.db.rollback()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[Row]:
        """Every row of a query."""
        with clear_values(self.path):
            return self.db.conn.execute(sql, tuple(parameters)).fetchall()

    def row(self, sql: str, parameters: Sequence[object] = ()) -> Row | None:
        """The first row of a query, or None."""
        with clear_values(self.path):
            return self.db.conn.execute(sql, tuple(parameters)).fetchone()

    def write(self, sql: str, rows: Iterable[Sequence[object]]) -> None:
        """Run one statement for each of `rows`, all or none."""
        with self.transaction(), clear_values(self.path):
            self.db.conn.executemany(sql, rows)


def open_store(home: Path) -> Store:
    """The store of `home`, made or migrated where needed; DossierError where it cannot be written or read."""
    path = home / FILE_NAME
    make_home(home)
    _refuse_unwritable(home, path)
    with clear_errors(path):
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS)
        try:
            store = Store(db=_configure(Database(connection)), path=path)
            _migrate(store)
        except BaseException:
            connection.close()
            raise
    return store


def wal_is_safe(version: tuple[int, ...]) -> bool:
    """Whether this SQLite is free of the WAL-reset bug: fixed in 3.51.3, 3.50.7 and 3.44.6 (sqlite.org/wal.html)."""
    return version >= (3, 51, 3) or (3, 50, 7) <= version < (3, 51) or (3, 44, 6) <= version < (3, 45)


def make_home(home: Path) -> None:
    """Make the home folder where it is not there, for its owner only; DossierError where that cannot be."""
    try:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)  # customer research is nobody else's business
    except OSError as error:
        raise DossierError(
            f"{home}: cannot be used as the home folder ({error.strerror}): choose another one"
        ) from error


def _refuse_unwritable(home: Path, path: Path) -> None:
    # SQLite opens what may only be read without a word, and the first write fails in the middle of a run.
    for place in (home, path):
        if place.exists() and not os.access(place, os.W_OK):
            raise DossierError(f"{place}: cannot be written: check its permissions, or choose another home folder")


def _configure(db: Database) -> Database:
    for pragma in ("foreign_keys = ON", f"cache_size = -{CACHE_KIB}", "temp_store = MEMORY", "trusted_schema = OFF"):
        db.execute(f"PRAGMA {pragma}")
    db.set_journal("wal" if wal_is_safe(sqlite3.sqlite_version_info) else "delete")
    db.execute("PRAGMA synchronous = FULL")
    return db


def _migrate(store: Store) -> None:
    """Bring the store to this version, all steps or none; DossierError where a newer version wrote it."""
    _refuse_newer(store)
    if MIGRATIONS.pending(store.db):
        with store.durable_transaction():  # two processes may open a store at once: the second finds nothing pending
            _refuse_newer(store)  # what is pending is asked again by `apply`, now that nobody else may write
            MIGRATIONS.apply(store.db)


def _refuse_newer(store: Store) -> None:
    newer = unknown_steps(store.db)
    if newer:
        raise DossierError(
            f"{store.path}: was written by a newer version ({newer[-1]}): install that version to use it"
        )
