"""Captures: added, never changed; one body once; the latest of each address."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from store_samples import DAY_1, DAY_2, DAY_3, DAY_4, add_account, answer, document

from research.errors import DossierError
from research.model.account import Source
from research.store.accounts import save_source
from research.store.bodies import body
from research.store.captures import (
    captures_of_url,
    current_captures,
    keep,
    keep_many,
    last_seen,
    latest_by_url,
    load_capture,
    moment,
    seen_until,
    touch,
)
from research.store.connect import Store
from research.store.documents import documents_of, record_extraction

HOME, ABOUT = "https://acme.example/", "https://acme.example/about"


@pytest.fixture(autouse=True)
def _accounts(store: Store) -> None:
    add_account(store)
    add_account(store, "other")


def test_a_capture_and_its_body_come_back_whole(store: Store) -> None:
    fetched = replace(
        answer(HOME, "Grüße\x00", etag='"1"'), charset="utf-8", last_modified="yesterday", final_url=ABOUT
    )
    capture = keep(store, "acme-site", fetched)
    assert load_capture(store, capture.id) == capture
    assert latest_by_url(store, "acme-site") == {HOME: capture}
    assert body(store, capture.body_sha256) == fetched.body
    for name in ("url", "final_url", "fetched_at", "status", "media_type", "charset", "etag", "last_modified"):
        assert getattr(capture, name) == getattr(fetched, name)


def test_the_same_answer_again_only_moves_last_seen(store: Store) -> None:
    first = keep(store, "acme-site", answer(HOME, "one"))
    assert keep(store, "acme-site", answer(HOME, "one", DAY_2)) == first
    assert captures_of_url(store, "acme-site", HOME) == (first,)
    assert last_seen(store, "acme-site") == {HOME: DAY_2}


def test_the_next_request_uses_the_newest_validators(store: Store) -> None:
    first = keep(store, "acme-site", answer(HOME, "one", etag='"old"'))
    again = keep(store, "acme-site", answer(HOME, "one", DAY_2, etag='"new"'))
    assert again.id == first.id
    assert latest_by_url(store, "acme-site")[HOME].etag == '"new"'
    keep(store, "acme-site", answer(HOME, "", DAY_3, status=304))
    assert latest_by_url(store, "acme-site")[HOME].etag == '"new"'


def test_a_304_moves_last_seen_and_nothing_else(store: Store) -> None:
    first = keep(store, "acme-site", answer(HOME, "one"))
    assert keep(store, "acme-site", answer(HOME, "", DAY_2, status=304)).id == first.id
    assert touch(store, "acme-site", HOME, DAY_3) == first
    assert last_seen(store, "acme-site") == {HOME: DAY_3}
    assert touch(store, "acme-site", ABOUT, DAY_3) is None
    assert len(captures_of_url(store, "acme-site", HOME)) == 1


def test_time_never_runs_backwards(store: Store) -> None:
    keep(store, "acme-site", answer(HOME, "one", DAY_2))
    touch(store, "acme-site", HOME, DAY_1)
    keep(store, "acme-site", answer(HOME, "one", DAY_1))
    assert last_seen(store, "acme-site") == {HOME: DAY_2}


def test_a_changed_page_is_a_new_capture_and_the_old_one_stays(store: Store) -> None:
    first = keep(store, "acme-site", answer(HOME, "one"))
    second = keep(store, "acme-site", answer(HOME, "two", DAY_2))
    third = keep(store, "acme-site", answer(HOME, "one", DAY_3))
    assert len({first.id, second.id, third.id}) == 3
    assert captures_of_url(store, "acme-site", HOME) == (first, second, third)
    assert current_captures(store, "acme") == (third,)
    assert store.rows("SELECT count(*) FROM bodies") == [(2,)]


def test_an_archive_read_twice_adds_nothing(store: Store) -> None:
    archive = [answer(HOME, "one", DAY_1), answer(HOME, "two", DAY_2), answer(ABOUT, "us", DAY_1)]
    once = keep_many(store, "acme-site", archive)
    state = (current_captures(store, "acme"), store.rows("SELECT * FROM captures"))
    assert keep_many(store, "acme-site", archive) == once
    assert (current_captures(store, "acme"), store.rows("SELECT * FROM captures")) == state


def test_an_older_answer_is_kept_as_history_and_does_not_become_the_latest(store: Store) -> None:
    live = keep(store, "acme-site", answer(HOME, "now", DAY_3))
    old = keep(store, "acme-site", answer(HOME, "then", "2019-05-01T00:00:00Z"))
    assert current_captures(store, "acme") == (live,)
    assert captures_of_url(store, "acme-site", HOME) == (old, live)


def test_a_page_that_is_gone_is_current_with_its_status(store: Store) -> None:
    keep(store, "acme-site", answer(HOME, "one"))
    keep(store, "acme-site", answer(HOME, "not found", DAY_2, status=404))
    assert [capture.status for capture in current_captures(store, "acme")] == [404]


def test_addresses_keep_the_order_of_the_first_sight(store: Store) -> None:
    keep(store, "acme-site", answer(ABOUT, "us"))
    keep(store, "acme-site", answer(HOME, "home"))
    keep(store, "acme-site", answer(ABOUT, "us, changed", DAY_2))
    assert [capture.url for capture in current_captures(store, "acme")] == [ABOUT, HOME]


def test_one_account_never_sees_the_captures_of_another(store: Store) -> None:
    mine = keep(store, "acme-site", answer(HOME, "shared words"))
    theirs = keep(store, "other-site", answer(HOME, "shared words"))
    assert mine.id != theirs.id
    assert current_captures(store, "acme") == (mine,)
    assert current_captures(store, "other") == (theirs,)
    assert store.rows("SELECT count(*) FROM bodies") == [(1,)]


def test_captures_cannot_be_changed_or_deleted(store: Store) -> None:
    keep(store, "acme-site", answer(HOME, "one"))
    for sql in ("UPDATE captures SET status = ?", "DELETE FROM captures WHERE status <> ?"):
        with pytest.raises(DossierError, match="captures are append-only; nothing was changed"):
            store.write(sql, [(500,)])


def test_a_source_that_is_not_there_is_one_clear_line(store: Store) -> None:
    with pytest.raises(DossierError, match="no source 'nowhere'"):
        keep(store, "nowhere", answer(HOME, "one"))
    assert store.rows("SELECT count(*) FROM bodies") == [(0,)]


def test_an_address_with_broken_characters_is_one_clear_line(store: Store) -> None:
    with pytest.raises(DossierError, match="lone surrogate"):
        keep(store, "acme-site", answer("file:bad\udcff.html", "one"))


@pytest.mark.parametrize("content", [b"", b"a" * 100_000, os.urandom(5000), bytes(range(256))])
def test_bodies_of_every_sort_come_back(store: Store, content: bytes) -> None:
    capture = keep(store, "acme-site", replace(answer(HOME, ""), body=content))
    assert body(store, capture.body_sha256) == content


def test_repetitive_bodies_are_compressed(store: Store) -> None:
    keep(store, "acme-site", answer(HOME, "the same again " * 10_000))
    ((size,),) = store.rows("SELECT length(data) FROM bodies")
    assert size < 15_000


@pytest.mark.parametrize("damage", [b"junk", b""])
def test_a_damaged_body_is_an_error_and_not_other_bytes(store: Store, damage: bytes) -> None:
    capture = keep(store, "acme-site", answer(HOME, "one " * 500))
    store.write("UPDATE bodies SET data = ?", [(damage,)])
    with pytest.raises(DossierError, match="is damaged: put a backup"):
        body(store, capture.body_sha256)
    with pytest.raises(DossierError, match="has no body ffff"):
        body(store, "f" * 64)


def test_moments_sort_by_time_whatever_the_zone() -> None:
    stated = ["2026-03-01", "2026-03-01T08:00:00Z", "2026-03-01T10:00:00+01:00", "2026-03-01T09:30:00.5+00:00"]
    assert sorted(stated, key=moment) == stated
    assert moment("yesterday") == moment("0001-01-01T00:00:00+09:00") == "" < moment("0002-01-01")


def test_a_live_answer_is_the_latest_though_the_clock_once_ran_ahead(store: Store) -> None:
    add_account(store)
    url = "https://acme.example/team"
    keep(store, "acme-site", answer(url, "old", "2036-03-01T08:00:00+00:00"), live=True)
    keep(store, "acme-site", answer(url, "an archive of before", DAY_1))
    assert body(store, latest_by_url(store, "acme-site")[url].body_sha256) == b"old"
    keep(store, "acme-site", answer(url, "new", DAY_2), live=True)
    assert body(store, latest_by_url(store, "acme-site")[url].body_sha256) == b"new"
    assert seen_until(store, "acme", DAY_3) == DAY_2


def test_of_an_address_of_two_sources_the_latest_sight_speaks(store: Store) -> None:
    add_account(store)
    save_source(store, Source(id="acme-warc", account_id="acme", kind="warc", url="acme.warc.gz"))
    url = "https://acme.example/team"
    for source, words, at in (("acme-site", "old", DAY_1), ("acme-warc", "new", DAY_3)):
        capture = keep(store, source, answer(url, words, at))
        record_extraction(store, capture, "acme", "x", document(capture, [words]))
    assert [d.text for d in documents_of(store, "acme")] == ["new"]
    touch(store, "acme-site", url, DAY_4)
    assert [d.text for d in documents_of(store, "acme")] == ["old"]
