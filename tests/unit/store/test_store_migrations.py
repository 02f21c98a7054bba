"""Old stores: two processes that open one at once, and one that is killed between any two statements of a migration."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from research.errors import DossierError
from research.store import connect
from research.store.check import check_store
from research.store.connect import FILE_NAME, open_store
from research.store.schema import MIGRATIONS

FORK = multiprocessing.get_context("fork") if "fork" in multiprocessing.get_all_start_methods() else None
pytestmark = [
    pytest.mark.skipif(FORK is None, reason="this system cannot fork, which these tests watch SQLite by"),
    pytest.mark.filterwarnings("ignore:.*use of fork:DeprecationWarning"),
]
OLDEST = "m002_source_health"
BODY = '{"id": "acme", "name": "Acme Works Ltd", "domains": ["acme.example"], "aliases": []}'
Watch = Callable[[str], None]


def old_store(home: Path) -> Path:
    """A store of the first version, with an account that had a meeting and a judgement on a finding."""
    home.mkdir()
    path = home / FILE_NAME
    database = Database(path)
    MIGRATIONS.apply(database, stop_before=OLDEST)
    database.execute("INSERT INTO accounts VALUES ('acme', ?, '2026-03-02T10:00:00+00:00')", [BODY])
    judgement = '{"verdict": "accept", "target_ids": ["f1", "f2"], "note": "seen in March"}'
    database.execute("INSERT INTO judgements (id, account_id, body) VALUES ('j1', 'acme', ?)", [judgement])
    database.close()
    return path


def content(path: Path) -> str:
    """Everything that a file holds but the moments of its migrations, schema included."""
    with closing(sqlite3.connect(path)) as connection:
        steps = connection.execute("SELECT name FROM _sqlite_migrations ORDER BY id").fetchall()
        dumped = [line for line in connection.iterdump() if 'INTO "_sqlite_migrations"' not in line]
        whole = connection.execute("PRAGMA integrity_check").fetchall()
    return "\n".join([*dumped, str(steps), str(whole)])


def begin(
    home: Path, watch: Watch, report: Callable[[str], None] = lambda _: None
) -> multiprocessing.process.BaseProcess:
    """A process that opens the store of `home` and shows `watch` each statement before it runs."""

    def run() -> None:
        connects = sqlite3.connect

        def watched(*args: object, **named: object) -> sqlite3.Connection:
            made: sqlite3.Connection = connects(*args, **named)
            made.set_trace_callback(watch)
            return made

        connect.sqlite3.connect = watched
        try:
            open_store(home).close()
        except (DossierError, sqlite3.Error) as error:
            report(repr(error))
            os._exit(1)
        os._exit(0)

    assert FORK is not None
    process = FORK.Process(target=run)
    process.start()
    return process


def writes(statement: str) -> bool:
    """Whether a statement changes what a store holds; reads and savepoints do not."""
    return statement.lstrip().split(None, 1)[0].upper() in {"CREATE", "INSERT", "ALTER", "DROP", "UPDATE", "COMMIT"}


def counted(home: Path) -> int:
    """How many writing statements the migration of a store has, the commit included."""
    seen = FORK.Value("i", 0)

    def watch(statement: str) -> None:
        seen.value += writes(statement)

    process = begin(home, watch)
    process.join(60)
    assert process.exitcode == 0
    return int(seen.value)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, int]:
    """What an undisturbed migration makes of the old store, and how many statements that takes."""
    path = old_store(tmp_path_factory.mktemp("whole") / "home")
    statements = counted(path.parent)
    return content(path), statements


def killed_at(home: Path, number: int) -> None:
    """Open the store in a process that is killed as its writing statement of that number is about to run."""
    left = [number]

    def watch(statement: str) -> None:
        left[0] -= writes(statement)
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    process = begin(home, watch)
    process.join(60)
    assert process.exitcode == -signal.SIGKILL


def test_a_migration_killed_before_any_of_its_statements_changed_nothing_and_runs_again(tmp_path, migrated) -> None:
    whole, statements = migrated
    assert statements > 30
    for number in range(1, statements + 1):
        path = old_store(tmp_path / str(number))
        before = content(path)
        killed_at(path.parent, number)
        assert content(path) == before, f"statement {number} of {statements}"
        with open_store(path.parent) as store:
            assert check_store(store) == ()
        assert content(path) == whole, f"statement {number} of {statements}"


def test_of_two_that_open_an_old_store_at_once_one_migrates_and_the_other_waits(tmp_path, migrated) -> None:
    whole, statements = migrated
    path = old_store(tmp_path / "home")
    held, go, told = FORK.Event(), FORK.Event(), FORK.SimpleQueue()
    left = [statements // 2]

    def wait_halfway(statement: str) -> None:
        left[0] -= writes(statement)
        if left[0] == 0:
            held.set()
            go.wait(60)

    asked = FORK.Event()

    def second(statement: str) -> None:
        if "BEGIN IMMEDIATE" in statement:
            asked.set()
            go.set()  # it found steps pending while the first was at work, and now stands at the lock

    first = begin(path.parent, wait_halfway, told.put)
    assert held.wait(60)
    other = begin(path.parent, second, told.put)
    for process in (first, other):
        process.join(60)
    said = [] if told.empty() else [told.get()]
    assert (first.exitcode, other.exitcode, said) == (0, 0, [])
    assert asked.is_set()
    assert content(path) == whole


def test_a_newer_version_that_migrates_first_is_seen_by_the_one_that_waited(tmp_path) -> None:
    path = old_store(tmp_path / "home")
    told = FORK.SimpleQueue()

    def overtaken(statement: str) -> None:
        if "BEGIN IMMEDIATE" in statement:
            newer = ("dossier", "m099_of_the_future", "2030-01-01")
            with closing(sqlite3.connect(path)) as connection, connection:
                insert = "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)"
                connection.execute(insert, newer)

    process = begin(path.parent, overtaken, told.put)
    process.join(60)
    assert process.exitcode == 1
    assert "newer version (m099_of_the_future)" in told.get()
    with closing(sqlite3.connect(path)) as connection:
        names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    assert "source_health" not in names
