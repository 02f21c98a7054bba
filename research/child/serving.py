"""The child's side: one question in, one answer out, until the parent goes away."""

from __future__ import annotations

import importlib
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO, Final

from research.child.wire import READY, pack, unpack

Answer = Callable[[dict[str, Any], bytes], dict[str, Any]]
"""Gives a question's answer; what it raises becomes the reason why there is none."""

_GRACE: Final = 5  # seconds after which a child whose parent is gone ends itself
_MOST_WRITTEN: Final = 512_000_000  # bytes of a file: the model of languages unpacks itself into one
_LEAST: Final = 64_000_000  # bytes above what is mapped already: less and not even a small page could be read


def serve(module: str, memory_mb: int) -> None:
    """Answer questions on standard input by the `answer` of a module, after its `warm_up`; ends with the input."""
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # what a library prints must not reach the stream of answers
    reader = importlib.import_module(module)
    reader.warm_up()
    _limit(memory_mb)
    _send(sink, pack(READY))
    while (message := _receive(source)) is not None:
        if hasattr(signal, "alarm"):
            signal.alarm(int(message[0]["seconds"]) + _GRACE)  # the default action ends the process, inside C code too
        _send(sink, _answered(reader.answer, *message))
        if hasattr(signal, "alarm"):
            signal.alarm(0)


def _answered(answer: Answer, head: dict[str, Any], body: bytes) -> bytes:
    try:
        return pack(answer(head, body))
    except MemoryError:
        return pack({"greedy": True})
    except Exception as error:  # noqa: BLE001  (the wall of a process that is there to take such blows)
        return pack({"failed": f"{type(error).__name__}: {str(error)[:120]}"})


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


def _limit(memory_mb: int) -> None:
    """Let the process grow to `memory_mb` of resident memory (address space beyond what it has already mapped), and
    leave no image of itself behind."""
    try:
        import resource
    except ImportError:  # Windows has no such limits; the parent's clock is the guard there
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_MOST_WRITTEN, _MOST_WRITTEN))
    statm = Path("/proc/self/statm")
    if not statm.exists():
        return
    mapped, resident = (int(pages) * resource.getpagesize() for pages in statm.read_text("ascii").split()[:2])
    limit = mapped + max(memory_mb * 1_000_000 - resident, _LEAST)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
