"""Every decision as the history lists it, the latest first, with the one that stood before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from research.model.judgement import Judgement
from research.store.connect import Store
from research.store.judgements import read_judgement

# ?1 to ?4: account, analyst, verdict, id; NULL is any
_WHERE: Final = """
WHERE (?1 IS NULL OR account_id = ?1) AND (?2 IS NULL OR json_extract(body, '$.analyst') = ?2)
AND (?3 IS NULL OR json_extract(body, '$.verdict') = ?3) AND (?4 IS NULL OR id = ?4)
"""
_BEFORE: Final = """
SELECT j.body, j.seal FROM judgement_keys k JOIN judgements j ON j.seq = k.seq
WHERE k.account_id = ? AND k.key = ? AND k.decides AND k.seq < ? ORDER BY k.seq DESC LIMIT 1
"""
_LATER: Final = """
SELECT body, seal FROM judgements WHERE account_id = ? AND json_extract(body, '$.supersedes') = ? LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which decisions: of one account, one analyst, one verdict, or the one with an id; None is any."""

    account: str | None = None
    analyst: str | None = None
    verdict: str | None = None
    id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A judgement, the one that stood on its first target before, and the one that took its place since."""

    judgement: Judgement
    before: Judgement | None
    later: Judgement | None


def decisions(store: Store, asked: Asked, limit: int, skip: int = 0) -> tuple[Decision, ...]:
    """The decisions that fit, the latest first."""
    sql = f"SELECT seq, body, seal FROM judgements {_WHERE} ORDER BY seq DESC LIMIT ?5 OFFSET ?6"  # noqa: S608 (our own words)  # nosec B608
    rows = store.rows(sql, (asked.account, asked.analyst, asked.verdict, asked.id, limit, skip))
    return tuple(_decision(store, int(seq), read_judgement((body, seal))) for seq, body, seal in rows)


def count_decisions(store: Store, asked: Asked) -> int:
    """How many decisions fit."""
    values = (asked.account, asked.analyst, asked.verdict, asked.id)
    sql = f"SELECT count(*) FROM judgements {_WHERE}"  # noqa: S608 (our own words)  # nosec B608
    return int((store.row(sql, values) or (0,))[0])


def analysts(store: Store) -> tuple[str, ...]:
    """Everybody who ever decided, by name."""
    rows = store.rows("SELECT DISTINCT json_extract(body, '$.analyst') AS name FROM judgements ORDER BY name")
    return tuple(name for (name,) in rows)


def _decision(store: Store, seq: int, judgement: Judgement) -> Decision:
    key = judgement.target_ids[0] if judgement.target_kind == "finding" else "|".join(judgement.target_ids)
    before = store.row(_BEFORE, (judgement.account_id, key, seq))
    later = store.row(_LATER, (judgement.account_id, judgement.id))
    return Decision(
        judgement=judgement,
        before=read_judgement(before) if before else None,
        later=read_judgement(later) if later else None,
    )
