"""What stands behind the classifiers' figures: how sure and how right, what is taken for what, the worst errors."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from pipelines.judged import KINDS, NONE, Judged, Related, by_group
from pipelines.scoring import pooled
from pipelines.single import read_document
from research.draft.support import squash

_BINS: Final = 10
_STEPS: Final = 10
_WORST: Final = 20
_RISKS: Final = "risk factors"
Json = dict[str, Any]


def label_report(judged: Sequence[Judged], inside: frozenset[str], unknown: frozenset[str]) -> Json:
    """Of the sentence classifier: calibration, precision by coverage, pains by where they stand, confusions, errors.

    `inside` are the ids of sentences that stand in a filing's risk section, `unknown` those whose place is not known.
    """
    return {
        "calibration": calibration([(j.score, j.right) for j in judged]),
        "precision_by_coverage": precision_by_coverage([(j.score, j.right) for j in judged if j.kind != NONE]),
        "pains_by_place": pains_by_place(judged, inside, unknown),
        "kinds": confusion((j.row["kind"], j.kind) for j in judged),
        "holders": confusion((j.row["holder"], j.holder or NONE) for j in judged if j.row["kind"] != NONE),
        "worst": {kind: _worst_of(kind, judged) for kind in KINDS},
        "worst_holders": _worst_holders(judged),
    }


def calibration(scored: Sequence[tuple[float, bool]]) -> Json:
    """The expected calibration error over ten bins of equal width of what is claimed: the mean gap between the claim
    and the share that is right, weighed by rows."""
    bins = []
    for step in range(_BINS):
        inside = [(s, ok) for s, ok in scored if step / _BINS < s <= (step + 1) / _BINS]
        if inside:
            claimed, right = (sum(values) / len(inside) for values in zip(*inside, strict=True))
            bins.append(
                {"to": (step + 1) / _BINS, "n": len(inside), "claimed": round(claimed, 4), "right": round(right, 4)}
            )
    gap = sum(b["n"] * abs(b["claimed"] - b["right"]) for b in bins) / max(1, len(scored))
    return {"how": "ten bins of equal width of the winner's probability", "ece": round(gap, 4), "bins": bins}


def precision_by_coverage(scored: Sequence[tuple[float, bool]]) -> list[Json]:
    """Of the sentences called a pain, goal or remedy the surest tenth, two tenths, …: how many are right."""
    ordered = sorted(scored, key=lambda pair: -pair[0])
    counts = dict.fromkeys(max(1, round(len(ordered) * step / _STEPS)) for step in range(1, _STEPS + 1))
    return [
        {
            "coverage": round(count / len(ordered), 2),
            "n": count,
            "from": round(ordered[count - 1][0], 3),
            "precision": round(sum(ok for _, ok in ordered[:count]) / count, 4),
        }
        for count in counts
        if ordered
    ]


def pains_by_place(judged: Sequence[Judged], inside: frozenset[str], unknown: frozenset[str]) -> Json:
    """F1 of pains on web pages, in filings' risk sections, elsewhere in filings, and on all but risk sections;
    sentences of filings that are not at hand have no known place, and stand for themselves."""
    where = {
        "web pages": [j for j in judged if not is_filing(j.row)],
        "filings, risk section": [j for j in judged if j.row["id"] in inside],
        "filings, elsewhere": [j for j in judged if is_filing(j.row) and j.row["id"] not in inside | unknown],
        "outside risk sections": [j for j in judged if j.row["id"] not in inside | unknown],
        "filings, place not known": [j for j in judged if j.row["id"] in unknown],
    }
    return {place: _pains(found) for place, found in where.items()}


def _pains(judged: Sequence[Judged]) -> Json:
    units = [counts[0] for counts in by_group(judged, lambda _: "all", ("pain",), lambda j: (j.row["kind"], j.kind))]
    figures = {kind: round(pooled(units, kind), 4) for kind in ("p", "r", "f1")}
    return {"n": len(judged), "pains": sum(j.row["kind"] == "pain" for j in judged), **figures}


def is_filing(row: Mapping[str, Any]) -> bool:
    """Whether a gold sentence is from an annual report, as its address says."""
    return (row["url"] or "").startswith("10-K/")


def places_of(rows: Iterable[Mapping[str, Any]], reports: Path) -> tuple[frozenset[str], frozenset[str]]:
    """The ids of sentences in risk sections, and of those of filings that are not in the folder `reports`."""
    inside, unknown, sections = set[str](), set[str](), dict[str, str | None]()
    for row in rows:
        if not is_filing(row):
            continue
        ticker = row["url"].removeprefix("10-K/")
        if ticker not in sections:
            sections[ticker] = _risk_section(reports / f"{ticker}.html.gz")
        section = sections[ticker]
        if section is None:
            unknown.add(row["id"])
        elif squash(row["sentence"]) in section:
            inside.add(row["id"])
    return frozenset(inside), frozenset(unknown)


def _risk_section(path: Path) -> str | None:
    if not path.is_file():
        return None
    document = read_document(path)
    told = (p.of(document.text) for p in document.passages if any(_RISKS in h.lower() for h in p.heading_path))
    return squash(" ".join(told))


def confusion(pairs: Iterable[tuple[str, str]]) -> Json:
    """How often each gold label (row) was answered by each label."""
    counted = Counter(pairs)
    golds, answers = sorted({g for g, _ in counted}), sorted({a for _, a in counted})
    return {gold: {answer: counted[gold, answer] for answer in answers} for gold in golds}


def _worst_of(kind: str, judged: Sequence[Judged]) -> Json:
    """The surest of the false answers, and the most clearly missed of the true."""
    false = sorted((j for j in judged if j.kind == kind and not j.right), key=lambda j: -j.kinds[kind])
    missed = sorted((j for j in judged if j.row["kind"] == kind and not j.right), key=lambda j: j.kinds.get(kind, 0.0))
    return {
        "false": [_sentence(j, kind) for j in false[:_WORST]],
        "missed": [_sentence(j, kind) for j in missed[:_WORST]],
    }


def _sentence(judged: Judged, kind: str) -> Json:
    row = judged.row
    return {
        "id": row["id"],
        "account": row["account"],
        "gold": row["kind"],
        "answer": judged.kind,
        "probability": round(judged.kinds.get(kind, 0.0), 3),
        "doubt": row.get("doubt", False),
        "sentence": row["sentence"],
    }


def _worst_holders(judged: Sequence[Judged]) -> list[Json]:
    wrong = [j for j in judged if j.row["kind"] != NONE and j.holder and j.holder != j.row["holder"]]
    ordered = sorted(wrong, key=lambda j: -j.holders[j.holder or ""])[:_WORST]
    return [
        _sentence(j, j.kind) | {"gold": j.row["holder"], "answer": j.holder, "probability": j.holders[j.holder or ""]}
        for j in ordered
    ]


def relation_report(related: Sequence[Related]) -> Json:
    """Of the relation classifier: what is taken for what, and the surest errors of each relation."""
    labels = sorted({r.row["relation"] for r in related})
    return {
        "calibration": calibration([(r.relations[r.relation], r.relation == r.row["relation"]) for r in related]),
        "relations": confusion((r.row["relation"], r.relation) for r in related),
        "worst": {label: _worst_relations(label, related) for label in labels},
    }


def _worst_relations(label: str, related: Sequence[Related]) -> list[Json]:
    wrong = [r for r in related if label in (r.relation, r.row["relation"]) and r.relation != r.row["relation"]]
    ordered = sorted(wrong, key=lambda r: -r.relations[r.relation])[:_WORST]
    return [
        {
            "id": r.row["id"],
            "subject": r.row["subject"],
            "object": r.row["object"],
            "gold": r.row["relation"],
            "answer": r.relation,
            "probability": round(r.relations[r.relation], 3),
            "sentence": r.row["sentence"],
        }
        for r in ordered
    ]
