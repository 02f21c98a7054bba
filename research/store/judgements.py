"""What people decided: only ever added to, and never over a decision that they had not seen."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from research.errors import DossierError, UsageError
from research.model.judgement import Judgement
from research.review.judgements import effective
from research.store.connect import Row, Store
from research.store.seals import require_seal, seal_of
from research.store.words import index_words
from research.text.codec import dumps, loads

UNDECIDING: Final = frozenset({"pin", "note", "rule"})
_IN_NOBODYS_WAY: Final = UNDECIDING | {"add"}
_ADD: Final = "INSERT INTO judgements (id, account_id, body, seal) VALUES (?, ?, ?, ?)"
_ADD_KEY: Final = "INSERT OR IGNORE INTO judgement_keys (account_id, key, seq, decides) VALUES (?, ?, ?, ?)"
_LATEST: Final = """
SELECT j.seq, j.body, j.seal FROM judgement_keys k JOIN judgements j ON j.seq = k.seq
WHERE k.account_id = ? AND k.decides AND k.key IN (SELECT value FROM json_each(?)) ORDER BY k.seq DESC LIMIT 1
"""
_LAST_AT: Final = "SELECT json_extract(body, '$.at') FROM judgements WHERE account_id = ? ORDER BY seq DESC LIMIT 1"
_ON_KEYS: Final = """
SELECT DISTINCT j.seq, j.body, j.seal FROM judgement_keys k JOIN judgements j ON j.seq = k.seq
WHERE k.account_id = ? AND k.key IN (SELECT value FROM json_each(?)) ORDER BY j.seq
"""


class StaleError(DossierError):
    """Somebody decided on the same thing meanwhile: `latest` is their decision, `seen` the token of having seen it."""

    def __init__(self, latest: Judgement, seen: int) -> None:
        super().__init__(f"{latest.analyst} decided on this meanwhile ({latest.verdict}): look at it, then decide")
        self.latest, self.seen = latest, seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A judgement as it stands in the store; `again`: it stood there already, for this was a repeated request."""

    judgement: Judgement
    again: bool


def decide(store: Store, judgement: Judgement, seen: int | None) -> Saved:
    """Add a decision on the disk, unless its targets were decided on after the analyst looked: then StaleError.

    `seen` is the token that `seen_of` gave for the targets when they were shown; None for pins, notes and rules, which
    are in nobody's way. A second decision under one id is the first one repeated and changes nothing; DossierError
    where it says something else. Times within an account only grow: one that does not is set just behind the last.
    """
    with store.durable_transaction():
        known = store.row("SELECT body, seal FROM judgements WHERE id = ?", (judgement.id,))
        if known is not None:
            return Saved(judgement=_same(read_judgement(known), judgement), again=True)
        if seen is not None:
            _refuse_unseen(store, judgement, seen)
        if judgement.supersedes is not None:
            _refuse_taken_back(store, judgement)
        last = (store.row(_LAST_AT, (judgement.account_id,)) or ("",))[0]
        placed = replace(judgement, at=_behind(last)) if judgement.at <= last else judgement
        _insert(store, placed)
    return Saved(judgement=placed, again=False)


def decide_all(store: Store, judgements: Sequence[Judgement], seen: int | None) -> tuple[Saved, ...]:
    """As `decide`, for a decision and what comes with it: all or none."""
    with store.durable_transaction():
        first = decide(store, judgements[0], None if judgements[0].verdict in _IN_NOBODYS_WAY else seen)
        return (first, *(decide(store, one, None) for one in judgements[1:]))


def add_judgement(store: Store, judgement: Judgement) -> bool:
    """Add a decision as it is (an imported one); the same one again changes nothing and gives False, another one under
    its id is refused."""
    with store.durable_transaction():
        known = store.row("SELECT body, seal FROM judgements WHERE id = ?", (judgement.id,))
        if known is None:
            _insert(store, judgement)
        elif read_judgement(known) != judgement:
            raise DossierError(
                f"judgement {judgement.id} exists already: a change is a new judgement that supersedes it"
            )
    return known is None


def seen_of(store: Store, account_id: str, keys: Sequence[str]) -> int:
    """The token of having seen what was decided on some targets so far: 0 where nothing was."""
    row = store.row(_LATEST, (account_id, json.dumps(list(keys))))
    return int(row[0]) if row else 0


