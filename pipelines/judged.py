"""Gold rows side by side with what was said of them by models that had not seen their companies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, TypeVar

from pipelines.held_out import Probabilities
from pipelines.scoring import Counts
from research.analyse.features_phrase import phrase_of

KINDS: Final = ("pain", "goal", "remedy")
NONE: Final = "none"
Row = Mapping[str, Any]
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True)
class Judged:
    """One gold sentence with what a model that never saw its company says of its kind and its holder."""

    row: Row
    kinds: Probabilities
    holders: Probabilities

    @cached_property
    def kind(self) -> str:
        """The likeliest kind."""
        return likeliest(self.kinds)

    @cached_property
    def holder(self) -> str | None:
        """The likeliest holder, None where the model was not asked."""
        return likeliest(self.holders) if self.holders else None

    @property
    def score(self) -> float:
        """How sure the model is of its kind."""
        return self.kinds[self.kind]

    @property
    def right(self) -> bool:
        """Whether the kind is the gold one."""
        return bool(self.kind == self.row["kind"])

    def answer(self) -> dict[str, Any]:
        """The row that `dossier label` would print."""
        found = self.kind != NONE
        return {
            "id": self.row["id"],
            "kind": self.kind,
            "holder": self.holder if found else None,
            "phrase": phrase_of(self.row["sentence"], self.kind) if found else None,
            "score": self.score,
        }


@dataclass(frozen=True, kw_only=True)
class Related:
    """One gold relation, the group that it was held out with, and what the model says of it."""

    row: Row
    group: str
    relations: Probabilities

    @cached_property
    def relation(self) -> str:
        """The likeliest relation."""
        return likeliest(self.relations)

    @property
    def as_asked(self) -> str:
        """The answer to what the row asks: of one `candidate` whether it is that, else the likeliest relation."""
        return as_asked(self.relations, self.row.get("candidate"))[0]


def as_asked(relations: Probabilities, candidate: str | None) -> tuple[str, float]:
    """(answer, its probability) to "what is it?", or where a `candidate` is given to "is it that?": the candidate where
    it is the likeliest relation, else "none", which then says nothing of other relations."""
    relation = likeliest(relations)
    if not candidate or relation == candidate:
        return relation, relations[relation]
    return NONE, 1.0 - relations.get(candidate, 0.0)


def likeliest(probabilities: Probabilities) -> str:
    """The label of the greatest probability, the first by name of equal ones."""
    return max(sorted(probabilities), key=lambda label: probabilities[label])


def by_group(
    items: Iterable[_T],
    group: Callable[[_T], str],
    labels: Sequence[str],
    pair: Callable[[_T], tuple[str, str]],
) -> tuple[tuple[Counts, ...], ...]:
    """For each group of items, in order of first sight, its counts label by label; `pair` gives (gold, answer)."""
    pairs: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for item in items:
        pairs[group(item)].append(pair(item))
    return tuple(tuple(_counted(found, label) for label in labels) for found in pairs.values())


def _counted(pairs: Sequence[tuple[str, str]], label: str) -> Counts:
    return Counts(
        right=sum(gold == label == answer for gold, answer in pairs),
        wrong=sum(answer == label != gold for gold, answer in pairs),
        missed=sum(gold == label != answer for gold, answer in pairs),
    )
