"""The verifier tried on changed sentences of real briefs, and on claims that others judged against cited pages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any, Final

from pipelines.bench import WORKERS, Bench
from pipelines.mutants import CHANGES, mutants, names_of, unquoted
from pipelines.scoring import Counts, Scored, pooled
from research.draft.check import verify_claim
from research.draft.support import telling, words
from research.draft.verify import Stated, stated_in
from research.model.draft import Brief

_ROWS: Final = {"number": "numbers", "name": "names", "date": "dates"}
_SHOWN: Final = 20  # of the changed sentences that passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What became of one brief's sentences: (caught, missed) by kind of change, true ones refused, and the misses."""

    caught: Mapping[str, int]
    missed: Mapping[str, int]
    true: int
    refused: int
    errors: tuple[dict[str, Any], ...]


def try_sentences(brief: Brief) -> Trial:
    """Every drafted sentence of a brief, as it stands and in reported speech without its quotation marks: whether it
    holds, and whether each changed form of it is refused."""
    drafted = [stated for stated in stated_in(brief) if "in brief.json" not in stated.text]
    names = sorted({name for stated in drafted for name in names_of(stated)} | set(brief.account.names))
    forms = [form for stated in drafted for form in (stated, unquoted(stated)) if form is not None]
    holding = [form for form in forms if not form.problems()]
    caught, missed = Counter[str](), Counter[str]()
    errors = [_error("refused", form) for form in forms if form.problems()]
    for form in holding:
        for mutant in mutants(form, names):
            if form.problems(mutant.text):
                caught[mutant.change] += 1
            else:
                missed[mutant.change] += 1
                errors.append(_error(mutant.change, form, mutant.text))
    return Trial(caught=caught, missed=missed, true=len(forms), refused=len(forms) - len(holding), errors=tuple(errors))


def _error(kind: str, stated: Stated, changed: str = "") -> dict[str, Any]:
    return {"kind": kind, "section": stated.section, "sentence": stated.text, "changed": changed}


def score_verify(bench: Bench) -> Iterator[Scored]:
    """Changed sentences of the sites' briefs and of the ten annotated reports', one unit a brief; then WiCE."""
    reports = [brief for ticker, brief in bench.filings.items() if ticker in bench.filing_results]
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        trials = list(pool.map(try_sentences, (*bench.sites.values(), *reports)))
    yield from figures_of(trials)
    yield from _wice(bench)


def figures_of(trials: Sequence[Trial]) -> Iterator[Scored]:
    """The share of changed sentences that was caught, by kind of change, and of true ones that was kept."""
    for change in CHANGES:
        units = tuple(Counts(right=t.caught.get(change, 0), missed=t.missed.get(change, 0)) for t in trials)
        wrong = [error for t in trials for error in t.errors if error["kind"] == change]
        yield Scored(
            name=f"verify.{_ROWS.get(change, change)}",
            n=int(sum(u.right + u.missed for u in units)),
            kind="r",
            units=units,
            detail=wrong[:_SHOWN],
        )
    units = tuple(Counts(right=t.true - t.refused, missed=t.refused) for t in trials)
    refused = [error for t in trials for error in t.errors if error["kind"] == "refused"]
    total, kept = sum(t.true for t in trials), pooled(units, "r")
    yield Scored(name="verify.true_kept", n=total, kind="r", units=units, detail=refused[:_SHOWN])
    yield Scored(name="verify.true_refused", n=total, value=1 - kept)


def _wice(bench: Bench) -> Iterator[Scored]:
    """Claims of an encyclopaedia against the page that each cites; partly supported ones are left out."""
    path = bench.data / "grounding" / "entailment_retrieval_claim_dev.jsonl.gz"
    rows = [row for row in bench.scorer.jl(path) if row["label"] in ("supported", "not_supported")]
    doubts = [(_doubt(row["claim"], row["evidence"]), row["label"] == "supported") for row in rows]
    yield Scored(name="verify.wice_auc", n=len(rows), value=area_under_curve(doubts))
    yield Scored(name="verify.wice_balanced_accuracy", n=len(rows), value=balanced_accuracy(doubts))


def _doubt(claim: str, evidence: Sequence[str]) -> float:
    """The number of things in a claim that its page does not show, by the number of its telling words."""
    return len(verify_claim(claim, evidence)) / max(1, sum(telling(word) for word in words(claim)))


def area_under_curve(doubts: Sequence[tuple[float, bool]]) -> float:
    """The chance that a supported claim has less doubt than another (ties count half); .5 where one of both lacks."""
    good = [doubt for doubt, supported in doubts if supported]
    bad = [doubt for doubt, supported in doubts if not supported]
    if not good or not bad:
        return 0.5
    return sum((g < b) + 0.5 * (g == b) for g in good for b in bad) / (len(good) * len(bad))


def balanced_accuracy(doubts: Sequence[tuple[float, bool]]) -> float:
    """The mean of the shares of supported claims that pass and of others that are refused, as the gate itself decides:
    no doubt at all."""
    good = [doubt == 0 for doubt, supported in doubts if supported]
    bad = [doubt > 0 for doubt, supported in doubts if not supported]
    return (sum(good) / max(1, len(good)) + sum(bad) / max(1, len(bad))) / 2
