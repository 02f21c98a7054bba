"""What people decided: only ever added to."""

from __future__ import annotations

from research.errors import DossierError
from research.model.judgement import Judgement
from research.store.connect import Store
from research.store.words import index_words
from research.text.codec import dumps, loads


def add_judgement(store: Store, judgement: Judgement) -> None:
    """Add a decision; the same one again changes nothing, another one under its id is refused."""
    with store.transaction():
        known = store.row("SELECT body FROM judgements WHERE id = ?", (judgement.id,))
        if known is None:
            row = (judgement.id, judgement.account_id, dumps(judgement))
            store.write("INSERT INTO judgements (id, account_id, body) VALUES (?, ?, ?)", [row])
            index_words(store, "note", (judgement.id,))
        elif loads(Judgement, known[0]) != judgement:
            raise DossierError(
                f"judgement {judgement.id} exists already: a change is a new judgement that supersedes it"
            )


def judgements_of(store: Store, account_id: str) -> tuple[Judgement, ...]:
    """An account's judgements, in the order in which they were added."""
    rows = store.rows("SELECT body FROM judgements WHERE account_id = ? ORDER BY seq", (account_id,))
    return tuple(loads(Judgement, body) for (body,) in rows)


def all_judgements(store: Store) -> tuple[Judgement, ...]:
    """Every judgement, in the order in which they were added."""
    return tuple(loads(Judgement, body) for (body,) in store.rows("SELECT body FROM judgements ORDER BY seq"))
