"""The named entities that spaCy's own recogniser finds, from the same weights, with matrix products instead of steps.

spaCy decodes greedily, token by token (Honnibal's transition parser with BILUO moves; `ner.pyx`, `parser_model.pyx` of
spaCy 3). Its state features are three tokens: the next one, the first and the last of the open entity. Outside an
entity the last two are padding, so that the move depends on the token alone: one product scores all tokens of a batch.
The few entities that are open advance in lock-step, and of them only "goes on" and "ends" of their own label are
allowed. The order of additions is spaCy's, so that the sums are the same numbers. One thing differs: an entity that
spaCy would go on with for more than `_LONGEST` tokens is ended there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.intp]
Entity = tuple[int, int, str]
"""First token, end, label."""
_STATE_TOKENS: Final = 3
_LONGEST: Final = (
    64  # tokens; what goes on for longer is no name, and thousands of such would each be followed to the end
)
_NO_MOVE: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class FastNer:
    """The recogniser's weights: `lower` (inputs, 3 x hidden x pieces) with its `padding` (3, hidden x pieces) and
    `bias`, `upper` (hidden, moves) with `upper_bias`; the moves by kind, each as an array over labels (-1: none)."""

    tokens: Any
    lower: Floats
    padding: Floats
    bias: Floats
    pieces: int
    upper: Floats
    upper_bias: Floats
    labels: tuple[str, ...]
    begin: Ints
    inside: Ints
    last: Ints
    unit: Ints
    out: int

    @staticmethod
    def of(nlp: Any) -> FastNer | None:
        """The recogniser of a pipeline, None where its model is of another shape: then spaCy's own is used."""
        ner: Any = nlp.get_pipe("ner") if "ner" in nlp.pipe_names or "ner" in nlp.disabled else None
        model = getattr(ner, "model", None)
        if model is None or model.name != "parser_model" or not model.attrs.get("has_upper"):
            return None
        lower, upper = model.get_ref("lower"), model.get_ref("upper")
        moves = [ner.moves.get_class_name(move) for move in range(ner.moves.n_moves)]
        beam = ner.cfg.get("beam_width", 1)
        if lower.get_dim("nF") != _STATE_TOKENS or beam != 1 or model.attrs.get("unseen_classes"):
            return None
        if upper.get_param("W").shape[0] != len(moves) or moves.count("O") != 1:
            return None
        return _weights(model.get_ref("tok2vec"), lower, upper, moves)

    def find(self, docs: Sequence[Any]) -> list[list[Entity]]:
        """The entities of each document, whose sentences are marked already, in order."""
        sizes = [len(doc) for doc in docs]
        if not sum(sizes):
            return [[] for _ in docs]
        states = np.asarray(self.tokens.predict(list(docs)), dtype=np.float32)  # tokens of all documents x width
        features = (states @ self.lower).reshape(len(states), _STATE_TOKENS, -1)
        spaces, closes = _borders(docs, sizes)
        moves = self._closed_moves(features, spaces, closes)
        ends = self._ends(features, moves, closes)
        starts = np.cumsum([0, *sizes])
        return [list(self._walk(moves, ends, int(a), int(b))) for a, b in pairwise(starts)]

    def _scores(self, sums: Floats) -> Floats:
        hidden = (sums + self.bias).reshape(len(sums), -1, self.pieces).max(axis=2)
        return np.asarray(hidden @ self.upper + self.upper_bias, dtype=np.float32)

    def _closed_moves(self, features: Floats, spaces: NDArray[np.bool_], closes: NDArray[np.bool_]) -> Ints:
        """The move at each token where no entity is open."""
        scores = self._scores(features[:, 0] + self.padding[1] + self.padding[2])
        allowed = np.zeros_like(scores, dtype=bool)
        allowed[:, self.out] = True
        allowed[:, self.unit[self.unit >= 0]] = ~spaces[:, None]
        allowed[:, self.begin[self.begin >= 0]] = ~(spaces | closes)[:, None]
        return np.where(allowed, scores, -np.inf).argmax(axis=1)

    def _ends(self, features: Floats, moves: Ints, closes: NDArray[np.bool_]) -> dict[int, int]:
        """For each token that would open an entity, the token that ends it."""
        label_of = np.full(len(self.upper_bias), _NO_MOVE)
        label_of[self.begin[self.begin >= 0]] = np.flatnonzero(self.begin >= 0)
        first = np.flatnonzero(label_of[moves] >= 0)
        label, at = label_of[moves[first]], first + 1
        ends: dict[int, int] = {}
        for _ in range(_LONGEST):
            if not len(first):
                return ends
            sums = features[at, 0] + features[first, 1] + features[at - 1, 2]
            scores = self._scores(sums)
            rows = np.arange(len(first))
            inside, last = self.inside[label], self.last[label]
            on, off = scores[rows, inside], scores[rows, last]
            stays = np.where(inside < last, on >= off, on > off) & ~closes[at]  # the first of equals wins
            ends.update(zip(first[~stays].tolist(), at[~stays].tolist(), strict=True))
            first, label, at = first[stays], label[stays], at[stays] + 1
        return ends | dict(zip(first.tolist(), at.tolist(), strict=True))

    def _walk(self, moves: Ints, ends: dict[int, int], start: int, end: int) -> Iterator[Entity]:
        """The entities of one document, at `start:end` of the batch: what lies within another one is passed over."""
        label_of = {int(m): self.labels[at] for kind in (self.begin, self.unit) for at, m in enumerate(kind) if m >= 0}
        free = start
        for at in (start + np.flatnonzero(moves[start:end] != self.out)).tolist():
            if at >= free:
                last = ends.get(at, at)
                yield at - start, last + 1 - start, label_of[int(moves[at])]
                free = last + 1


