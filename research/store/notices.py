"""Messages about changes: queued before they are sent so that none is lost, marked after so that none comes twice."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from research.store.connect import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One message of one rule to one target about one change; `noted` is when the change was found.

    `target` is the name of an environment variable, never the address that it holds.
    """

    rule: str
    target: str
    change_id: str
    account_id: str
    noted: str
    title: str
    body: str


def queue_notices(store: Store, notices: Sequence[Notice], *, only_look: bool = False) -> tuple[Notice, ...]:
    """Keep the messages that were not queued before, and give them; with `only_look` nothing is kept."""
    known = set(store.rows("SELECT rule, target, change_id FROM notices"))
    fresh = {key: n for n in notices if (key := (n.rule, n.target, n.change_id)) not in known}
    if not only_look:
        rows = [
            (n.rule, n.target, n.change_id, n.account_id, n.noted, json.dumps({"title": n.title, "body": n.body}))
            for n in fresh.values()
        ]
        sql = (
            "INSERT OR IGNORE INTO notices (rule, target, change_id, account_id, noted, body) VALUES (?, ?, ?, ?, ?, ?)"
        )
        store.write(sql, rows)
    return tuple(fresh.values())


def unsent_notices(store: Store, rules: Sequence[str]) -> tuple[Notice, ...]:
    """What is queued for these rules and was not sent, the oldest change first."""
    sql = """SELECT rule, target, change_id, account_id, noted, body FROM notices
      WHERE sent IS NULL AND rule IN (SELECT value FROM json_each(?))
      ORDER BY noted, account_id, change_id, rule, target"""
    return tuple(
        Notice(rule=rule, target=target, change_id=change_id, account_id=account_id, noted=noted, **json.loads(body))
        for rule, target, change_id, account_id, noted, body in store.rows(sql, (json.dumps(list(rules)),))
    )


def mark_sent(store: Store, notice: Notice, now: str) -> None:
    """Note that a message was taken."""
    sql = "UPDATE notices SET sent = ? WHERE rule = ? AND target = ? AND change_id = ?"
    store.write(sql, [(now, notice.rule, notice.target, notice.change_id)])


def until_of(store: Store, rule: str) -> str | None:
    """Up to when a rule has looked for changes, None where it never has."""
    row = store.row("SELECT until FROM notice_runs WHERE rule = ?", (rule,))
    return row[0] if row else None


def note_run(store: Store, rule: str, now: str) -> None:
    """Note that a rule has looked for changes up to now."""
    store.write("INSERT OR REPLACE INTO notice_runs (rule, until) VALUES (?, ?)", [(rule, now)])
