"""What a Prometheus server may want to know of a home folder: its size, and what its runs did and left out."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from pipelines.bootstrap import Workspace
from research.errors import DossierError
from research.store.runs import RunRow, list_runs
from research.store.sizes import count_rows

_RUNS: Final = 1000  # runs that are summed up; older ones are history
_COUNTED: Final = ("done", "reused", "failed")


def metrics_text(workspace: Workspace) -> str:
    """The metrics of a home folder in Prometheus' text format (exposition 0.0.4); nothing of it names an account."""
    from prometheus_client import CollectorRegistry, generate_latest

    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Stored(count_rows(workspace.store), list_runs(workspace.store, _RUNS)))
    return generate_latest(registry).decode("utf-8")


class _Stored:
    """A collector over what the store says."""

    def __init__(self, sizes: dict[str, int], runs: tuple[RunRow, ...]) -> None:
        self._sizes = sizes
        self._runs = [run for run in runs if run.summary is not None]
        self._broken = len(runs) - len(self._runs)

    def collect(self) -> Iterator[Any]:
        """The metric families."""
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        stored = GaugeMetricFamily("dossier_stored", "Rows of the store.", labels=["what"])
        for what, count in self._sizes.items():
            stored.add_metric([what], count)
        yield stored
        units = CounterMetricFamily("dossier_stage_units", "Units of work by outcome.", labels=["stage", "outcome"])
        seconds = CounterMetricFamily("dossier_stage_seconds", "Seconds that stages took.", labels=["stage"])
        for stage, told in sorted(_by_stage(self._runs).items()):
            for outcome in _COUNTED:
                units.add_metric([stage, outcome], told[outcome])
            seconds.add_metric([stage], told["seconds"])
        yield from (units, seconds)
        yield self._finished(CounterMetricFamily("dossier_runs", "Runs by how they ended.", labels=["outcome"]))
        left = CounterMetricFamily("dossier_skipped", "What runs left out, by reason.", labels=["reason"])
        for reason, count in sorted(_reasons(self._runs).items()):
            left.add_metric([reason], count)
        yield left
        last = max((run.ended for run in self._runs if run.ended), default=None)
        yield GaugeMetricFamily(
            "dossier_last_run_timestamp_seconds",
            "When the last run ended.",
            value=datetime.fromisoformat(last).timestamp() if last else 0.0,
        )

    def _finished(self, runs: Any) -> Any:
        runs.add_metric(["ended"], len(self._runs))
        runs.add_metric(["broken off"], self._broken)
        return runs


def _by_stage(runs: Iterable[RunRow]) -> dict[str, dict[str, float]]:
    sums: dict[str, dict[str, float]] = {}
    for run in runs:
        for stage in (run.summary or {}).get("stages", ()):
            told = sums.setdefault(stage["name"], dict.fromkeys((*_COUNTED, "seconds"), 0.0))
            for name in told:
                told[name] += stage[name]
    return sums


def _reasons(runs: Iterable[RunRow]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for run in runs:
        for reason, count in (run.summary or {}).get("reasons", {}).items():
            sums[reason] = sums.get(reason, 0) + count
    return sums


def write_metrics(path: Path, text: str) -> None:
    """Replace the file in one step: a collector that reads it meanwhile sees the old one or the new one."""
    try:
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
            Path(name).chmod(0o644)
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise DossierError(f"{path}: the metrics cannot be written ({error.strerror}): choose another file") from error
