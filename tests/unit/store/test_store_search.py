"""Searching passages: any query is a valid one, and accounts stay apart."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_samples import DAY_2, add_account, read_page

from research.store.connect import Store, open_store
from research.store.search import search

HOME = "https://acme.example/"


@pytest.fixture(autouse=True)
def _accounts(store: Store) -> None:
    add_account(store)
    add_account(store, "other", "Other Works")


def test_a_hit_tells_where_the_passage_stands(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "We make trams for Zürich.", "We make buses."])
    (hit,) = search(store, "trams zurich")
    assert (hit.document_id, hit.account_id, hit.url, hit.title) == (made.id, "acme", HOME, "Acme")
    assert made.text[hit.start : hit.end] == hit.snippet == "We make trams for Zürich."


@pytest.mark.parametrize(
    "query", ["TRAM", "acquire tram", "tra*", '"two trams"', "acquired, trams!", "(trams) AND acquired"]
)
def test_words_are_found_in_other_forms(store: Store, query: str) -> None:
    read_page(store, HOME, ["Acme", "In 2019 we acquired two trams and a depot."])
    read_page(store, HOME + "b", ["Acme", "Nothing of the sort."])
    found = search(store, query.replace(" AND ", " "))
    assert [hit.url for hit in found] == [HOME]


@pytest.mark.parametrize("query", ["tram bus", '"trams two"', "tramway*", "", "   ", '"', "***", "-", "NOT", "\x00"])
def test_words_that_are_not_there_find_nothing(store: Store, query: str) -> None:
    read_page(store, HOME, ["Acme", "In 2019 we acquired two trams."])
    assert search(store, query) == ()


def test_one_account_or_all(store: Store) -> None:
    read_page(store, HOME, ["Acme", "We make trams."])
    read_page(store, "https://other.example/", ["Other", "We make trams."], account_id="other")
    assert {hit.account_id for hit in search(store, "trams")} == {"acme", "other"}
    assert [hit.account_id for hit in search(store, "trams", "other")] == ["other"]
    assert search(store, "trams", "nobody") == ()


def test_a_passage_on_every_page_is_one_hit(store: Store) -> None:
    for number in range(5):
        read_page(store, f"{HOME}{number}", ["Acme", "Subscribe to our newsletter.", f"Page {number}."])
    assert [hit.url for hit in search(store, "newsletter")] == [f"{HOME}0"]


def test_only_current_pages_are_searched(store: Store) -> None:
    read_page(store, HOME, ["Acme", "We make trams."])
    read_page(store, HOME, ["Acme", "We make buses."], DAY_2)
    assert search(store, "trams") == ()
    assert len(search(store, "buses")) == 1


def test_the_number_of_hits_is_limited_and_the_best_come_first(store: Store) -> None:
    read_page(
        store,
        HOME,
        ["Acme", *(f"A long passage about many things and one tram, number {n}." for n in range(30)), "Tram, tram."],
    )
    hits = search(store, "tram", limit=5)
    assert len(hits) == 5
    assert hits[0].snippet == "Tram, tram."


def test_the_snippet_of_a_long_passage_shows_the_word(store: Store) -> None:
    read_page(store, HOME, ["Acme", "words before " * 200 + "the depot burned " + "words after " * 200])
    (hit,) = search(store, "depots burning")
    assert "the depot burned" in hit.snippet
    assert len(hit.snippet) < 260
    assert hit.snippet.startswith("…")
    assert hit.snippet.endswith("…")


NAUGHTY = [
    '"', '""', '"a', "a\"b'c", "'; DROP TABLE passages;--", "a AND", "OR OR", "NEAR(a b)",
    "col:umn", "-a", "^a", "a^b", "{a}", "(", ")",
    "a*b*", "*", "\\", "%", "_", "é", "\u202e", "😀", "ﬀ", "\ud800", "\x00a", "a\nb", "日本語",
    "Ω≈ç√", "1E+02", "$HOME", "<script>", "NULL",
    "a " * 5000, "x" * 100_000, '"' + "y " * 3000 + '"',
]  # fmt: skip


@pytest.mark.parametrize("query", NAUGHTY)
def test_odd_characters_are_no_error(store: Store, query: str) -> None:
    read_page(store, HOME, ["Acme", "We make trams, a and b."])
    assert isinstance(search(store, query), tuple)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    home: Path = tmp_path_factory.mktemp("search")
    with open_store(home) as opened:
        add_account(opened)
        read_page(opened, HOME, ["Acme", "We make trams."])
        yield opened


@given(st.text(max_size=60))
@settings(
    max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_text_is_a_wrong_query(filled: Store, query: str) -> None:
    assert len(search(filled, query)) <= 2
