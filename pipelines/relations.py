"""The relation classifier alone: rows in, relations out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from pipelines.label import checked
from pipelines.models import load_relations
from pipelines.train_samples import pair_of
from research.cluster.linear import decide

_BATCH: Final = 256
_FIELDS: Final = ("sentence", "subject", "object")


def relate_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each row `{"id","relation","score"}` in the same order: what `object` is to `subject`.

    UsageError, with the row's number, where a row lacks a field.
    """
    classify = load_relations()
    numbered = enumerate(rows, start=1)
    while batch := list(islice(numbered, _BATCH)):
        told = classify([pair_of(checked(row, number, *_FIELDS)) for number, row in batch])
        for (_, row), (relation, score) in zip(batch, decide(told), strict=True):
            yield {"id": row["id"], "relation": relation, "score": round(score, 4)}
