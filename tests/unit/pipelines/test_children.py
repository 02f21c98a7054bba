"""Processes that parse are kept from one account to the next, and end with the run."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

from pipelines.children import Children

PAGE = b"<html lang=en><a href='/about'>About us</a></html>"


def running() -> set[int]:
    return {child.pid for child in psutil.Process(os.getpid()).children()}


def test_nothing_starts_before_it_is_needed() -> None:
    before = running()
    children = Children()
    assert children.readers is children.readers
    assert children.extraction(2) is children.extraction(2)
    assert running() == before
    children.close()


def test_one_child_reads_for_several_and_ends_with_the_run() -> None:
    before = running()
    children = Children()
    try:
        children.readers.links(PAGE, "https://www.example.com/", None)
        first = running() - before
        children.readers.links(PAGE, "https://www.example.org/", None)
        assert running() - before == first
        assert len(first) == 1
    finally:
        children.close()
    assert running() == before


def test_little_to_extract_starts_one_child(tmp_path: Path) -> None:
    from research.model.capture import Capture

    capture = Capture(
        id="c", source_id="s", url="https://www.example.com/", final_url="https://www.example.com/",
        fetched_at="2026-01-05T08:00:00+00:00", status=200, media_type="text/html", body_sha256="0",
    )  # fmt: skip
    before = running()
    children = Children()
    try:
        for _ in range(3):
            (document,) = children.extraction(4).map([(capture, PAGE, "acme")])
            assert "About us" in document.text
        assert len(running() - before) == 1
    finally:
        children.close()
    assert running() == before
