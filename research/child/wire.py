"""What a parent and its child say to each other: JSON and bytes, nothing that could run.

A message is two lengths (four bytes each, big-endian), a JSON text and a body.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, Final

LENGTHS: Final = struct.Struct(">II")
READY: Final[dict[str, Any]] = {"ready": True}
MAX_HEAD: Final = 256_000_000
"""Bytes of a message's JSON that a parent reads: a document at its limit of text, every character escaped, has half."""

Read = Callable[[int], bytes]
"""Gives exactly so many bytes; raises EOFError where the other side is gone."""


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One message."""
    text = json.dumps(head, ensure_ascii=True).encode()  # escapes carry even lone surrogates
    return LENGTHS.pack(len(text), len(body)) + text + body


def unpack(read: Read) -> tuple[dict[str, Any], bytes]:
    """The next message; ValueError where it is none."""
    head_size, body_size = LENGTHS.unpack(read(LENGTHS.size))
    if head_size > MAX_HEAD:
        raise ValueError("a message that is longer than any that is meant")
    head = json.loads(read(head_size))
    if not isinstance(head, dict):
        raise ValueError("a message is a JSON object")
    return head, read(body_size) if body_size else b""
