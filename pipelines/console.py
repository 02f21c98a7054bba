"""Lines for data, notes for people, and a progress line where there is a terminal."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from research.run.stage import Progress
from research.text.visible import visible

_SEEN = "\n\t"


@dataclass(frozen=True, slots=True)
class Printer:
    """Data goes to `data`, everything that a person reads beside it to `notes`."""

    data: TextIO
    notes: TextIO

    def line(self, text: str) -> None:
        """One line of data; lone surrogates of broken input are replaced, and where a terminal shows it, what it would
        obey is spelt out."""
        shown = visible(text, keep=_SEEN) if self.data.isatty() else text
        self.data.write(f"{shown}\n".encode("utf-8", "replace").decode("utf-8"))

    def note(self, text: str) -> None:
        """One line for a person, in which what a terminal would obey is spelt out."""
        self.notes.write(f"{visible(text, keep=_SEEN)}\n".encode("utf-8", "replace").decode("utf-8"))
        self.notes.flush()

    @contextmanager
    def progress(self) -> Iterator[Progress | None]:
        """A progress line for the block, None where nobody watches."""
        if not self.notes.isatty():
            yield None
            return
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
        from rich.progress import Progress as Bars

        columns = (
            TextColumn("{task.description:>10}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]:>9}"),
            TimeRemainingColumn(),
        )
        with Bars(*columns, console=Console(file=self.notes), transient=True) as bars:
            yield _RichProgress(bars)


class _RichProgress:
    """One bar a stage, with its rate."""

    def __init__(self, bars: object) -> None:
        self._bars = bars
        self._tasks: dict[str, object] = {}
        self._begun: dict[str, float] = {}

    def advanced(self, stage: str, done: int, total: int) -> None:
        """Move the stage's bar."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(stage, total=total, rate="")  # type: ignore[attr-defined]
            self._begun[stage] = time.monotonic()
        took = time.monotonic() - self._begun[stage]
        rate = f"{done / took:.1f}/s" if done and took > 0 else ""
        self._bars.update(self._tasks[stage], completed=done, total=total, rate=rate)  # type: ignore[attr-defined]


def printer() -> Printer:
    """The printer of this process's standard streams."""
    return Printer(sys.stdout, sys.stderr)
