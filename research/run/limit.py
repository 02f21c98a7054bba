"""A limit of CPU time around work on strangers' bytes that is done in this process."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Final

from research.errors import DossierError

_AGAIN: Final = 1.0  # seconds after which an interruption that something swallowed is repeated


class OvertimeError(DossierError):
    """Work took longer than it may."""


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Breaks the block off with OvertimeError once this process has used so many CPU seconds in it.

    CPU time, so that a busy machine leaves out nothing that an idle one reads. A search with a regular expression is
    interrupted as well. The block must hold no file, lock or transaction that an error between any two of its steps
    would leave half done. Only a main thread can be interrupted: elsewhere (a thread of a Dask worker) nothing is
    limited. Blocks do not nest.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        raise OvertimeError(f"more than {seconds:g} s of CPU time")

    before = signal.signal(signal.SIGVTALRM, interrupt)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds, _AGAIN)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
