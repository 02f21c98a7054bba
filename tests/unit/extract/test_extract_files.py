"""PDF, Word, Markdown and plain text."""

from __future__ import annotations

import zipfile
from io import BytesIO

import docx
import pytest
from fpdf import FPDF

from research.extract import extract_capture
from research.extract.pdf import join_lines
from research.extract.pdf_lines import _with_ligatures
from research.model.capture import Skipped
from research.model.document import Document

SENTENCE = "Acme makes robots that sort parcels in the warehouses of the largest carriers of Europe. "


def pdf(*pages: list[tuple[str, int]], header: str = "", **options: str) -> bytes:
    made = FPDF()
    for lines in pages:
        made.add_page()
        for words, size in [(header, 8), *lines] if header else lines:
            made.set_font("helvetica", size=size)
            made.multi_cell(0, size / 2, words, new_x="LMARGIN", new_y="NEXT")
            made.ln(size / 2)
    if options:
        made.set_encryption(**options)
    return bytes(made.output())


def read(captured, name: str, body: bytes, media_type: str = "") -> Document:
    document = extract_capture(captured(f"file:{name}", media_type=media_type), body, account_id="acme")
    assert isinstance(document, Document), document
    return document


def parts(document: Document) -> list[tuple[str, str]]:
    return [(passage.role, passage.of(document.text)) for passage in document.passages]


def test_a_pdfs_lines_are_joined_to_paragraphs_under_their_page(captured):
    body = pdf(
        [("Results of the year", 20), ("OSLO, Norway, March 3, 2023 - " + SENTENCE * 4, 11)],
        [(SENTENCE * 3, 11), ("Revenue 1,204 1,100", 11)],
    )
    document = read(captured, "results.pdf", body)
    assert parts(document) == [
        ("heading", "Results of the year"),
        ("paragraph", ("OSLO, Norway, March 3, 2023 - " + SENTENCE * 4).strip()),
        ("paragraph", (SENTENCE * 3).strip()),
        ("table_row", "Revenue 1,204 1,100"),
    ]
    assert [p.heading_path for p in document.passages] == [("page 1",), ("page 1",), ("page 2",), ("page 2",)]
    assert (document.title, document.published, document.language) == ("Results of the year", "2023-03-03", "en")


def test_a_running_header_is_said_once_and_is_no_main_text(captured):
    document = read(
        captured, "r.pdf", pdf(*[[(SENTENCE * (n + 1), 11)] for n in range(4)], header="Acme annual report")
    )
    headers = [p for p in document.passages if p.of(document.text) == "Acme annual report"]
    assert [(p.role, p.main) for p in headers] == [("footer", False)]


def test_words_parted_by_a_hyphen_are_joined():
    assert join_lines(["the ware-", "houses of the", "largest"]) == "the warehouses of the largest"
    assert join_lines(["the Kuehne-", "Nagel group", "of 2019-", "2020"]) == "the Kuehne- Nagel group of 2019- 2020"
    assert join_lines(["the ware\ufffe", "houses"]) == "the warehouses"


@pytest.mark.parametrize(
    ("read_as", "meant"),
    [
        ("\ufffescal", "fiscal"),
        ("o\ufffece", "office"),
        ("o\ufffeer", "offer"),
        ("re\ufffeect", "reflect"),
        ("write-o\ufffe of", "write-off of"),
        ("pro\ufffet", "profit"),
    ],
)
def test_ligatures_without_a_name_are_spelt_out(read_as, meant):
    assert _with_ligatures(read_as) == meant


@pytest.mark.parametrize(
    ("name", "body", "reason"),
    [
        ("a.pdf", b"%PDF-1.7 and then nothing", "not readable as PDF"),
        ("a.pdf", pdf([("x", 11)], owner_password="o", user_password="u"), "locked"),
        ("a.pdf", pdf([]), "no text"),
        ("a.docx", b"PK\x03\x04 and then nothing", "not readable as a Word file"),
        ("a.docx", b"PK\x05\x06" + b"\x00" * 18, "no reader"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, "no reader"),
        ("a.txt", b" \n ", "empty"),
    ],
    ids=["broken-pdf", "locked-pdf", "empty-pdf", "broken-docx", "empty-zip", "picture", "blank"],
)
def test_files_that_cannot_be_read_are_skipped_with_the_reason(captured, name, body, reason):
    result = extract_capture(captured(f"file:{name}", media_type=""), body, account_id="acme")
    assert isinstance(result, Skipped)
    assert reason in result.reason


