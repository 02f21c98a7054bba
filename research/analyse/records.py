"""What registers and boards state, line by line: their reader knows the meaning of each field, nothing is guessed."""

from __future__ import annotations

from typing import Final

from research.analyse.read import Reading
from research.model.finding import FindingKind, Observation, Value
from research.text.codec import loads

NAME: Final = "records"
VERSION: Final = "1"
Row = tuple[int, int, int, FindingKind, float, tuple[tuple[str, Value], ...]]


def observe(reading: Reading) -> tuple[Observation, ...]:
    """The observations that the record's reader laid beside its lines; none for any other document."""
    stored = reading.document.meta("said")
    if stored is None:
        return ()
    return tuple(_observation(row, reading) for row in loads(tuple[Row, ...], stored))


def _observation(row: Row, reading: Reading) -> Observation:
    ordinal, start, end, kind, score, attributes = row
    if kind == "relation" and dict(attributes).get("of") == "":  # the record is the account's, and so is the relation
        attributes = tuple((name, reading.account.name if name == "of" else value) for name, value in attributes)
    offset = reading.document.passages[ordinal].start
    return Observation(
        kind=kind,
        attributes=attributes,
        document_id=reading.document.id,
        start=offset + start,
        end=offset + end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )
