"""One function a gold set: it runs the project as a user would, and gives the figures."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.brief import Order, make_brief
from pipelines.models import Models, load_models
from pipelines.page_card import out_of_fold
from pipelines.scoring import Counts, Scored
from pipelines.single import entities_of, main_text_of, read_document
from research.errors import DossierError
from research.export.as_json import to_json

_SITES: Final = {
    "rapid7": ("https://www.rapid7.com/", "rapid7_2019.warc.gz"),
    "doublecloud": ("https://double.cloud/", "doublecloud_2025.warc.gz"),
    "flux": ("https://www.fluxfederation.com/", "flux_2020.warc.gz"),
}
_GROUPS: Final = ("profile", "competitors", "people_with_role")
_RECALLS: Final = ("pains_recall", "goals_recall", "events_recall", "offerings_recall", "offices_recall")


def _briefs(orders: Sequence[Order], now: str) -> Iterator[dict[str, Any]]:
    """The brief.json of each order, all made in one temporary home with the models loaded once."""
    loaded: list[Models] = []

    def models(workspace: Workspace) -> Models:
        if not loaded:
            loaded.append(load_models(workspace))
        return loaded[0]

    with tempfile.TemporaryDirectory() as folder, open_workspace(Path(folder), lambda: now) as workspace:
        for order in orders:
            outcome = make_brief(_into(order, Path(folder) / "out"), workspace, models)
            yield json.loads(to_json(outcome.brief))


def _into(order: Order, out: Path) -> Order:
    from dataclasses import replace

    return replace(order, out=out, formats=("json",))


def score_account(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """The three sites against their annotated facts: profile, rivals, people, and the recalls."""
    orders = [Order(target=url, sources=(str(data / "warc" / name),)) for url, name in _SITES.values()]
    results = {}
    for name, brief in zip(_SITES, _briefs(orders, now), strict=True):
        gold = json.loads((data / "gold" / f"account.{name}.json").read_text(encoding="utf-8"))
        results[name] = scorer.score_account(brief, gold)
    yield from _account_figures(results)


def _account_figures(results: dict[str, dict[str, Any]]) -> Iterator[Scored]:
    for name, result in results.items():
        for group in _GROUPS:
            if result[group]["tp"] + result[group]["fn"]:
                yield Scored(
                    name=f"account.{name}.{group}.f1", n=1, units=(_counts(result[group]),), detail=result[group]
                )
    for group in _GROUPS:
        mean = [r[group]["f1"] for r in results.values() if r[group]["tp"] + r[group]["fn"]]
        yield Scored(name=f"account.{group}.f1", n=len(mean), value=sum(mean) / len(mean))
    for recall in _RECALLS:
        found = [_recall(r[recall]) for r in results.values() if r.get(recall)]
        yield Scored(name=f"account.{recall}", n=len(found), value=sum(found) / max(1, len(found)))
    bad = sum(r["evidence"]["bad"] for r in results.values()) + sum(r["claims"]["uncited"] for r in results.values())
    yield Scored(name="account.evidence_sound", n=len(results), value=1.0 if not bad else 0.0)


def _recall(result: dict[str, Any]) -> float:
    return float(result.get("at_3n", result.get("r")) or 0.0)


def _counts(result: dict[str, Any]) -> Counts:
    return Counts(right=result["tp"], wrong=result["fp"], missed=result["fn"])


def score_tenk(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """The filings against their XBRL figures, and ten of them against annotated facts."""
    facts = scorer.jl(data / "tenk" / "facts.jsonl")
    orders = [Order(target=_registrant(f), sources=(str(data / "tenk" / f"{f['ticker']}.html.gz"),)) for f in facts]
    gold = {g["profile"]["ticker"]["value"]: g for g in scorer.jl(data / "gold" / "tenk.accounts.jsonl")}
    rows, annotated = [], {}
    for fact, brief in zip(facts, _briefs(orders, now), strict=True):
        rows.append((fact["ticker"], scorer.score_tenk(brief, fact)))
        if fact["ticker"] in gold:
            annotated[fact["ticker"]] = scorer.score_account(brief, gold[fact["ticker"]])
    yield Scored(
        name="tenk.f1",
        n=len(rows),
        units=tuple(_counts(r["all"]) for _, r in rows),
        detail={t: r for t, r in rows if r["all"]["fp"] + r["all"]["fn"]},
    )
    money = tuple(c for _, r in rows for c in _money(r))
    yield Scored(name="tenk.money_exact", n=len(money), kind="mean", units=money)
    rivals = tuple(_counts(a["competitors"]) for a in annotated.values())
    for kind in ("p", "r"):
        yield Scored(
            name=f"tenk.competitors.{kind}",
            n=len(rivals),
            kind=kind,
            units=rivals,
            detail={t: a["competitors"] for t, a in annotated.items()} if kind == "p" else None,
        )
    people = tuple(_counts(a["people_with_role"]) for a in annotated.values())
    yield Scored(name="tenk.people_with_role.f1", n=len(people), units=people)
    for recall in _RECALLS[:3]:
        found = tuple(Counts(right=_recall(a[recall])) for a in annotated.values() if a.get(recall))
        yield Scored(name=f"tenk.{recall}", n=len(found), kind="mean", units=found)


def _registrant(fact: dict[str, Any]) -> str:
    return str(fact["dei"]["EntityRegistrantName"])


def _money(result: dict[str, Any]) -> Iterator[Counts]:
    for field in ("revenue", "net_income"):
        yield Counts(right=float(result[field] in ("ok", "rightly empty")))


def score_labels(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """The sentence classifiers by company-wise cross-validation, as their card reports it for this data."""
    del data, scorer, now
    yield from _card("signals", "labels")
    yield from _card("holders", "holders")


def score_relations(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """The relation classifier by company-wise cross-validation, as its card reports it."""
    del data, scorer, now
    yield from _card("relations", "relations")


def _card(model: str, group: str) -> Iterator[Scored]:
    card = json.loads((files("corpora") / "weights" / f"{model}.json").read_text(encoding="utf-8"))
    for name, score in sorted(card["cross_validation"].items()):
        if isinstance(score, float) and name != "calibration error":
            yield Scored(name=f"{group}.{name.replace(' ', '_')}", n=int(card["rows"]), value=score)


def score_entities(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """The entities of human-labelled company pages."""
    del now
    gold = scorer.jl(data / "companypages" / "gold.jsonl")
    with tempfile.TemporaryDirectory() as folder:
        for row in gold:
            name = row["id"].replace("/", "__")
            lines = "".join(
                json.dumps(e) + "\n" for e in entities_of(str(data / "companypages" / "html" / f"{name}.html.gz"))
            )
            (Path(folder) / f"{name}.jsonl").write_text(lines, encoding="utf-8")
        result = scorer.score_entities(folder, gold)
    unseen = out_of_fold(data / "companypages" / "gold.jsonl")  # the weights were trained on these very pages
    for label in ("company", "person", "role", "phone", "email"):
        yield Scored(name=f"entities.{label}.f1", n=len(gold), value=unseen.get(label, result[label])["f1"])
    yield Scored(name="entities.place.r", n=len(gold), value=unseen.get("place", result["place"])["r"])
    for label in sorted(unseen.keys() - {"place"}):
        yield Scored(name=f"entities.in_sample.{label}.f1", n=len(gold), value=result[label]["f1"])


def score_text(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """The main text of pages, by the F1 of its words."""
    del now
    gold = scorer.jl(data / "maintext" / "ground_truth.jsonl.gz")
    with tempfile.TemporaryDirectory() as folder:
        for row in gold:
            page = data / "maintext" / "html" / f"{row['file_id']}.html.gz"
            if page.exists():
                (Path(folder) / f"{row['file_id']}.txt").write_text(
                    main_text_of(page), encoding="utf-8", errors="replace"
                )
        result = scorer.score_text(folder, gold)
    yield Scored(name="text.f1", n=result["n"], value=result["f1"])
    service = result["by_type"].get("service")
    if service:
        yield Scored(name="text.service.f1", n=service[1], value=service[0])


def score_dates(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """Publication dates of pages; where the gold has none (a NaN), none is right."""
    del scorer, now
    rows = json.loads((data / "dates" / "dates.json").read_text(encoding="utf-8")).values()
    gold = [(data / "dates" / row["html"], row["date"] if isinstance(row["date"], str) else None) for row in rows]
    right = tuple(Counts(right=float(_dated(page) == date)) for page, date in gold)
    yield Scored(name="dates.accuracy", n=len(right), kind="mean", units=right)


def _dated(page: Path) -> str | None:
    try:
        return read_document(page).published
    except DossierError:
        return None


def score_clusters(data: Path, scorer: ModuleType, now: str) -> Iterator[Scored]:
    """Themes with their number unknown, on draws of twelve classes of ten to thirty-nine short texts."""
    del now
    import random

    from research.cluster.labels import content_words
    from research.cluster.themes import embed, group_rows
    from research.cluster.vectors import load_vectors

    rows = scorer.jl(data / "clusters" / "stackoverflow.jsonl")
    by_label: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_label.setdefault(row["label"], []).append(row)
    scores = []
    for draw in range(10):
        chance = random.Random(draw)  # noqa: S311  (a draw of test cases)
        picked = [
            r for k in chance.sample(sorted(by_label), 12) for r in chance.sample(by_label[k], chance.randint(10, 39))
        ]
        groups = group_rows(embed([content_words(r["text"], ()) for r in picked], load_vectors())).tolist()
        predicted = [{"id": r["id"], "label": str(g)} for r, g in zip(picked, groups, strict=True)]
        scores.append(Counts(right=scorer.score_clusters(predicted, picked)["ari"]))
    yield Scored(name="clusters.ari", n=len(scores), kind="mean", units=tuple(scores))
