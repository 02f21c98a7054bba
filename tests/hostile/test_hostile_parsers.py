"""Every parser under what was made to break it: a reason or a document, in its limits, and the next one unaffected."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from research.child import process
from research.child.process import Child, ChildError
from research.collect.readers import Here
from research.extract.build import RawBlock, assemble
from research.extract.clean import fold, fold_lines
from research.extract.dispatch import extract_capture
from research.extract.html_blocks import PageRefused
from research.extract.html_parse import refuse_attributes
from research.extract.pool import ExtractionPool
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.model.finding import Observation, attributes
from research.resolve.resolve import resolve
from research.text.suspicion import suspicion
from tests.hostile import pathologies
from tests.hostile.mutations import inputs
from tests.hostile.whole import ACCOUNT

GOOD = b"<html lang=en><title>Page</title><h1>Number</h1><p>Acme makes robots that sort parcels.</p></html>"
QUICK = (
    "attributes",
    "attributes-quoted",
    "depth",
    "comments",
    "cdata",
    "doctype",
    "filing-attributes",
    "filing-depth",
)
FUZZED = int(os.environ.get("DOSSIER_FUZZ_EXAMPLES", "60"))
FUZZ = settings(max_examples=FUZZED, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def capture(name: str, media_type: str = "text/html") -> Capture:
    url = f"https://acme.example/{name}"
    return Capture(
        id="c", source_id="s", url=url, final_url=url, fetched_at="2026-01-01T00:00:00Z", status=200,
        media_type=media_type, body_sha256="0",
    )  # fmt: skip


@pytest.fixture(scope="module")
def pool():
    with ExtractionPool(workers=1) as opened:
        yield opened


@pytest.mark.parametrize("name", QUICK)
def test_a_page_made_to_hang_ends_in_its_limits_and_the_next_is_read(pool, name):
    bad, good = pool.map([(capture(name), pathologies.HTML[name](), "a"), (capture("good"), GOOD, "a")])
    assert isinstance(bad, Document) or bad.reason
    assert isinstance(good, Document)
    assert pool.peak() < 512_000_000


@pytest.mark.parametrize("name", ["bomb", "laughs", "external", "include", "depth", "nothing", "other"])
def test_a_word_file_is_no_bomb_and_reads_no_file(pool, name):
    kind = pathologies.MEDIA["word"]
    (made,) = pool.map([(capture(f"{name}.docx", kind), pathologies.WORD[name](), "a")])
    assert isinstance(made, Skipped)
    assert made.reason
    assert "root:" not in made.reason


@pytest.mark.parametrize("name", sorted(pathologies.XML.keys() - {"items", "json-items"}))
def test_feeds_and_sitemaps_declare_nothing_and_read_no_file(name):
    body = pathologies.XML[name]()
    said = f"{Here().feed(body, 'https://a.example/')}{Here().sitemap(body)}"
    assert "root:" not in said
    assert "lollol" not in said


def test_a_child_that_is_killed_is_told_by_its_signal_and_replaced():
    child = Child("tests.hostile.dying")
    try:
        with pytest.raises(ChildError, match=r"broke the parser \(SIGSEGV\)"):
            child.ask({"do": "crash"}, b"", 10)
        with pytest.raises(ChildError, match=r"longer than 0\.3 seconds"):
            child.ask({"do": "hang"}, b"", 0.3)
        with pytest.raises(ChildError, match="more than 512 MB of memory"):
            child.ask({"do": "eat"}, b"", 30)
        with pytest.raises(ChildError, match="ValueError: no"):
            child.ask({"do": "fail"}, b"", 10)
        assert child.ask({"do": "say"}, b"abc", 10) == {"said": 3}
    finally:
        child.stop()


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("before", [0, 1])  # questions that were answered: the first also waits for the child to start
def test_an_answer_that_was_not_waited_for_is_not_given_to_the_next_question(monkeypatch, error, before):
    child = Child("tests.hostile.dying")

    def broken_off(*_: object) -> dict[str, object]:
        raise error

    try:
        for _ in range(before):
            child.ask({"do": "say"}, b"", 10)
        with monkeypatch.context() as patch:
            patch.setattr(process, "_read", broken_off)
            with pytest.raises(error):
                child.ask({"do": "say"}, b"abc", 10)
        assert child.ask({"do": "say"}, b"abcdef", 10) == {"said": 6}
    finally:
        child.stop()


def test_a_child_is_replaced_after_so_many_answers():
    child = Child("tests.hostile.dying", most=3)
    try:
        names = [child.ask({"do": "name"}, b"", 10)["said"] for _ in range(7)]
    finally:
        child.stop()
    assert names == [names[0]] * 3 + [names[3]] * 3 + [names[6]]
    assert len(set(names)) == 3


def test_attributes_are_counted_as_browsers_read_them():
    refuse_attributes("<p " + 'a="<>" ' * 500 + ">")
    refuse_attributes("<script>" + "a<b c d " * 5_000 + "</script><!-- <p " + "a " * 5_000 + "-->")
    for page in ("<p " + 'a="<>" ' * 600, "<p/" + "a/" * 600, "<p>" + "<b " + "c='>'\n" * 600 + ">"):
        with pytest.raises(PageRefused):
            refuse_attributes(page)


def test_overrides_of_direction_are_spelt_out_and_controls_are_gone():
    assert fold("a\u202eb\u202dc\x00\x07d\u200be") == "a[RLO]b[LRO]cde"
    assert suspicion(fold("\u202eevil")) == "turned"


@FUZZ
@given(st.text(max_size=400))
def test_cleaning_twice_is_cleaning_once(text):
    for clean in (fold, fold_lines):
        assert clean(clean(text)) == clean(text)


@FUZZ
@given(
    st.lists(
        st.tuples(st.text(max_size=80), st.sampled_from(["paragraph", "heading", "card", "metadata"])), max_size=12
    )
)
def test_every_passage_is_its_slice_and_harmless_text_keeps_every_offset(blocks):
    document = assemble(
        [RawBlock(text=text, role=role) for text, role in blocks], capture=capture("x"), account_id="a", title="t",
        published=None, language=None, page_type="other", extractor="html", version="1",
    )  # fmt: skip
    assert "\n".join(p.of(document.text) for p in document.passages) == document.text
    blank = document.harmless()
    assert len(blank.text) == len(document.text)
    for passage in document.passages:
        kept = passage.ordinal not in document.unread
        assert passage.of(blank.text) == (passage.of(document.text) if kept else " " * (passage.end - passage.start))


@FUZZ
@given(st.permutations(range(4)), st.sampled_from(["NFC", "NFD"]))
def test_findings_keep_their_ids_under_order_and_unicode_form(order, form):
    import unicodedata

    names = [
        unicodedata.normalize(form, name) for name in ("Société Générale", "Bjørn Åsen", "Zürich Güter", "Łódź Kran")
    ]
    text = "\n".join(names)
    document = assemble(
        [RawBlock(text=name) for name in names], capture=capture("x"), account_id=ACCOUNT.id, title="t", published=None,
        language=None, page_type="other", extractor="html", version="1",
    )  # fmt: skip
    seen = [
        Observation(
            kind="relation", attributes=attributes(company=name, relation="competitor", of=ACCOUNT.name),
            document_id=document.id, start=document.passages[n].start, end=document.passages[n].end, score=0.9,
            analyser="a", version="1",
        )
        for n, name in enumerate(names)
    ]  # fmt: skip
    made = resolve(ACCOUNT, [seen[n] for n in order], {document.id: document}, "2026-01-01")
    plain = resolve(ACCOUNT, seen, {document.id: document}, "2026-01-01")
    assert made == plain
    assert {f.id for f in made.findings} == known_ids()
    for finding in made.findings:
        for evidence in finding.evidence:
            assert document.text[evidence.start : evidence.end]
    assert len(text) >= len(document.text)


def known_ids() -> set[str]:
    from research.resolve.keys import finding_id, finding_key

    names = ("Société Générale", "Bjørn Åsen", "Zürich Güter", "Łódź Kran")
    rows = [
        Observation(
            kind="relation", attributes=attributes(company=name, relation="competitor", of=ACCOUNT.name),
            document_id="d", start=0, end=1, score=0.9, analyser="a", version="1",
        )
        for name in names
    ]  # fmt: skip
    return {finding_id(ACCOUNT.id, "relation", finding_key(row)) for row in rows}


MARKUP = st.lists(
    st.sampled_from(["<p>", "</p>", "<div style='display:none'>", "<table><tr><td>", "<h1>", "<a href='#x'>", "<br>", "<li>", "<dl><dt>", "<!--", "-->", "<svg>", "&#x0;", "&nbsp;", "<b", "'", '"', ">"])
    | st.text(max_size=30),
    max_size=60,
).map("".join)  # fmt: skip
ENTRIES = ("a.html", "a.pdf", "a.docx", "a.eml", "a.md", "a.txt")


@FUZZ
@given(MARKUP)
def test_no_markup_breaks_the_reader_of_pages(markup):
    made = extract_capture(capture("a.html"), markup.encode("utf-8", "surrogatepass"), account_id="a")
    assert isinstance(made, Document | Skipped)


@FUZZ
@given(
    st.sampled_from(ENTRIES),
    st.binary(max_size=2_000),
    st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"From: a\n\n"]),
)
def test_no_bytes_break_a_reader(name, body, start):
    made = extract_capture(capture(name, ""), start + body, account_id="a")
    assert isinstance(made, Document | Skipped)


@FUZZ
@given(
    st.binary(max_size=2_000), st.sampled_from([b"", b"<rss><channel><item>", b"<urlset><url><loc>", b"{", b"\x1f\x8b"])
)
def test_no_bytes_break_a_reader_of_links_feeds_or_sitemaps(body, start):
    here = Here()
    here.links(start + body, "https://a.example/", None)
    here.feed(start + body, "https://a.example/")
    here.sitemap(start + body)


def test_mutants_of_every_kind_give_a_document_or_a_reason():
    """The stages behind the readers are run over ten thousand of them by `make hostile`."""
    made = [one for one in inputs(200, seed=7) if one.name.startswith("mutant")]
    assert len(made) > 100
    for one in made:
        result = extract_capture(capture(one.url.rpartition("/")[2], one.media_type), one.body, account_id="a")
        assert isinstance(result, Document) or result.reason
