"""Fit a chain: the log likelihood with an L2 penalty, climbed by L-BFGS."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from research.analyse.chain import FORBIDDEN, Chain, Floats, Ints, Sequences, line_up, sweep

_MIN_GROUPS: Final = 3  # sites on which a feature must occur, so that no page's own words are learnt


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """Labelled sequences; `groups` names the site of each."""

    sequences: Sequences
    labels: Sequence[Sequence[str]]
    groups: Sequence[str]


@dataclass(frozen=True, slots=True)
class _Task:
    """A lesson as matrices: tokens x features, sequences x features, and what was observed in it."""

    own: Any
    shared: Any
    owner: Ints
    truth: Ints
    opening: Ints
    closing: Ints
    inner: Ints
    steps: Any


def fit_chain(lesson: Lesson, labels: tuple[str, ...], *, penalty: float, rounds: int) -> Chain:
    """The chain that a lesson teaches; `penalty` weighs half the squared norm, `rounds` bounds the steps of L-BFGS."""
    from scipy.optimize import minimize

    keys = _vocabulary(lesson)
    task = _task(lesson, keys, labels)
    wall = _wall(labels)
    size, kinds = len(keys), len(labels)
    seen = _observed(task, kinds)

    def loss(point: Floats) -> tuple[float, Floats]:
        chain = _unfold(point, labels, size, wall)
        value, expected = _expect(task, chain)
        return -value + 0.5 * penalty * float(point @ point), expected - seen + penalty * point

    start = np.zeros(size * kinds + kinds * kinds + 2 * kinds)
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": rounds, "maxcor": 6})
    chain = _unfold(found.x, labels, size, wall)
    return Chain(
        labels=labels,
        index={key: row for row, key in enumerate(keys)},
        weights=np.asarray(chain.weights, dtype=np.float32),
        moves=chain.moves,
        opens=chain.opens,
        closes=chain.closes,
    )


def _vocabulary(lesson: Lesson) -> list[int]:
    """The features that enough sites have, by number."""
    of_site: dict[str, set[int]] = defaultdict(set)
    for (shared, tokens), group in zip(lesson.sequences, lesson.groups, strict=True):
        of_site[group].update(shared, *tokens)
    sites = Counter(key for keys in of_site.values() for key in keys)
    return sorted(key for key, count in sites.items() if count >= _MIN_GROUPS)


def _task(lesson: Lesson, keys: list[int], labels: tuple[str, ...]) -> _Task:
    index = {key: row for row, key in enumerate(keys)}
    lengths = np.asarray([len(tokens) for _, tokens in lesson.sequences], dtype=np.intp)
    ends = np.cumsum(lengths)
    number = {label: at for at, label in enumerate(labels)}
    opening = ends - lengths
    return _Task(
        own=_matrix((names for _, tokens in lesson.sequences for names in tokens), index),
        shared=_matrix((shared for shared, _ in lesson.sequences), index),
        owner=np.repeat(np.arange(len(lengths)), lengths),
        truth=np.asarray([number[label] for row in lesson.labels for label in row], dtype=np.intp),
        opening=opening,
        closing=ends - 1,
        inner=np.setdiff1d(np.arange(int(ends[-1])), opening),
        steps=line_up(lengths.tolist()),
    )


def _matrix(groups: Iterable[Sequence[int]], index: dict[int, int]) -> Any:
    from scipy.sparse import csr_matrix

    columns: list[int] = []
    bounds = [0]
    for names in groups:
        columns.extend(sorted(row for key in names if (row := index.get(key)) is not None))
        bounds.append(len(columns))
    return csr_matrix(
        (np.ones(len(columns), np.float32), np.asarray(columns, np.int32), np.asarray(bounds, np.int64)),
        shape=(len(bounds) - 1, len(index)),
    )


def _wall(labels: tuple[str, ...]) -> Floats:
    """The moves that cannot be: an I that continues nothing of its kind."""
    wall = np.zeros((len(labels), len(labels)))
    for here, label in enumerate(labels):
        if label.startswith("I-"):
            for before, prior in enumerate(labels):
                if prior[2:] != label[2:]:
                    wall[before, here] = FORBIDDEN
    return wall


def _unfold(point: Floats, labels: tuple[str, ...], size: int, wall: Floats) -> Chain:
    kinds = len(labels)
    cut = size * kinds
    closed = np.asarray([FORBIDDEN if label.startswith("I-") else 0.0 for label in labels])
    return Chain(
        labels=labels,
        index={},
        weights=point[:cut].reshape(size, kinds).astype(np.float32),
        moves=point[cut : cut + kinds * kinds].reshape(kinds, kinds) + wall,
        opens=point[-2 * kinds : -kinds] + closed,
        closes=point[-kinds:],
    )


def _observed(task: _Task, kinds: int) -> Floats:
    """How often each weight's feature was seen with its label."""
    exact = np.eye(kinds, dtype=np.float32)[task.truth]
    pairs = np.zeros((kinds, kinds))
    np.add.at(pairs, (task.truth[task.inner - 1], task.truth[task.inner]), 1.0)
    return _stack(task, exact, pairs)


def _stack(task: _Task, shares: NDArray[Any], pairs: Floats) -> Floats:
    from scipy.sparse import csr_matrix

    light = shares.astype(np.float32)
    count = len(light)
    gather = csr_matrix(
        (np.ones(count, np.float32), task.owner, np.arange(count + 1)), shape=(count, len(task.opening))
    )
    rows = task.own.T @ light + task.shared.T @ (gather.T @ light)
    return np.concatenate(
        [
            np.asarray(rows, dtype=np.float64).ravel(),
            pairs.ravel(),
            shares[task.opening].sum(axis=0),
            shares[task.closing].sum(axis=0),
        ]
    )


def _expect(task: _Task, chain: Chain) -> tuple[float, Floats]:
    """The log likelihood of the truth, and how often each weight's feature is expected with its label."""
    emitted = (task.own @ chain.weights + (task.shared @ chain.weights)[task.owner]).astype(np.float64)
    swept = sweep(emitted, chain, task.steps)
    inner, truth = task.inner, task.truth
    value = (
        float(emitted[np.arange(len(truth)), truth].sum())
        + float(chain.moves[truth[inner - 1], truth[inner]].sum())
        + float(chain.opens[truth[task.opening]].sum() + chain.closes[truth[task.closing]].sum())
        - swept.log_z
    )
    onward = swept.lifted[inner] * swept.behind[inner] / swept.scale[inner, None]
    pairs = np.exp(chain.moves) * (swept.ahead[inner - 1].T @ onward)
    return value, _stack(task, swept.ahead * swept.behind, pairs)


def save_chain(chain: Chain, path: Path, *, least: float = 0.0) -> None:
    """Write a chain as npz; rows whose weights are all smaller than `least` are left out."""
    kept = [(key, row) for key, row in sorted(chain.index.items()) if float(np.abs(chain.weights[row]).max()) >= least]
    np.savez_compressed(
        path,
        labels=np.asarray(chain.labels),
        keys=np.asarray([key for key, _ in kept], dtype=np.uint32),
        weights=chain.weights[[row for _, row in kept]].astype(np.float16),
        moves=chain.moves.astype(np.float32),
        opens=chain.opens.astype(np.float32),
        closes=chain.closes.astype(np.float32),
    )
