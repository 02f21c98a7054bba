"""Documents, their passages, and what need not be extracted again."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from store_samples import DAY_1, DAY_2, DAY_3, EXTRACTOR, add_account, answer, document, read_page

from research.errors import DossierError
from research.model.capture import Skipped
from research.model.document import Passage
from research.store.captures import keep
from research.store.connect import Store
from research.store.documents import (
    current_document_ids,
    document_for,
    documents_of,
    extracted,
    load_document,
    load_documents,
    quote,
    record_extraction,
    save_document,
    save_documents,
)
from research.text.hashing import sha256_text

HOME, ABOUT = "https://acme.example/", "https://acme.example/about"


@pytest.fixture(autouse=True)
def _accounts(store: Store) -> None:
    add_account(store)
    add_account(store, "other", "Acme Works Inc")


def test_a_document_comes_back_whole(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "We make Straßenbahnen 🚋.", "", "Last\x00 words \ud800."])
    assert load_document(store, made.id) == made
    assert documents_of(store, "acme") == (made,)
    assert load_document(store, "unknown") is None
    assert load_documents(store, ["unknown", made.id]) == (made,)


def test_saving_again_changes_nothing(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "One.", "Two."])
    save_documents(store, (made, made))
    assert documents_of(store, "acme", current_only=False) == (made,)
    assert store.rows("SELECT count(*) FROM document_passages") == [(3,)]
    assert store.rows("SELECT count(*) FROM passages") == [(3,)]


def test_another_reading_of_the_same_text_takes_the_place_of_the_first(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "One.", "Two."])
    whole = Passage(ordinal=0, start=0, end=len(made.text), role="paragraph")
    again = replace(made, title="Better", extractor_version="2", passages=(whole,))
    save_document(store, again)
    assert load_document(store, made.id) == again


def test_a_text_and_a_passage_are_stored_once(store: Store) -> None:
    read_page(store, HOME, ["Menu", "Same words."])
    read_page(store, ABOUT, ["Menu", "Same words."])
    read_page(store, "https://other.example/", ["Menu", "Same words."], account_id="other")
    assert store.rows("SELECT count(*) FROM documents") == [(3,)]
    assert store.rows("SELECT count(*) FROM texts") == [(1,)]
    assert store.rows("SELECT count(*) FROM passages") == [(2,)]


def test_an_unchanged_body_need_not_be_extracted_again(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "One."])
    again = keep(store, "acme-site", answer(HOME, "Acme<p>One.", DAY_2))
    assert document_for(store, again, "acme", EXTRACTOR) == made
    assert document_for(store, again, "acme", "a newer extractor") is None
    changed = keep(store, "acme-site", answer(HOME, "Acme<p>Two.", DAY_3))
    assert document_for(store, changed, "acme", EXTRACTOR) is None


def test_a_body_that_gave_no_document_is_not_tried_again_either(store: Store) -> None:
    capture = keep(store, "acme-site", answer(HOME, "%PDF-broken"))
    record_extraction(store, capture, "acme", EXTRACTOR, Skipped(url=HOME, reason="the PDF is damaged"))
    assert document_for(store, capture, "acme", EXTRACTOR) == Skipped(url=HOME, reason="the PDF is damaged")
    assert document_for(store, capture, "acme", "a newer extractor") is None
    assert documents_of(store, "acme") == ()


def test_extracted_tells_what_is_left_to_do(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "One."])
    done = keep(store, "acme-site", answer(HOME, "Acme<p>One.", DAY_2))
    failed = keep(store, "acme-site", answer(ABOUT, "broken"))
    new = keep(store, "acme-site", answer(ABOUT + "/new", "new"))
    record_extraction(store, failed, "acme", EXTRACTOR, Skipped(url=ABOUT, reason="no text"))
    outcomes = extracted(store, (done, failed, new), "acme", EXTRACTOR)
    assert outcomes == {done.id: made.id, failed.id: Skipped(url=ABOUT, reason="no text")}


def test_only_the_latest_page_of_an_address_is_current(store: Store) -> None:
    old = read_page(store, HOME, ["Acme", "We are 40 people."], DAY_1)
    new = read_page(store, HOME, ["Acme", "We are 50 people."], DAY_2)
    assert documents_of(store, "acme") == (new,)
    assert documents_of(store, "acme", current_only=False) == (old, new)


def test_a_page_that_returns_to_an_earlier_text_makes_that_document_current(store: Store) -> None:
    first = read_page(store, HOME, ["Acme", "A."], DAY_1)
    read_page(store, HOME, ["Acme", "B."], DAY_2)
    capture = keep(store, "acme-site", answer(HOME, "Acme<p>A.", DAY_3))
    assert documents_of(store, "acme") == (replace(first, capture_id=capture.id),)


def test_a_page_that_is_gone_leaves_the_current_documents(store: Store) -> None:
    read_page(store, HOME, ["Acme", "A."], DAY_1)
    gone = keep(store, "acme-site", answer(HOME, "not found", DAY_2, status=404))
    record_extraction(store, gone, "acme", EXTRACTOR, Skipped(url=HOME, reason="status 404"))
    assert documents_of(store, "acme") == ()
    assert len(documents_of(store, "acme", current_only=False)) == 1


def test_a_new_body_with_the_same_text_is_the_same_document_of_the_new_capture(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "A."], DAY_1)
    capture = keep(store, "acme-site", answer(HOME, "<b>Acme</b><p>A.", DAY_2))
    record_extraction(store, capture, "acme", EXTRACTOR, document(capture, ["Acme", "A."]))
    assert documents_of(store, "acme") == (replace(made, capture_id=capture.id),)


def test_a_document_behind_two_addresses_is_listed_once_with_the_newest_capture(store: Store) -> None:
    home = keep(store, "acme-site", answer(HOME, "Acme", DAY_1))
    index = keep(store, "acme-site", replace(answer(HOME + "index", "Acme", DAY_2), final_url=HOME))
    for capture in (home, index):
        record_extraction(store, capture, "acme", EXTRACTOR, document(capture, ["Acme"]))
    assert len(documents_of(store, "acme")) == 1
    assert list(current_document_ids(store, "acme").values()) == [home.id]


def test_one_account_never_gets_the_documents_of_another(store: Store) -> None:
    mine = read_page(store, "https://shared.example/", ["Acme", "A."])
    theirs = read_page(store, "https://shared.example/", ["Acme", "A."], account_id="other")
    assert mine.id != theirs.id
    assert [made.account_id for made in documents_of(store, "acme")] == ["acme"]
    assert [made.id for made in documents_of(store, "other")] == [theirs.id]


def test_a_document_cannot_stand_on_the_capture_of_another_account(store: Store) -> None:
    theirs = keep(store, "other-site", answer(HOME, "theirs"))
    with pytest.raises(DossierError, match="missing or belongs to another account"):
        save_document(store, document(theirs, ["Stolen"], "acme"))
    assert documents_of(store, "acme", current_only=False) == ()
    assert store.rows("SELECT count(*) FROM texts") == [(0,)]


def test_a_document_whose_parts_do_not_fit_is_refused(store: Store) -> None:
    capture = keep(store, "acme-site", answer(HOME, "x"))
    made = document(capture, ["Acme", "One."])
    bad_passages = [
        (Passage(ordinal=0, start=0, end=99, role="paragraph"),),
        (Passage(ordinal=1, start=0, end=4, role="paragraph"),),
        tuple(Passage(ordinal=n, start=0, end=4, role="paragraph") for n in (0, 1)),
    ]
    for passages in bad_passages:
        with pytest.raises(DossierError, match="leaves the text or overlaps"):
            save_document(store, replace(made, passages=passages))
    with pytest.raises(DossierError, match="does not have the checksum"):
        save_document(store, replace(made, text="Acme\nOther"))


def test_the_text_of_a_stored_document_never_changes(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "One."])
    other = "Acme\nTwo."
    with pytest.raises(DossierError, match="the text of a document never changes"):
        save_document(store, replace(made, text=other, text_sha256=sha256_text(other)))
    assert load_document(store, made.id) == made


def test_a_quote_is_sliced_in_code_points(store: Store) -> None:
    made = read_page(store, HOME, ["🚋🚋 Acme", "Grüße."])
    assert quote(store, made.id, 3, 7) == "Acme"
    assert quote(store, made.id, 0, len(made.text)) == made.text
    for start, end in ((-1, 3), (3, 3), (5, 2), (0, 999)):
        assert quote(store, made.id, start, end) is None
    assert quote(store, "unknown", 0, 1) is None


def test_a_damaged_text_is_an_error(store: Store) -> None:
    made = read_page(store, HOME, ["Acme", "One."])
    store.write("UPDATE texts SET data = ?", [(b"junk",)])
    with pytest.raises(DossierError, match=r"the stored text .* is damaged"):
        load_document(store, made.id)


def test_three_hundred_documents_of_sixty_passages_are_saved_in_three_seconds(store: Store) -> None:
    captures = _captures(store, 300)
    made = [
        document(
            capture, [f"Page {n}", *(f"Sentence {line} of page {n} with a few more words in it." for line in range(59))]
        )
        for n, capture in enumerate(captures)
    ]
    start = time.process_time()
    save_documents(store, made)
    assert time.process_time() - start < 3
    assert store.rows("SELECT count(*) FROM document_passages") == [(18_000,)]


def _captures(store: Store, count: int):
    with store.transaction():
        return [keep(store, "acme-site", answer(f"{HOME}{n}", f"page {n}")) for n in range(count)]
