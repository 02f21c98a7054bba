"""What resolving, clustering and drafting made of an account, with the fingerprint of the inputs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeVar

from research.model.draft import Coverage, Section, SourceState
from research.model.finding import Admission, Conflict, Theme
from research.store.connect import Store
from research.store.seals import require_seals, seal_of
from research.text.codec import dumps, loads

Part = TypeVar("Part", Theme, Section, Conflict, Admission, SourceState, Coverage)

_NAMES: Final[dict[type, str]] = {
    Theme: "themes",
    Section: "sections",
    Conflict: "conflicts",
    Admission: "admissions",
    SourceState: "source_states",
    Coverage: "coverage",
}
_SAVE: Final = "INSERT OR REPLACE INTO drafts (account_id, part, fingerprint, body, seal) VALUES (?, ?, ?, ?, ?)"


def save_draft(store: Store, account_id: str, kind: type[Part], parts: Sequence[Part], fingerprint: str) -> None:
    """Keep what was made of an account (themes, sections, source states …), in the place of the former ones."""
    body = dumps(tuple(parts))
    store.write(_SAVE, [(account_id, _NAMES[kind], fingerprint, body, seal_of(body))])


def draft_stamp(store: Store, account_id: str) -> tuple[object, ...]:
    """What changes whenever something is drafted anew for the account."""
    sql = "SELECT part, fingerprint, length(body) FROM drafts WHERE account_id = ? ORDER BY part"
    return tuple(store.rows(sql, (account_id,)))


def load_draft(
    store: Store, account_id: str, kind: type[Part], fingerprint: str | None = None
) -> tuple[Part, ...] | None:
    """What was kept of this kind; None where there is nothing, or it was made from inputs of another fingerprint."""
    sql = "SELECT fingerprint, body, seal FROM drafts WHERE account_id = ? AND part = ?"
    row = store.row(sql, (account_id, _NAMES[kind]))
    if row is None or fingerprint not in (None, row[0]):
        return None
    require_seals([row[1:]], f"part {_NAMES[kind]!r} of a brief")
    parts: tuple[Part, ...] = loads(tuple[kind, ...], row[1])  # type: ignore[valid-type]
    return parts
