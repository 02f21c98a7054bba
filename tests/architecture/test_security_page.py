"""The pages on security name tests, rows of measurements, files and exceptions that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from benchmarks.hostile import rows

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
TABLES = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs" / "security").glob("*.md")))
FOLDERS = ("research", "pipelines", "benchmarks")


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


def test_what_the_tables_say_holds_a_limit_is_there() -> None:
    tests = _tests()
    whole = set(re.findall(r"(?<![\w.])(test_\w+)(?=`|\W)(?!\.py|…)", TABLES))
    begun = set(re.findall(r"(test_\w+)…", TABLES))
    files = {path.stem for path in (ROOT / "tests").rglob("test_*.py")}
    assert len(begun) > 5
    assert whole - tests - files == set()
    assert [name for name in begun if not any(test.startswith(name) for test in tests)] == []


def test_every_row_of_measurements_that_is_named_is_there() -> None:
    known = set(rows())
    stated = re.findall(r"\brows? ((?:`[\w-]+…?`(?:, | and )?)+)", PAGE + TABLES)
    named = {name for group in stated for name in re.findall(r"`((?!test_)[\w-]+…?)`", group)}
    assert len(named) > 12
    assert [name for name in named if not any(row == name or row.startswith(name.rstrip("…-")) for row in known)] == []


def test_every_exception_of_the_scan_is_explained() -> None:
    code = "".join(path.read_text(encoding="utf-8") for room in FOLDERS for path in (ROOT / room).rglob("*.py"))
    skipped = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["bandit"]["skips"]
    explained = PAGE.partition("Exceptions of bandit")[2].partition("## ")[0]
    excepted = set(re.findall(r"#\s*nosec (B\d{3})", code)) | set(skipped)
    assert excepted == set(re.findall(r"B\d{3}", explained))
