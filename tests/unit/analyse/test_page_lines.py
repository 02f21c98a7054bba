"""Pages as lines of tokens, and what a page says of its owner."""

from __future__ import annotations

import pytest
from reading_builder import read

from research.analyse.page_lines import read_page


def test_rows_cards_and_menus_are_cut_into_lines_that_stand_in_the_text() -> None:
    reading = read(("contact", "Quillon Ltd\nCall us | 0161 496 0000"), ("footer", "Home • About"))
    page = read_page(reading)
    text = reading.document.text
    assert [text[line.start : line.end] for line in page.lines] == [
        "Quillon Ltd",
        "Call us",
        "0161 496 0000",
        "Home",
        "About",
    ]
    assert all(text[token.start : token.end] == token.text for line in page.lines for token in line.tokens)


def test_metadata_is_no_line() -> None:
    assert read_page(read(("metadata", "description: Quillon makes valves"))).lines == ()


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("brightfordvalves", "D"),
        ("harrowgate", "D"),
        ("brightfordvalvescouk", "D"),
        ("quillonltd", "C"),
        ("ourvalves", "T"),
    ],
)
def test_a_page_names_its_owner_in_addresses_copyright_line_and_title(name: str, where: str) -> None:
    reading = read(
        "Write to sales@brightford-valves.co.uk or someone@gmail.com.",
        ("footer", "© 2014 Quillon Ltd. All rights reserved."),
        title="Our Valves | Contact",
    )
    page = read_page(reading)
    assert page.names[name] == where
    assert "gmail" not in page.names


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("12 Mill Road", "number-first"),
        ("12 Mill Road", "has-street"),
        ("Sales Director", "has-role"),
        ("Tel: 0161 496 0000", "phone"),
        ("Springfield, MA 01089", "postcode"),
        ("Website by Marsh Studio", "by"),
        ("© 2014 Quillon", "rights"),
        ("QUILLON VALVES", "upper"),
        ("Opening hours:", "colon"),
        ("We have made valves of brass and steel for sixty years.", "sentence"),
    ],
)
def test_a_line_looks_like_what_it_holds(line: str, mark: str) -> None:
    assert mark in read_page(read(line)).lines[0].marks
