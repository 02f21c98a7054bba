"""An account as it stood on a day: by when pages were seen, else by when it was noted; and with clocks that were wrong."""

from __future__ import annotations

from store_samples import DAY_1, DAY_2, DAY_3, DAY_4, add_account, finding, read_page

from research.store.connect import Store
from research.store.findings import replace_findings
from research.store.history import (
    documents_at,
    documents_now,
    events_since,
    note_documents,
    state_at,
    state_now,
    steps_since,
)

URL = "https://acme.example/about"
YEARS = ("2019-06-01T00:00:00Z", "2019-07-01T00:00:00Z")


def told(store: Store, since: str) -> list[tuple[str, str]]:
    """What was different before the day: the values of then and of now."""
    then, now = state_at(store, "acme", since), state_now(store, "acme")
    return [(f.text("value"), g.text("value")) for f, g in zip(then.findings, now.findings, strict=False)]


def read(store: Store, value: str, now: str, seen: str | None = None) -> str:
    """One page that says one thing, read at a moment; gives its document."""
    page = read_page(store, URL, [f"Founded in {value}"], seen or now)
    replace_findings(store, "acme", [finding(page, f"Founded in {value}", value=value, at=now)], now, seen=seen)
    note_documents(store, "acme", [page.id], now, seen=seen)
    return page.id


def test_a_state_is_that_of_just_before_the_day(store: Store) -> None:
    add_account(store)
    first, second = read(store, "1990", DAY_1), read(store, "1991", DAY_3)
    assert told(store, DAY_2) == told(store, DAY_3) == [("1990", "1991")]
    assert told(store, DAY_4) == [("1991", "1991")]
    assert state_at(store, "acme", DAY_1).findings == ()
    assert documents_at(store, "acme", DAY_1) is None
    assert documents_at(store, "acme", DAY_3) == {first}
    assert documents_at(store, "acme", DAY_4) == {second} == documents_now(store, "acme")


def test_captured_traffic_counts_by_the_day_of_its_capture(store: Store) -> None:
    add_account(store)
    first = read(store, "1990", DAY_1, YEARS[0])
    read(store, "1991", DAY_1, YEARS[1])
    assert told(store, "2019-06-15") == [("1990", "1991")]
    assert documents_at(store, "acme", "2019-06-15") == {first}
    assert {e.at for e in events_since(store, "acme", "2019-06-15")} == {YEARS[1]}


def test_traffic_of_one_day_that_is_read_twice_counts_by_when_it_was_noted(store: Store) -> None:
    add_account(store)
    first = read(store, "1990", DAY_1, YEARS[0])
    read(store, "1991", DAY_3, YEARS[0])
    state = state_at(store, "acme", DAY_2)
    assert [f.text("value") for f in state.findings] == ["1990"]
    assert state.documents == {first}
    assert events_since(store, "acme", DAY_4) == ()


def test_a_clock_that_once_ran_ahead_hides_nothing_and_repeats_nothing(store: Store) -> None:
    add_account(store)
    read(store, "1990", "2036-03-01T08:00:00+00:00")
    read(store, "1991", DAY_2)
    read(store, "1992", DAY_4)
    assert told(store, DAY_3) == [("1991", "1992")]
    assert events_since(store, "acme", "2027-01-01") == ()


def test_each_run_that_changed_something_is_a_step(store: Store) -> None:
    add_account(store)
    for value, day in (("1990", DAY_1), ("1991", DAY_2), ("1990", DAY_4)):
        read(store, value, day)
    steps = steps_since(store, "acme", DAY_2)
    assert [step.at for step in steps] == [DAY_2, DAY_4]
    values = [
        ([f.text("value") for f in s.before.findings], [f.text("value") for f in s.after.findings]) for s in steps
    ]
    assert values == [(["1990"], ["1991"]), (["1991"], ["1990"])]
    assert all(step.before.documents and step.after.documents for step in steps)
