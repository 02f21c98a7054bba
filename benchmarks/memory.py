"""The memory of this process, and the most that it has needed since a moment."""

from __future__ import annotations

import resource
from pathlib import Path
from typing import Final

_STATUS: Final = Path("/proc/self/status")


def reset_peak() -> int:
    """Starts a new measurement and gives the bytes in use now; where the system has no such counter, the peak stays
    that of the whole process."""
    if _STATUS.exists():
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
        return _kib("VmRSS") << 10
    return peak()


def peak() -> int:
    """The bytes of the highest mark since `reset_peak`."""
    return _kib("VmHWM") << 10 if _STATUS.exists() else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _kib(name: str) -> int:
    lines = _STATUS.read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith(f"{name}:")))
