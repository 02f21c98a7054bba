"""What a document comes back to is told from what it mentions once, whatever the order."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from research.analyse.recurrence import recurrence
from research.model.finding import Observation, attributes

SUPPLY = (
    "A shortage of turbine bearings delays our deliveries.",
    "Suppliers of bearings may fail to meet our orders for turbine parts.",
    "The shortage of bearings raised the cost of every turbine.",
    "Deliveries of turbine blades depend on the same suppliers of bearings.",
)
LONE = "Vandals damaged the fence beside the Ohio warehouse."


def test_a_matter_raised_once_stands_behind_one_that_is_raised_again_and_again() -> None:
    places = recurrence([*SUPPLY[:2], LONE, *SUPPLY[2:]])
    assert places[2] == 0.0
    assert max(places) == 1.0
    assert min(place for at, place in enumerate(places) if at != 2) > 0.0


def test_no_text_has_no_place_and_a_single_one_has_nothing_to_come_back_to() -> None:
    assert recurrence([]) == []
    assert recurrence([LONE]) == [0.0]
    assert sorted(recurrence(["", "", "3 to 4"])) == [0.0, 0.5, 1.0]  # without words all are alike


@settings(max_examples=60, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_the_texts_does_not_matter(order: list[int]) -> None:
    texts = [*SUPPLY, LONE]
    places = recurrence(texts)
    assert recurrence([texts[at] for at in order]) == [places[at] for at in order]


def test_of_very_many_pains_only_the_best_are_compared_with_each_other() -> None:
    from research.analyse import signals

    line = "Bearings run short.\n"
    text = line * (signals._MOST + 500)

    def pain(at: int, score: float) -> Observation:
        return Observation(
            kind="signal", attributes=attributes(type="pain", holder="account", phrase="bearings"), document_id="d",
            start=at * len(line), end=(at + 1) * len(line) - 1, score=score, analyser="signals", version="0",
        )  # fmt: skip

    found = [pain(at, 0.5) for at in range(500)] + [pain(500 + at, 0.9) for at in range(signals._MOST)]
    scored = signals._by_recurrence(found, text)
    assert {o.score for o in scored[:500]} == {round(0.5 * (1 - signals._RECURRENCE), 4)}
    assert max(o.score for o in scored[500:]) == 0.9
