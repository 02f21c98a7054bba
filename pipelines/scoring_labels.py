"""Figures of the sentence and relation classifiers from held-out predictions, whatever kind of model made them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import ModuleType
from typing import Any

from pipelines.bench import Bench
from pipelines.evaluation_report import label_report, places_of, relation_report
from pipelines.held_out import HeldOut, Probabilities, read_held_out
from pipelines.judged import KINDS, NONE, Judged, Related, Row, by_group
from pipelines.scoring import Counts, Scored
from pipelines.train_samples import RELATION_FILES, SENTENCE_FILES, read_gold, relation_groups, sentence_context
from research.analyse.wording import told_holders, told_kinds
from research.errors import DossierError
from research.text.names import company_key


def judged_sentences(bench: Bench) -> list[Judged]:
    """The gold sentences with the shipped models' held-out predictions; DossierError where those are of other data."""
    rows, digest = read_gold(bench.data / "gold", SENTENCE_FILES)
    kinds, holders = (_of_this(read_held_out(name), name, digest) for name in ("signals_blend", "holders_blend"))
    return [_judged(r, kinds[r["id"]], holders.get(r["id"], {})) for r in rows if r["id"] in kinds]


def _judged(row: Row, kinds: Probabilities, holders: Probabilities) -> Judged:
    """The row with what wording tells put right, as for every sentence that is asked."""
    context = sentence_context(row)
    return Judged(row=row, kinds=told_kinds(context, kinds), holders=told_holders(context, holders))


def judged_relations(bench: Bench) -> list[Related]:
    """The gold relations with the shipped model's held-out predictions."""
    rows, digest = read_gold(bench.data / "gold", RELATION_FILES)
    found = _of_this(read_held_out("relations_blend"), "relations_blend", digest)
    groups = relation_groups(rows)
    return [
        Related(row=row, group=group, relations=found[row["id"]])
        for row, group in zip(rows, groups, strict=True)
        if row["id"] in found
    ]


def _of_this(held_out: HeldOut, name: str, digest: str) -> Mapping[str, Probabilities]:
    if held_out.data_sha256 != digest:
        raise DossierError(f"the held-out predictions of {name} are of other gold labels: run `dossier train readers`")
    return held_out.rows


def score_labels(bench: Bench) -> Iterator[Scored]:
    """The sentence classifiers, each sentence by models that saw no sentence of its company."""
    judged = judged_sentences(bench)
    inside, unknown = places_of((j.row for j in judged), bench.data / "tenk")
    yield from label_figures(judged, bench.scorer, label_report(judged, inside, unknown))


def label_figures(judged: Sequence[Judged], scorer: ModuleType, report: Mapping[str, Any]) -> Iterator[Scored]:
    """As the shared scorer defines them: macro F1, the account's own pains, holders, phrases; then kind by kind."""
    result = scorer.score_labels([j.answer() for j in judged], [j.row for j in judged])
    n = len(judged)
    classes = by_group(judged, _company, KINDS, lambda j: (j.row["kind"], j.kind))
    yield Scored(name="labels.macro_f1", n=n, value=result["macro_f1"], classes=classes, detail=report)
    own = by_group(judged, _company, ("account pain",), lambda j: (_own(j.row), _own(j.answer())))
    yield Scored(name="labels.account_pain.f1", n=n, value=result["account_pain"]["f1"], classes=own)
    both = [j for j in judged if j.row["kind"] != NONE and j.right]
    right = tuple(Counts(right=float(j.holder == j.row["holder"])) for j in both)
    yield Scored(name="labels.holder_accuracy", n=len(both), kind="mean", units=right)
    yield Scored(name="labels.phrase_jaccard", n=len(both), value=result["phrase_jaccard"])
    kinds_right = tuple(Counts(right=float(j.right)) for j in judged)
    yield Scored(name="labels.accuracy", n=n, kind="mean", units=kinds_right)
    for at, kind in enumerate(KINDS):
        units = tuple(counts[at] for counts in classes)
        yield Scored(name=f"labels.f1_{kind}", n=n, units=units)
    elsewhere = report["pains_by_place"]["outside risk sections"]
    yield Scored(name="labels.pain_outside_risk_sections.f1", n=elsewhere["n"], value=elsewhere["f1"])
    yield Scored(name="labels.calibration_error", n=n, value=report["calibration"]["ece"])
    yield from _holder_figures([j for j in judged if j.row["kind"] != NONE and j.holder])


def _holder_figures(held: Sequence[Judged]) -> Iterator[Scored]:
    right = tuple(Counts(right=float(j.holder == j.row["holder"])) for j in held)
    yield Scored(name="holders.accuracy", n=len(held), kind="mean", units=right)
    who = ("account", "customer")
    classes = by_group(held, _company, who, lambda j: (j.row["holder"], j.holder or NONE))
    for at, holder in enumerate(who):
        yield Scored(name=f"holders.f1_{holder}", n=len(held), units=tuple(counts[at] for counts in classes))


def _own(answer: Row) -> str:
    return "account pain" if (answer["kind"], answer["holder"]) == ("pain", "account") else NONE


def _company(judged: Judged) -> str:
    return company_key(judged.row["account"])


def score_relations(bench: Bench) -> Iterator[Scored]:
    """The relation classifier, each pair by a model that saw no pair of its companies."""
    yield from relation_figures(judged_relations(bench), bench.scorer)


def relation_figures(related: Sequence[Related], scorer: ModuleType) -> Iterator[Scored]:
    """As the shared scorer defines them: macro F1 over all relations but "other", then each; and the same of rows that
    name a `candidate` with the answer to what they ask, since their "none" says only that it is not that."""
    labels = sorted({r.row["relation"] for r in related} - {NONE, "other"})
    n = len(related)
    classes = _counts(related, labels, lambda r: r.relation)
    macro, rival = _macro_and_rival("relations", related, labels, classes, scorer, lambda r: r.relation)
    yield from (replace(macro, detail=relation_report(related)), rival)
    right = tuple(Counts(right=float(r.relation == r.row["relation"])) for r in related)
    yield Scored(name="relations.accuracy", n=n, kind="mean", units=right)
    for at, label in enumerate(labels):
        yield Scored(name=f"relations.f1_{label}", n=n, units=tuple(counts[at] for counts in classes))
    asked = _counts(related, labels, lambda r: r.as_asked)
    yield from _macro_and_rival("relations.as_asked", related, labels, asked, scorer, lambda r: r.as_asked)


def _counts(
    related: Sequence[Related], labels: Sequence[str], answer: Callable[[Related], str]
) -> tuple[tuple[Counts, ...], ...]:
    return by_group(related, lambda r: r.group, labels, lambda r: (r.row["relation"], answer(r)))


def _macro_and_rival(
    name: str,
    related: Sequence[Related],
    labels: Sequence[str],
    classes: tuple[tuple[Counts, ...], ...],
    scorer: ModuleType,
    answer: Callable[[Related], str],
) -> tuple[Scored, Scored]:
    result = scorer.score_relations(
        [{"id": r.row["id"], "relation": answer(r)} for r in related], [r.row for r in related]
    )
    rivals = tuple(counts[labels.index("competitor")] for counts in classes) if "competitor" in labels else ()
    return (
        Scored(name=f"{name}.macro_f1", n=len(related), value=result["macro_f1"], classes=classes),
        Scored(name=f"{name}.competitor.f1", n=len(related), units=rivals),
    )
