"""What readers are given: the account without its name, and both names of a pair marked wherever they stand."""

from __future__ import annotations

from research.analyse.features_signals import SentenceContext
from research.analyse.parts import relation_parts, signal_parts
from research.analyse.relation_model import Pair


def test_the_accounts_name_reads_our_company_in_the_sentence_and_around_it() -> None:
    context = SentenceContext(
        sentence="Quillon's margins fell.",
        prev="Quillon Inc. reported.",
        next="Others did not.",
        title="Quillon news",
        url="https://www.quillon.example/press-releases/q3",
        accounts=("Quillon, Inc.",),
    )
    sentence, page, title, before, after = signal_parts(context)
    assert sentence.slot == 1
    assert sentence.text == "our company margins fell."
    assert page.text == "press release"
    assert "Quillon" not in title.text + before.text
    assert (before.keep, after.keep) == ("tail", "head")


def marked(pair: Pair) -> list[tuple[str, int]]:
    return [(part.text, part.slot) for part in relation_parts(pair)]


def test_both_names_are_marked_in_whatever_order_they_stand() -> None:
    sentence = "In May Bramble sold its paper unit to Thistle for cash."
    assert marked(Pair(sentence=sentence, subject="Bramble", object="Thistle")) == [
        ("In May ", 0),
        ("~ Bramble ~", 1),
        (" sold its paper unit to ", 0),
        ("^ Thistle ^", 2),
        (" for cash.", 0),
    ]
    assert [slot for _, slot in marked(Pair(sentence=sentence, subject="Thistle", object="Bramble"))] == [0, 2, 0, 1, 0]


def test_a_name_that_does_not_stand_there_goes_ahead() -> None:
    parts = marked(Pair(sentence="Rivals include Thistle.", subject="the firm", object="Thistle"))
    assert parts == [("~ the firm ~", 1), ("Rivals include ", 0), ("^ Thistle ^", 2), (".", 0)]
