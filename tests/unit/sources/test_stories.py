"""Stories of the press: counted once, and what they tell of."""

from __future__ import annotations

import pytest

from research.sources.stories import Story, distinct, line_of, pages_of, type_of


def story(host: str, title: str, day: str) -> Story:
    return Story(url=f"https://{host}/{day}", title=title, day=day)


def test_one_story_at_three_publishers_counts_once_and_names_the_others() -> None:
    told = distinct(
        [
            story("b.example", "Harrowgate buys Orrin Mills for $40m | B Daily", "2026-03-02"),
            story("a.example", "Harrowgate buys Orrin Mills for $40m - A Wire", "2026-03-01"),
            story("c.example", "Harrowgate buys Orrin Mills for $40m", "2026-03-03"),
            story("a.example", "Harrowgate opens a plant in Leeds", "2026-03-04"),
        ]
    )
    assert [(s.host, s.others) for s in told] == [("a.example", ()), ("a.example", ("b.example", "c.example"))]
    assert line_of(told[1]).text == (
        "2026-03-01 a.example: Harrowgate buys Orrin Mills for $40m (also at b.example, c.example)"
    )


def test_two_stories_of_one_company_stay_two() -> None:
    told = distinct(
        [
            story("a.example", "Harrowgate reports first quarter results", "2026-04-20"),
            story("a.example", "Harrowgate appoints Jonas Lindow as chief executive", "2026-04-21"),
        ]
    )
    assert len(told) == 2


def test_only_pages_whose_headline_names_the_company_are_asked_for() -> None:
    told = [story("a.example", "Mills are back", "2026-01-01"), story("b.example", "Harrowgate grows", "2026-01-02")]
    assert [ask.url for ask in pages_of(told, ["Harrowgate"])] == ["https://b.example/2026-01-02"]


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Harrowgate to buy Orrin Mills", "acquisition"),
        ("Harrowgate cuts 90 jobs in Leeds", "layoff"),
        ("Harrowgate names Maud Ferring CEO", "leadership"),
        ("Harrowgate raises $40m", "funding"),
        ("Harrowgate opens plant", "expansion"),
        ("Harrowgate open-sources its planner", "other"),
        ("Harrowgate files for Chapter 11", "restructuring"),
        ("A day at Harrowgate", "other"),
    ],
)
def test_a_headline_tells_of_one_kind_of_event(title: str, kind: str) -> None:
    assert type_of(title) == kind