def test_a_word_file_keeps_headings_items_and_rows(captured):
    word = docx.Document()
    word.add_heading("Strategy", 1)
    word.add_paragraph(SENTENCE)
    word.add_paragraph("Grow in Norway", style="List Bullet")
    table = word.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "Headquarters", "Oslo"
    held = BytesIO()
    word.save(held)
    document = read(captured, "plan.docx", held.getvalue())
    assert parts(document) == [
        ("heading", "Strategy"),
        ("paragraph", SENTENCE.strip()),
        ("list_item", "Grow in Norway"),
        ("table_row", "Headquarters | Oslo"),
    ]
    assert document.passages[2].heading_path == ("Strategy",)


def test_a_word_file_that_would_inflate_beyond_reason_is_not_opened(captured):
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", b"0" * 101_000_000)
    result = extract_capture(captured("file:bomb.docx", media_type=""), held.getvalue(), account_id="acme")
    assert isinstance(result, Skipped)
    assert "inflates" in result.reason


def test_markdown_loses_its_marks_and_keeps_its_structure(captured):
    source = (
        "# Acme\n\nWe make **robots** and [sorters](https://x.example/a).\nAll day.\n\n"
        "## Goals ##\n- Grow `fast`\n  in Norway\n- Hire\n\n"
        "| Year | Revenue |\n|---|---|\n| 2019 | $3 |\n\n> It sorts.\n\nTitle two\n---------\n```\n# no heading\n```\n"
    )
    document = read(captured, "notes.md", source.encode())
    assert parts(document) == [
        ("heading", "Acme"),
        ("paragraph", "We make robots and sorters. All day."),
        ("heading", "Goals"),
        ("list_item", "Grow fast in Norway"),
        ("list_item", "Hire"),
        ("table_row", "Year | Revenue"),
        ("table_row", "2019 | $3"),
        ("quote", "It sorts."),
        ("heading", "Title two"),
        ("paragraph", "# no heading"),
    ]
    assert document.passages[3].heading_path == ("Acme", "Goals")


def test_plain_text_is_parted_at_empty_lines(captured):
    document = read(
        captured, "notes.txt", b"Call with Acme\n\nThey plan to grow\nin Norway.\n\n1. Hire people\n2. Open an office\n"
    )
    assert parts(document) == [
        ("heading", "Call with Acme"),
        ("paragraph", "They plan to grow in Norway."),
        ("list_item", "Hire people"),
        ("list_item", "Open an office"),
    ]


@pytest.mark.parametrize(
    ("body", "media_type", "url", "extractor"),
    [
        (b"<!doctype html><p>" + SENTENCE.encode(), "application/octet-stream", "https://a.example/x", "html"),
        (pdf([("Hello there", 12)]), "text/html", "https://a.example/x", "pdf"),
        (b"just words", "text/plain", "https://a.example/x", "plain"),
        (b"<html><p>" + SENTENCE.encode(), "text/plain", "https://a.example/x", "html"),
    ],
)
def test_the_bytes_decide_before_the_media_type(captured, body, media_type, url, extractor):
    document = extract_capture(captured(url, media_type=media_type), body, account_id="acme")
    assert document.extractor == extractor


def test_an_error_page_is_no_document(captured):
    result = extract_capture(captured(status=404), b"<p>Not found</p>", account_id="acme")
    assert isinstance(result, Skipped)
    assert "404" in result.reason


@pytest.mark.shared
def test_malformed_pdfs_are_read_or_skipped(captured, shared_data):
    files = [path for path in sorted((shared_data / "hostile" / "pdf-malformed").rglob("*")) if path.suffix == ".pdf"]
    assert files
    for path in files:
        result = extract_capture(captured(f"file:{path.name}", media_type=""), path.read_bytes(), account_id="acme")
        assert isinstance(result, (Document, Skipped))


def test_unseen_words_of_a_pdf_are_no_text_unless_they_are_a_scans(captured):
    def made(*, visible: bool) -> bytes:
        page = FPDF()
        page.add_page()
        page.set_font("helvetica", size=11)
        if visible:
            page.multi_cell(0, 6, SENTENCE, new_x="LMARGIN", new_y="NEXT")
        with page.local_context(text_mode="INVISIBLE"):
            page.multi_cell(0, 6, "Hidden words.")
        return bytes(page.output())

    assert "Hidden" not in read(captured, "a.pdf", made(visible=True)).text
    assert "Hidden" in read(captured, "scan.pdf", made(visible=False)).text
