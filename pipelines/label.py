"""The sentence classifier alone: rows in, labels out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from pipelines.models import load_signals
from pipelines.train_samples import sentence_context
from research.analyse.features_phrase import phrase_of
from research.cluster.linear import decide
from research.errors import UsageError

_BATCH: Final = 256
_NONE: Final = "none"


def label_rows(rows: Iterable[Mapping[str, Any]], account: str | None = None) -> Iterator[dict[str, Any]]:
    """For each row `{"id","kind","holder","phrase","score"}` in the same order; a row's account goes before `account`.

    UsageError, with the row's number, where a row has no id or no sentence.
    """
    classify = load_signals()
    numbered = enumerate(rows, start=1)
    while batch := list(islice(numbered, _BATCH)):
        answers = classify([sentence_context(checked(row, n, "sentence"), account) for n, row in batch])
        decided = decide(answer.kinds for answer in answers)
        for (_, row), (kind, score), answer in zip(batch, decided, answers, strict=True):
            found = kind != _NONE
            yield {
                "id": row["id"],
                "kind": kind,
                "holder": decide([answer.holders])[0][0] if found else None,
                "phrase": phrase_of(row["sentence"], kind) if found else None,
                "score": round(score, 4),
            }


def checked(row: Mapping[str, Any], number: int, *fields: str) -> Mapping[str, Any]:
    """The row, if it has an id and every field as a string; else a UsageError that names it."""
    missing = [f for f in fields if not isinstance(row.get(f), str)]
    if "id" not in row or missing:
        raise UsageError(f"row {number} lacks {', '.join(missing) or 'id'}: each row needs them as strings")
    return row
