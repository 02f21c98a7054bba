"""What registers and boards state, line by line: their reader knows the meaning of each field, nothing is guessed."""

from __future__ import annotations

from typing import Final

from research.analyse.naming import account_pattern
from research.analyse.read import Reading
from research.model.finding import FindingKind, Observation, Value
from research.text.codec import loads
from research.text.names import company_key

NAME: Final = "records"
VERSION: Final = "1"
Row = tuple[int, int, int, FindingKind, float, tuple[tuple[str, Value], ...]]


def observe(reading: Reading) -> tuple[Observation, ...]:
    """The observations that the record's reader laid beside its lines; none for any other document."""
    stored = reading.document.meta("said")
    if stored is None:
        return ()
    made = (_observation(row, reading) for row in loads(tuple[Row, ...], stored))
    return tuple(made) if _known(reading) else tuple(o for o in made if _names(o, reading))


def _known(reading: Reading) -> bool:
    """Whether the record says by an identifier of whom it speaks: the gate has compared that."""
    return any(key.startswith("about:") for key, _ in reading.document.metadata)


def _names(observation: Observation, reading: Reading) -> bool:
    """Whether the line itself names the account, as it must where a list speaks of many: as its `party` where it has
    one, else anywhere in it."""
    party = observation.get("party")
    if party is not None:
        return company_key(str(party)) in {company_key(name) for name in reading.account.names}
    quote = reading.document.text[observation.start : observation.end]
    return account_pattern(reading.account.names).search(quote) is not None


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
