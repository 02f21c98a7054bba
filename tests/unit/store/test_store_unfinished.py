"""A visit that was broken off goes on where it was, for a day; a round remembers whom it was done with."""

from __future__ import annotations

import pytest
from store_samples import add_account, answer

from research.model.capture import Skipped
from research.store.accounts import forget_unread
from research.store.captures import keep, latest_by_url
from research.store.connect import Store
from research.store.unfinished import (
    answer_to,
    begin_round,
    end_round,
    end_visit,
    known_before,
    open_visit,
    save_answer,
    unfinished,
)

MORNING, NOON, NEXT_DAY = "2026-03-01T08:00:00+00:00", "2026-03-01T12:00:00+00:00", "2026-03-02T08:00:00+00:00"
HOME, NEWS = "https://acme.example/", "https://acme.example/news"


def test_answers_of_every_sort_are_given_again_until_the_visit_ends(store: Store) -> None:
    add_account(store)
    visit = open_visit(store, "acme", MORNING)
    page, sitemap, gone = answer(HOME, "page"), answer(NEWS, "<urlset/>"), Skipped(url=NEWS, reason="HTTP 404")
    keep(store, "acme-site", page)
    for key, given in (("1", page), ("2", sitemap), ("3", gone)):
        save_answer(store, visit, "acme-site", key, given)
    again = open_visit(store, "acme", NOON)
    assert again == visit
    assert [answer_to(store, again, "acme-site", key) for key in "1234"] == [page, sitemap, gone, None]
    assert store.rows("SELECT request FROM unfinished_answers WHERE data IS NULL AND NOT skipped") == [("1",)]
    assert unfinished(store) == ("acme",)
    end_visit(store, "acme")
    assert "acme" not in unfinished(store)
    assert answer_to(store, open_visit(store, "acme", NOON), "acme-site", "1") is None


@pytest.mark.parametrize("now", [NEXT_DAY, "2026-02-28T00:00:00+00:00", "no date"])
def test_what_is_a_day_old_or_of_another_clock_is_asked_anew(store: Store, now: str) -> None:
    add_account(store)
    visit = open_visit(store, "acme", MORNING)
    save_answer(store, visit, "acme-site", "1", answer(HOME, "page"))
    assert answer_to(store, open_visit(store, "acme", now), "acme-site", "1") is None


def test_what_was_known_before_the_visit_is_not_what_it_learnt(store: Store) -> None:
    add_account(store)
    first = keep(store, "acme-site", answer(HOME, "before", MORNING, etag='"1"'))
    visit = open_visit(store, "acme", NOON)
    keep(store, "acme-site", answer(HOME, "after", NOON, etag='"2"'))
    keep(store, "acme-site", answer(NEWS, "new", NOON))
    assert known_before(store, "acme-site", visit) == {HOME: first}
    assert latest_by_url(store, "acme-site").keys() == {HOME, NEWS}


def test_a_round_goes_on_after_the_accounts_that_it_was_done_with(store: Store) -> None:
    for slug in ("one", "two", "three"):
        add_account(store, slug, slug)
    assert begin_round(store, "all", ["one", "two", "three"], MORNING) == set()
    open_visit(store, "one", MORNING)
    end_visit(store, "one")
    assert begin_round(store, "all", ["one", "two", "three"], NOON) == {"one"}
    assert begin_round(store, "all", ["two", "three"], NOON) == set()
    assert begin_round(store, "all", ["one", "two", "three"], NEXT_DAY) == set()  # a day later it begins anew
    end_visit(store, "one")
    assert begin_round(store, "only two", ["one", "two"], NEXT_DAY) == set()  # another command
    end_visit(store, "two")
    end_round(store)
    assert begin_round(store, "only two", ["one", "two"], NEXT_DAY) == set()


def test_an_account_that_could_not_be_read_leaves_no_visit(store: Store) -> None:
    add_account(store)
    save_answer(store, open_visit(store, "acme", MORNING), "acme-site", "1", Skipped(url=HOME, reason="HTTP 404"))
    begin_round(store, "all", ["acme"], MORNING)
    assert forget_unread(store, "acme")
    assert unfinished(store) == ()
