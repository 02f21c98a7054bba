"""How many threads linear algebra may take."""

from __future__ import annotations

import os
from typing import Final

THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def one_thread_each() -> None:
    """Keep linear algebra to one thread a process, for this one and its children; to be called before numpy is
    imported. Threads of small products wait for one another in busy loops: one filing took 96 CPU seconds with them."""
    for name in THREADS:
        os.environ.setdefault(name, "1")
