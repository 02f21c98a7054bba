"""The page on security names tests and files that are there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


def _tests() -> set[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return {name for path in files for name in re.findall(r"def (test_\w+)\(", path.read_text(encoding="utf-8"))}


def test_every_test_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 10
    assert named - _tests() == set()


def test_every_hole_of_others_has_a_test() -> None:
    rows = [line for line in PAGE.partition("## What happened to others")[2].splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 7
    assert [row for row in rows if not re.search(r"`test_\w+`", row)] == []


def test_every_file_and_page_that_is_named_is_there() -> None:
    places = re.findall(r"`((?:research|pipelines|corpora|tests)/[\w./]+?)(?::[^`]*)?`", PAGE)
    assert [place for place in places if not (ROOT / place).exists()] == []
    links = re.findall(r"\]\((?!http|#)([^)#]+)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []
