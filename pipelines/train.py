"""Trains the classifiers of signals, holders and relations from gold labels, and measures them company by company."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final, Literal, get_args

from pipelines.held_out import write_held_out
from research.analyse.features_signals import SentenceContext, signal_features
from research.analyse.relation_model import Pair, relation_features
from research.cluster.fitting import Recipe, Sample, cross_validate, fit
from research.cluster.linear import Block, decide
from research.errors import UsageError
from research.text.hashing import sha256_bytes
from research.text.names import company_key

Kind = Literal["signals", "holders", "relations"]
Row = dict[str, Any]

SENTENCE_FILES: Final = ("sentences.train.jsonl", "sentences.dev.jsonl")
RELATION_FILES: Final = ("relations.train.jsonl",)
_EXAMPLES_WEIGHT: Final = 0.5  # of our own example sentences beside a gold row; 0.5 and 1 did equally well, 2 worse
_VAGUE_NONE_WEIGHT: Final = 0.3  # of "none" rows that say only that one candidate relation does not hold
_WHO: Final = ("account", "customer", "industry", "other")
_PAGES: Final = {
    "filing": ("10-K/ACME", "Form 10-K"),
    "press_release": ("https://www.acme.com/press-releases/acme-news", "Acme news"),
    "product": ("https://www.acme.com/solutions/overview", "Solutions"),
    "case_study": ("https://www.acme.com/case-studies/northwind", "How Northwind works with Acme"),
    "blog": ("https://www.acme.com/blog/post", "Blog"),
    "about": ("https://www.acme.com/about", "About Acme"),
    "home": ("https://www.acme.com/", "Acme"),
    "careers": ("https://www.acme.com/careers", "Careers"),
}
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
    "signals": Recipe(blocks=_SIGNAL_BLOCKS, targets=("pain", "goal", "remedy"), inner_folds=6),
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


def train_model(kind: str, data: Path, out: Path | None, date: str, *, folds: int = 5) -> TrainingReport:
    """Trains on all rows of the gold files in `data`, writes `KIND.npz` and its card, and reports held-out scores.

    The same data and date give the same bytes. UsageError for an unknown kind or missing data.
    """
    known = _known(kind)
    rows, digest = read_gold(data, RELATION_FILES if known == "relations" else SENTENCE_FILES)
    sample, scored = _sample(known, rows)
    recipe = RECIPES[known]
    held_out = cross_validate(sample, recipe, folds)
    scores = _score(known, scored, {at: p for at, p in held_out.items() if at not in sample.asked})
    sample = sample.trainable
    card = _card(known, digest, sample, recipe, scores, date, folds)
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


def default_folder() -> Path:
    """`corpora/weights` of this installation."""
    return Path(str(files("corpora") / "weights"))


def _known(kind: str) -> Kind:
    for known in get_args(Kind):
        if known == kind:
            return known
    raise UsageError(f"cannot train {kind!r}: choose signals, holders or relations")


def read_gold(folder: Path, names: Sequence[str]) -> tuple[list[Row], str]:
    """The rows of the gold files in order, and one digest of their bytes; UsageError where one is missing or broken."""
    rows: list[Row] = []
    digests = []
    for name in names:
        path = folder / name
        if not path.is_file():
            raise UsageError(f"{path} is missing: --data names the folder of the gold labels")
        content = path.read_bytes()
        digests.append(sha256_bytes(content))
        for number, line in enumerate(content.decode("utf-8").splitlines(), start=1):
            rows.append(_parse(line, path, number))
    return rows, sha256_bytes("".join(digests).encode())


def _parse(line: str, path: Path, number: int) -> Row:
    try:
        return dict(json.loads(line))
    except (ValueError, TypeError) as error:
        raise UsageError(f"{path}, line {number} is no JSON object ({error})") from None


def sentence_context(row: Mapping[str, Any], account: str | None = None) -> SentenceContext:
    """A row of the labels' format as the features read it."""
    name = row.get("account") or account
    return SentenceContext(
        sentence=row["sentence"],
        prev=row.get("prev") or "",
        next=row.get("next") or "",
        title=row.get("title") or "",
        url=row.get("url") or "",
        accounts=(name,) if name else (),
    )


