"""What looks like a person's name, and when two names are one company's."""

from __future__ import annotations

import pytest

from research.analyse.naming import account_pattern, is_person_name, same_company, speaks_of_account

NAMES = ("Harrowgate Systems", "Harrowgate")


@pytest.mark.parametrize(
    "name",
    [
        "Marta Ellwood",
        "Dr. Anna-Lena Vögele",
        "Mrs Marta Ellwood",
        "Jan van der Berg",
        "Conor O’Reilly",
        "Fiona McAllister",
        "JD Harper",
        "Corin E. Thaler",
        "Corin E. B. Thaler",
        "Jonathan “Jon” Reeve",
        "Ana Maria Duarte",
    ],
)
def test_names_of_people(name):
    assert is_person_name(name, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "Marta",
        "marta ellwood",
        "Marta ellwood",
        "Harrowgate Systems",
        "Harrowgate Ellwood",
        "Privacy Policy",
        "Chief Officer",
        "Sales Team",
        "North America",
        "New York",
        "Read More",
        "Marta Ellwood Inc",
        "May August",
        "Marta Ellwood said so",
        "M. E.",
        "12 Ellwood",
        "",
    ],
)
def test_what_is_nobody_s_name(text):
    assert not is_person_name(text, NAMES)


def test_a_word_of_the_account_s_name_is_no_part_of_a_person_s():
    assert is_person_name("Tallow Merriman")
    assert not is_person_name("Tallow Merriman", ["Tallow & Sons"])


@pytest.mark.parametrize(
    "name",
    [
        "Harrowgate",
        "Harrowgate’s",
        "Harrowgate Systems, Inc.",
        "the Harrowgate Systems Ltd",
        "HarrowGate",
        "Harrow Gate",
        "HARROWGATE SYSTEMS INC /DE/",
    ],
)
def test_spellings_of_the_account(name):
    assert same_company(name, NAMES)


@pytest.mark.parametrize("name", ["Harrowgate Foods", "Harrow", "Systems", "Harrowgates United", "", ".", "日本"])
def test_names_of_others(name):
    assert not same_company(name, NAMES)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("at Harrowgate.", True),
        ("Harrowgate’s plan", True),
        ("Harrowgate Systems, Inc. said", True),
        ("(Harrowgate)", True),
        ("Harrowgates", False),
        ("NewHarrowgate", False),
        ("www.Harrowgate.example", False),
        ("to harrow gates", False),
    ],
)
def test_the_account_s_name_in_text(text, named):
    assert (account_pattern(NAMES).search(text) is not None) is named


def test_the_longest_name_is_taken():
    match = account_pattern(NAMES).search("Harrowgate Systems makes meters")
    assert match is not None
    assert match.group() == "Harrowgate Systems"


def test_a_name_with_its_legal_form_is_found_without_it():
    assert account_pattern(("Quillon (UK) Ltd.",)).search("Quillon (UK) sells")
    assert account_pattern(("Quillon, Inc.",)).search("Quillon sells")


@pytest.mark.parametrize(
    ("text", "own", "expected"),
    [
        ("Harrowgate grows.", False, True),
        ("We grow.", True, True),
        ("Thank you for our plant.", True, True),
        ("The Company grows.", True, True),
        ("We grow.", False, False),
        ("They grow in the US.", True, False),
        ("Flour grows.", True, False),
    ],
)
def test_of_whom_a_sentence_speaks(text, own, expected):
    assert speaks_of_account(text, NAMES, own=own) is expected
