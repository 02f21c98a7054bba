"""Job titles in text, and at which company each is held."""

from __future__ import annotations

import pytest
from reading_builder import read

from research.analyse.patterns import has_role, pattern_mentions
from research.analyse.roles import RoleReader, is_all_title, is_title_line, starts_with_title


@pytest.fixture(scope="module")
def reader() -> RoleReader:
    names = ["Brightmoor", "Oakline Research"]
    return RoleReader.of(read("Brightmoor and Oakline Research are here.", company=names))


@pytest.mark.parametrize(
    ("text", "title", "company"),
    [
        ("chief executive officer", "chief executive officer", None),
        ("president and CEO of Harrowgate", "president and CEO", "Harrowgate Systems"),
        ("CEO at Harrowgate Systems", "CEO", "Harrowgate Systems"),
        ("Harrowgate head of support", "head of support", "Harrowgate"),
        ("CIO of Brightmoor", "CIO", "Brightmoor"),
        ("CIO, Brightmoor", "CIO", "Brightmoor"),
        ("Brightmoor plant manager", "plant manager", "Brightmoor"),
        ("principal analyst at Oakline Research", "principal analyst", "Oakline Research"),
        ("managing partner of Tarn Ventures", "managing partner", "Tarn Ventures"),
        ("vice president of sales", "vice president of sales", None),
        ("director of the board", "director of the board", None),
        ("Vice President, Global Marketing", "Vice President, Global Marketing", None),
        ("its head of sales", "head of sales", None),
        ("CFO who joined in 2019", "CFO", None),
        ("CFO and he will speak", "CFO", None),
        ("head of sales, +1 617 555 0134", "head of sales", None),
    ],
)
def test_titles_and_companies(reader, text, title, company):
    role = reader.read(text)
    assert role is not None
    assert role.title == title
    assert (role.company or "").startswith(company or "")
    assert (role.company is None) == (company is None)


@pytest.mark.parametrize(
    "text",
    ["", "a long walk", "the water of Leeds", "technology partner", "strategic cloud partner", "x " * 60 + "manager"],
)
def test_what_is_no_title(reader, text):
    assert reader.read(text) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Head of Engineering", True),
        ("Senior Vice President, Operations and Supply", True),
        ("CTO", True),
        ("Managers have a hard life.", False),
        ("The manager: a hard life", False),
        ("Engineering", False),
        ("word " * 14 + "manager", False),
    ],
)
def test_lines_that_are_a_title_and_nothing_else(line, expected):
    assert is_title_line(line) is expected


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("general manager", True),
        ("Head of Customer Support", True),
        ("manager who likes tea", False),
        ("Appointed Head of Sales", False),
        ("of sales manager", False),
    ],
)
def test_roles_that_are_titles_throughout(role, expected):
    assert is_all_title(role) is expected


def test_where_a_title_begins():
    assert starts_with_title("senior vice president of sales")
    assert not starts_with_title("part of the large and happy team led by a manager")


@pytest.mark.parametrize("text", ["Head of Sales", "CEO", "managing director", "Vice-President", "the controller"])
def test_words_that_hold_a_title(text):
    assert has_role(text)


@pytest.mark.parametrize("text", ["headquarters", "overhead", "leadership", "cto", "managers", "directory", "chiefly"])
def test_words_that_only_look_like_one(text):
    assert not has_role(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to sales@harrowgate.example, please.", [("email", "sales@harrowgate.example")]),
        ("Call +1 (617) 555-0134 now", [("phone", "+1 (617) 555-0134")]),
        ("Call +47 55 12 34 56.", [("phone", "+47 55 12 34 56")]),
        ("said Marta Ellwood, CEO of the firm", [("role", "CEO")]),
        ("our chief operating officer", [("role", "chief operating officer")]),
        ("Between 2019-05-03 and 03.05.2021", []),
        ("From 2019 - 2021, ISBN 978-3-16-148410-0", []),
        ("12,000,000 people at x@y", []),
    ],
)
def test_entities_with_a_shape_of_their_own(text, expected):
    assert [(m.label, m.text) for m in pattern_mentions(text)] == expected
    assert all(text[m.start : m.end] == m.text for m in pattern_mentions(text))
