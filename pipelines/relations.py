"""The relation classifier alone: rows in, relations out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from pipelines.judged import as_asked
from pipelines.label import checked
from pipelines.models import load_relations
from pipelines.train_samples import pair_of
from research.analyse.relation_model import RELATIONS
from research.errors import UsageError

_BATCH: Final = 256
_FIELDS: Final = ("sentence", "subject", "object")


def relate_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each row `{"id","relation","score"}` in the same order: what `object` is to `subject`.

    A row with a `candidate` asks of that relation alone: the answer is the candidate or "none", as in gold rows that
    were labelled so. UsageError, with the row's number, where a row lacks a field or its candidate is no relation.
    """
    classify = load_relations()
    numbered = enumerate(rows, start=1)
    while batch := list(islice(numbered, _BATCH)):
        told = classify([pair_of(checked(row, number, *_FIELDS)) for number, row in batch])
        for (number, row), relations in zip(batch, told, strict=True):
            relation, score = as_asked(relations, _candidate(row, number))
            yield {"id": row["id"], "relation": relation, "score": round(score, 4)}


def _candidate(row: Mapping[str, Any], number: int) -> str | None:
    candidate = row.get("candidate")
    if candidate is None or candidate in RELATIONS:
        return candidate
    raise UsageError(
        f"row {number}: candidate {candidate!r} is no relation: leave it out, or give one of {', '.join(RELATIONS)}"
    )
