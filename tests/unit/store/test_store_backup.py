"""Copies that are verified before they are trusted, and a store that is never replaced unasked."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from store_samples import DAY_1, add_account, finding, read_page

from research.errors import DossierError, UsageError
from research.store.accounts import list_accounts
from research.store.backup import REPLACED, back_up, restore
from research.store.connect import FILE_NAME, Store, open_store
from research.store.findings import load_findings, replace_findings


@pytest.fixture
def home(store: Store) -> Path:
    """A store with an account and a finding, that stays open."""
    add_account(store)
    made = read_page(store, "https://acme.example/", ["Acme", "Founded in 1998 in Leeds."])
    replace_findings(store, "acme", [finding(made, "Founded in 1998")], DAY_1)
    return store.path.parent


def test_a_copy_of_a_store_in_use_brings_everything_back_elsewhere(home: Path, store: Store, tmp_path: Path) -> None:
    counts = back_up(home, tmp_path / "copy")
    assert (counts["accounts"], counts["captures"], counts["findings"]) == (1, 1, 1)
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0
    (tmp_path / "other").mkdir()
    assert restore(tmp_path / "copy", tmp_path / "other") == counts
    with open_store(tmp_path / "other") as other:
        assert list_accounts(other) == list_accounts(store)
        assert load_findings(other, "acme") == load_findings(store, "acme")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["copy", "home", "other"]  # nothing half is left


def test_nothing_is_replaced_unasked(home: Path, store: Store, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("something else")
    with pytest.raises(UsageError, match="is there already"):
        back_up(home, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "something else"
    back_up(home, tmp_path / "copy", overwrite=True)
    add_account(store, "later")
    with pytest.raises(UsageError, match="is there already"):
        restore(tmp_path / "copy", home)
    assert len(list_accounts(store)) == 2


def test_a_store_that_is_replaced_lies_beside_the_new_one(home: Path, store: Store, tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy")
    add_account(store, "later")
    store.close()
    restore(tmp_path / "copy", home, overwrite=True)
    with open_store(home) as now:
        assert [account.id for account in list_accounts(now)] == ["acme"]
    (tmp_path / "old").mkdir()
    (home / REPLACED).rename(tmp_path / "old" / FILE_NAME)
    with open_store(tmp_path / "old") as before:
        assert len(list_accounts(before)) == 2


def test_a_journal_that_was_left_behind_is_not_applied_to_the_copy(home: Path, store: Store, tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy")
    store.close()
    (home / f"{FILE_NAME}-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\xff" * 5000)
    restore(tmp_path / "copy", home, overwrite=True)
    assert not (home / f"{FILE_NAME}-journal").exists()
    with open_store(home) as now:
        assert len(list_accounts(now)) == 1


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE evidence SET start = start + 1", "damaged|not the quote"),
        ("UPDATE bodies SET data = x'00'", "captured bodies"),
    ],
)
def test_what_doctor_finds_fault_with_is_neither_copied_nor_put_in_place(
    home: Path, store: Store, tmp_path: Path, sql: str, said: str
) -> None:
    back_up(home, tmp_path / "good")
    store.write(sql, [()])
    with pytest.raises(DossierError, match=said):
        back_up(home, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()
    broken = bytearray((tmp_path / "good").read_bytes())
    broken[4096 * 3 : 4096 * 5] = b"\xa5" * 8192
    (tmp_path / "bad").write_bytes(broken)
    before = store.path.read_bytes()
    with pytest.raises(DossierError):
        restore(tmp_path / "bad", home, overwrite=True)
    assert store.path.read_bytes() == before


def test_a_copy_of_a_newer_version_or_of_something_else_is_refused(home: Path, store: Store, tmp_path: Path) -> None:
    back_up(home, tmp_path / "copy")
    connection = sqlite3.connect(tmp_path / "copy")
    connection.execute("INSERT INTO _sqlite_migrations VALUES (99, 'dossier', 'm999_of_the_future', '2030')")
    connection.commit()
    connection.close()
    (tmp_path / "text").write_text("no database at all" * 100)
    (tmp_path / "other").mkdir()
    for file, said in (("copy", "newer version"), ("text", "is no database"), ("missing", "no such file")):
        with pytest.raises(DossierError, match=said):
            restore(tmp_path / file, tmp_path / "other")
    with pytest.raises(DossierError, match="there is no store to copy"):
        back_up(tmp_path / "nowhere", tmp_path / "new")
