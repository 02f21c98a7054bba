"""Fits linear classifiers: the one place that trains with scikit-learn."""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from research.cluster.linear import Block, Floats, Model, block_values, settle
from research.errors import UsageError

Rows = Sequence[Mapping[str, float]]
Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How a classifier is fitted.

    `targets` are the labels whose mean F1 the shifts are chosen for (none: no shifts); `min_rows` and `min_groups` say
    in how many rows and companies a feature must occur; `inner_folds` is the number of folds the shifts are chosen on.
    """

    blocks: tuple[Block, ...]
    c: float = 2.0
    min_rows: int = 3
    min_groups: int = 2
    targets: tuple[str, ...] = ()
    inner_folds: int = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Training rows; `groups` names each row's company, `weights` how much a row counts (all 1 where empty).

    `extra` rows are trained on wherever their group is, and are never predicted or scored; `asked` rows are predicted
    by `cross_validate` and never trained on.
    """

    rows: Rows
    labels: Sequence[str]
    groups: Sequence[str]
    weights: Sequence[float] = ()
    extra: frozenset[int] = field(default_factory=frozenset)
    asked: frozenset[int] = field(default_factory=frozenset)

    def subset(self, indices: Sequence[int]) -> Sample:
        """The rows at `indices`, in that order."""
        return Sample(
            rows=[self.rows[i] for i in indices],
            labels=[self.labels[i] for i in indices],
            groups=[self.groups[i] for i in indices],
            weights=[self.weights[i] for i in indices] if self.weights else (),
            extra=frozenset(at for at, i in enumerate(indices) if i in self.extra),
            asked=frozenset(at for at, i in enumerate(indices) if i in self.asked),
        )

    @property
    def trainable(self) -> Sample:
        """The sample without the rows that are only asked about."""
        return self.subset([i for i in range(len(self.labels)) if i not in self.asked]) if self.asked else self

    @property
    def own(self) -> list[int]:
        """The indices of the rows that count as data."""
        return [i for i in range(len(self.labels)) if i not in self.extra]


def fit(sample: Sample, recipe: Recipe, card: Mapping[str, Any]) -> Model:
    """Trains on the whole sample; shifts and temperature come from inner folds that no company shares."""
    logits, where = _held_out_logits(sample, recipe, recipe.inner_folds)
    model = _fit_plain(sample, recipe, card)
    truth = np.array([model.labels.index(sample.labels[i]) for i in where])
    shift = choose_shift(logits, truth, [model.labels.index(t) for t in recipe.targets if t in model.labels])
    temperature = choose_temperature(logits + shift, truth)
    return Model(
        labels=model.labels,
        blocks=model.blocks,
        names=model.names,
        idf=model.idf,
        weights=model.weights,
        bias=model.bias,
        shift=shift,
        temperature=temperature,
        card=card,
    )


def cross_validate(sample: Sample, recipe: Recipe, folds: int = 5) -> dict[int, dict[str, float]]:
    """Probabilities for every row that is data, each from a model that saw no row of the row's company."""
    out: dict[int, dict[str, float]] = {}
    for train, test in split(sample, folds):
        model = fit(sample.subset(train), recipe, {})
        out |= dict(zip(test, model.classify([sample.rows[i] for i in test]), strict=True))
    return out


def split(sample: Sample, folds: int) -> list[tuple[list[int], list[int]]]:
    """(train, test) indices by company, largest company first into the emptiest fold; extra rows are in every train
    part whose test part lacks their company."""
    sizes = Counter(sample.groups[i] for i in sample.own)
    load = [0] * folds
    fold_of: dict[str, int] = {}
    for group, size in sorted(sizes.items(), key=lambda item: (-item[1], item[0])):
        emptiest = min(range(folds), key=lambda f: (load[f], f))
        fold_of[group] = emptiest
        load[emptiest] += size
    own = frozenset(sample.own)
    parts = []
    for fold in range(folds):
        test = [i for i in range(len(sample.labels)) if i in own and fold_of[sample.groups[i]] == fold]
        train = [
            i for i in range(len(sample.labels)) if i not in sample.asked and fold_of.get(sample.groups[i]) != fold
        ]
        parts.append((train, test))
    return parts


def _held_out_logits(sample: Sample, recipe: Recipe, folds: int) -> tuple[Floats, list[int]]:
    labels = sorted(set(sample.labels))
    logits, where = [], []
    for train, test in split(sample, folds):
        model = _fit_plain(sample.subset(train), recipe, {})
        found = model.logits([sample.rows[i] for i in test])
        full = np.full((len(test), len(labels)), found.min(initial=0.0) - 5.0)
        full[:, [labels.index(label) for label in model.labels]] = found
        logits.append(full)
        where.extend(test)
    return np.vstack(logits), where


