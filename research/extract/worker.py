"""The child's side of the extraction pool: one job in, one document out, until the parent goes away."""

from __future__ import annotations

import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO, Final

from research.extract.wire import READY, pack, pack_answer, read_job, unpack
from research.model.capture import Capture, Skipped
from research.model.document import Document

_GRACE: Final = 5  # seconds after which a child whose parent is gone ends itself


def serve(memory_mb: int) -> None:
    """Answer jobs on standard input with documents on standard output; ends with the input."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not reach the stream of answers
    _warm_up()
    _limit_memory(memory_mb)
    _send(sink, pack(READY))
    while (message := _receive(source)) is not None:
        capture, account_id, seconds = read_job(message[0])
        if hasattr(signal, "alarm"):
            signal.alarm(int(seconds) + _GRACE)  # the default action ends the process, inside C code too
        _send(sink, pack_answer(_answer(capture, message[1], account_id, memory_mb)))
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def _answer(capture: Capture, body: bytes, account_id: str, memory_mb: int) -> Document | Skipped:
    from research.extract.dispatch import extract_capture

    try:
        return extract_capture(capture, body, account_id=account_id)
    except MemoryError:
        return Skipped(url=capture.final_url, reason=f"reading it needs more than {memory_mb} MB of memory")
    except Exception as error:  # noqa: BLE001  (the wall of a process that is there to take such blows)
        return Skipped(url=capture.final_url, reason=f"could not be read ({type(error).__name__}: {str(error)[:120]})")


def _send(sink: BinaryIO, message: bytes) -> None:
    sink.write(message)
    sink.flush()


def _receive(source: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next message; None at the end of the stream."""

    def read(size: int) -> bytes:
        data = source.read(size)
        if len(data) < size:
            raise EOFError
        return data

    try:
        return unpack(read)
    except EOFError:
        return None


def _warm_up() -> None:
    """Import what every page needs before memory is limited and time is counted."""
    from research.extract import html, html_main

    html_main.forest()
    del html


def _limit_memory(memory_mb: int) -> None:
    """Let the process grow to `memory_mb` of resident memory: address space beyond what it has already mapped."""
    try:
        import resource
    except ImportError:  # Windows has no such limit; the parent's clock is the guard there
        return
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return
    mapped, resident = (int(pages) * resource.getpagesize() for pages in statm.read_text("ascii").split()[:2])
    limit = mapped + max(memory_mb * 1_000_000 - resident, 64_000_000)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
