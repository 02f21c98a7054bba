"""Passages cover the text in order, and the text is clean."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from research.extract.build import RawBlock, assemble, main_text
from research.extract.clean import fold, fold_lines
from research.model.capture import Capture
from research.model.document import Document


def build(blocks: list[RawBlock], url: str = "https://acme.example/") -> Document:
    capture = Capture(
        id="c",
        source_id="s",
        url=url,
        final_url=url,
        fetched_at="2024-01-01T00:00:00Z",
        status=200,
        media_type="text/html",
        body_sha256="0",
    )
    return assemble(
        blocks,
        capture=capture,
        account_id="acme",
        title=" A\u00a0title ",
        published=None,
        language="en",
        page_type="home",
        extractor="test",
        version="1",
    )


@given(st.lists(st.tuples(st.text(), st.sampled_from(["paragraph", "card", "heading"]), st.booleans()), max_size=8))
def test_passages_slice_the_text_in_order_without_overlap(parts):
    document = build([RawBlock(text=text, role=role, main=main) for text, role, main in parts])
    assert "\n".join(passage.of(document.text) for passage in document.passages) == document.text
    assert [passage.ordinal for passage in document.passages] == list(range(len(document.passages)))
    assert all(passage.of(document.text) for passage in document.passages)


@given(st.text())
def test_folded_text_is_one_clean_line_and_folding_again_changes_nothing(text):
    once = fold(text)
    assert fold(once) == once == unicodedata.normalize("NFC", once)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") or char in "\u00a0\u2028\u200b" for char in once)


def test_odd_spaces_and_invisible_marks_go_and_words_stay():
    assert fold("Rapid7,\u00a0Inc.\u200b\t earned\u2003\x00$1\u00adm\r\n") == "Rapid7, Inc. earned $1m"


def test_cards_keep_their_lines_and_paragraphs_do_not():
    blocks = [RawBlock(text="Jane Doe\n\n CEO ", role="card"), RawBlock(text="one\ntwo")]
    assert build(blocks).text == "Jane Doe\nCEO\none two"
    assert fold_lines("a\r\n\r\nb\u2028c") == "a\nb\nc"


def test_main_text_leaves_out_what_is_not_main():
    document = build(
        [RawBlock(text="menu", main=False), RawBlock(text="Prose."), RawBlock(text="© Acme", role="footer", main=False)]
    )
    assert main_text(document) == "Prose."


def test_a_documents_id_depends_on_account_address_and_text_alone():
    same = build([RawBlock(text="One.")])
    assert build([RawBlock(text="One.", role="quote")]).id == same.id
    assert build([RawBlock(text="Two.")]).id != same.id
    assert build([RawBlock(text="One.")], url="https://acme.example/x").id != same.id
    assert same.title == "A title"