def vocabulary(sample: Sample, recipe: Recipe) -> tuple[tuple[str, ...], Floats]:
    """The features that enough rows and companies share, in order, with their idf."""
    rows: Counter[str] = Counter()
    groups: defaultdict[str, set[str]] = defaultdict(set)
    blocks = {block.name for block in recipe.blocks}
    for row, group in zip(sample.rows, sample.groups, strict=True):
        for name in row:
            if name.partition("=")[0] in blocks:
                rows[name] += 1
                if len(groups[name]) < recipe.min_groups:
                    groups[name].add(group)
    names = sorted(n for n, c in rows.items() if c >= recipe.min_rows and len(groups[n]) >= recipe.min_groups)
    count = len(sample.rows)
    idf = np.array([np.log((1 + count) / (1 + rows[n])) + 1 for n in names])
    return tuple(names), idf.astype(np.float16).astype(np.float64)


def _matrix(rows: Rows, recipe: Recipe, names: Sequence[str], idf: Floats) -> Any:
    """The rows as a scipy CSR matrix, scaled as `Model.logits` scales them."""
    from scipy.sparse import csr_matrix

    index = {name: at for at, name in enumerate(names)}
    blocks = {block.name: block for block in recipe.blocks}
    columns, values, starts = [], [], [0]
    for row in rows:
        found: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
        for name, value in row.items():
            if name in index:
                found[name.partition("=")[0]].append((index[name], value))
        for block, pairs in found.items():
            where = np.array([at for at, _ in pairs])
            columns.append(where)
            values.append(block_values(blocks[block], np.array([v for _, v in pairs], dtype=np.float64), idf[where]))
        starts.append(starts[-1] + sum(len(pairs) for pairs in found.values()))
    return csr_matrix((np.concatenate(values), np.concatenate(columns), starts), shape=(len(rows), len(names)))


def _fit_plain(sample: Sample, recipe: Recipe, card: Mapping[str, Any]) -> Model:
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression

    names, idf = vocabulary(sample, recipe)
    if not names:
        raise UsageError("too few rows or companies to train on: no feature occurs in two of them")
    weights = np.array(sample.weights) if sample.weights else np.ones(len(sample.labels))
    regression = LogisticRegression(C=recipe.c, max_iter=300)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # the decision no longer moves after 300 rounds
        regression.fit(_matrix(sample.rows, recipe, names, idf), list(sample.labels), sample_weight=weights)
    coefficients, bias = regression.coef_.T, regression.intercept_
    if coefficients.shape[1] == 1:  # two labels: one column stands for the second
        coefficients, bias = np.hstack([-coefficients, coefficients]) / 2, np.concatenate([-bias, bias]) / 2
    return Model(
        labels=tuple(str(label) for label in regression.classes_),
        blocks=recipe.blocks,
        names=names,
        idf=idf,
        weights=coefficients.astype(np.float16).astype(np.float64),
        bias=bias,
        shift=np.zeros(len(bias)),
        temperature=1.0,
        card=card,
    )


def choose_shift(logits: Floats, truth: Ints, targets: Sequence[int]) -> Floats:
    """Additions to the logits that make the mean F1 of the target labels greatest, by two rounds over a grid."""
    shift = np.zeros(logits.shape[1])
    for label in [*targets, *targets]:
        scores = np.array([mean_f1(logits + _with(shift, label, v), truth, targets) for v in _GRID])
        worth = zip(np.round(_smooth(scores), 9), _GRID, strict=True)
        shift = _with(shift, label, max(worth, key=lambda pair: (pair[0], -abs(pair[1])))[1])
    return shift


_GRID = tuple(float(v) for v in np.round(np.linspace(-1.5, 1.5, 25), 4))
_TEMPERATURES = tuple(float(t) for t in np.round(np.geomspace(0.5, 4.0, 31), 4))


def _smooth(scores: Floats) -> Floats:
    """Each score with its neighbours': a peak that its surroundings do not share is chance."""
    kernel = np.array([1.0, 2.0, 3.0, 2.0, 1.0]) / 9
    return np.convolve(np.pad(scores, 2, mode="edge"), kernel, mode="valid")


def _with(shift: Floats, label: int, value: float) -> Floats:
    changed = shift.copy()
    changed[label] = value
    return changed


def mean_f1(logits: Floats, truth: Ints, targets: Sequence[int]) -> float:
    """The mean F1 of the target labels where the greatest logit decides."""
    chosen = logits.argmax(axis=1)
    scores = []
    for label in targets:
        hits = float(((chosen == label) & (truth == label)).sum())
        scores.append(2 * hits / max(1.0, float((chosen == label).sum() + (truth == label).sum())))
    return sum(scores) / max(1, len(scores))


def choose_temperature(logits: Floats, truth: Ints) -> float:
    """The temperature under which the winner's probability best tells its chance to be right (least Brier score)."""
    right = logits.argmax(axis=1) == truth
    zero = np.zeros(logits.shape[1])
    errors = [(float(((settle(logits, zero, t).max(axis=1) - right) ** 2).mean()), t) for t in _TEMPERATURES]
    return min(errors)[1]
