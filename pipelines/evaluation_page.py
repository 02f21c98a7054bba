"""An evaluation as a page that a person reads: the figures, then what lies behind them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

Json = Mapping[str, Any]
_LONGEST: Final = 300  # characters of a sentence on the page; the whole stands in evaluation.json
_WORST: Final = 20


def render_page(evaluation: Json) -> str:
    """The Markdown of a parsed evaluation.json."""
    lines = [
        "# Evaluation",
        "",
        f"Measured {evaluation['at']} on gold data {evaluation['data_sha256'][:12]}.",
        "",
        *_table(
            ("metric", "n", "score", "95 % interval", "floor", "last"),
            (
                (
                    m["metric"],
                    m["n"],
                    m["score"],
                    _interval(m),
                    m["floor"] or "",
                    "" if m["last"] is None else m["last"],
                )
                for m in evaluation["metrics"]
            ),
        ),
        *_labels(evaluation["report"].get("labels")),
        *_relations(evaluation["report"].get("relations")),
        *_details(evaluation["details"]),
    ]
    return "\n".join(lines) + "\n"


def _interval(metric: Json) -> str:
    return "" if metric["low"] is None else f"{metric['low']:.3f}–{metric['high']:.3f}"


def _table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    yield from ("| " + " | ".join(_cell(value) for value in row) + " |" for row in rows)
    yield ""


def _cell(value: Any) -> str:
    text = " ".join(str(value).split()).replace("|", "\\|")
    return text if len(text) <= _LONGEST else text[:_LONGEST].rsplit(" ", 1)[0] + " …"


def _labels(report: Json | None) -> Iterator[str]:
    if not report:
        return
    yield from ("## Sentence labels, each by models that saw no sentence of its company", "")
    yield from _calibration(report["calibration"])
    yield from ("### Precision by coverage: the surest of what is called a pain, goal or remedy", "")
    curve = report["precision_by_coverage"]
    yield from _table(
        ("coverage", "n", "probability from", "precision"),
        ((c["coverage"], c["n"], c["from"], c["precision"]) for c in curve),
    )
    yield from ("### Pains by where they stand", "")
    places = report["pains_by_place"].items()
    yield from _table(
        ("place", "n", "pains", "precision", "recall", "F1"),
        ((place, p["n"], p["pains"], p["p"], p["r"], p["f1"]) for place, p in places),
    )
    yield from _confusion("kinds", report["kinds"])
    yield from _confusion("holders", report["holders"])
    for kind, worst in report["worst"].items():
        for way, errors in worst.items():
            yield from _errors(f"{kind}: {way}", errors)
    yield from _errors("holders", report["worst_holders"])


def _relations(report: Json | None) -> Iterator[str]:
    if not report:
        return
    yield from ("## Relations, each by a model that saw no pair of its companies", "")
    yield from _calibration(report["calibration"])
    yield from _confusion("relations", report["relations"])
    for label, errors in report["worst"].items():
        yield from _errors(label, errors)


def _calibration(found: Json) -> Iterator[str]:
    yield from (f"### Calibration: expected error {found['ece']}", "", f"Over {found['how']}.", "")
    bins = ((b["to"], b["n"], b["claimed"], b["right"]) for b in found["bins"])
    yield from _table(("up to", "n", "claimed", "right"), bins)


def _confusion(name: str, matrix: Json) -> Iterator[str]:
    answers = list(next(iter(matrix.values()), {}))
    yield from (f"### Confusion of {name} (rows: gold; columns: answer)", "")
    yield from _table(("", *answers), ((gold, *row.values()) for gold, row in matrix.items()))


def _errors(name: str, errors: Sequence[Json]) -> Iterator[str]:
    if errors:
        yield from (f"### Worst errors, {name}", "")
        yield from _table(tuple(errors[0]), (tuple(error.values()) for error in errors[:_WORST]))


def _details(details: Json) -> Iterator[str]:
    """What else was wrong, figure by figure: rows as a table, everything else as one line a case."""
    for name, detail in details.items():
        if isinstance(detail, list) and detail and isinstance(detail[0], Mapping):
            yield from _errors(name, detail)
        elif isinstance(detail, Mapping):
            yield from (f"### Worst errors, {name}", "")
            yield from (f"- {key}: {_cell(value)}" for key, value in list(detail.items())[:_WORST] if value)
            yield ""
