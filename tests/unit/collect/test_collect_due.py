"""When what is read again: cadences, shelf lives, meetings, failures, budgets, and clocks that are wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from research.collect.due import (
    FEWEST,
    JITTER,
    LONGEST_RETRY,
    RETRY,
    AccountState,
    Held,
    Watched,
    back_off,
    choose,
    due,
    jitter,
    most_turns,
    next_turn,
)

NOW = "2026-11-20T09:00:00+00:00"


def after(days: float, start: str = NOW) -> str:
    return (datetime.fromisoformat(start) + timedelta(days=days)).isoformat()


def site(**values: object) -> Watched:
    return replace(Watched(kind="site", cadence_days=7, tried=NOW, succeeded=NOW), **values)  # type: ignore[arg-type]


def account(identity: str = "acme", *sources: Watched, **values: object) -> AccountState:
    return replace(AccountState(id=identity, sources=sources or (site(),)), **values)  # type: ignore[arg-type]


def leadership(seen: str = NOW) -> Held:
    return Held(topic="person.leadership", seen=seen, days=30, weight=1.0)


def is_due(state: AccountState, now: str) -> bool:
    return bool(due([state], now))


def test_a_source_is_due_within_a_tenth_before_its_cadence_ends() -> None:
    assert not is_due(account(), after(7 * (1 - JITTER) - 0.01))
    assert is_due(account(), after(7))


def test_what_was_never_read_is_due_at_once_and_what_has_no_source_never_is() -> None:
    assert is_due(account("acme", site(tried=None, succeeded=None)), NOW)
    assert next_turn(AccountState(id="acme", sources=()), NOW) is None


def test_only_the_sources_whose_time_has_come_are_read() -> None:
    register = Watched(kind="gleif", cadence_days=90, tried=NOW, succeeded=NOW)
    (turn,) = due([account("acme", site(), register)], after(8))
    assert turn.kinds == ("site",)
    (later,) = due([account("acme", site(), register)], after(95))
    assert set(later.kinds) == {"site", "gleif"}


def test_a_short_shelf_life_goes_before_a_long_cadence() -> None:
    slow = site(cadence_days=120)
    funding = Held(topic="event.funding", seen=NOW, days=365, weight=0.8)
    assert not is_due(account("acme", slow, claims=(funding,)), after(31))
    (turn,) = due([account("acme", slow, claims=(funding, leadership()))], after(31))
    assert turn.why == "person.leadership goes stale after 30 days"


def test_a_claim_that_the_last_visit_could_not_confirm_does_not_make_every_run_a_visit() -> None:
    state = account(claims=(leadership(after(-60)),))  # its page has been away, the site was read just now
    assert not is_due(state, after(1))
    assert is_due(state, after(7))


def test_before_a_meeting_what_would_be_stale_by_then_is_read_again() -> None:
    state = account("acme", site(cadence_days=60), claims=(leadership(after(-24)),), meetings=("2026-12-01",))
    turn = next_turn(state, NOW)
    assert turn is not None
    assert turn.at == after(6)  # when the claim goes stale, five days before the meeting
    near = replace(state, claims=(leadership(after(-20)),))  # stale on the 30th: one look three days before is enough
    turn = next_turn(near, NOW)
    assert turn is not None
    assert turn.at == "2026-11-28T00:00:00+00:00"
    assert turn.why == "1 claim goes stale before the meeting on 2026-12-01"
    fresh = replace(state, claims=(leadership(),))
    turn = next_turn(fresh, NOW)
    assert turn is not None
    assert turn.at > "2026-12-01"


def test_failures_wait_twice_as_long_each_time_up_to_a_month() -> None:
    waits = [back_off(n) for n in range(1, 12)]
    assert waits[:3] == [RETRY, 2 * RETRY, 4 * RETRY]
    assert waits[-1] == LONGEST_RETRY == back_off(10_000)
    failing = account("acme", site(failures=3, succeeded=after(-30)))
    assert not is_due(failing, after(0.85))
    assert is_due(failing, after(1))


def test_before_a_meeting_a_failing_source_is_tried_each_day() -> None:
    failing = account("acme", site(failures=9, succeeded=after(-30)), meetings=(after(2)[:10],))
    assert is_due(failing, after(1))
    assert not is_due(replace(failing, meetings=()), after(1))


def test_jitter_belongs_to_the_account_and_spreads_accounts_over_the_tenth() -> None:
    every = [next_turn(account(f"a{n}"), NOW) for n in range(200)]
    times = {turn.at for turn in every if turn}
    assert len(times) > 190
    assert jitter("a1", "site") == jitter("a1", "site") != jitter("a1", "gleif")
    assert all(0 <= jitter(f"a{n}", "site") < 1 for n in range(200))


# --- after a downtime ----------------------------------------------------------------------------------------------


def test_missed_turns_are_made_up_for_once_and_not_all_at_a_time() -> None:
    states = [account(f"a{n:04}") for n in range(1000)]
    missed = due(states, after(35))  # five turns each
    assert len(missed) == len({turn.account_id for turn in missed}) == 1000
    chosen, waiting = choose(missed, at_most=most_turns(states))
    assert len(chosen) == 429  # three days' worth of a thousand weekly turns
    assert len(waiting) == 571
    assert most_turns(states[:5]) == FEWEST


def test_after_the_catch_up_the_accounts_do_not_come_back_together() -> None:
    caught = [account(f"a{n}", site(tried=after(35), succeeded=after(35))) for n in range(300)]
    hours = [next_turn(state, after(35)) for state in caught]
    per_hour: dict[str, int] = {}
    for turn in hours:
        if turn:
            per_hour[turn.at[:13]] = per_hour.get(turn.at[:13], 0) + 1
    assert max(per_hour.values()) < 60  # of 300, over the 17 hours of a tenth of a week


# --- budgets -------------------------------------------------------------------------------------------------------


def test_a_budget_goes_first_to_claims_that_expire_before_the_next_meetings() -> None:
    overdue = account("overdue", site(succeeded=after(-30), requests=10), claims=(leadership(after(-60)),))
    soon = account(
        "soon", site(succeeded=after(-7), requests=10), claims=(leadership(after(-29)),), meetings=("2026-11-22",)
    )
    later = replace(soon, id="later", meetings=("2026-11-23",))
    plain = account("plain", site(succeeded=after(-7), requests=10))
    turns = due([plain, overdue, later, soon], NOW)
    assert [turn.account_id for turn in turns] == ["soon", "later", "overdue", "plain"]
    chosen, waiting = choose(turns, requests=25)
    assert [turn.account_id for turn in chosen] == ["soon", "later"]
    assert [turn.account_id for turn in waiting] == ["overdue", "plain"]


def test_what_does_not_fit_leaves_its_place_to_smaller_ones_and_the_first_is_never_starved() -> None:
    big = account("big", site(succeeded=after(-30), requests=100))
    small = account("small", site(succeeded=after(-7), requests=5))
    turns = due([big, small], NOW)
    assert [turn.account_id for turn in turns] == ["big", "small"]
    chosen, waiting = choose(turns, requests=40)
    assert [(turn.account_id, turn.limit) for turn in chosen] == [("big", 40)]
    assert [turn.account_id for turn in waiting] == ["small"]
    small_first = [turns[1], turns[0]]
    assert [turn.account_id for turn in choose(small_first, requests=40)[0]] == ["small"]


@given(
    costs=st.lists(st.integers(min_value=1, max_value=50), max_size=30),
    budget=st.integers(min_value=1, max_value=200),
)
def test_no_budget_is_overspent_and_no_turn_is_lost(costs: list[int], budget: int) -> None:
    states = [account(f"a{n}", site(succeeded=after(-8), requests=cost)) for n, cost in enumerate(costs)]
    turns = due(states, NOW)
    chosen, waiting = choose(turns, requests=budget)
    assert sum(turn.limit or turn.requests for turn in chosen) <= budget
    assert {t.account_id for t in chosen} | {t.account_id for t in waiting} == {t.account_id for t in turns}
    assert len(chosen) + len(waiting) == len(turns)


# --- clocks --------------------------------------------------------------------------------------------------------


def test_a_clock_that_goes_back_a_day_makes_nothing_due_and_breaks_nothing() -> None:
    assert not is_due(account(), after(-1))
    assert not is_due(account(), after(-0.5))


def test_ten_years_ahead_everything_is_due_once_and_back_again_nobody_waits_ten_years() -> None:
    jumped = after(3653)
    assert len(due([account()], jumped)) == 1
    read_then = account("acme", site(tried=jumped, succeeded=jumped), claims=(leadership(jumped),))
    assert is_due(read_then, NOW)
    (turn,) = due([read_then], NOW)
    assert turn.why == "its last visit lies in the future: the clock was wrong"
    read_now = account("acme", site(), claims=(leadership(jumped),))
    assert not is_due(read_now, after(1))


@pytest.mark.parametrize(
    ("last", "now", "expected"),
    [
        # Clocks go back on 2026-10-25 and forward on 2026-03-29 in Europe: a week is a week.
        ("2026-10-20T09:00:00+02:00", "2026-10-27T07:59:59+01:00", True),
        ("2026-10-20T09:00:00+02:00", "2026-10-26T01:00:00+01:00", False),
        ("2026-03-24T09:00:00+01:00", "2026-03-31T10:00:00+02:00", True),
        ("2026-03-24T09:00:00+01:00", "2026-03-30T02:00:00+02:00", False),
        ("2028-02-22T12:00:00+00:00", "2028-02-29T12:00:00+00:00", True),
        ("2028-02-29T12:00:00+00:00", "2028-03-06T01:00:00+00:00", False),
        ("2028-02-29T12:00:00+00:00", "2028-03-07T12:00:00+00:00", True),
        ("2026-11-20T09:00:00", "2026-11-27T09:00:00Z", True),  # a moment without an offset is in UTC
    ],
)
def test_summer_time_and_leap_days_move_nothing(last: str, now: str, *, expected: bool) -> None:
    assert is_due(account("acme", site(tried=last, succeeded=last)), now) is expected


def test_a_meeting_on_a_leap_day_counts() -> None:
    state = account("acme", site(cadence_days=60, succeeded="2028-02-01T00:00:00Z"), meetings=("2028-02-29",))
    state = replace(state, claims=(leadership("2028-01-30T12:00:00Z"),))
    turn = next_turn(state, "2028-02-02T00:00:00Z")
    assert turn is not None
    assert turn.at == "2028-02-26T00:00:00+00:00"


def test_a_moment_that_is_none_counts_as_never() -> None:
    assert is_due(account("acme", site(succeeded="yesterday", tried="yesterday")), NOW)
