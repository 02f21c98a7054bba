"""One function a gold set: it runs the project as a user would, and gives the figures."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pipelines.account_errors import account_errors
from pipelines.bench import Bench, parsed
from pipelines.page_card import out_of_fold
from pipelines.scoring import Counts, Scored
from pipelines.single import entities_of, main_text_of, read_document
from research.errors import DossierError
from research.model.finding import Finding
from research.text.names import fold

_SHOWN: Final = 20  # errors of a kind
_CONTEXT: Final = 80  # characters on either side of a name
_GROUPS: Final = ("profile", "competitors", "people_with_role")
_RECALLS: Final = ("pains_recall", "goals_recall", "events_recall", "offerings_recall", "offices_recall")


def score_account(bench: Bench) -> Iterator[Scored]:
    """The three sites against their annotated facts: profile, rivals, people, and the recalls."""
    yield from _account_figures(bench.site_results, lambda group: _errors(bench, group))


def _errors(bench: Bench, group: str) -> list[dict[str, Any]]:
    """What is wrong of all annotated accounts that are at hand in one group, with the words behind it."""
    return [
        error
        for name, result in bench.site_results.items()
        for error in account_errors(name, parsed(bench.sites[name]), result, bench.site_gold[name], group)
    ]


def _filing_errors(bench: Bench, group: str) -> list[dict[str, Any]]:
    return [
        error
        for ticker, result in bench.filing_results.items()
        for error in account_errors(ticker, parsed(bench.filings[ticker]), result, bench.filing_gold[ticker], group)
    ]


def _account_figures(
    results: dict[str, dict[str, Any]], errors: Callable[[str], list[dict[str, Any]]]
) -> Iterator[Scored]:
    for name, result in results.items():
        for group in _GROUPS:
            if result[group]["tp"] + result[group]["fn"]:
                yield Scored(
                    name=f"account.{name}.{group}.f1", n=1, units=(_counts(result[group]),), detail=result[group]
                )
    for group in _GROUPS:
        mean = [r[group]["f1"] for r in results.values() if r[group]["tp"] + r[group]["fn"]]
        yield Scored(name=f"account.{group}.f1", n=len(mean), value=sum(mean) / len(mean), detail=errors(group))
    for recall in _RECALLS:
        found = [_recall(r[recall]) for r in results.values() if r.get(recall)]
        yield Scored(name=f"account.{recall}", n=len(found), value=sum(found) / max(1, len(found)))
    bad = sum(r["evidence"]["bad"] for r in results.values()) + sum(r["claims"]["uncited"] for r in results.values())
    yield Scored(name="account.evidence_sound", n=len(results), value=1.0 if not bad else 0.0)


def _recall(result: dict[str, Any]) -> float:
    return float(result.get("at_3n", result.get("r")) or 0.0)


def _counts(result: dict[str, Any]) -> Counts:
    return Counts(right=result["tp"], wrong=result["fp"], missed=result["fn"])


def score_tenk(bench: Bench) -> Iterator[Scored]:
    """The filings against their XBRL figures, and ten of them against annotated facts."""
    rows = [(f["ticker"], bench.scorer.score_tenk(parsed(bench.filings[f["ticker"]]), f)) for f in bench.facts]
    yield Scored(
        name="tenk.f1",
        n=len(rows),
        units=tuple(_counts(r["all"]) for _, r in rows),
        detail={t: r for t, r in rows if r["all"]["fp"] + r["all"]["fn"]},
    )
    money = tuple(c for _, r in rows for c in _money(r))
    yield Scored(name="tenk.money_exact", n=len(money), kind="mean", units=money)
    annotated = bench.filing_results
    rivals = tuple(_counts(a["competitors"]) for a in annotated.values())
    for kind in ("p", "r"):
        yield Scored(
            name=f"tenk.competitors.{kind}",
            n=len(rivals),
            kind=kind,
            units=rivals,
            detail=_filing_errors(bench, "competitors") if kind == "p" else None,
        )
    people = tuple(_counts(a["people_with_role"]) for a in annotated.values())
    wrong = _filing_errors(bench, "people_with_role")
    yield Scored(name="tenk.people_with_role.f1", n=len(people), units=people, detail=wrong)
    for recall in _RECALLS[:3]:
        found = tuple(Counts(right=_recall(a[recall])) for a in annotated.values() if a.get(recall))
        yield Scored(name=f"tenk.{recall}", n=len(found), kind="mean", units=found)


def score_signals(bench: Bench) -> Iterator[Scored]:
    """Pains, goals and events found of all thirteen annotated accounts, sites and reports together, and how many of the
    companies that stand near by (customers, partners, own units) are called rivals."""
    results = {**bench.site_results, **bench.filing_results}
    for recall in _RECALLS[:3]:
        found = tuple(Counts(right=_recall(r[recall])) for r in results.values() if r.get(recall))
        yield Scored(name=f"signals.{recall}_mean", n=len(found), kind="mean", units=found)
    hits = {name: r["competitors"]["hard_negatives_hit"] for name, r in results.items()}
    clean = tuple(Counts(right=float(not hit)) for hit in hits.values())
    yield Scored(name="competitors.accounts_without_hard_negative", n=len(clean), kind="mean", units=clean, detail=hits)
    for name, hit in hits.items():
        yield Scored(name=f"competitors.{name}.hard_negatives_hit", n=1, value=float(len(hit)))


def _money(result: dict[str, Any]) -> Iterator[Counts]:
    for field in ("revenue", "net_income"):
        yield Counts(right=float(result[field] in ("ok", "rightly empty")))


def score_entities(bench: Bench) -> Iterator[Scored]:
    """The entities of human-labelled company pages, one unit a page."""
    gold = bench.scorer.jl(bench.data / "companypages" / "gold.jsonl")
    unseen = out_of_fold(bench.data / "companypages" / "gold.jsonl")  # the weights were trained on these very pages
    answers = {row["id"]: list(entities_of(str(_company_page(bench, row)))) for row in gold}
    with tempfile.TemporaryDirectory() as folder:
        for row in gold:
            lines = "".join(json.dumps(entity) + "\n" for entity in answers[row["id"]])
            (Path(folder) / f"{row['id'].replace('/', '__')}.jsonl").write_text(lines, encoding="utf-8")
        pages = [bench.scorer.score_entities(folder, [row]) for row in gold]
    for label in ("company", "person", "role", "phone", "email", "place"):
        units = tuple(_counts(page[label]) for page in pages)
        kind = "r" if label == "place" else "f1"  # our places are wider than the cities of the gold
        wrong = list(islice((e for row in gold for e in _entity_errors(bench, row, answers[row["id"]], label)), _SHOWN))
        in_sample = Scored(name=f"entities.in_sample.{label}.{kind}", n=len(gold), kind=kind, units=units)
        if label in unseen:
            yield Scored(name=f"entities.{label}.{kind}", n=len(gold), value=unseen[label][kind], detail=wrong)
            yield in_sample
        else:
            yield replace(in_sample, name=f"entities.{label}.{kind}", detail=wrong)


def _company_page(bench: Bench, row: dict[str, Any]) -> Path:
    return bench.data / "companypages" / "html" / f"{row['id'].replace('/', '__')}.html.gz"


def _entity_errors(
    bench: Bench, row: dict[str, Any], answers: list[dict[str, Any]], label: str
) -> Iterator[dict[str, Any]]:
    """Of one page the first name of a label that is wrongly found and the first that is missed, in their places."""
    labels = bench.scorer.LABELS
    want = [e["text"] for e in row["entities"] if labels.get(e["type"]) == label]
    got = [e["text"] for e in answers if e["label"] == label]
    false = next((text for text in got if fold(text) not in {fold(t) for t in want}), None) if want else None
    missed = next((text for text in want if fold(text) not in {fold(t) for t in got}), None)
    for error, text in (("false", false), ("missed", missed)):
        if text is not None:
            yield {"page": row["id"], "error": error, "what": text, "sentence": _around(bench, row, text)}


def _around(bench: Bench, row: dict[str, Any], text: str) -> str:
    whole = " ".join(read_document(_company_page(bench, row)).text.split())
    at = whole.casefold().find(" ".join(text.split()).casefold())
    return whole[max(0, at - _CONTEXT) : at + len(text) + _CONTEXT] if at >= 0 else ""


def score_text(bench: Bench) -> Iterator[Scored]:
    """The main text of pages, by the F1 of its words."""
    gold = bench.scorer.jl(bench.data / "maintext" / "ground_truth.jsonl.gz")
    with tempfile.TemporaryDirectory() as folder:
        for row in gold:
            page = bench.data / "maintext" / "html" / f"{row['file_id']}.html.gz"
            if page.exists():
                (Path(folder) / f"{row['file_id']}.txt").write_text(
                    main_text_of(page), encoding="utf-8", errors="replace"
                )
        pages = [(row.get("page_type"), bench.scorer.score_text(folder, [row])["f1"]) for row in gold]
    for name, kept in (("text.f1", pages), ("text.service.f1", [p for p in pages if p[0] == "service"])):
        if kept:
            yield Scored(name=name, n=len(kept), kind="mean", units=tuple(Counts(right=f1) for _, f1 in kept))


def score_dates(bench: Bench) -> Iterator[Scored]:
    """Publication dates of pages; where the gold has none (a NaN), none is right."""
    rows = json.loads((bench.data / "dates" / "dates.json").read_text(encoding="utf-8")).values()
    gold = [(bench.data / "dates" / row["html"], row["date"] if isinstance(row["date"], str) else None) for row in rows]
    right = tuple(Counts(right=float(_dated(page) == date)) for page, date in gold)
    yield Scored(name="dates.accuracy", n=len(right), kind="mean", units=right)


def _dated(page: Path) -> str | None:
    try:
        return read_document(page).published
    except DossierError:
        return None


def score_clusters(bench: Bench) -> Iterator[Scored]:
    """Themes with their number unknown, on draws of twelve classes of ten to thirty-nine short texts."""
    import random

    from research.cluster.labels import content_words
    from research.cluster.themes import embed, group_rows
    from research.cluster.vectors import load_vectors

    rows = bench.scorer.jl(bench.data / "clusters" / "stackoverflow.jsonl")
    by_label: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_label.setdefault(row["label"], []).append(row)
    scores = []
    for draw in range(10):
        chance = random.Random(draw)  # noqa: S311  (a draw of test cases)  # nosec B311
        picked = [
            r for k in chance.sample(sorted(by_label), 12) for r in chance.sample(by_label[k], chance.randint(10, 39))
        ]
        groups = group_rows(embed([content_words(r["text"], ()) for r in picked], load_vectors())).tolist()
        predicted = [{"id": r["id"], "label": str(g)} for r, g in zip(picked, groups, strict=True)]
        scores.append(Counts(right=bench.scorer.score_clusters(predicted, picked)["ari"]))
    yield Scored(name="clusters.ari", n=len(scores), kind="mean", units=tuple(scores))


def score_themes(bench: Bench) -> Iterator[Scored]:
    """The share of theme labels that are more than one word, one unit a brief, and all labels with their members."""
    shown, units = {}, []
    for brief in (*bench.sites.values(), *bench.filings.values()):
        known = {finding.id: finding for finding in brief.findings}
        shown[brief.account.name] = [
            {"label": t.label, "findings": len(t.finding_ids), "members": [_short(known[i]) for i in t.finding_ids[:5]]}
            for t in brief.themes
        ]
        wordy = sum(" " in theme.label for theme in brief.themes)
        units.append(Counts(right=wordy, missed=len(brief.themes) - wordy))
    total = int(sum(u.right + u.missed for u in units))
    yield Scored(name="themes.worded", n=total, kind="r", units=tuple(units), detail=shown)


def _short(finding: Finding) -> str:
    """A finding in at most six words."""
    words = finding.text("phrase").split()
    return " ".join(words[:6]) + (" …" if len(words) > 6 else "")
