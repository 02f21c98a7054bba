"""One happening told many times is one signal; two happenings in like words are two."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from resolve_samples import Library

from research.resolve.repeats import _Known, _same, _Told


def signals(*phrases: str, kind: str = "pain", holders: tuple[str, ...] = ()) -> list[str]:
    library = Library()
    for place, phrase in enumerate(phrases):
        holder = holders[place] if holders else "account"
        library.say(
            "signal", f"{phrase}.", doc=f"d{place}", score=0.9 - place / 100, type=kind, holder=holder, phrase=phrase
        )
    return [f.text("phrase") for f in library.resolve().findings]


def test_a_happening_with_a_telling_figure_is_told_once():
    told = (
        "recall of MX-220 sensors",
        "The recall of 11,400 MX-220 leak sensors cost $8.2 million",
        "In August we recalled 11,400 leak sensors, the first recall in our history",
    )
    assert signals(*told) == [told[0]]


def test_its_evidence_is_all_of_them():
    library = Library()
    for doc, phrase in (("d1", "train 120 technicians by 2027"), ("d2", "We plan to train 120 technicians")):
        library.say("signal", phrase, doc=doc, type="goal", holder="account", phrase=phrase)
    (finding,) = library.resolve().findings
    assert {e.document_id for e in finding.evidence} == {"d1", "d2"}


def test_what_lies_nearly_whole_within_another_is_told_once():
    longer = "And the integration of the meter business is a year behind schedule"
    assert len(signals(longer, "integration of the meter business is a year behind schedule")) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("recall of MX-220 sensors", "recall of MX-330 sensors"),
        ("revenue fell by 12.5% in Norway", "we lost 12.5% of our technicians"),
        ("support the migration from Quillon to our platform", "support the migration from Castellan to our platform"),
        ("develop a three-stage sequence of meter deployment", "develop a four-stage sequence of meter deployment"),
        ("costs rise", "costs rise again"),
    ],
)
def test_two_things_stay_two(one, other):
    assert len(signals(one, other)) == 2


def test_a_customer_s_pain_never_joins_the_account_s():
    assert len(signals("recall of MX-220 sensors", "recall of MX-220 sensors", holders=("account", "customer"))) == 2


def test_a_figure_that_stands_everywhere_tells_nothing():
    many = [f"Meter5 helps {word} teams with {word} billing" for word in "a1x b2x c3x d4x e5x f6x g7x h8x i9x".split()]
    assert len(signals(*(line.replace("Meter5", "MX-5000") for line in many))) == len(many)


WORDS = st.frozensets(st.sampled_from("pump valve late cost hire plan port weld crew fuel".split()), max_size=7)
FIGURES = st.frozensets(st.sampled_from(("MX-220", "11,400", "12.5")), max_size=2)
HOLDERS = st.sampled_from((("pain", "account"), ("pain", "customer"), ("goal", "account")))


@given(st.lists(st.builds(_Told, of=HOLDERS, figures=FIGURES, stems=WORDS), max_size=25))
def test_what_is_looked_up_by_its_words_is_what_a_comparison_with_each_finds(told):
    known = _Known()
    places: list[list[_Told]] = []
    for what in told:
        expected = next(
            (at for at, held in enumerate(places) if any(what.of == o.of and _same(what, o) for o in held)), None
        )
        assert known.first_like(what) == expected
        at = len(places) if expected is None else expected
        places[at:at] = [[]] if expected is None else []
        places[at].append(what)
        known.add(what, at)
