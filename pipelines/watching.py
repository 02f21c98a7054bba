"""Who watches a run: a progress bar with rates on a terminal, or a log of one JSON object a line."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from typing import Any, Final, TextIO

from pipelines.console import Printer
from research.run.stage import Progress

_EVERY: Final = 1.0  # seconds between two lines about the same stage


@contextmanager
def watched(out: Printer, command: str, *, json_log: bool, now: Callable[[], str]) -> Iterator[Progress | None]:
    """The watcher of a block; a log says how it began and how it ended as well."""
    if not json_log:
        with out.progress() as progress:
            yield progress
        return
    log = JsonLog(out.notes, now)
    log.tell("run started", command=command)
    try:
        yield log
    except BaseException as error:
        log.tell("run failed", command=command, error=str(error) or type(error).__name__)
        raise
    log.tell("run ended", command=command)


class JsonLog:
    """Writes events as JSON lines; a stage tells of itself at its begin, at its end, and once a second between."""

    def __init__(self, stream: TextIO, now: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        import structlog

        def stamp(_: Any, __: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
            return {"at": now(), **event}

        # JSON escapes line breaks and control characters: no page can write a line of its own into the log
        renderer = structlog.processors.JSONRenderer(sort_keys=True, ensure_ascii=True)
        self._log = structlog.wrap_logger(structlog.PrintLogger(stream), processors=[stamp, renderer])
        self._clock = clock
        self._begun: dict[str, tuple[float, float]] = {}

    def tell(self, event: str, **about: Any) -> None:
        """One line."""
        self._log.msg(event, **about)

    def advanced(self, stage: str, done: int, total: int) -> None:
        """Where a stage is, with its rate and the seconds that it will still take."""
        moment = self._clock()
        begun, told = self._begun.get(stage, (moment, -_EVERY))
        ends = done >= total
        if stage in self._begun and not ends and moment - told < _EVERY:
            return
        self._begun[stage] = (begun, moment)
        if ends:
            del self._begun[stage]
        rate = done / (moment - begun) if moment > begun else 0.0
        left = round((total - done) / rate, 1) if rate else None
        self.tell("stage", stage=stage, done=done, total=total, per_second=round(rate, 2), seconds_left=left)
