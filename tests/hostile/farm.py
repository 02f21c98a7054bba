"""`python -m tests.hostile.farm`: the fault server in a process of its own, so that it shares no interpreter with those
whom it is to slow down. It prints its port, and ends with its standard input.

A virtual host `<fault>-<number>.example` shows the fault, `good-<number>.example` is a small proper site and
`library-<number>.example` a larger one.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from .faults import FAULTS, good, library
from .faulty_server import Answer, Asked, serve, whole


def route(asked: Asked) -> Answer:
    """The answer of the site that the virtual host names."""
    kind = asked.host.partition(".")[0].rpartition("-")[0]
    if kind in ("good", "library"):
        return good(asked) if kind == "good" else library(asked)
    return FAULTS[kind](asked) if kind in FAULTS else whole(404, {})


@contextmanager
def farm() -> Iterator[int]:
    """The port of a farm that runs until the end of the block."""
    command = [sys.executable, "-m", "tests.hostile.farm"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield int(process.stdout.readline())
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


def main() -> None:
    """Serves until the caller hangs up."""
    with serve(route) as served:
        sys.stdout.write(f"{served.port}\n")
        sys.stdout.flush()
        sys.stdin.read()


if __name__ == "__main__":
    main()
