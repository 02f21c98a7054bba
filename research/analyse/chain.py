"""A linear chain over labels (a conditional random field): what it says of sequences of tokens. numpy alone.

Lafferty, McCallum and Pereira, "Conditional random fields" (ICML 2001); the recursions are scaled at every step as in
Rabiner, "A tutorial on hidden Markov models" (1989), so that no logarithm stands in the inner loop.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
FORBIDDEN: Final = -60.0  # the weight of a move that cannot be: e^-60 is nothing beside any score

Named = Iterable[tuple[Iterable[str], Iterable[Iterable[str]]]]
"""For each sequence the features that all its tokens share, and those of each token."""
Sequences = Sequence[tuple[tuple[int, ...], tuple[tuple[int, ...], ...]]]
"""The same as numbers, each once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """Weights: `index` gives the row of a feature's number, `weights` is rows x labels, `moves` label x next label."""

    labels: tuple[str, ...]
    index: Mapping[int, int]
    weights: NDArray[np.float32]
    moves: Floats
    opens: Floats
    closes: Floats


class Steps(NamedTuple):
    """Sequences of unlike length side by side: `at[t]` are the t-th tokens of all that are long enough."""

    at: tuple[Ints, ...]
    last: Ints


class Swept(NamedTuple):
    """What one pass forth and back gives: `ahead * behind` are the posteriors; `scale`, `lifted` and `log_z` serve
    training."""

    ahead: Floats
    behind: Floats
    scale: Floats
    lifted: Floats
    log_z: float


def key_of(feature: str) -> int:
    """The number under which a feature's weights are kept: no word of the pages that taught it is stored."""
    return zlib.crc32(feature.encode("utf-8", "surrogatepass"))


def encode(named: Named) -> Sequences:
    """Features as the numbers that weights are kept under."""
    return [(_numbers(shared), tuple(map(_numbers, tokens))) for shared, tokens in named]


def _numbers(names: Iterable[str]) -> tuple[int, ...]:
    return tuple({key_of(name) for name in names})


def line_up(lengths: Sequence[int]) -> Steps:
    """The steps through sequences that lie one behind the other; every length is at least one."""
    sizes = np.asarray(lengths, dtype=np.intp)
    order = np.argsort(-sizes, kind="stable")
    starts = (np.cumsum(sizes) - sizes)[order]
    ordered = sizes[order]
    at = tuple(starts[: int((ordered > t).sum())] + t for t in range(int(ordered[0])))
    return Steps(at=at, last=starts + ordered - 1)


def sweep(emitted: Floats, chain: Chain, steps: Steps) -> Swept:
    """Forward and backward over all sequences at once."""
    top = emitted.max(axis=1, keepdims=True)
    lifted, moves = np.exp(emitted - top), np.exp(chain.moves)
    ahead, behind = np.empty_like(emitted), np.empty_like(emitted)
    scale = np.empty(len(emitted))
    before: Ints | None = None
    for here in steps.at:
        came = np.exp(chain.opens) if before is None else ahead[before[: len(here)]] @ moves
        joint = came * lifted[here]
        scale[here] = joint.sum(axis=1)
        ahead[here] = joint / scale[here, None]
        before = here
    end = ahead[steps.last] @ np.exp(chain.closes)
    behind[steps.last] = np.exp(chain.closes) / end[:, None]
    for here, prior in zip(reversed(steps.at[1:]), reversed(steps.at[:-1]), strict=True):
        behind[prior[: len(here)]] = ((lifted[here] * behind[here]) @ moves.T) / scale[here, None]
    return Swept(ahead, behind, scale, lifted, float(np.log(scale).sum() + top.sum() + np.log(end).sum()))


def best_path(emitted: Floats, chain: Chain, steps: Steps) -> Ints:
    """The likeliest labels of every sequence (Viterbi)."""
    count, labels = emitted.shape
    came = np.zeros((count, labels), dtype=np.intp)
    score = np.array(emitted)
    score[steps.at[0]] += chain.opens
    for prior, here in zip(steps.at[:-1], steps.at[1:], strict=True):
        joint = score[prior[: len(here)]][:, :, None] + chain.moves[None]
        came[here] = joint.argmax(axis=1)
        score[here] += joint.max(axis=1)
    path = np.zeros(count, dtype=np.intp)
    path[steps.last] = (score[steps.last] + chain.closes).argmax(axis=1)
    for prior, here in zip(reversed(steps.at[:-1]), reversed(steps.at[1:]), strict=True):
        path[prior[: len(here)]] = came[here, path[here]]
    return path


def emit(chain: Chain, sequences: Sequences) -> Floats:
    """The score of each label at each token, without its neighbours."""
    shared = _sums(chain, (names for names, _ in sequences))
    own = _sums(chain, (names for _, tokens in sequences for names in tokens))
    return own + np.repeat(shared, [len(tokens) for _, tokens in sequences], axis=0)


def _sums(chain: Chain, groups: Iterable[Sequence[int]]) -> Floats:
    index, weights = chain.index, chain.weights
    rows: list[int] = []
    bounds: list[int] = [0]
    for names in groups:
        rows.extend(row for key in names if (row := index.get(key)) is not None)
        bounds.append(len(rows))
    # reduceat gives no zero for an empty group; a cumulated sum does
    total = np.zeros((len(rows) + 1, weights.shape[1]))
    np.cumsum(weights[rows], axis=0, dtype=np.float64, out=total[1:])
    return total[bounds[1:]] - total[bounds[:-1]]


def spans_of(labels: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """The runs `B-x I-x …` of a sequence of labels: first token, end, x."""
    at = 0
    while at < len(labels):
        kind = labels[at][2:]
        end = at + 1
        if kind:
            while end < len(labels) and labels[end] == f"I-{kind}":
                end += 1
            yield at, end, kind
        at = end


@cache
def load_chain(name: str) -> Chain:
    """The chain `corpora/weights/NAME.npz`."""
    with (files("corpora") / "weights" / f"{name}.npz").open("rb") as file, np.load(file, allow_pickle=False) as stored:
        return Chain(
            labels=tuple(str(label) for label in stored["labels"]),
            index={int(key): row for row, key in enumerate(stored["keys"])},
            weights=np.asarray(stored["weights"], dtype=np.float32),
            moves=np.asarray(stored["moves"], dtype=np.float64),
            opens=np.asarray(stored["opens"], dtype=np.float64),
            closes=np.asarray(stored["closes"], dtype=np.float64),
        )
