"""The findings of each account with their evidence, and what became of them from run to run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from research.errors import DossierError
from research.model.finding import Attributes, Evidence, Finding
from research.store.captures import moment
from research.store.connect import Row, Store
from research.store.seals import require_seal, require_seals, seal_of
from research.store.words import index_words
from research.text.codec import dumps, loads

Change = Literal["new", "changed", "lapsed", "returned"]

_SAVE: Final = """
INSERT INTO findings (id, account_id, kind, attributes, confidence, first_seen, last_seen, seal, lapsed_at)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, NULL)
ON CONFLICT (id) DO UPDATE SET attributes = excluded.attributes, confidence = excluded.confidence,
  first_seen = excluded.first_seen, last_seen = excluded.last_seen, seal = excluded.seal, lapsed_at = NULL
"""
_SAVE_EVIDENCE: Final = """
INSERT INTO evidence (finding_id, account_id, place, document_id, start, stop, quote_sha256, score)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""
_NOTE: Final = """
INSERT INTO finding_events (account_id, finding_id, at, moment, change, before, seal) VALUES (?, ?, ?, ?, ?, ?, ?)
"""
_LOAD: Final = """
SELECT id, account_id, kind, attributes, confidence, lapsed_at, first_seen, last_seen, seal FROM findings
"""
_EVIDENCE: Final = "SELECT finding_id, document_id, start, stop, quote_sha256, score FROM evidence"
_EVENTS: Final = """
SELECT account_id, finding_id, at, moment, change, before, seal FROM finding_events WHERE account_id = ? ORDER BY seq
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingEvent:
    """One change of one finding: as it was just before (None: it was not there) and after (None: it lapsed).

    `at` is the day of what it was seen in, `noted` when it was stored: captured traffic may be read years later.
    """

    finding_id: str
    at: str
    noted: str
    change: Change
    before: Finding | None
    after: Finding | None


def replace_findings(
    store: Store, account_id: str, findings: Iterable[Finding], now: str, *, seen: str | None = None
) -> tuple[FindingEvent, ...]:
    """Make `findings` the account's present ones, in one transaction, and give what that changed.

    `first_seen` of a known finding stays, and what is no longer among them lapses with its evidence kept. The status
    that is stored is `new` or `lapsed`: verdicts are judgements. An unchanged finding is no event, nor is one that
    only gained evidence; a finding has changed when its attributes differ or its best quote no longer shows it. `seen`
    is when the account was last looked at, where that was earlier than `now`.
    """
    present = {finding.id: finding for finding in findings}
    for finding in present.values():
        _check(account_id, finding)
    with store.transaction():
        known = {finding.id: finding for finding in load_findings(store, account_id, include_lapsed=True)}
        _refuse_foreign(store, account_id, [key for key in present if key not in known])
        kept = [_carry(finding, known.get(finding.id), now) for finding in present.values()]
        gone = [finding for key, finding in known.items() if key not in present and finding.status != "lapsed"]
        _write(store, [finding for finding in kept if finding != known.get(finding.id)])
        store.write("UPDATE findings SET lapsed_at = ? WHERE id = ?", [(now, finding.id) for finding in gone])
        when = (seen or now, moment(now))
        events = [*_events(kept, known, when), *(_event("lapsed", finding, None, when) for finding in gone)]
        store.write(_NOTE, [_event_row(account_id, event) for event in events])
    return tuple(events)


def load_findings(store: Store, account_id: str, *, include_lapsed: bool = False) -> tuple[Finding, ...]:
    """An account's findings in the order in which they were first saved, without the lapsed ones unless asked for."""
    alive = "" if include_lapsed else " AND lapsed_at IS NULL"
    rows = store.rows(f"{_LOAD} WHERE account_id = ?{alive} ORDER BY seq", (account_id,))
    evidence = _evidence(store.rows(f"{_EVIDENCE} WHERE account_id = ? ORDER BY finding_id, place", (account_id,)))
    return tuple(_read(row, evidence.get(row[0], ())) for row in rows)


def findings_stamp(store: Store, account_id: str) -> tuple[object, ...]:
    """What changes whenever the account's findings do: their number and sums over them, and their last event."""
    sql = """
    SELECT count(*), count(lapsed_at), total(confidence), max(last_seen),
      (SELECT max(seq) FROM finding_events WHERE account_id = ?1),
      (SELECT group_concat(fingerprint) FROM runs WHERE stage = 'resolve' AND input_id = ?1)
    FROM findings WHERE account_id = ?1
    """
    return store.row(sql, (account_id,)) or ()


def load_finding(store: Store, finding_id: str) -> Finding | None:
    """The finding with this id, lapsed or not, or None."""
    row = store.row(f"{_LOAD} WHERE id = ?", (finding_id,))
    if row is None:
        return None
    evidence = _evidence(store.rows(f"{_EVIDENCE} WHERE finding_id = ? ORDER BY place", (finding_id,)))
    return _read(row, evidence.get(finding_id, ()))


