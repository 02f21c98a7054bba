"""SQLite's errors as lines that a user can act on."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from research.errors import DossierError, StoreError

_MENDED: Final = "move it away (or put a backup in its place with `dossier restore`) and run the command again"
_WORDS: Final = {
    sqlite3.SQLITE_READONLY_DBMOVED: "was moved or deleted while it was in use: check that its disk is there, then run "
    "the command again",
    sqlite3.SQLITE_IOERR_CORRUPTFS: "the disk failed while reading: check the disk, then run `dossier doctor`",
    sqlite3.SQLITE_FULL: "the disk is full: free some space and run the command again; nothing was half written",
    sqlite3.SQLITE_CANTOPEN: "cannot be opened: check that its folder exists and that you may write there",
    sqlite3.SQLITE_READONLY: "cannot be written: check the permissions of the file and of its folder",
    sqlite3.SQLITE_PERM: "cannot be written: check the permissions of the file and of its folder",
    sqlite3.SQLITE_IOERR: "the disk failed while reading or writing: check the disk, then run the command again",
    sqlite3.SQLITE_CORRUPT: f"is damaged: {_MENDED}; where that happens twice, check the disk",
    sqlite3.SQLITE_NOTADB: f"is no database: {_MENDED}",
    sqlite3.SQLITE_BUSY: "is in use by another process: wait until that one is done and run the command again",
    sqlite3.SQLITE_LOCKED: "is in use by another process: wait until that one is done and run the command again",
    sqlite3.SQLITE_TOOBIG: "refused a value that is larger than SQLite can hold: leave the largest inputs out",
}

_CHANGED: Final = ("no such table", "no such column", "already exists")  # the schema is not the one that was made


@contextmanager
def clear_errors(path: Path) -> Iterator[None]:
    """Turn the failures of disk, file and input into a StoreError about `path`; faults of our own SQL pass."""
    try:
        yield
    except sqlite3.Error as error:
        words = _explain(error)
        if words is None:
            raise
        raise StoreError(f"{path}: {words}") from error
    except UnicodeDecodeError as error:
        raise StoreError(f"{path}: {_WORDS[sqlite3.SQLITE_CORRUPT]}") from error


@contextmanager
def clear_values(path: Path) -> Iterator[None]:
    """As `clear_errors`, around one statement whose values come from outside: SQLite keeps no lone surrogates."""
    with clear_errors(path):
        try:
            yield
        except UnicodeEncodeError as error:
            raise DossierError(f"{path}: refused a text that is no valid Unicode (a lone surrogate)") from error


def _explain(error: sqlite3.Error) -> str | None:
    code = getattr(error, "sqlite_errorcode", None)
    if "Could not decode to UTF-8" in str(error):  # Python's own word, and without a code
        return _WORDS[sqlite3.SQLITE_CORRUPT]
    if code is None:
        return None
    if code == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
        return "a record refers to one that is missing or belongs to another account; nothing was saved"
    if code == sqlite3.SQLITE_CONSTRAINT_TRIGGER:
        return f"{error}; nothing was changed"
    if "no such module: fts5" in str(error):
        return "needs an SQLite with full-text search (FTS5): use a Python whose sqlite3 module has it"
    if any(sign in str(error) for sign in _CHANGED):
        return f"lacks a part of itself: {_MENDED}"
    return _WORDS.get(code) or _WORDS.get(code & 0xFF)  # the low byte of an extended code is its primary code
