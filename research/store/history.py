"""How an account stood on a day: its findings, and the documents that they stood on.

A day may be meant in two ways: by when pages were seen, or by when we noted what they say, which is later where
captured traffic of an earlier day is read. The first is meant, unless nothing was seen on that day or after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from research.model.finding import Finding
from research.store.captures import moment
from research.store.connect import Store
from research.store.findings import FindingEvent, finding_history, load_findings

_SPANS = "SELECT document_id, entered, gone, entered_noted, gone_noted FROM document_spans WHERE account_id = ?"


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


def note_documents(
    store: Store, account_id: str, document_ids: Iterable[str], now: str, *, seen: str | None = None
) -> None:
    """Note which documents the account's findings stand on from `now` on, or from when they were `seen` on."""
    wanted = set(document_ids)
    sql = "SELECT document_id, entered_noted FROM document_spans WHERE account_id = ? AND gone_noted IS NULL"
    open_spans: dict[str, str] = dict(store.rows(sql, (account_id,)))
    left = [(seen or now, now, account_id, key, at) for key, at in open_spans.items() if key not in wanted]
    come = [(account_id, key, seen or now, now) for key in sorted(wanted - open_spans.keys())]
    update = """UPDATE document_spans SET gone = ?, gone_noted = ?
      WHERE account_id = ? AND document_id = ? AND entered_noted = ?"""
    insert = """INSERT OR REPLACE INTO document_spans (account_id, document_id, entered, entered_noted)
      VALUES (?, ?, ?, ?)"""
    with store.transaction():
        store.write(update, left)
        store.write(insert, come)


def documents_at(store: Store, account_id: str, since: str, *, noted: bool = False) -> frozenset[str] | None:
    """The documents that the account's findings stood on just before `since`; None where nothing was noted by then."""
    start = moment(since)
    rows = store.rows(_SPANS, (account_id,))
    spans = [(key, row[2], row[3]) if noted else (key, row[0], row[1]) for key, *row in rows]
    before = [(key, gone) for key, entered, gone in spans if moment(entered) < start]
    if not before:
        return None
    return frozenset(key for key, gone in before if gone is None or moment(gone) >= start)


def documents_now(store: Store, account_id: str) -> frozenset[str] | None:
    """The documents that the account's findings stand on; None where nothing was noted yet."""
    rows = store.rows(_SPANS, (account_id,))
    return frozenset(key for key, _, gone, *_ in rows if gone is None) if rows else None


def state_at(store: Store, account_id: str, since: str) -> State:
    """The account just before `since`, an ISO date or date-time."""
    findings = {f.id: f for f in load_findings(store, account_id)}
    every = finding_history(store, account_id)
    for event in reversed(_from(every, since)):
        _undo(findings, event)
    documents = documents_at(store, account_id, since, noted=_means_noted(every, since))
    return State(findings=tuple(findings.values()), documents=documents)


def state_now(store: Store, account_id: str) -> State:
    """The account as it stands."""
    return State(findings=load_findings(store, account_id), documents=documents_now(store, account_id))


def events_since(store: Store, account_id: str, since: str) -> tuple[FindingEvent, ...]:
    """The events at or after `since` in the order in which they were stored."""
    return _from(finding_history(store, account_id), since)


def _means_noted(events: Sequence[FindingEvent], since: str) -> bool:
    """Whether a day is one of our notes: nothing was seen on it or later."""
    start = moment(since)
    return not any(moment(event.at) >= start for event in events)


def _from(events: Sequence[FindingEvent], since: str) -> tuple[FindingEvent, ...]:
    """A clock that ran ahead for a while stamps events later than those that follow: what follows says by when they had
    happened at the latest."""
    start, noted = moment(since), _means_noted(events, since)
    latest = ""
    kept: list[FindingEvent] = []
    for event in reversed(events):
        at = moment(event.noted if noted else event.at)
        latest = min(latest, at) if latest else at
        if latest < start:
            break
        kept.append(event)
    return tuple(reversed(kept))


def steps_since(store: Store, account_id: str, since: str) -> tuple[Step, ...]:
    """Every run since a day that changed findings, oldest first, each with the states around it."""
    events = events_since(store, account_id, since)
    findings = {f.id: f for f in load_findings(store, account_id)}
    after = State(findings=tuple(findings.values()), documents=documents_now(store, account_id))
    steps: list[Step] = []
    for noted in dict.fromkeys(event.noted for event in reversed(events)):
        run = [e for e in events if e.noted == noted]
        for event in reversed(run):
            _undo(findings, event)
        before = State(findings=tuple(findings.values()), documents=documents_at(store, account_id, noted, noted=True))
        steps.append(Step(at=run[-1].at, before=before, after=after))
        after = before
    return tuple(reversed(steps))


def last_noted(events: Iterable[FindingEvent]) -> dict[str, str]:
    """By finding, the day of its last event."""
    return {event.finding_id: event.at for event in events}


def _undo(findings: dict[str, Finding], event: FindingEvent) -> None:
    if event.before is not None:
        findings[event.finding_id] = event.before
    else:
        findings.pop(event.finding_id, None)
