"""What parent and child of the extraction pool say to each other: JSON and bytes, nothing that could run.

A message is two lengths (four bytes each, big-endian), a JSON text and a body.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any, Final

from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.text.codec import decode, encode

LENGTHS: Final = struct.Struct(">II")
READY: Final[dict[str, Any]] = {"ready": True}

Read = Callable[[int], bytes]
"""Gives exactly so many bytes; raises EOFError where the other side is gone."""


def pack(head: dict[str, Any], body: bytes = b"") -> bytes:
    """One message."""
    text = json.dumps(head, ensure_ascii=True).encode()  # escapes carry even lone surrogates
    return LENGTHS.pack(len(text), len(body)) + text + body


def unpack(read: Read) -> tuple[dict[str, Any], bytes]:
    """The next message; ValueError where it is none."""
    head_size, body_size = LENGTHS.unpack(read(LENGTHS.size))
    head = json.loads(read(head_size))
    if not isinstance(head, dict):
        raise ValueError("a message is a JSON object")
    return head, read(body_size) if body_size else b""


def pack_job(capture: Capture, body: bytes, account_id: str, seconds: float) -> bytes:
    """A capture to extract, with its body."""
    return pack({"capture": encode(capture), "account_id": account_id, "seconds": seconds}, body)


def read_job(head: dict[str, Any]) -> tuple[Capture, str, float]:
    """The inverse of `pack_job`, without the body."""
    return decode(Capture, head["capture"]), str(head["account_id"]), float(head["seconds"])


def pack_answer(answer: Document | Skipped) -> bytes:
    """A document, or the reason why there is none."""
    return pack({"document" if isinstance(answer, Document) else "skipped": encode(answer)})


def read_answer(head: dict[str, Any]) -> Document | Skipped:
    """The inverse of `pack_answer`; ValueError, KeyError or CodecError where a child sends anything else."""
    return decode(Document, head["document"]) if "document" in head else decode(Skipped, head["skipped"])
