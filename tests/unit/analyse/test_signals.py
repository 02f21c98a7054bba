"""Which sentences become signals, whose they are, and where they are not looked for; models are stand-ins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from reading_builder import read

from research.analyse.features_phrase import phrase_of
from research.analyse.features_signals import SentenceContext, SignalAnswer, signal_features, subject
from research.analyse.features_text import lexicon, tokenize
from research.analyse.signals import observe

THE_ACCOUNT = {"account": 0.8, "customer": 0.2}


def by_cues(contexts: Sequence[SentenceContext], holders: Mapping[str, float] = THE_ACCOUNT) -> list[SignalAnswer]:
    """A stand-in for the trained models: the cue tables decide the kind."""
    out = []
    for context in contexts:
        row = signal_features(context)
        pain = "f=negative 0" not in row and any(name.startswith("f=negative") for name in row)
        goal = any(name.startswith("f=goal.intent") for name in row)
        label = "pain" if pain else "goal" if goal else "none"
        kinds = {kind: 0.9 if kind == label else 0.03 for kind in ("pain", "goal", "remedy", "none")}
        out.append(SignalAnswer(kinds=kinds, holders=holders))
    return out


def the_customer(contexts: Sequence[SentenceContext]) -> list[SignalAnswer]:
    return by_cues(contexts, {"customer": 0.8, "account": 0.2})


def kinds_of(*texts: str, **how: object) -> list[tuple[object, object]]:
    found = observe(read(*texts, **how), by_cues)
    return [(o.get("type"), o.get("holder")) for o in found]


def test_a_pain_and_a_goal_are_found_with_their_own_words() -> None:
    reading = read("Our data centers suffer from frequent outages.", "We plan to open a new plant in Ohio next year.")
    found = {o.get("type"): o for o in observe(reading, by_cues)}
    assert set(found) == {"pain", "goal"}
    for observation in found.values():
        sentence = reading.document.text[observation.start : observation.end]
        assert str(observation.get("phrase")) in sentence
        assert 0 < observation.score <= 0.99


def test_sentences_without_a_cue_are_never_shown_to_the_model() -> None:
    asked: list[int] = []

    def count(contexts: Sequence[SentenceContext]) -> list[SignalAnswer]:
        asked.append(len(contexts))
        return by_cues(contexts)

    observe(read("The office stands beside the river.", "Our systems fail every week or so."), count)
    assert asked == [1]


@pytest.mark.parametrize(
    "text",
    [
        "These forward-looking statements involve risks that could cause failure.",
        "See Note 12 for the litigation that could harm our business.",
        "Do your systems fail when you need them most?",
    ],
)
def test_boilerplate_and_questions_are_left_out(text: str) -> None:
    assert kinds_of(text) == []


def test_legal_pages_are_silent_and_job_pages_have_no_pains() -> None:
    assert kinds_of("We plan to keep your data for a year after failures.", page="legal") == []
    assert kinds_of("You resolve difficult problems and outages for us.", page="job") == []
    assert kinds_of("We aim to double our team in Leeds this year.", page="careers") == [("goal", "account")]


def test_we_on_other_peoples_pages_is_not_the_account() -> None:
    assert kinds_of("Our data centers suffer from frequent outages.", own=False) == []
    assert kinds_of("Harrowgate Systems suffers from frequent outages.", own=False) == [("pain", "account")]


def test_we_in_a_customers_story_is_the_customer() -> None:
    assert kinds_of("Our old servers failed every week.", page="case_study") == [("pain", "customer")]


def test_risks_listed_beside_forward_looking_statements_become_signals() -> None:
    text = (
        "These statements are subject to risks and uncertainties, including our ability to integrate acquired firms, "
        "our dependence on a single supplier of lenses, and other factors in our filings with the SEC."
    )
    reading = read(text, page="press_release")
    quotes = {reading.document.text[o.start : o.end] for o in observe(reading, by_cues)}
    assert quotes == {"our ability to integrate acquired firms", "our dependence on a single supplier of lenses"}


def test_in_a_filing_what_happened_goes_before_what_might() -> None:
    path = ("Part I", "Item 1A. Risk Factors")
    reading = read(
        ("paragraph", "Outages could harm our results and our reputation in the future.", path),
        ("paragraph", "In 2023 we have experienced 14 outages at Leeds that harmed deliveries.", path),
        page="filing",
    )
    first, second = observe(reading, by_cues)
    assert "2023" in reading.document.text[first.start : first.end]
    assert first.score > second.score


def test_a_repetition_counts_less_than_the_first() -> None:
    sentence = "Our data centers in Leeds suffer from frequent outages."
    first, second = observe(read(sentence, "Something else is here.", sentence), by_cues)
    assert second.score < 0.1 < first.score


def scores_in_a_report(pains: int) -> dict[str, float]:
    """The score of each pain of a long report that names bearings throughout and a flooded quarry once."""
    parts = ["valves", "rotors", "flanges", "gaskets", "housings", "spindles", "couplings"]
    places = ["Ohio", "Texas", "Maine", "Utah"]
    often = [
        f"A shortage of {parts[at % 7]} from {places[at % 4]} delays our deliveries of bearings number {at}."
        for at in range(pains - 1)
    ]
    reading = read(*often, "Floods at the quarry delay our crews each spring and idle them.", page="filing")
    found = observe(reading, by_cues)
    return {reading.document.text[o.start : o.end]: o.score for o in found if o.get("type") == "pain"}


def test_a_long_report_lowers_the_pain_that_it_does_not_come_back_to() -> None:
    long, short = scores_in_a_report(24), scores_in_a_report(12)
    assert (len(long), len(short)) == (24, 12)
    lone = next(text for text in long if "quarry" in text)
    assert long[lone] == pytest.approx(0.8 * short[lone], rel=0.02)  # it stands last of all, where a fifth is lost


def test_names_of_the_account_and_of_others_teach_nothing() -> None:
    features = signal_features(SentenceContext(sentence="HR Cloud struggles with Quillon.", accounts=("hrcloud.com",)))
    assert "w=@account" in features
    assert "f=account named" in features
    assert not any("hr" in name.split("=")[1].split() for name in features)
    assert any("@name" in name for name in features if name.startswith("s="))


def test_cues_reach_over_one_word_and_digits_are_all_the_same() -> None:
    found = {cue.name for cue in lexicon("signal_cues").find(tokenize("costs fell by over 40 % after 2019"))}
    assert "remedy.effect" in found
    assert [t.key for t in tokenize("in 2019, 3.5 GB")] == ["in", "0", ",", "0", "gb"]


@pytest.mark.parametrize(
    ("text", "who"), [("we fail", "first"), ("your teams fail", "second"), ("the company fails", "company")]
)
def test_subject_is_told_by_the_first_words(text: str, who: str) -> None:
    tokens = tokenize(text)
    assert subject([t.key for t in tokens], lexicon("signal_cues").find(tokens)) == who


@pytest.mark.parametrize(
    ("sentence", "kind", "phrase"),
    [
        ("In 2024 we plan to open forty stores in Spain, which will cost much.", "goal", "open forty stores in Spain"),
        ("Shortages of memory chips could adversely affect our results.", "pain", "Shortages of memory chips"),
        ("We closed eleven unprofitable stores, as agreed.", "remedy", "closed eleven unprofitable stores"),
        ("We face a recall of 11,400 pumps, and a fine.", "pain", "recall of 11,400 pumps"),
        ("We plan to close the plant in Flint, then to grow.", "goal", "close the plant in Flint"),
        ("We plan to widen the large Mich. plant by half, and more.", "goal", "widen the large Mich. plant by half"),
    ],
)
def test_phrase_is_short_and_verbatim(sentence: str, kind: str, phrase: str) -> None:
    assert phrase_of(sentence, kind) == phrase


def test_phrase_of_odd_sentences_stays_inside_them() -> None:
    for sentence in ("Ouch!", "…", "a", "Costs, costs, costs, costs, costs, costs, and costs again"):
        assert phrase_of(sentence, "pain") in sentence