def _weights(tokens: Any, lower: Any, upper: Any, moves: Sequence[str]) -> FastNer | None:
    labels = tuple(dict.fromkeys(name[2:] for name in moves if name[1:2] == "-" and len(name) > 2))
    place = {name: at for at, name in enumerate(moves)}

    def kind(letter: str) -> Ints:
        return np.asarray([place.get(f"{letter}-{label}", _NO_MOVE) for label in labels], dtype=np.intp)

    begin, inside, last = kind("B"), kind("I"), kind("L")
    if any(b >= 0 and (i < 0 or e < 0) for b, i, e in zip(begin, inside, last, strict=True)):
        return None  # an entity that could be opened and not be gone on with
    width = lower.get_dim("nO") * lower.get_dim("nP")
    weight = lower.get_param("W").reshape(_STATE_TOKENS * width, lower.get_dim("nI"))
    return FastNer(
        tokens=tokens,
        lower=np.ascontiguousarray(weight.T, dtype=np.float32),
        padding=np.asarray(lower.get_param("pad"), dtype=np.float32).reshape(_STATE_TOKENS, width),
        bias=np.asarray(lower.get_param("b"), dtype=np.float32).reshape(width),
        pieces=lower.get_dim("nP"),
        upper=np.ascontiguousarray(upper.get_param("W").T, dtype=np.float32),
        upper_bias=np.asarray(upper.get_param("b"), dtype=np.float32),
        labels=labels,
        begin=begin,
        inside=inside,
        last=last,
        unit=kind("U"),
        out=place["O"],
    )


def _borders(docs: Sequence[Any], sizes: Sequence[int]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """For each token of the batch whether it is white space, and whether nothing may go on behind it: the document or
    its sentence ends there."""
    told = np.concatenate([doc.to_array(["IS_SPACE", "SENT_START"]).reshape(-1, 2) for doc in docs])
    spaces = told[:, 0] == 1
    closes = np.append(told[1:, 1] == 1, True)
    closes[np.cumsum([size for size in sizes if size]) - 1] = True
    return spaces, closes
