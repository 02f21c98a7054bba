"""How an account stood on a day: its findings, and the documents that they stood on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from research.model.finding import Finding
from research.store.captures import moment
from research.store.connect import Store
from research.store.findings import FindingEvent, finding_history, load_findings


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What an account's findings were just before a moment; `documents` is None where that was not noted yet."""

    findings: tuple[Finding, ...]
    documents: frozenset[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One moment at which findings changed, with the states before and after it."""

    at: str
    before: State
    after: State


def note_documents(store: Store, account_id: str, document_ids: Iterable[str], now: str) -> None:
    """Note which documents the account's findings stand on from `now` on."""
    wanted = set(document_ids)
    sql = "SELECT document_id, entered FROM document_spans WHERE account_id = ? AND gone IS NULL"
    open_spans: dict[str, str] = dict(store.rows(sql, (account_id,)))
    left = [(now, account_id, key, at) for key, at in open_spans.items() if key not in wanted]
    come = [(account_id, key, now) for key in sorted(wanted - open_spans.keys())]
    update = "UPDATE document_spans SET gone = ? WHERE account_id = ? AND document_id = ? AND entered = ?"
    insert = "INSERT OR REPLACE INTO document_spans (account_id, document_id, entered) VALUES (?, ?, ?)"
    with store.transaction():
        store.write(update, left)
        store.write(insert, come)


def documents_at(store: Store, account_id: str, since: str) -> frozenset[str] | None:
    """The documents that the account's findings stood on just before `since`; None where nothing was noted by then."""
    start = moment(since)
    rows = store.rows("SELECT document_id, entered, gone FROM document_spans WHERE account_id = ?", (account_id,))
    before = [(key, gone) for key, entered, gone in rows if moment(entered) < start]
    if not before:
        return None
    return frozenset(key for key, gone in before if gone is None or moment(gone) >= start)


def documents_now(store: Store, account_id: str) -> frozenset[str] | None:
    """The documents that the account's findings stand on; None where nothing was noted yet."""
    rows = store.rows("SELECT document_id, gone FROM document_spans WHERE account_id = ?", (account_id,))
    return frozenset(key for key, gone in rows if gone is None) if rows else None


def state_at(store: Store, account_id: str, since: str) -> State:
    """The account just before `since`, an ISO date or date-time."""
    findings = {f.id: f for f in load_findings(store, account_id)}
    for event in reversed(events_since(store, account_id, since)):
        _undo(findings, event)
    return State(findings=tuple(findings.values()), documents=documents_at(store, account_id, since))


def state_now(store: Store, account_id: str) -> State:
    """The account as it stands."""
    return State(findings=load_findings(store, account_id), documents=documents_now(store, account_id))


def events_since(store: Store, account_id: str, since: str) -> tuple[FindingEvent, ...]:
    """The events at or after `since` in the order in which they were stored.

    A clock that ran ahead for a while stamps events later than those that follow: what follows says by when they had
    happened at the latest.
    """
    start = moment(since)
    latest = ""
    kept: list[FindingEvent] = []
    for event in reversed(finding_history(store, account_id)):
        at = moment(event.at)
        latest = min(latest, at) if latest else at
        if latest < start:
            break
        kept.append(event)
    return tuple(reversed(kept))


def steps_since(store: Store, account_id: str, since: str) -> tuple[Step, ...]:
    """Every moment since a day at which findings changed, oldest first, each with the states around it."""
    events = events_since(store, account_id, since)
    findings = {f.id: f for f in load_findings(store, account_id)}
    after = State(findings=tuple(findings.values()), documents=documents_now(store, account_id))
    steps: list[Step] = []
    for at in dict.fromkeys(event.at for event in reversed(events)):
        for event in reversed([e for e in events if e.at == at]):
            _undo(findings, event)
        before = State(findings=tuple(findings.values()), documents=documents_at(store, account_id, at))
        steps.append(Step(at=at, before=before, after=after))
        after = before
    return tuple(reversed(steps))


def last_noted(events: Iterable[FindingEvent]) -> dict[str, str]:
    """By finding, when its last event was noted."""
    return {event.finding_id: event.at for event in events}


def _undo(findings: dict[str, Finding], event: FindingEvent) -> None:
    if event.before is not None:
        findings[event.finding_id] = event.before
    else:
        findings.pop(event.finding_id, None)
