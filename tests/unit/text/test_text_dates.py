"""Dates as pages print them, as exact as they are stated."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.text.dates import dates


def read(text: str) -> list[str]:
    return [stated.iso for stated in dates(text)]


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("February 14, 2023", "2023-02-14"),
        ("Feb. 14, 2023", "2023-02-14"),
        ("february 14 2023", "2023-02-14"),
        ("14 February 2023", "2023-02-14"),
        ("14th of May, 2021", "2021-05-14"),
        ("May 3rd, 2021", "2021-05-03"),
        ("Sept. 5, 2019", "2019-09-05"),
        ("14. Februar 2023", "2023-02-14"),
        ("3 août 2019", "2019-08-03"),
        ("2021-05-03", "2021-05-03"),
        ("03.05.2021", "2021-05-03"),
        ("May 2021", "2021-05"),
        ("mars 2020", "2020-03"),
        ("Dec 2020", "2020-12"),
        ("in 2019", "2019"),
        ("Q1 2020", "2020"),
        ("February 29, 2020", "2020-02-29"),
    ],
)
def test_formats(text, iso):
    assert read(f"It opened ({text}) with a party.") == [iso]


@pytest.mark.parametrize(
    "text", ["31 February 2020", "Feb 29, 2021", "December 32, 2020", "2020-13-01", "2020-02-30", "99.99.2020"]
)
def test_impossible_dates_are_left_out(text):
    assert read(f"On {text}, nothing happened.") == []


@pytest.mark.parametrize("text", ["1899", "3021", "12020", "2,019 pumps", "2020.5", "20200", "no date at all", ""])
def test_what_is_no_date(text):
    assert read(text) == []


def test_several_dates_come_in_order():
    assert read("From May 2021 to June 3, 2022, and again in 2024.") == ["2021-05", "2022-06-03", "2024"]


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31)))
def test_a_whole_date_is_read_back_from_every_form(day):
    for form in (
        f"{day:%B} {day.day}, {day.year}",
        f"{day.day} {day:%B} {day.year}",
        day.isoformat(),
        f"{day:%d.%m.%Y}",
    ):
        assert read(form) == [day.isoformat()]


PIECES = st.sampled_from(
    ["May", " ", "2021", "31", ",", ".", "th", "-", "2020-02-30", "Februar", "3", "of", "é", "in 1999"]
)


@given(st.lists(PIECES, max_size=12).map("".join))
def test_every_date_stands_in_the_text_in_order(text):
    found = dates(text)
    assert all(0 <= d.start < d.end <= len(text) and d.iso[:4] in text[d.start : d.end] for d in found)
    assert all(before.end <= after.start for before, after in pairwise(found))
