"""Trains the classifiers of signals, holders and relations from gold labels, and measures them company by company."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from pipelines.held_out import write_held_out
from pipelines.own_labels import read_own_labels
from pipelines.train_judgements import JudgedRows
from pipelines.train_samples import RELATION_FILES, SENTENCE_FILES, Kind, Row, default_folder, linear_sample, read_gold
from research.cluster.fitting import Recipe, Sample, cross_validate, fit
from research.cluster.linear import Block, decide
from research.errors import UsageError

_WHO: Final = ("account", "customer", "industry", "other")
_SIGNAL_BLOCKS: Final = (
    Block(name="w", weight=1.0),
    Block(name="s", weight=0.7),
    Block(name="p", weight=0.7),
    Block(name="n", weight=0.5),
    Block(name="t", weight=0.7),
    Block(name="f", weight=0.3, text=False),
    Block(name="x", weight=0.2, text=False),
)
_RELATION_BLOCKS: Final = (
    Block(name="w", weight=1.5),
    Block(name="b", weight=1.0),
    Block(name="o", weight=1.0),
    Block(name="s", weight=0.7),
    Block(name="f", weight=0.25, text=False),
)
RECIPES: Final[dict[Kind, Recipe]] = {
    "signals": Recipe(blocks=_SIGNAL_BLOCKS, targets=("pain", "goal", "remedy"), inner_folds=4),
    "holders": Recipe(blocks=_SIGNAL_BLOCKS),
    "relations": Recipe(
        blocks=_RELATION_BLOCKS,
        c=4.0,
        min_rows=2,
        min_groups=1,
        inner_folds=3,
        targets=(
            "acquired",
            "competitor",
            "customer",
            "investor",
            "parent",
            "partner",
            "product",
            "subsidiary",
            "supplier",
        ),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingReport:
    """What was trained, from what, how good it is by company-wise cross-validation, and where the weights lie."""

    kind: Kind
    rows: int
    companies: int
    scores: Mapping[str, float]
    path: Path
    bytes_written: int
    weights_sha256: str


def train_model(
    kind: str, data: Path, out: Path | None, date: str, *, folds: int = 5, judged: JudgedRows | None = None
) -> TrainingReport:
    """Trains the linear model of a kind on all rows of the gold files in `data`, on our own labels of the documents
    beside them and on what analysts `judged` (neither is ever scored); writes `KIND.npz`, its card and its held-out
    predictions, and reports held-out scores.

    The same data and date give the same bytes. UsageError for an unknown kind or missing data.
    """
    known = _known(kind)
    rows, digest = read_gold(data, RELATION_FILES if known == "relations" else SENTENCE_FILES)
    labels = read_own_labels(data.parent) if known != "relations" else None
    own = labels.rows if labels else ()
    decided = () if judged is None else judged.relations if known == "relations" else judged.sentences
    sample, scored = linear_sample(known, rows, (*own, *decided))
    recipe = RECIPES[known]
    held_out = cross_validate(sample, recipe, folds)
    scores = _score(known, scored, {at: p for at, p in held_out.items() if at not in sample.asked})
    sample = sample.trainable
    card = _card(known, digest, sample, recipe, scores, date, folds)
    if judged is not None:
        card |= {"judgements": len(decided), "judgements_sha256": judged.sha256}
    model = fit(sample, recipe, card)
    path = (out or default_folder()) / f"{known}.npz"
    path.parent.mkdir(parents=True, exist_ok=True)
    model.save(path)
    write_held_out(path, {scored[at]["id"]: p for at, p in held_out.items()}, digest)
    return TrainingReport(
        kind=known,
        rows=len(sample.own),
        companies=len({sample.groups[i] for i in sample.own}),
        scores=scores,
        path=path,
        bytes_written=path.stat().st_size,
        weights_sha256=model.digest,
    )


def render_training(report: TrainingReport) -> str:
    """The report in lines for a person."""
    lines = [
        f"{report.kind}: {report.rows} rows of {report.companies} companies",
        *(f"  {name:18} {value:.4f}" for name, value in report.scores.items()),
        f"wrote {report.path} ({report.bytes_written / 1e6:.1f} MB)",
    ]
    return "\n".join(lines)


def _known(kind: str) -> Kind:
    for known in get_args(Kind):
        if known == kind:
            return known
    raise UsageError(f"cannot train {kind!r}: choose signals, holders, relations, readers or blends")


def _score(kind: Kind, rows: Sequence[Row], held_out: Mapping[int, Mapping[str, float]]) -> dict[str, float]:
    field = {"signals": "kind", "holders": "holder", "relations": "relation"}[kind]
    decisions = dict(zip(held_out, decide(held_out.values()), strict=True))
    pairs = [(rows[at][field], label) for at, (label, _) in decisions.items()]
    right = sum(truth == label for truth, label in pairs) / len(pairs)
    if kind == "holders":
        return {"accuracy": right} | _by_class(pairs, _WHO[:2])
    named = RECIPES[kind].targets
    by_class = _by_class(pairs, named)
    present = [by_class[f"f1 {label}"] for label in named if any(truth == label for truth, _ in pairs)]
    return {"macro f1": sum(present) / max(1, len(present)), "accuracy": right, **by_class} | {
        "calibration error": _calibration_error(
            [(score, rows[at][field] == label) for at, (label, score) in decisions.items()]
        )
    }


def _by_class(pairs: Sequence[tuple[str, str]], labels: Sequence[str]) -> dict[str, float]:
    scores = {}
    for label in labels:
        hits = sum(truth == label == found for truth, found in pairs)
        total = sum((truth == label) + (found == label) for truth, found in pairs)
        scores[f"f1 {label}"] = 2 * hits / max(1, total)
    return scores


def _calibration_error(scored: Sequence[tuple[float, bool]], bins: int = 10) -> float:
    """Mean gap between what is claimed and what is right, over equal steps of the claim, weighed by rows."""
    gap = 0.0
    for step in range(bins):
        inside = [(s, ok) for s, ok in scored if step / bins < s <= (step + 1) / bins]
        if inside:
            gap += abs(sum(s for s, _ in inside) - sum(ok for _, ok in inside))
    return gap / max(1, len(scored))


def _card(
    kind: Kind, digest: str, sample: Sample, recipe: Recipe, scores: Mapping[str, float], date: str, folds: int
) -> dict[str, Any]:
    return {
        "name": kind,
        "trained": date,
        "command": f"dossier train {kind} --data DATA/gold",
        "data_sha256": digest,
        "rows": len(sample.own),
        "own_examples_and_labels": len(sample.extra),
        "companies": len({sample.groups[i] for i in sample.own}),
        "cross_validation": {"folds": folds, "by": "company", **{k: round(v, 4) for k, v in scores.items()}},
        "recipe": {"c": recipe.c, "min_rows": recipe.min_rows, "min_groups": recipe.min_groups},
        "method": "multinomial logistic regression; decision shifts and temperature from inner folds by company",
    }
