"""The ledger of units of work, the report of each run, and what each run left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from research.model.capture import Skipped
from research.store.connect import Row, Store
from research.text.codec import dumps, loads

_KNOWN: Final = """
SELECT input_id, fingerprint, error FROM runs WHERE stage = ? AND input_id IN (SELECT value FROM json_each(?))
"""
_RECORD: Final = """
INSERT OR REPLACE INTO runs (stage, input_id, fingerprint, output_sha256, status, error, at)
VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_OUTPUTS: Final = """
SELECT input_id, output_sha256 FROM runs
WHERE stage = ? AND status = 'done' AND input_id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLedger:
    """What was done before, as the stage runner asks for it; `now` is the ISO date-time that new rows carry."""

    store: Store
    now: str

    def known(self, stage: str, input_ids: Sequence[str]) -> Mapping[str, tuple[str, str | None]]:
        """By input id, the fingerprint of its last run and the error that it ended in (None: it was done)."""
        rows = self.store.rows(_KNOWN, (stage, json.dumps(list(input_ids))))
        return {input_id: (fingerprint, error) for input_id, fingerprint, error in rows}

    def record(self, stage: str, input_id: str, fingerprint: str, output_sha256: str | None, error: str | None) -> None:
        """Put a unit's outcome in the place of its former one."""
        status = "done" if error is None else "failed"
        self.store.write(_RECORD, [(stage, input_id, fingerprint, output_sha256, status, error, self.now)])

    def transaction(self) -> AbstractContextManager[None]:
        """All that the block writes to the store, or nothing."""
        return self.store.transaction()


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """One stored run; `ended` and `summary` (a JSON object) are None where it was broken off."""

    id: int
    command: str
    started: str
    ended: str | None
    summary: Mapping[str, Any] | None


def output_hashes(store: Store, stage: str, input_ids: Sequence[str]) -> dict[str, str]:
    """By input id, the hash of what the stage made of it, for those that were done."""
    return dict(store.rows(_OUTPUTS, (stage, json.dumps(list(input_ids)))))


def start_run(store: Store, command: str, now: str) -> int:
    """Open the report of a run and give its number."""
    with store.transaction():
        store.write("INSERT INTO run_reports (command, started) VALUES (?, ?)", [(command, now)])
        (number,) = store.row("SELECT max(id) FROM run_reports") or (0,)
    return int(number)


def finish_run(store: Store, run_id: int, now: str, summary: Mapping[str, Any]) -> None:
    """Close the report of a run with its summary, a JSON object."""
    store.write("UPDATE run_reports SET ended = ?, summary = ? WHERE id = ?", [(now, dumps(summary), run_id)])


def list_runs(store: Store, limit: int = 20) -> tuple[RunRow, ...]:
    """The latest runs, newest first."""
    rows = store.rows("SELECT id, command, started, ended, summary FROM run_reports ORDER BY id DESC LIMIT ?", (limit,))
    return tuple(map(_run, rows))


def runs_of(store: Store, account_id: str, limit: int = 20) -> tuple[RunRow, ...]:
    """The latest runs that read an account's sources, newest first."""
    sql = """SELECT r.id, r.command, r.started, r.ended, r.summary FROM run_reports r
    JOIN skip_lists s ON s.run_id = r.id WHERE s.account_id = ? ORDER BY r.id DESC LIMIT ?"""
    return tuple(map(_run, store.rows(sql, (account_id, limit))))


def _run(row: Row) -> RunRow:
    number, command, started, ended, summary = row
    return RunRow(
        id=number, command=command, started=started, ended=ended, summary=json.loads(summary) if summary else None
    )


def save_skipped(store: Store, run_id: int, account_id: str, skipped: Iterable[Skipped]) -> None:
    """Add to what a run left out of an account; a run that left nothing out says so with an empty list."""
    with store.transaction():
        row = store.row("SELECT body FROM skip_lists WHERE run_id = ? AND account_id = ?", (run_id, account_id))
        before = loads(tuple[Skipped, ...], row[0]) if row else ()
        body = dumps(tuple(dict.fromkeys((*before, *skipped))))
        store.write(
            "INSERT OR REPLACE INTO skip_lists (run_id, account_id, body) VALUES (?, ?, ?)",
            [(run_id, account_id, body)],
        )


def list_skipped(store: Store, account_id: str, run_id: int | None = None) -> tuple[Skipped, ...]:
    """What a run left out of an account, in order; of the latest run that noted it where no run is named."""
    if run_id is None:
        row = store.row("SELECT max(run_id) FROM skip_lists WHERE account_id = ?", (account_id,))
        run_id = row[0] if row else None
    row = store.row("SELECT body FROM skip_lists WHERE run_id = ? AND account_id = ?", (run_id, account_id))
    return loads(tuple[Skipped, ...], row[0]) if row else ()


def last_run(store: Store, account_id: str) -> str | None:
    """When the latest run that read an account's sources began, None where there was none."""
    sql = "SELECT max(r.started) FROM skip_lists s JOIN run_reports r ON r.id = s.run_id WHERE s.account_id = ?"
    row = store.row(sql, (account_id,))
    return row[0] if row else None
