"""What people decided: only ever added to."""

from __future__ import annotations

from research.errors import DossierError
from research.model.judgement import Judgement
from research.store.connect import Row, Store
from research.store.seals import require_seal, seal_of
from research.text.codec import dumps, loads


def add_judgement(store: Store, judgement: Judgement) -> None:
    """Add a decision; the same one again changes nothing, another one under its id is refused."""
    with store.durable_transaction():
        known = store.row("SELECT body, seal FROM judgements WHERE id = ?", (judgement.id,))
        if known is None:
            body = dumps(judgement)
            row = (judgement.id, judgement.account_id, body, seal_of(body))
            store.write("INSERT INTO judgements (id, account_id, body, seal) VALUES (?, ?, ?, ?)", [row])
        elif _read(known) != judgement:
            raise DossierError(
                f"judgement {judgement.id} exists already: a change is a new judgement that supersedes it"
            )


def judgements_of(store: Store, account_id: str) -> tuple[Judgement, ...]:
    """An account's judgements, in the order in which they were added."""
    rows = store.rows("SELECT body, seal FROM judgements WHERE account_id = ? ORDER BY seq", (account_id,))
    return tuple(map(_read, rows))


def all_judgements(store: Store) -> tuple[Judgement, ...]:
    """Every judgement, in the order in which they were added."""
    return tuple(map(_read, store.rows("SELECT body, seal FROM judgements ORDER BY seq")))


def _read(row: Row) -> Judgement:
    body, seal = row
    require_seal(seal, "judgement", body)
    return loads(Judgement, body)
