"""One measured row of a table: how much was tried, what failed, how long it took and how much memory it needed."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_BESIDE: Final = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """`tried` inputs of which `failures` broke the goal; `p99` and `max` in seconds of one input; `rss` in bytes, the
    peak of the process that did the work (None: the runner states the peak of the row's own process); `note` says in
    one line what was held against which goal, and names what failed."""

    tried: int
    failures: int
    p99: float | None = None
    max: float | None = None
    rss: int | None = None
    note: str = ""


Row = Callable[[], Figure]


class AbsentError(Exception):
    """What a row needs is not on this machine; the message says what, and the row counts as left out."""


def data_folder() -> Path:
    """The folder of shared data: DOSSIER_SHARED_DATA, else `../shared/data`; raises AbsentError where it is not."""
    named = os.environ.get("DOSSIER_SHARED_DATA")
    folder = Path(named) if named else _BESIDE.parent / "shared" / "data"
    if not folder.is_dir():
        raise AbsentError(f"there is no {folder}; name the folder of shared data in DOSSIER_SHARED_DATA")
    return folder


def p99(seconds: Sequence[float]) -> float | None:
    """The smallest of the values that at least 99 of 100 do not exceed (nearest rank), None of no values."""
    return sorted(seconds)[math.ceil(len(seconds) * 0.99) - 1] if seconds else None
