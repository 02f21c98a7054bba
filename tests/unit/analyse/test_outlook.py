"""An outlook that was lowered or raised, in words or by two figures."""

from __future__ import annotations

import pytest
from reading_builder import read

from research.analyse.events import observe


def turns(*parts: str, page: str = "press_release", published: str | None = "2026-08-04") -> list[object]:
    reading = read(("heading", "Harrowgate reports its quarter"), *parts, page=page, published=published)
    return [o.get("outlook") for o in observe(reading) if o.get("outlook")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Harrowgate now expects revenue of $415 million to $425 million. It had expected $430 million.", ["lowered"]),
        ("We now expect revenue of €50 million, up from the €45 million that we named in May.", ["raised"]),
        ("The Company now expects sales of $1.1 billion, compared to its previous $950 million.", ["raised"]),
        ("Harrowgate cuts its full-year guidance.", ["lowered"]),
        ("Harrowgate raised its revenue outlook for the year.", ["raised"]),
        ("Harrowgate now expects revenue of $415 million.", []),
        ("Harrowgate now expects revenue of $430 million. It had expected 12 new sites.", []),
        ("Quillon now expects revenue of $4 million. It had expected $9 million.", []),
        ("Harrowgate now expects revenue of HK$430 million. It had expected $50 million.", []),
        ("Harrowgate now expects revenue of HK$430 million. It had expected HK$450 million.", ["lowered"]),
        ("Harrowgate reduced its energy use.", []),
    ],
)
def test_which_way_it_went(text, expected):
    assert turns(text) == expected


def test_only_a_dated_page_tells_one():
    assert turns("Harrowgate cuts its full-year guidance.", published=None) == []
    assert turns("Harrowgate cuts its full-year guidance.", page="product") == []