def finding_history(store: Store, account_id: str, since: str = "") -> tuple[FindingEvent, ...]:
    """What happened to an account's findings at or after `since` (an ISO date or date-time; all where it is empty),
    oldest first. `after` is the finding as it stood before its next event, or as it stands now."""
    ahead: dict[str, Finding | None] = {f.id: f for f in load_findings(store, account_id, include_lapsed=True)}
    start = moment(since)
    if since and not start:
        raise DossierError(f"{since!r} is no date: write it like 2025-01-31")
    events: list[FindingEvent] = []
    rows = store.rows(_EVENTS, (account_id,))
    require_seals(rows, "history of a finding")
    for _, finding_id, at, when, change, stored, _ in reversed(rows):
        before = loads(Finding, stored) if stored else None
        after = None if change == "lapsed" else ahead.get(finding_id)
        if when >= start:
            events.append(
                FindingEvent(finding_id=finding_id, at=at, noted=when, change=change, before=before, after=after)
            )
        ahead[finding_id] = before
    return tuple(reversed(events))


def _check(account_id: str, finding: Finding) -> None:
    if finding.account_id != account_id:
        raise DossierError(f"finding {finding.id} belongs to account {finding.account_id}, not to {account_id}")
    if not finding.evidence:
        raise DossierError(f"finding {finding.id} has no evidence: it cannot be stored")
    if any(evidence.finding_id != finding.id for evidence in finding.evidence):
        raise DossierError(f"finding {finding.id} carries evidence of another finding")


def _refuse_foreign(store: Store, account_id: str, new_ids: Sequence[str]) -> None:
    for finding_id in new_ids:
        owner = store.row("SELECT account_id FROM findings WHERE id = ?", (finding_id,))
        if owner is not None:
            raise DossierError(f"finding {finding_id} of account {owner[0]} cannot become one of {account_id}")


def _carry(finding: Finding, known: Finding | None, now: str) -> Finding:
    first_seen = known.first_seen if known else finding.first_seen or now
    return replace(finding, status="new", first_seen=first_seen, last_seen=finding.last_seen or now)


def _write(store: Store, findings: Sequence[Finding]) -> None:
    store.write(_SAVE, [_row(finding) for finding in findings])
    store.write("DELETE FROM evidence WHERE finding_id = ?", [(finding.id,) for finding in findings])
    store.write(
        _SAVE_EVIDENCE,
        [
            (f.id, f.account_id, place, e.document_id, e.start, e.end, e.quote_sha256, e.score)
            for f in findings
            for place, e in enumerate(f.evidence)
        ],
    )
    index_words(store, "finding", [finding.id for finding in findings])


def _row(finding: Finding) -> Row:
    values = dumps(finding.attributes)
    seen = (finding.first_seen, finding.last_seen)
    row = (finding.id, finding.account_id, finding.kind, values, finding.confidence, *seen)
    return (*row, seal_of(*_sealed(row, finding.evidence)))


def _sealed(row: Row, evidence: Sequence[Evidence]) -> Row:
    """What a finding's seal covers: all but its status, which changes alone; numbers as SQLite gives them back."""
    identity, account_id, kind, values, confidence, *seen = row
    places = ((e.document_id, e.start, e.end, e.quote_sha256, float(e.score)) for e in evidence)
    return (identity, account_id, kind, values, float(confidence), *seen, *places)


def _events(kept: Sequence[Finding], known: dict[str, Finding], when: tuple[str, str]) -> Iterable[FindingEvent]:
    for finding in kept:
        former = known.get(finding.id)
        if former is None:
            yield _event("new", None, finding, when)
        elif former.status == "lapsed":
            yield _event("returned", None, finding, when)
        elif _differs(former, finding):
            yield _event("changed", former, finding, when)


def _differs(former: Finding, finding: Finding) -> bool:
    quotes = {evidence.quote_sha256 for evidence in finding.evidence}
    return former.attributes != finding.attributes or former.evidence[0].quote_sha256 not in quotes


def _event(change: Change, before: Finding | None, after: Finding | None, when: tuple[str, str]) -> FindingEvent:
    subject = after or before
    if subject is None:
        raise ValueError("an event without a finding")
    at, noted = when
    return FindingEvent(finding_id=subject.id, at=at, noted=noted, change=change, before=before, after=after)


def _event_row(account_id: str, event: FindingEvent) -> Row:
    before = dumps(event.before) if event.before else None
    row = (account_id, event.finding_id, event.at, event.noted, event.change, before)
    return (*row, seal_of(*row))


def _evidence(rows: Sequence[Row]) -> dict[str, tuple[Evidence, ...]]:
    found: dict[str, list[Evidence]] = {}
    for finding_id, document_id, start, stop, quote_sha256, score in rows:
        piece = Evidence(
            finding_id=finding_id,
            document_id=document_id,
            start=start,
            end=stop,
            quote_sha256=quote_sha256,
            score=score,
        )
        found.setdefault(finding_id, []).append(piece)
    return {finding_id: tuple(pieces) for finding_id, pieces in found.items()}


def _read(row: Row, evidence: tuple[Evidence, ...]) -> Finding:
    finding_id, account_id, kind, values, confidence, lapsed_at, first_seen, last_seen, seal = row
    fields: dict[str, Any] = {
        "id": finding_id,
        "account_id": account_id,
        "kind": kind,
        "attributes": loads(Attributes, values),
        "confidence": confidence,
        "status": "new" if lapsed_at is None else "lapsed",
        "first_seen": first_seen,
        "last_seen": last_seen,
        "evidence": evidence,
    }
    finding = Finding(**fields)
    sealed = (finding_id, account_id, kind, values, confidence, first_seen, last_seen)
    require_seal(seal, f"finding {finding_id}", *_sealed(sealed, evidence))
    return finding
