"""The relation classifier alone: rows in, relations out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from pipelines.label import checked
from pipelines.train import pair_of
from research.analyse.relation_model import relation_features
from research.cluster.linear import decide, load

_BATCH: Final = 256
_FIELDS: Final = ("sentence", "subject", "object")


def relate_rows(rows: Iterable[Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """For each row `{"id","relation","score"}` in the same order: what `object` is to `subject`.

    UsageError, with the row's number, where a row lacks a field.
    """
    model = load("relations")
    numbered = enumerate(rows, start=1)
    while batch := list(islice(numbered, _BATCH)):
        features = [relation_features(pair_of(checked(row, number, *_FIELDS))) for number, row in batch]
        for (_, row), (relation, score) in zip(batch, decide(model.classify(features)), strict=True):
            yield {"id": row["id"], "relation": relation, "score": round(score, 4)}
