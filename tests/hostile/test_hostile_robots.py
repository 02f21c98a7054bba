"""robots.txt: decisions, deviations, and files that are made to be read slowly."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.net.robots import rules_of
from research.net.robots_file import matches, parse

from .robots_cases import CASES, HOST

# Where the shared cases, Protego's own tests, are more lenient than Google's parser: ours are refused, and no others.
STRICTER = {"test_grouping_unknown_keys": 3, "test_percentage_encoding": 3}


@pytest.mark.parametrize(("file", "robot", "open_to_it", "closed_to_it"), CASES)
def test_what_a_file_allows(file, robot, open_to_it, closed_to_it):
    rules = rules_of(200, file.encode())
    assert [path for path in open_to_it.split() if not rules.allow(HOST + path, robot)] == []
    assert [path for path in closed_to_it.split() if rules.allow(HOST + path, robot)] == []


@pytest.mark.shared
def test_the_shared_decisions_but_for_the_stricter_ones(shared_data):
    lines = (shared_data / "robots" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    wrong = [
        row for row in rows if rules_of(200, row["robots"].encode()).allow(row["url"], row["agent"]) != row["allowed"]
    ]
    assert len(rows) == 273
    assert [row for row in wrong if not row["allowed"]] == []  # nothing is allowed that should not be
    assert Counter(row["test"] for row in wrong) == STRICTER


@given(st.binary(max_size=400), st.text(max_size=60), st.text(max_size=30))
def test_no_file_address_or_name_breaks_the_reader(body, url, robot):
    rules = parse(b"User-agent: *\nDisallow: /a\n" + body)
    assert rules.can_fetch(url, robot) in (True, False)
    assert rules.crawl_delay(robot) >= 0.0


@given(st.text("ab*$/", max_size=12), st.text("ab/", max_size=12))
def test_patterns_match_as_their_regular_expressions_would(pattern, path):
    import re

    body, end = (pattern[:-1], "$") if pattern.endswith("$") else (pattern, "")
    expected = re.match(".*".join(map(re.escape, body.split("*"))) + ("\\Z" if end else ""), path) is not None
    assert matches(pattern, path) is expected


def test_a_pattern_of_stars_costs_no_more_than_its_length():
    rules = parse(b"User-agent: *\nDisallow: " + b"/*a" * 2_000 + b"b$\n")
    assert rules.can_fetch(
        "https://pumps.example/" + "a/" * 900, "Heron"
    )  # with a regular expression: in no time of ours


def test_a_file_of_many_groups_is_read_once_for_a_robot():
    groups = b"".join(b"User-agent: bot%d\nDisallow: /%d\n" % (n, n) for n in range(15_000))
    reading = parse(groups).reading("bot14999")
    assert not reading.allows(f"{HOST}/14999")
    assert reading.allows(f"{HOST}/2")
