"""What a child does that is to be killed: it crashes, hangs, eats, fails, or answers."""

from __future__ import annotations

import os
import signal
import time
from typing import Any


def warm_up() -> None:
    """Nothing."""


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What `head` tells it to do."""
    match head["do"]:
        case "crash":
            os.kill(os.getpid(), signal.SIGSEGV)
        case "hang":
            time.sleep(60)
        case "eat":
            return {"said": len(bytearray(2_000_000_000))}
        case "name":
            return {"said": os.getpid()}
        case "fail":
            raise ValueError("no")
    return {"said": len(body)}