def section_key(target_ids: Sequence[str]) -> str:
    """The key of a section's target: its name, or for one sentence all targets."""
    return "|".join(target_ids)


def keys_of(judgement: Judgement) -> tuple[str, ...]:
    """What a decision must have seen: its findings; its section or, of one sentence, this sentence."""
    return judgement.target_ids if judgement.target_kind == "finding" else (section_key(judgement.target_ids),)


def judgements_of(store: Store, account_id: str) -> tuple[Judgement, ...]:
    """An account's judgements, in the order in which they were added."""
    return tuple(judgement for _, judgement in judgements_since(store, account_id))


def judgements_since(store: Store, account_id: str, seq: int = 0) -> tuple[tuple[int, Judgement], ...]:
    """An account's judgements that were added behind the number `seq`, each with its own number, in order."""
    rows = store.rows(
        "SELECT seq, body, seal FROM judgements WHERE account_id = ? AND seq > ? ORDER BY seq", (account_id, seq)
    )
    return tuple((number, read_judgement((body, seal))) for number, body, seal in rows)


def load_judgement(store: Store, judgement_id: str) -> Judgement | None:
    """The judgement with this id, or None."""
    row = store.row("SELECT body, seal FROM judgements WHERE id = ?", (judgement_id,))
    return read_judgement(row) if row else None


def all_judgements(store: Store) -> tuple[Judgement, ...]:
    """Every judgement, in the order in which they were added."""
    return tuple(map(read_judgement, store.rows("SELECT body, seal FROM judgements ORDER BY seq")))


def import_judgements(store: Store, judgements: Iterable[Judgement]) -> tuple[int, int]:
    """Add all of them or none: how many were new, and how many stood here already."""
    added = known = 0
    with store.durable_transaction():
        for judgement in judgements:
            if add_judgement(store, judgement):
                added += 1
            else:
                known += 1
    return added, known


def read_judgement(row: Row) -> Judgement:
    """The judgement of a row (body, seal); DossierError where it is not what was written."""
    body, seal = row
    require_seal(seal, "judgement", body)
    return loads(Judgement, body)


def _insert(store: Store, judgement: Judgement) -> None:
    body = dumps(judgement)
    store.write(_ADD, [(judgement.id, judgement.account_id, body, seal_of(body))])
    index_words(store, "note", (judgement.id,))
    (seq,) = store.row("SELECT seq FROM judgements WHERE id = ?", (judgement.id,)) or (0,)
    keys = {*keys_of(judgement), *(judgement.target_ids[:1] if judgement.target_kind == "section" else ())}
    decides = judgement.verdict not in UNDECIDING
    store.write(_ADD_KEY, [(judgement.account_id, key, seq, decides) for key in sorted(keys)])


def _same(known: Judgement, repeated: Judgement) -> Judgement:
    if replace(known, at="", base=(), inputs=()) != replace(repeated, at="", base=(), inputs=()):
        raise UsageError(f"request {known.id} has been used for another decision: reload the page and decide again")
    return known


def _refuse_unseen(store: Store, judgement: Judgement, seen: int) -> None:
    row = store.row(_LATEST, (judgement.account_id, json.dumps(list(keys_of(judgement)))))
    if row is not None and row[0] > seen:
        raise StaleError(read_judgement(row[1:]), int(row[0]))


def _refuse_taken_back(store: Store, judgement: Judgement) -> None:
    target = load_judgement(store, judgement.supersedes or "")
    if target is None or target.account_id != judgement.account_id:
        raise DossierError(f"judgement {judgement.supersedes} is not one of this account: reload the page")
    keys = (*keys_of(target), *target.target_ids[:1])
    rows = store.rows(_ON_KEYS, (judgement.account_id, json.dumps(keys)))
    about = [read_judgement(row[1:]) for row in rows]
    if target not in effective(about):
        latest = next((j for j in reversed(about) if j.supersedes == target.id), about[-1])
        raise StaleError(latest, seen_of(store, judgement.account_id, keys_of(judgement)))


def _behind(at: str) -> str:
    return (datetime.fromisoformat(at) + timedelta(microseconds=1)).isoformat(timespec="microseconds")
