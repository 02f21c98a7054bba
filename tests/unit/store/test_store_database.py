"""Transactions of a connection: they nest, undo what failed, and cost no library that only makes tables."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from research.errors import DossierError
from research.store.connect import FILE_NAME, open_store
from research.store.database import Database
from research.store.schema import MIGRATIONS, STEPS


@pytest.fixture
def db():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE t (n INTEGER)")
    yield Database(connection)
    connection.close()


def numbers(db: Database) -> list[int]:
    return [n for (n,) in db.conn.execute("SELECT n FROM t ORDER BY n")]


def add(db: Database, number: int) -> None:
    db.conn.execute("INSERT INTO t VALUES (?)", (number,))


def fail_after(db: Database, error: BaseException, *numbers: int) -> None:
    """Add the first number in a block, the others in one within it each, and fail."""
    with db.transaction():
        add(db, numbers[0])
        for number in numbers[1:]:
            with db.transaction():
                add(db, number)
        raise error


def test_an_inner_block_that_fails_undoes_itself_and_nothing_else(db) -> None:
    with db.transaction():
        add(db, 1)
        with pytest.raises(ValueError, match="no"):
            fail_after(db, ValueError("no"), 2, 3)
        with db.transaction():
            add(db, 4)
    assert numbers(db) == [1, 4]
    assert not db.conn.in_transaction


def test_an_outer_block_that_fails_undoes_what_inner_ones_kept(db) -> None:
    with pytest.raises(KeyboardInterrupt):
        fail_after(db, KeyboardInterrupt(), 1, 2)
    assert numbers(db) == []
    assert not db.conn.in_transaction


def test_a_transaction_that_was_rolled_back_beneath_a_block_leaves_the_first_error(db) -> None:
    def lose() -> None:
        with db.transaction(), db.transaction():
            add(db, 1)
            db.conn.execute("ROLLBACK")  # as SQLite does by itself where the disk is full
            raise ValueError("disk")

    with pytest.raises(ValueError, match="disk"):
        lose()
    assert numbers(db) == []


def test_a_commit_that_fails_leaves_no_transaction_open(db) -> None:
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("CREATE TABLE u (id INTEGER PRIMARY KEY)")
    db.execute("CREATE TABLE v (id INTEGER REFERENCES u (id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(sqlite3.IntegrityError), db.transaction():
        db.execute("INSERT INTO v VALUES (7)")
    assert not db.conn.in_transaction
    assert db.execute("SELECT count(*) FROM v").fetchone() == (0,)


def test_the_write_lock_is_taken_at_once(tmp_path: Path) -> None:
    with open_store(tmp_path) as one, open_store(tmp_path) as other:
        other.db.execute("PRAGMA busy_timeout = 0")
        with one.transaction(), pytest.raises(DossierError, match="in use by another process"), other.transaction():
            pass


def test_what_a_replace_takes_away_is_deleted_by_the_rules_of_deletion(db) -> None:
    db.execute("CREATE TABLE u (id INTEGER PRIMARY KEY, n INTEGER)")
    db.execute("CREATE TRIGGER u_stays BEFORE DELETE ON u BEGIN SELECT RAISE(ABORT, 'stays'); END")
    db.execute("INSERT INTO u VALUES (1, 1)")
    with pytest.raises(sqlite3.IntegrityError, match="stays"):
        db.execute("INSERT OR REPLACE INTO u VALUES (1, 2)")


def test_steps_are_applied_once_and_in_order() -> None:
    db = Database(sqlite3.connect(":memory:"))
    names = tuple(step.__name__ for step in STEPS)
    assert MIGRATIONS.applied(db) == ()
    MIGRATIONS.apply(db, stop_before=names[2])
    assert MIGRATIONS.applied(db) == names[:2]
    assert MIGRATIONS.pending(db) == names[2:]
    for _ in range(2):
        MIGRATIONS.apply(db)
        assert MIGRATIONS.applied(db) == names
        assert MIGRATIONS.pending(db) == ()
    db.close()


def test_a_store_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    connection = sqlite3.connect(tmp_path / FILE_NAME)
    connection.execute(
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('dossier', 'm999', '')"
    )
    connection.commit()
    connection.close()
    with pytest.raises(DossierError, match=r"newer version \(m999\)"):
        open_store(tmp_path)


LEAN = """
import sys
from pathlib import Path
from research.store.connect import open_store
open_store(Path(sys.argv[1])).close()
print(*(name for name in ("numpy", "sqlite_utils", "pydantic") if name in sys.modules))
"""


def test_a_store_that_is_up_to_date_opens_without_the_library_that_makes_tables(tmp_path: Path) -> None:
    open_store(tmp_path).close()
    told = subprocess.run([sys.executable, "-c", LEAN, str(tmp_path)], capture_output=True, text=True, check=True)
    assert told.stdout.split() == []
