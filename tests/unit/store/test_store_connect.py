"""Opening: a new store, a damaged one, a newer one, one that cannot be written; and transactions."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from store_samples import add_account, answer

from research.errors import DossierError
from research.store import schema
from research.store.accounts import list_accounts
from research.store.captures import current_captures, keep
from research.store.check import check_store
from research.store.connect import FILE_NAME, Store, open_store, wal_is_safe


@pytest.mark.parametrize(
    ("version", "safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 0), False),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
        ((4, 0, 0), True),
    ],
)
def test_only_repaired_versions_of_sqlite_use_a_write_ahead_log(version: tuple[int, ...], safe: bool) -> None:
    assert wal_is_safe(version) is safe


def test_a_new_store_is_durable_and_holds_to_its_references(tmp_path: Path) -> None:
    journal = "wal" if wal_is_safe(sqlite3.sqlite_version_info) else "delete"
    with open_store(tmp_path) as store:
        assert store.rows("PRAGMA journal_mode") == [(journal,)]
        assert store.rows("PRAGMA synchronous") == [(2,)]
        assert store.rows("PRAGMA foreign_keys") == [(1,)]
        assert check_store(store) == ()


@pytest.mark.parametrize(("version", "journal"), [((3, 40, 1), "delete"), ((3, 51, 3), "wal")])
def test_the_journal_follows_the_version_even_in_an_existing_store(tmp_path, monkeypatch, version, journal) -> None:
    open_store(tmp_path).close()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", version)
    with open_store(tmp_path) as store:
        assert store.db.journal_mode == journal


def test_a_new_home_is_for_its_owner_only(tmp_path: Path) -> None:
    open_store(tmp_path / "deep" / "home").close()
    assert (tmp_path / "deep" / "home").stat().st_mode & 0o077 == 0


def test_what_was_saved_is_there_after_opening_again(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        account = add_account(store)
    with open_store(tmp_path) as store:
        assert list_accounts(store) == (account,)


def test_a_home_that_is_a_file_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("I am a file")
    for home in (tmp_path / "home", tmp_path / "home" / "below"):
        with pytest.raises(DossierError, match=r"cannot be used as the home folder .*choose another one") as caught:
            open_store(home)
        assert "\n" not in str(caught.value)


@pytest.mark.parametrize("place", ["folder", "file"])
def test_what_may_only_be_read_is_one_clear_line(tmp_path: Path, place: str) -> None:
    open_store(tmp_path).close()
    target, mode = (tmp_path, 0o500) if place == "folder" else (tmp_path / FILE_NAME, 0o400)
    target.chmod(mode)
    if os.access(target, os.W_OK):
        pytest.skip("this user may write everywhere (root): run the tests as another one to see this")
    try:
        with pytest.raises(DossierError, match="cannot be written: check its permissions"):
            open_store(tmp_path)
    finally:
        target.chmod(0o700)


def test_an_unwritable_home_is_refused_before_anything_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(DossierError, match="cannot be written: check its permissions"):
        open_store(tmp_path)
    assert not (tmp_path / FILE_NAME).exists()


def test_a_file_that_is_no_database_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(b"<html>not a database</html>" * 400)
    with pytest.raises(DossierError, match=r"dossier\.sqlite: is no database: move it away") as caught:
        open_store(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_store_damaged_in_the_middle_is_an_error_and_never_silently_wrong(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        add_account(store)
        for number in range(40):
            keep(store, "acme-site", answer(f"https://acme.example/{number}", os.urandom(6000).hex()))
    path = tmp_path / FILE_NAME
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = b"\xa5" * (len(data) - 4096 * 2)
    path.write_bytes(data)
    with pytest.raises(DossierError, match="is damaged: move it away"), open_store(tmp_path) as store:
        current_captures(store, "acme")


def test_a_store_of_a_newer_version_is_refused_untouched(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        row = ("dossier", "m099_of_the_future", "2030-01-01")
        store.write("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", [row])
    before = (tmp_path / FILE_NAME).read_bytes()
    with pytest.raises(DossierError, match=r"newer version \(m099_of_the_future\)"):
        open_store(tmp_path)
    assert (tmp_path / FILE_NAME).read_bytes() == before


def test_a_migration_that_fails_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "_FINDINGS", "CREATE TABLE findings (broken")
    with pytest.raises(sqlite3.OperationalError):
        open_store(tmp_path)
    monkeypatch.undo()
    with open_store(tmp_path) as store:
        add_account(store)
        assert check_store(store) == ()


def test_two_that_open_a_new_store_at_once_both_succeed(tmp_path: Path) -> None:
    problems: list[Exception] = []
    barrier = threading.Barrier(4)

    def run() -> None:
        barrier.wait()
        try:
            open_store(tmp_path).close()
        except (DossierError, sqlite3.Error) as error:
            problems.append(error)

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_a_broken_off_transaction_leaves_nothing_half(store: Store, error: type[BaseException]) -> None:
    def break_off() -> None:
        with store.transaction():
            add_account(store)
            raise error

    with pytest.raises(error):
        break_off()
    assert list_accounts(store) == ()
    add_account(store)
    assert len(list_accounts(store)) == 1


def test_an_inner_transaction_that_fails_undoes_only_itself(store: Store) -> None:
    def fail_inside() -> None:
        with store.transaction():
            add_account(store, "undone")
            raise ValueError("inner")

    with store.transaction():
        add_account(store, "kept")
        with pytest.raises(ValueError, match="inner"):
            fail_inside()
    assert [account.id for account in list_accounts(store)] == ["kept"]


def test_a_full_disk_is_one_clear_line_and_nothing_is_half_written(store: Store) -> None:
    add_account(store)
    (pages,) = store.row("PRAGMA page_count") or (0,)
    store.rows(f"PRAGMA max_page_count = {pages + 3}")
    with pytest.raises(DossierError, match="the disk is full"):
        keep(store, "acme-site", answer("https://acme.example/", os.urandom(60_000).hex()))
    assert current_captures(store, "acme") == ()
    assert store.rows("SELECT count(*) FROM bodies") == [(0,)]
    assert check_store(store) == ()


def test_a_store_in_use_is_one_clear_line(store: Store) -> None:
    other = sqlite3.connect(store.path)
    other.execute("BEGIN IMMEDIATE")
    store.rows("PRAGMA busy_timeout = 10")
    try:
        with pytest.raises(DossierError, match="in use by another process"):
            add_account(store)
    finally:
        other.close()


_WRITER = """
import sys
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from store_samples import add_account, answer
from research.store.captures import keep
from research.store.connect import open_store
store = open_store(Path(sys.argv[1]))
add_account(store)
for number in range(100_000):
    keep(store, "acme-site", answer(f"https://acme.example/{number}", f"page {number} " * 500))
    print(number, flush=True)
"""


@pytest.mark.parametrize("acknowledged", [1, 7])
def test_a_killed_writer_loses_nothing_that_it_acknowledged(tmp_path: Path, acknowledged: int) -> None:
    paths = [str(Path(__file__).parent), *sys.path]
    command = [sys.executable, "-c", _WRITER, str(tmp_path), *paths]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        for _ in range(acknowledged):
            last = int(process.stdout.readline())
        process.send_signal(signal.SIGKILL)
    with open_store(tmp_path) as store:
        kept = [capture.url for capture in current_captures(store, "acme")]
        assert kept[: last + 1] == [f"https://acme.example/{number}" for number in range(last + 1)]
        assert check_store(store, bodies=True) == ()
