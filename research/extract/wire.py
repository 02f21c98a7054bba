"""Jobs and documents as what parent and child of the extraction pool say to each other."""

from __future__ import annotations

from typing import Any

from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.text.codec import decode, encode


def job_head(capture: Capture, account_id: str) -> dict[str, Any]:
    """A capture to extract, without its body."""
    return {"capture": encode(capture), "account_id": account_id}


def read_job(head: dict[str, Any]) -> tuple[Capture, str]:
    """The inverse of `job_head`."""
    return decode(Capture, head["capture"]), str(head["account_id"])


def answer_head(answer: Document | Skipped) -> dict[str, Any]:
    """A document, or the reason why there is none."""
    return {"document" if isinstance(answer, Document) else "skipped": encode(answer)}


def read_answer(head: dict[str, Any]) -> Document | Skipped:
    """The inverse of `answer_head`; ValueError, KeyError or CodecError where a child sends anything else."""
    return decode(Document, head["document"]) if "document" in head else decode(Skipped, head["skipped"])
