"""Named competitors: enumerations that are read whole, and the sentences that must name nobody."""

from __future__ import annotations

import pytest
from filing_samples import BUSINESS, RISKS, paragraphs, reading

from research.analyse.competition import named_competitors
from research.analyse.filing_rivals import observe_rivals


def names(sentence: str, context: str = "none") -> list[str]:
    return [name for _, _, name in named_competitors(sentence, context=context)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "Our competitors include Vantrel, Borealis Systems, Inc. and Quill & Sons Ltd.",
            ["Vantrel", "Borealis Systems, Inc.", "Quill & Sons Ltd."],
        ),
        (
            "We compete with firms such as Vantrel Corporation, or Vantrel, and Northern Data Works, or NDW.",
            ["Vantrel Corporation", "Northern Data Works"],
        ),
        (
            "In this market we compete with regional banks, Vantrel (formerly Oxbow), and a number of smaller firms.",
            ["Vantrel"],
        ),
        (
            "We face competition from large retailers (such as Vantrel and 3Q Stores) and from local shops.",
            ["Vantrel", "3Q Stores"],
        ),
        (
            "Suppliers of engines, such as Vantrel N.V., Oxbow S.A. and Quill Co., Ltd., compete with us.",
            ["Vantrel N.V.", "Oxbow S.A.", "Quill Co., Ltd."],
        ),
        ("In many of the countries in which we sell, Vantrel, Inc. is a primary competitor.", ["Vantrel, Inc."]),
        ("Vantrel and Oxbow are our main competitors.", ["Vantrel", "Oxbow"]),
        (
            "We compete against products marketed by Vantrel AG, Oxbow Scientific Inc. and Quill.",
            ["Vantrel AG", "Oxbow Scientific Inc.", "Quill"],
        ),
        ("We compete with makers of shoes, including oxbo, Vantrel and Quill.", ["oxbo", "Vantrel", "Quill"]),
        (
            "Competitors’ platforms, such as Vantrel for phones and tablets, Oxbow for computers, compete with ours.",
            ["Vantrel", "Oxbow"],
        ),
        ("We compete with sealants from Vantrel Inc.; Oxbow, Inc. and others.", ["Vantrel Inc.", "Oxbow, Inc."]),
        ("Vantrel, Oxbow and other smaller companies are also competitors of ours.", ["Vantrel", "Oxbow"]),
        (
            "Our competitors include: bluebell bio, Inc., or bluebell; Oxbow; and Quill.",
            ["bluebell bio, Inc.", "Oxbow", "Quill"],
        ),
        ("Our principal rivals are Bank of Oxbow and 7-Bridges.", ["Bank of Oxbow", "7-Bridges"]),
        ("Cardwell, a very significant competitor, makes pumps.", ["Cardwell"]),
    ],
)
def test_enumerations_are_read_whole(sentence: str, expected: list[str]) -> None:
    assert names(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "We compete with Vantrel and Oxbow for qualified employees.",
        "We do not currently compete with Vantrel.",
        "Our customers compete with Vantrel and Oxbow.",
        "The European Commission and the Competition and Markets Authority opened an inquiry into Vantrel.",
        "The complaint alleges that Vantrel restrained competition from Oxbow.",
        "We compete in countries such as India, China and Brazil.",
        "We compete on factors such as Price, Quality and Service.",
        "Vantrel is one of our largest customers.",
        "Our products compete with JAK inhibitors and GPUs.",
        "Retailers compete with us.",
        "Our trucks compete with other trucks, Model S and Model X compete with sedans.",
        "Competition is intense.",
    ],
)
def test_sentences_that_name_no_rival(sentence: str) -> None:
    assert names(sentence) == []


def test_spans_are_the_names_as_printed() -> None:
    sentence = "Our competitors include Vantrel, Inc. (VT), Oxbow and others."
    assert [sentence[a:b] for a, b, _ in named_competitors(sentence)] == ["Vantrel, Inc.", "Oxbow"]


def test_context_opens_what_the_sentence_alone_does_not() -> None:
    assert names("Examples include Vantrel, Oxbow and Quill.") == []
    assert names("Examples include Vantrel, Oxbow and Quill.", "section") == ["Vantrel", "Oxbow", "Quill"]
    assert names("Vantrel Corporation and Oxbow, through its cloud", "list") == ["Vantrel Corporation", "Oxbow"]


def test_a_list_of_competitors_is_read_with_its_lead_in() -> None:
    path = (*BUSINESS, "Competition")
    lines = [
        *paragraphs(path, "Our current competitors include:"),
        *paragraphs(
            path, "makers of engines, such as Vantrel, Inc., or VTL, and Oxbow;", "Quill Corporation.", role="list_item"
        ),
        *paragraphs(path, "We ship with Parcelway."),
    ]
    found = observe_rivals(reading(lines))
    assert [o.get("company") for o in found] == ["Vantrel, Inc.", "Oxbow", "Quill Corporation"]
    assert {o.get("relation") for o in found} == {"competitor"}
    assert {o.get("of") for o in found} == {"Acme Widgets, Inc."}


def test_the_accounts_own_names_and_brands_are_no_rivals() -> None:
    lines = [
        *paragraphs(BUSINESS, "We sell our Zephyr line and Glide® pumps."),
        *paragraphs(RISKS, "Competitors such as Vantrel, Zephyr, Glide, Acme Widgets and Acme Widgets Cloud may grow."),
    ]
    assert [o.get("company") for o in observe_rivals(reading(lines))] == ["Vantrel"]


def test_evidence_is_the_sentence() -> None:
    lines = paragraphs(RISKS, "Risk is everywhere. We compete with Vantrel. We may fail.")
    (found,) = observe_rivals(read := reading(lines))
    assert read.document.text[found.start : found.end] == "We compete with Vantrel."
