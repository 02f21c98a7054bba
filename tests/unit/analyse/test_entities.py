"""The entities of a document: mentions cleaned, voted on per surface form, and always a slice of the text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from reading_builder import read

from research.analyse.entities import entities, is_plausible, prior, trim
from research.analyse.read import Reading
from research.model.finding import Mention

LABELS = {"company", "person", "role", "product", "place", "date", "money", "percent", "phone", "email"}
LONG = "which is a sentence of a good length, as prose has them everywhere"


def found(*parts, **marked) -> list[tuple[str, str]]:
    return [(m.label, m.text) for m in entities(read(*parts, **marked))]


def relabelled(reading: Reading, *labels: str) -> Reading:
    """The reading with the first mention of each block under another label."""
    blocks = [
        replace(block, mentions=(replace(block.mentions[0], label=label),))
        for block, label in zip(reading.blocks, labels, strict=True)
    ]
    return replace(reading, blocks=tuple(blocks))


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("the Quillon", "Quillon"),
        ("• Quillon", "Quillon"),
        ("Quillon’s", "Quillon"),
        ("Quillon's", "Quillon"),
        ("Quillon,", "Quillon"),
        (" – The Quillon | ", "Quillon"),
        ("Quillon\nOslo", "Quillon"),
        ("Brightmoor, Inc.", "Brightmoor, Inc."),
        ("Theron", "Theron"),
        ("Atlas", "Atlas"),
    ],
)
def test_a_mention_is_cut_to_the_name(text, clean):
    trimmed = trim(Mention(label="company", text=text, start=10, end=10 + len(text)))
    assert trimmed.text == clean
    assert text[trimmed.start - 10 : trimmed.end - 10] == clean


@pytest.mark.parametrize(
    ("label", "text", "expected"),
    [
        ("company", "Quillon", True),
        ("company", "GPU", False),
        ("company", "quillon", False),
        ("company", "Chief Executive Officer", False),
        ("company", "A b c d e f g h i", False),
        ("company", "Q", False),
        ("person", "Marta Ellwood", True),
        ("person", "Creative Cloud", False),
        ("person", "Sales Team", False),
        ("place", "Leeds", True),
        ("place", "2020", False),
        ("date", "2020", True),
        ("phone", "+47 55", True),
        ("percent", "45", True),
    ],
)
def test_what_a_label_can_hold(label, text, expected):
    assert is_plausible(label, text) is expected


@pytest.mark.parametrize(
    ("text", "label", "expected"),
    [
        ("Brightmoor Ltd", "person", "company"),
        ("Brightmoor Inc.", "place", "company"),
        ("University of Leeds", "place", "company"),
        ("Oakline Research Institute", "person", "company"),
        ("Marta Ellwood", "person", "person"),
        ("Leeds", "place", "place"),
    ],
)
def test_the_shape_of_a_name_goes_before_the_model(text, label, expected):
    assert prior(text, label) == expected


def test_most_mentions_of_a_name_decide_for_all():
    reading = read(*[f"Quillon is here, {LONG}."] * 3, company=["Quillon"])
    voted = entities(relabelled(reading, "company", "person", "company"))
    assert [(m.label, m.text) for m in voted] == [("company", "Quillon")] * 3


def test_the_legal_form_decides_against_the_model():
    assert found(f"Brightmoor Ltd is here, {LONG}.", person=["Brightmoor Ltd"]) == [("company", "Brightmoor Ltd")]


def test_noise_is_dropped_and_figures_are_kept():
    sentence = f"GPU and API are 45 % of $3 million in 2020, {LONG}."
    marked = {"company": ["GPU", "API"], "percent": ["45 %"], "money": ["$3 million"], "date": ["2020"]}
    assert found(sentence, **marked) == [("percent", "45 %"), ("money", "$3 million"), ("date", "2020")]


def test_products_that_the_model_takes_for_people_are_dropped():
    sentence = f"Creative Cloud and Marta Ellwood are here, {LONG}."
    assert found(sentence, person=["Creative Cloud", "Marta Ellwood"]) == [("person", "Marta Ellwood")]


def test_a_person_s_name_on_a_line_of_its_own_is_found_without_the_model():
    assert ("person", "Marta Ellwood") in found(("card", "Marta Ellwood\nof Leeds\n+1 617 555 0134"))
    assert ("person", "Marta Ellwood") in found(("heading", "Marta Ellwood"))
    assert ("person", "Artwork Guidelines") not in found(("heading", "Artwork Guidelines"))


def test_a_contact_block():
    card = ("contact", "Owen Prather\n+1 617 555 0134\nowen@harrowgate.example")
    assert found(card) == [
        ("person", "Owen Prather"),
        ("phone", "+1 617 555 0134"),
        ("email", "owen@harrowgate.example"),
    ]


def test_entities_are_slices_of_the_text_in_order_one_a_span():
    reading = read(
        f"• The Quillon’s CEO, Marta Ellwood’s friend in the United Kingdom, {LONG}.",
        ("contact", "Owen Prather\n+1 617 555 0134\nowen@harrowgate.example"),
        company=["The Quillon’s", "Quillon"],
        person=["Marta Ellwood’s", "Owen Prather"],
        place=["the United Kingdom"],
    )
    mentions = entities(reading)
    spans = [(m.start, m.end) for m in mentions]
    assert spans == sorted(set(spans))
    assert [reading.document.text[m.start : m.end] for m in mentions] == [m.text for m in mentions]
    assert {m.label for m in mentions} <= LABELS
    assert {"Quillon", "CEO", "Marta Ellwood", "United Kingdom", "Owen Prather"} <= {m.text for m in mentions}


def test_a_document_without_text_has_none():
    assert entities(read()) == ()