def example_rows() -> list[Row]:
    """Our own example sentences in the labels' format."""
    text = (files("corpora") / "lexicons" / "signal_examples.json").read_text(encoding="utf-8")
    return [
        {"account": "Acme", "kind": k, "holder": h, "url": _PAGES[p][0], "title": _PAGES[p][1], "sentence": s}
        for k, h, p, s in json.loads(text)["rows"]
    ]


def _sample(kind: Kind, rows: Sequence[Row]) -> tuple[Sample, list[Row]]:
    """The training sample and the rows of its own part, in the sample's order."""
    if kind == "relations":
        return _relation_sample(rows), list(rows)
    own = [row for row in rows if kind == "signals" or row["kind"] != "none"]
    examples = [row for row in example_rows() if kind == "signals" or row["kind"] != "none"]
    # A sentence that is wrongly taken for a pain gets a holder, too: how it is scored depends on which.
    asked = [row for row in rows if kind == "holders" and row["kind"] == "none"]
    every = [*own, *examples, *asked]
    sample = Sample(
        rows=[signal_features(sentence_context(row)) for row in every],
        labels=[row["kind"] if kind == "signals" else row["holder"] for row in every],
        groups=[
            *(company_key(row["account"]) for row in own),
            *(f"example {n % 7}" for n in range(len(examples))),
            *(company_key(row["account"]) for row in asked),
        ],
        weights=[1.0] * len(own) + [_EXAMPLES_WEIGHT] * len(examples) + [1.0] * len(asked),
        extra=frozenset(range(len(own), len(own) + len(examples))),
        asked=frozenset(range(len(own) + len(examples), len(every))),
    )
    return sample, every


def pair_of(row: Mapping[str, Any]) -> Pair:
    """A row of the relations' format as the features read it."""
    return Pair(
        sentence=row["sentence"],
        subject=row["subject"],
        object=row["object"],
        title=row.get("title") or "",
        url=row.get("url") or "",
    )


def _relation_sample(rows: Sequence[Row]) -> Sample:
    vague = [row["relation"] == "none" and row.get("candidate", "competitor") != "competitor" for row in rows]
    return Sample(
        rows=[relation_features(pair_of(row)) for row in rows],
        labels=[row["relation"] for row in rows],
        groups=relation_groups(rows),
        weights=[_VAGUE_NONE_WEIGHT if v else 1.0 for v in vague],
    )


def relation_groups(rows: Sequence[Row]) -> list[str]:
    """One group for rows that share a sentence, a filer or a named subject, so that no company is in two folds."""
    parent = list(range(len(rows)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    seen: dict[str, int] = {}
    for at, row in enumerate(rows):
        for key in _links(row):
            parent[root(at)] = root(seen.setdefault(key, at))
    return [f"group {root(at)}" for at in range(len(rows))]


def _links(row: Row) -> Iterable[str]:
    yield f"sentence {row['sentence']}"
    if row.get("title"):
        yield f"company {company_key(row['title'])}"
    subject = row["subject"]
    generic = {"it", "its", "they", "their", "he", "she", "we", "our"}
    if subject[:1].isupper() and not subject.startswith("The ") and company_key(subject) not in generic:
        yield f"company {company_key(subject)}"


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
        "own_examples": len(sample.extra),
        "companies": len({sample.groups[i] for i in sample.own}),
        "cross_validation": {"folds": folds, "by": "company", **{k: round(v, 4) for k, v in scores.items()}},
        "recipe": {"c": recipe.c, "min_rows": recipe.min_rows, "min_groups": recipe.min_groups},
        "method": "multinomial logistic regression; decision shifts and temperature from inner folds by company",
    }
