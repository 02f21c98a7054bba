"""What a child of the extraction pool does: one capture in, one document or reason out."""

from __future__ import annotations

from typing import Any

from research.extract.wire import answer_head, read_job


def warm_up() -> None:
    """Import what every page needs before memory is limited and time is counted."""
    from research.extract import html, html_main

    html_main.forest()
    del html


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The document of the capture that `head` describes."""
    from research.extract.dispatch import extract_capture

    capture, account_id = read_job(head)
    return answer_head(extract_capture(capture, body, account_id=account_id))
