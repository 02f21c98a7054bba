"""Quality as a gate: every gold set is scored, shown with its floor, and a figure below its floor fails."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from pipelines.bench import Bench
from pipelines.scoring import Scored, load_scorer
from research.errors import UsageError
from research.run.stage import Progress

SETS: Final = (
    "account", "tenk", "signals", "releases", "verify", "labels", "relations", "entities", "text", "dates", "clusters",
    "themes",
)  # fmt: skip
_REPORTS: Final = {"labels.macro_f1": "labels", "relations.macro_f1": "relations"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One figure: `n` items behind it, a 95 % bootstrap interval where the items can be drawn again, its floor, and
    what the evaluation before said. Shares have floors; counts and errors, for which less is better, have none."""

    name: str
    n: int
    score: float
    low: float | None
    high: float | None
    floor: float | None
    last: float | None = None

    @property
    def holds(self) -> bool:
        """Whether the figure is at its floor or above."""
        return self.floor is None or self.score >= self.floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """All figures of one evaluation, and what was wrong in detail, by set."""

    at: str
    data_sha256: str
    metrics: tuple[Metric, ...]
    details: Mapping[str, Any]

    @property
    def below(self) -> tuple[str, ...]:
        """The names of the figures below their floor."""
        return tuple(m.name for m in self.metrics if not m.holds)

    def as_dict(self) -> dict[str, Any]:
        """The evaluation as a JSON object."""
        rows = [
            {
                "metric": m.name,
                "n": m.n,
                "score": m.score,
                "low": m.low,
                "high": m.high,
                "floor": m.floor,
                "last": m.last,
            }
            for m in self.metrics
        ]
        report = {group: self.details[name] for name, group in _REPORTS.items() if name in self.details}
        details = {name: detail for name, detail in self.details.items() if name not in _REPORTS}
        return {
            "at": self.at, "data_sha256": self.data_sha256, "metrics": rows, "report": report, "details": details,
        }  # fmt: skip


def evaluate_all(
    data: Path,
    now: str,
    *,
    only: Sequence[str] | None = None,
    progress: Progress | None = None,
    last: Mapping[str, float] | None = None,
) -> Evaluation:
    """Score the sets that `only` names, or all; UsageError where the data or the scorer are not there. `last` are the
    figures of the evaluation before, by name."""
    if not (data / "gold").is_dir():
        raise UsageError(f"{data}: there are no gold sets here; give their folder with --data")
    unknown = [name for name in only or () if name not in SETS]
    if unknown:
        raise UsageError(f"--only {unknown[0]}: the sets are {', '.join(SETS)}")
    bench = Bench(data=data, scorer=load_scorer(data), now=now)
    digest = digest_of(data)
    floors = floors_for(digest)
    metrics: list[Metric] = []
    details: dict[str, Any] = {}
    wanted = [name for name in SETS if name in (only or SETS)]
    for done, name in enumerate(wanted):
        if progress is not None:
            progress.advanced("evaluate", done, len(wanted))
        scored = list(_scoring(name)(bench))
        metrics += [_metric(s, floors, last or {}) for s in scored]
        details |= {s.name: s.detail for s in scored if s.detail}
    return Evaluation(at=now, data_sha256=digest, metrics=tuple(metrics), details=details)


def _scoring(name: str) -> Callable[[Bench], Iterable[Scored]]:
    from pipelines import scoring_labels, scoring_releases, scoring_sets, scoring_verify

    for module in (scoring_sets, scoring_labels, scoring_releases, scoring_verify):
        if found := getattr(module, f"score_{name}", None):
            return found
    raise UsageError(f"no set is called {name}")


def last_figures(path: Path) -> dict[str, float]:
    """The figures of an evaluation.json by metric; none where there is no such file or it is none."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
        return {m["metric"]: float(m["score"]) for m in stored["metrics"]}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def floors_for(digest: str) -> Mapping[str, float]:
    """The floors that were set on the gold data of this digest; none for any other data, which they say nothing of."""
    stored = json.loads((files("corpora") / "floors.json").read_text(encoding="utf-8"))
    return dict(stored["floors"]) if stored["data_sha256"] == digest else {}


def _metric(scored: Scored, floors: Mapping[str, float], last: Mapping[str, float]) -> Metric:
    low, high = scored.interval()
    return Metric(
        name=scored.name,
        n=scored.n,
        score=round(scored.score, 4),
        low=low,
        high=high,
        floor=floors.get(scored.name),
        last=last.get(scored.name),
    )


def digest_of(data: Path) -> str:
    """One sha256 over the names and contents of the gold files, so that a figure names what it was measured on."""
    total = hashlib.sha256()
    for path in sorted((data / "gold").rglob("*")):
        if path.is_file():
            total.update(path.name.encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def render_table(evaluation: Evaluation) -> str:
    """The figures as a table of fixed columns, and a word where no floor holds for this data."""
    lines = list(_lines(evaluation.metrics))
    if all(m.floor is None for m in evaluation.metrics):
        lines.append("No floors: those of corpora/floors.json were set on other gold data.")
    return "\n".join(lines)


def _lines(metrics: Sequence[Metric]) -> Iterator[str]:
    width = max((len(m.name) for m in metrics), default=6)
    yield f"{'metric':<{width}} {'n':>6} {'score':>7} {'95 % interval':>17} {'floor':>7} {'last':>7}"
    for m in metrics:
        interval = f"{m.low:.3f} – {m.high:.3f}" if m.low is not None and m.high is not None else ""
        floor = f"{m.floor:.3f}" if m.floor is not None else ""
        mark = "" if m.holds else "  below"
        last = f"{m.last:.4f}" if m.last is not None else ""
        yield f"{m.name:<{width}} {m.n:>6} {m.score:>7.4f} {interval:>17} {floor:>7} {last:>7}{mark}"
