"""Train the weights by which main text is told from furniture.

Measured on 323 pages of WCXB (CC BY 4.0), mean word F1 a page; five-fold by page, so that no page is judged by weights
that saw it (`cross_validate`; printed by this command):

    all pages .857, service .873, article .931, documentation .958, listing .728, product .707, collection .745
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from research.errors import UsageError
from research.extract.charset import decode
from research.extract.features import lay_out, measure
from research.extract.html_blocks import read_blocks
from research.extract.html_main import Forest, best_set
from research.extract.html_parse import parse

Floats = NDArray[np.float32]

TREES: Final = 120
LEVELS: Final = 6
RATE: Final = 0.13
RIDGE: Final = 6.0
BINS: Final = 48
ROWS: Final = 0.6  # share of the blocks that each tree sees
COLUMNS: Final = 0.4  # share of the features that each tree may ask
LONG: Final = 80  # words from which on a block weighs no more
WEIGHT: Final = 0.7  # power of a block's share of its page
FOLDS: Final = 5
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One labelled page: its rows, the share of each block that is main text, and the words to score with."""

    page_type: str
    rows: Floats
    shares: Floats
    words: Floats
    texts: tuple[str, ...]
    gold: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Word F1 on pages that the weights were not trained on, over all pages (`all`) and by page type."""

    pages: int
    f1: dict[str, float]


def train(data: Path, target: Path) -> Report:
    """Train on `data` (the WCXB layout: `ground_truth.jsonl.gz`, `html/ID.html.gz`), write `target`, and return what
    page-wise cross-validation measured."""
    examples = tuple(read_examples(data))
    report = cross_validate(examples)
    forest = fit(examples)
    stored = {
        "columns": forest.columns.tolist(),
        "thresholds": np.round(forest.thresholds.astype(float), 5).tolist(),
        "leaves": np.round(forest.leaves.astype(float), 4).tolist(),
        "bias": round(forest.bias, 4),
    }
    target.write_text(json.dumps(stored, separators=(",", ":")) + "\n", "utf-8")
    return report


def read_examples(data: Path) -> Iterator[Example]:
    """The labelled pages that have any text."""
    with gzip.open(data / "ground_truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            root = parse(decode(gzip.decompress((data / "html" / f"{row['file_id']}.html.gz").read_bytes())))
            blocks, containers = read_blocks(root)
            if blocks:
                texts = tuple(block.text for block in blocks)
                title = (root.findtext(".//title") or "").strip()
                yield _example(row, measure(blocks, containers, lay_out(blocks, containers), title), texts)


def _example(row: dict[str, Any], rows: Floats, texts: tuple[str, ...]) -> Example:
    gold = row["main_content"] or ""
    return Example(
        page_type=row["page_type"],
        rows=rows,
        shares=np.asarray(main_shares(texts, gold), dtype=np.float32),
        words=np.asarray([len(text.split()) for text in texts], dtype=np.float32),
        texts=texts,
        gold=gold,
    )


def main_shares(texts: Sequence[str], gold: str) -> list[float]:
    """How much of each block the gold text holds: the share of its runs of three words; of fewer than five words,
    all where they are a line of it, half or most where they occur in it."""
    words = _words(gold)
    runs = set(zip(words, words[1:], words[2:], strict=False))
    lines = {" ".join(_words(line)) for line in gold.split("\n")}
    return [_share(_words(text), runs, lines, f" {' '.join(words)} ") for text in texts]


def _share(words: list[str], runs: set[tuple[str, str, str]], lines: set[str], joined: str) -> float:
    if len(words) >= 5:
        own = list(zip(words, words[1:], words[2:], strict=False))
        return sum(run in runs for run in own) / len(own)
    phrase = " ".join(words)
    if not phrase or f" {phrase} " not in joined:
        return 0.0
    return 1.0 if phrase in lines else 0.5 if len(words) < 3 else 0.8


def cross_validate(examples: Sequence[Example]) -> Report:
    """Word F1 with each page judged by weights that never saw it."""
    folds = np.random.default_rng(0).permutation(len(examples)) % FOLDS
    scores: dict[str, list[float]] = defaultdict(list)
    for fold in range(FOLDS):
        forest = fit([example for example, own in zip(examples, folds, strict=True) if own != fold])
        for example, own in zip(examples, folds, strict=True):
            if own == fold:
                score = word_f1(example, best_set(forest.chances(example.rows), example.words))
                scores["all"].append(score)
                scores[example.page_type].append(score)
    return Report(pages=len(examples), f1={name: round(sum(v) / len(v), 4) for name, v in sorted(scores.items())})


def word_f1(example: Example, chosen: NDArray[np.bool_]) -> float:
    """F1 over the bags of words of the chosen blocks and of the gold text."""
    kept = Counter(word for text, keep in zip(example.texts, chosen, strict=True) if keep for word in _words(text))
    gold = Counter(_words(example.gold))
    both = (kept & gold).total()
    return 2 * both / max(kept.total() + gold.total(), 1)


def fit(examples: Sequence[Example], *, seed: int = 0) -> Forest:
    """Boosted oblivious trees on log loss, with the share of a block that is main text as its target."""
    rows = np.vstack([example.rows for example in examples])
    truth = np.concatenate([example.shares for example in examples]).astype(np.float64)
    weights = np.concatenate([_weights(example.words) for example in examples])
    edges = [np.unique(np.quantile(column, np.linspace(0, 1, BINS + 1)[1:-1])) for column in rows.T]
    binned = np.stack([np.searchsorted(edge, column) for edge, column in zip(edges, rows.T, strict=True)])
    return _boost(binned.astype(np.int64), edges, truth, weights / weights.mean(), np.random.default_rng(seed))


def _weights(words: Floats) -> NDArray[np.float64]:
    """A block weighs by its words, and a long page little more than a short one: pages count alike in the score."""
    block = np.minimum(words, LONG).astype(np.float64)
    return np.asarray((block / (words.sum() + 200.0)) ** WEIGHT, dtype=np.float64)


def _boost(
    binned: NDArray[np.int64],
    edges: Sequence[Floats],
    truth: NDArray[np.float64],
    weights: NDArray[np.float64],
    chance: np.random.Generator,
) -> Forest:
    count = len(truth)
    rate = float((truth * weights).sum() / weights.sum())
    bias = float(np.log(rate / (1 - rate)))
    odds = np.full(count, bias)
    columns, thresholds, leaves = [], [], []
    for _ in range(TREES):
        share = 1 / (1 + np.exp(-odds))
        slope, bend = weights * (truth - share), weights * share * (1 - share)
        seen = np.flatnonzero(chance.random(count) < ROWS)
        allowed = chance.permutation(len(edges))[: max(1, round(COLUMNS * len(edges)))]
        asked = _questions(binned[:, seen], edges, slope[seen], bend[seen], allowed)
        leaf = sum((binned[column] > cut).astype(np.int64) << level for level, (column, cut) in enumerate(asked))
        size = 1 << len(asked)
        value = RATE * np.bincount(leaf, slope, size) / (np.bincount(leaf, bend, size) + RIDGE)
        odds += value[leaf]
        columns.append([column for column, _ in asked])
        thresholds.append([edges[column][cut] for column, cut in asked])
        leaves.append(value)
    return Forest(
        columns=np.asarray(columns, dtype=np.intp),
        thresholds=np.asarray(thresholds, dtype=np.float32),
        leaves=np.asarray(leaves, dtype=np.float32),
        bias=bias,
    )


def _questions(
    binned: NDArray[np.int64],
    edges: Sequence[Floats],
    slope: NDArray[np.float64],
    bend: NDArray[np.float64],
    allowed: NDArray[np.intp],
) -> list[tuple[int, int]]:
    """One question a level, the same for all leaves of it: the column and the bin up to which the answer is no."""
    leaf = np.zeros(len(slope), dtype=np.int64)
    asked: list[tuple[int, int]] = []
    for level in range(LEVELS):
        best = max(
            (_gain(binned[column], leaf, slope, bend, 1 << level, len(edges[column])), int(column))
            for column in allowed
        )
        (_, cut), column = best
        asked.append((column, cut))
        leaf += (binned[column] > cut).astype(np.int64) << level
    return asked


def _gain(
    bins: NDArray[np.int64],
    leaf: NDArray[np.int64],
    slope: NDArray[np.float64],
    bend: NDArray[np.float64],
    leaves: int,
    cuts: int,
) -> tuple[float, int]:
    """The best cut of one column and what it gains over all leaves."""
    if not cuts:
        return (-np.inf, 0)
    width = cuts + 1
    at = leaf * width + bins
    slopes = np.bincount(at, slope, leaves * width).reshape(leaves, width).cumsum(axis=1)
    bends = np.bincount(at, bend, leaves * width).reshape(leaves, width).cumsum(axis=1)
    low, low_bend = slopes[:, :-1], bends[:, :-1]
    high, high_bend = slopes[:, -1:] - low, bends[:, -1:] - low_bend
    gains = (low**2 / (low_bend + RIDGE) + high**2 / (high_bend + RIDGE)).sum(axis=0)
    cut = int(gains.argmax())
    return (float(gains[cut]), cut)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def main(arguments: Sequence[str]) -> None:
    """`DATA OUT.json`: trains, writes the weights, prints the cross-validated word F1 by page type."""
    if len(arguments) != 2:
        raise UsageError("usage: python -m pipelines.train_maintext DATA OUT.json")
    report = train(Path(arguments[0]), Path(arguments[1]))
    lines = [f"pages {report.pages}", *(f"{page_type} {f1:.3f}" for page_type, f1 in report.f1.items())]
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
