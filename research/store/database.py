"""A connection with transactions that nest.

sqlite-utils makes and migrates the tables; its import (with numpy's) takes 0.1 s of CPU, so that a store whose tables
are as they should be is opened without it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

_SAVEPOINT: Final = "inner"  # at every depth: SQLite takes the innermost of a name (sqlite.org/lang_savepoint.html)


@dataclass(frozen=True, slots=True)
class Database:
    """An open SQLite file; transactions begin and end only where this class says so."""

    conn: sqlite3.Connection

    def __post_init__(self) -> None:
        self.execute("PRAGMA recursive_triggers = ON")  # what a REPLACE takes away is deleted by the rules of deletion

    def execute(self, sql: str) -> sqlite3.Cursor:
        """Run one statement that writes no rows."""
        return self.conn.execute(sql)

    @property
    def journal_mode(self) -> str:
        """What SQLite keeps beside the file while it writes: `wal` or `delete`."""
        return str(self.execute("PRAGMA journal_mode").fetchone()[0])

    def set_journal(self, mode: str) -> None:
        """Change the journal where it is another one; not within a transaction."""
        if self.journal_mode != mode:
            self.execute(f"PRAGMA journal_mode = {mode}")

    def commit(self) -> None:
        """End the transaction that is open, if one is, and keep what it wrote."""
        if self.conn.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """End the transaction that is open, if one is, and undo what it wrote."""
        if self.conn.in_transaction:
            self.execute("ROLLBACK")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All writes of the block or none, the write lock taken at once: a reader that turns writer later would fail
        without waiting. Within an open transaction a block that fails undoes only itself."""
        within = self.conn.in_transaction
        self.execute(f"SAVEPOINT {_SAVEPOINT}" if within else "BEGIN IMMEDIATE")
        try:
            yield
            self.execute(f"RELEASE {_SAVEPOINT}") if within else self.commit()
        except BaseException:
            self._undo(within=within)
            raise

    def _undo(self, *, within: bool) -> None:
        if not within:
            self.rollback()
        elif self.conn.in_transaction:  # a failing disk may have ended the whole transaction, its savepoints included
            self.execute(f"ROLLBACK TO {_SAVEPOINT}")
            self.execute(f"RELEASE {_SAVEPOINT}")

    def close(self) -> None:
        """Close the file; what was not committed is gone."""
        self.conn.close()
