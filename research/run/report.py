"""What a run did, on one screen."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from research.model.capture import Skipped
from research.run.stage import StageReport

SHOWN: Final = 10  # failures that the text spells out: with eight stages and the header it still fits 24 lines
WIDTH: Final = 120
_REASONS: Final = 20  # kinds of reasons that a stored report counts
_PARTICULAR: Final = re.compile(r"\s*\([^)]*\)|\s*\bhttps?://\S+|\s*\b\d[\d,.]*\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReport:
    """A whole run: its stages in order, and what it left out besides their failures (pages that were not fetched)."""

    command: str
    started: str
    ended: str
    stages: tuple[StageReport, ...]
    skipped: tuple[Skipped, ...] = ()

    @property
    def failures(self) -> tuple[Skipped, ...]:
        """Everything that was left out, once each: first what was not fetched, then by stage."""
        everything = (*self.skipped, *(failure for stage in self.stages for failure in stage.failed))
        return tuple(dict.fromkeys(everything))

    @property
    def idle(self) -> bool:
        """Whether no stage had anything to do."""
        return all(stage.done == 0 for stage in self.stages)


def summarise(report: RunReport) -> dict[str, Any]:
    """The report as a JSON object, for the store."""
    stages = [
        {"name": s.name, "done": s.done, "reused": s.reused, "failed": len(s.failed), "seconds": round(s.seconds, 3)}
        for s in report.stages
    ]
    reasons = Counter(_kind_of(failure.reason) for failure in report.failures)
    return {
        "command": report.command,
        "stages": stages,
        "failures": len(report.failures),
        "reasons": dict(reasons.most_common(_REASONS)),
    }


def _kind_of(reason: str) -> str:
    """A reason without what is particular in it: figures, names in brackets, and what stands behind a colon."""
    return _PARTICULAR.sub("", reason.partition(":")[0]).strip() or "no reason given"


def render(report: RunReport) -> str:
    """The report as text of at most 120 columns: a line for each stage, then the failures with their reasons."""
    width = max((len(stage.name) for stage in report.stages), default=0)
    lines = [_stage_line(stage, width) for stage in report.stages]
    if report.idle and report.stages:
        lines.append("Nothing had changed since the last run.")
    return "\n".join(lines + _failure_lines(report.failures))


def _stage_line(stage: StageReport, width: int) -> str:
    counts = f"{stage.done:>6} done {stage.reused:>6} unchanged {len(stage.failed):>5} failed"
    return f"{stage.name:<{width}} {counts} {stage.seconds:>8.1f} s"


def _failure_lines(failures: Sequence[Skipped]) -> list[str]:
    lines = [
        _shorten(f"  {failure.url}: {failure.reason}" if failure.url else f"  {failure.reason}") for failure in failures
    ]
    rest = len(lines) - SHOWN
    return lines[:SHOWN] + ([f"  … and {rest} more"] if rest > 0 else [])


def _shorten(line: str) -> str:
    flat = " ".join(line.split())
    return "  " + (flat if len(flat) <= WIDTH - 2 else flat[: WIDTH - 3] + "…")
