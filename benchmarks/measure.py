"""Runs one program and says what it took: CPU seconds of itself and its children, and its peak memory."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """CPU and wall seconds, the largest resident set of one process in MB, and what the program printed as JSON."""

    cpu: float
    wall: float
    peak_mb: float
    said: Mapping[str, Any]


def run(command: Sequence[str], env: Mapping[str, str] | None = None) -> Cost:
    """The cost of a command; its last line of output may be a JSON object; raises where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **(env or {})})  # noqa: S603 (commands of our own)  # nosec B603
    assert process.stdout is not None  # noqa: S101 (a pipe was asked for)  # nosec B101
    lines = process.stdout.read().splitlines()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    said = json.loads(lines[-1]) if lines and lines[-1].startswith("{") else {}
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=time.perf_counter() - start,
        peak_mb=usage.ru_maxrss / 1024,
        said=said,
    )
