"""Sentences and mentions of passages; the model itself is loaded once, for the last tests."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_builder import ACCOUNT, read

from research.analyse.annotate import Annotation, Annotator, choose_model, compose, mend_sentences, passage_key
from research.errors import UsageError
from research.model.finding import Mention


def sentences(text: str, *bounds: tuple[int, int]) -> list[str]:
    return [text[start:end].strip() for start, end in mend_sentences(text, bounds or [(0, len(text))])]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rains. We sell meters.", ["It rains.", "We sell meters."]),
        ("Rain? “Yes!” It snows.", ["Rain?", "“Yes!”", "It snows."]),
        ("Brightmoor Inc. Sells food.", ["Brightmoor Inc. Sells food."]),
        ("We like Dr. Ellwood and Mr. Renner.", ["We like Dr. Ellwood and Mr. Renner."]),
        ("In the U.S. We sell meters.", ["In the U.S. We sell meters."]),
        ("Harrowgate vs. Quillon is on.", ["Harrowgate vs. Quillon is on."]),
        ("Version 4. It is new.", ["Version 4.", "It is new."]),
        ("Name\nRole\n\nPlace", ["Name", "Role", "Place"]),
        ("It costs 4.5 million. Yes.", ["It costs 4.5 million.", "Yes."]),
        (
            "Highlights: • Sales rose by a tenth to £5 million • The loss from operations was £2 million",
            ["Highlights:", "• Sales rose by a tenth to £5 million", "• The loss from operations was £2 million"],
        ),
        (
            "• Sales rose by a tenth at Brightmoor Inc. • The loss from operations was £2 million",
            ["• Sales rose by a tenth at Brightmoor Inc.", "• The loss from operations was £2 million"],
        ),
        (
            "We compete with: • Harrowgate • Quillon Ltd • Brightmoor",
            ["We compete with: • Harrowgate • Quillon Ltd • Brightmoor"],
        ),
        ("", [""]),
    ],
)
def test_where_sentences_end(text, expected):
    assert sentences(text) == expected


def test_a_bound_behind_an_abbreviation_or_a_comma_is_mended():
    text = "Brightmoor Inc. and Leeds, England are far."
    at = [text.index(" and") + 1, text.index(" England") + 1]
    assert sentences(text, (0, at[0]), (at[0], at[1]), (at[1], len(text))) == [text]


@given(st.text(alphabet="Ab. \n!?,”Inc", max_size=40), st.lists(st.integers(0, 40), max_size=4))
def test_sentences_cover_the_text_in_order(text, cuts):
    starts = sorted({0, *(c for c in cuts if c < len(text))})
    spans = mend_sentences(text, list(zip(starts, [*starts[1:], len(text)], strict=True)))
    assert "".join(text[start:end] for start, end in spans) == text


def test_an_annotation_is_kept_and_read_again():
    text = "Marta Ellwood runs Harrowgate."
    annotation = Annotation(
        sentences=((0, 30),),
        mentions=(
            Mention(label="person", text="Marta Ellwood", start=0, end=13),
            Mention(label="company", text="Harrowgate", start=19, end=29),
        ),
    )
    assert Annotation.from_json(annotation.to_json(), text) == annotation


def test_equal_texts_have_one_key():
    assert passage_key("About us") == passage_key("About us") != passage_key("About us ")


def test_a_reading_is_in_the_document_s_offsets():
    reading = read(("heading", "Team"), "It rains. Marta Ellwood runs Harrowgate.", person=["Marta Ellwood"])
    text = reading.document.text
    for block, sentence in reading.sentences():
        assert text[sentence.start : sentence.end] == sentence.text
        assert block.passage.start <= sentence.start < sentence.end <= block.passage.end
    (mention,) = reading.blocks[1].mentions
    assert text[mention.start : mention.end] == mention.text == "Marta Ellwood"
    assert reading.blocks[1].mentions_in(0, mention.end) == (mention,)
    assert reading.blocks[1].mentions_in(0, mention.end - 1) == ()
    assert reading.blocks[1].mentions_in(0, mention.end, "company") == ()


def test_sentences_of_the_main_text_alone():
    reading = read(("metadata", "title: Team"), "It rains.")
    assert [s.text for _, s in reading.sentences()] == ["title: Team", "It rains."]
    assert [s.text for _, s in reading.sentences(main_only=True)] == ["It rains."]


def test_a_model_that_is_not_installed_is_named_with_what_to_do():
    with pytest.raises(UsageError, match=r"en_no_such_model.*make install"):
        choose_model("en_no_such_model")


TEXTS = [
    "Marta Ellwood founded Brightmoor Foods in Oslo in 1998. It has sales of $30 million.",
    "",
    "— 12 —",
    "Write to sales@harrowgate.example or call +1 617 555 0134.",
]


@pytest.fixture(scope="module")
def annotator() -> Annotator:
    return Annotator()


def test_the_model_reads_sentences_and_names(annotator):
    found = list(annotator.annotate(TEXTS))
    assert len(found) == len(TEXTS)
    first, empty, bare, contact = found
    assert [TEXTS[0][s:e] for s, e in first.sentences] == [
        "Marta Ellwood founded Brightmoor Foods in Oslo in 1998.",
        "It has sales of $30 million.",
    ]
    assert {("person", "Marta Ellwood"), ("place", "Oslo"), ("date", "1998")} <= {
        (m.label, m.text) for m in first.mentions
    }
    assert (empty.sentences, empty.mentions) == ((), ())
    assert bare.mentions == ()
    assert [(m.label, m.text) for m in contact.mentions if m.label in ("email", "phone")] == [
        ("email", "sales@harrowgate.example"),
        ("phone", "+1 617 555 0134"),
    ]
    for text, annotation in zip(TEXTS, found, strict=True):
        assert all(text[m.start : m.end] == m.text for m in annotation.mentions)


def test_a_passage_is_read_alike_alone_and_among_others(annotator):
    alone = [next(annotator.annotate([text])) for text in TEXTS]
    assert alone == list(annotator.annotate(TEXTS)) == list(annotator.annotate(TEXTS[::-1]))[::-1]


def test_a_very_long_passage_is_read_to_its_end(annotator):
    text = "The meters of the town are read each hour. " * 460 + "Then Marta Ellwood moved to Oslo."
    (annotation,) = annotator.annotate([text])
    assert text[slice(*annotation.sentences[-1])] == "Then Marta Ellwood moved to Oslo."
    assert annotation.mentions[-1].end > len(text) - 10
    assert all(text[m.start : m.end] == m.text for m in annotation.mentions)


def test_annotations_are_composed_one_a_passage(annotator):
    document = read(("heading", "Who we are"), "Marta Ellwood lives in Oslo.").document
    annotations = list(annotator.annotate(p.of(document.text) for p in document.passages))
    reading = compose(document, ACCOUNT, annotations, own=True)
    assert [b.text for b in reading.blocks] == ["Who we are", "Marta Ellwood lives in Oslo."]
    assert "Oslo" in [m.text for m in reading.blocks[1].mentions_in(11, len(document.text), "place")]


def test_the_fingerprint_names_the_model(annotator):
    name, version, model = annotator.fingerprint_parts
    assert name == "annotate"
    assert version
    assert model.startswith("en_core_web_")
