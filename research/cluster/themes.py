"""Groups findings by what they speak of, and names each group in words that stand in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from research.cluster.labels import choose_labels, content_words
from research.cluster.vectors import Floats, Vectors, load_vectors, unit
from research.model.finding import Finding, Theme
from research.text.hashing import short_id

NAME: Final = "themes"
VERSION: Final = "2"

MOST_THEMES: Final = 20
FEWEST_THEMES: Final = 4  # from this many times `_PER_THEME` findings on
_PER_THEME: Final = 3  # a theme of one or two findings says nothing that the findings do not say
_READABLE: Final = 30  # findings of one theme; a larger theme is cut if that leaves no more than `_OVERSEEN`
_OVERSEEN: Final = 12
_MOST_FINDINGS: Final = 1500  # the distance matrix stays below 20 MB; the rest join the nearest theme
_TERMS_WEIGHT: Final = 0.3  # of tf-idf beside the vectors; ARI .54 at 0, .53 at 0.5, .49 at 0.8 (8 draws of questions)
_TERMS: Final = 6

Ints = NDArray[np.int64]


def themes(findings: Sequence[Finding], texts: Mapping[str, str], account_names: Iterable[str]) -> tuple[Theme, ...]:
    """Themes, the largest first; `texts` are the findings' quotes by id. Fewer than four findings make no theme."""
    ordered = sorted(findings, key=lambda f: (-f.confidence, f.id))
    if len(ordered) < 4:
        return ()
    names = tuple(account_names)
    quotes = [texts.get(f.id) or f.text("phrase") for f in ordered]
    space = embed([content_words(quote, names) for quote in quotes], load_vectors())
    groups = [group for group in _members(group_rows(space)) if len(group) > 1]
    labels = choose_labels([[quotes[at] for at in group] for group in groups], names)
    return tuple(
        _theme([ordered[at] for at in group], space[group], label, [quotes[at] for at in group], names)
        for group, label in zip(groups, labels, strict=True)
        if label
    )


def _theme(
    members: Sequence[Finding], space: Floats, label: str, quotes: Sequence[str], names: tuple[str, ...]
) -> Theme:
    centre = space.mean(axis=0)
    typical = sorted(range(len(members)), key=lambda at: (-float(space[at] @ centre), members[at].id))
    frequent = Counter(word for quote in quotes for word in set(content_words(quote, names)))
    terms = sorted((word for word in frequent if frequent[word] > 1), key=lambda word: (-frequent[word], word))
    ids = tuple(members[at].id for at in typical)
    return Theme(
        id=short_id("theme", sorted(ids)), label=label, terms=tuple(terms[:_TERMS]), finding_ids=ids, medoid=ids[0]
    )


def _members(labels: Ints) -> list[list[int]]:
    """Row numbers by group, the largest group first."""
    groups: dict[int, list[int]] = {}
    for row, label in enumerate(labels):
        groups.setdefault(int(label), []).append(row)
    return sorted(groups.values(), key=lambda group: (-len(group), group[0]))


def embed(documents: Sequence[Sequence[str]], vectors: Vectors) -> Floats:
    """Where each document stands: the mean of its words' vectors beside its tf-idf terms.

    A word counts by its rarity in the language and by the square root of how many of the documents hold it: what
    several of them share is what may bind them.
    """
    frequency = Counter(word for words in documents for word in set(words))
    bags = [{word: frequency[word] ** 0.5 for word in sorted(set(words))} for words in documents]
    return np.hstack([vectors.embed(bags), _terms(documents, frequency) * _TERMS_WEIGHT])


def _terms(documents: Sequence[Sequence[str]], frequency: Counter[str]) -> Floats:
    columns = {word: at for at, word in enumerate(sorted(w for w, n in frequency.items() if n > 1))}
    matrix = np.zeros((len(documents), max(1, len(columns))))
    for row, words in enumerate(documents):
        for word in set(words) & columns.keys():
            matrix[row, columns[word]] = np.log(len(documents) / frequency[word]) + 1
    return unit(matrix)


def group_rows(space: Floats) -> Ints:
    """A group number for every row: Ward's method, the number of groups by the mean silhouette."""
    head = space[:_MOST_FINDINGS]
    counts = _counts(len(head))
    labels = _best_cut(head, counts) if len(counts) else np.zeros(len(head), dtype=np.int64)
    if len(space) == len(head):
        return labels
    centres = np.vstack([head[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    return np.concatenate([labels, (space[len(head) :] @ centres.T).argmax(axis=1)])


def _counts(rows: int) -> range:
    most = min(MOST_THEMES, rows // _PER_THEME)
    least = max(FEWEST_THEMES, min(_OVERSEEN, rows // _READABLE))
    return range(min(least, most), most + 1) if most > 1 else range(0)


def _best_cut(space: Floats, counts: range) -> Ints:
    from scipy.cluster.hierarchy import ward  # a third of the time that scikit-learn takes to be imported

    merges = ward(space)[:, :2].astype(np.intp)
    distances = _distances(space)
    cuts = [cut(merges, len(space), count) for count in counts]
    scores = [silhouette(distances, labels) for labels in cuts]
    return cuts[int(np.argmax(np.round(scores, 6)))]


def _distances(space: Floats) -> Floats:
    """Euclidean distances of all rows to all others."""
    squares = np.einsum("ij,ij->i", space, space)
    distances = np.sqrt(np.maximum(squares[:, None] - 2 * (space @ space.T) + squares[None, :], 0.0))
    np.fill_diagonal(distances, 0.0)
    return np.asarray(distances, dtype=np.float64)


def silhouette(distances: Floats, labels: Ints) -> float:
    """The mean silhouette (Rousseeuw 1987) of rows under `labels` 0..k-1; a row that is alone in its group counts 0."""
    groups = np.eye(int(labels.max()) + 1)[labels]
    sizes = groups.sum(axis=0)
    sums = distances @ groups
    rows = np.arange(len(labels))
    own = sizes[labels]
    within = sums[rows, labels] / np.maximum(own - 1, 1)
    others = sums / sizes
    others[rows, labels] = np.inf
    nearest = others.min(axis=1)
    larger = np.maximum(within, nearest)
    scores = np.where((own > 1) & (larger > 0), (nearest - within) / np.where(larger > 0, larger, 1.0), 0.0)
    return float(scores.mean())


def cut(merges: NDArray[np.integer], rows: int, count: int) -> Ints:
    """Group numbers after all but the last `count - 1` merges of a tree (pairs of nodes, leaves first)."""
    parent = np.arange(rows + len(merges))
    for step, pair in enumerate(merges[: rows - count]):
        parent[pair] = rows + step
    for node in range(len(parent) - 1, -1, -1):
        parent[node] = parent[parent[node]]
    _, labels = np.unique(parent[:rows], return_inverse=True)
    return np.asarray(labels, dtype=np.int64)
