"""Filings into documents: what users of the passages rely on."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from research.extract.filing import extract_filing, is_filing, is_periodic
from research.model.capture import Capture, Skipped
from research.model.document import Document

COVER = """
<div style="display:none"><ix:header><ix:hidden>
<ix:nonNumeric name="dei:EntityCentralIndexKey">0000012345</ix:nonNumeric></ix:hidden></ix:header></div>
<div style="text-align:center"><span style="font-weight:700">UNITED STATES</span></div>
<div style="text-align:center"><span style="font-weight:700">SECURITIES AND EXCHANGE COMMISSION</span></div>
<div><span>FORM&#160;10-K</span></div>
<div>For the fiscal year ended January&#160;26, 2025</div>
<div>Commission file number: 0-12345</div>
<div><span style="font-weight:700">ACME WIDGETS, INC.</span></div>
<div>(Exact name of registrant as specified in its charter)</div>
<div>1 Main Street, Springfield, Illinois 62701</div>
<div>(Address of principal executive offices)</div>
<table><tr><td>Title of each class</td><td>Trading Symbol(s)</td><td>Name of each exchange on which registered</td></tr>
<tr><td>4.25% Notes due 2030</td><td>ACME30</td><td>New York Stock Exchange</td></tr>
<tr><td>Common Stock, $0.01 par value</td><td>ACME</td><td>New York Stock Exchange</td></tr></table>
<div>Indicate by check mark whether the registrant is a shell company. Yes ☐ No ☒</div>
<div>Portions of the proxy statement are incorporated by reference.</div>
<hr style="page-break-after:always"/>
"""
CONTENTS = (
    "<div><b>Table of Contents</b></div><table>"
    + "".join(
        f"<tr><td>Item {number}.</td><td>{title}</td><td>{page}</td></tr>"
        for page, (number, title) in enumerate(
            [
                ("1", "Business"),
                ("1A", "Risk Factors"),
                ("2", "Properties"),
                ("3", "Legal Proceedings"),
                ("7", "MD&amp;A"),
                ("8", "Statements"),
            ],
            3,
        )
    )
    + "</table><hr style='page-break-after:always'/>"
)
FILLER = "The company makes widgets and sells them to customers in many countries. " * 40


def item(number: str, title: str, body: str = "") -> str:
    bold = "font-weight:700"
    head = f'<span style="{bold}">Item {number}.</span><span style="{bold};padding-left:9pt">{title}</span>'
    return f"<div>{head}</div>{body}"


def filing(*items: str, cover: str = COVER, contents: str = CONTENTS) -> bytes:
    return f"<html><body>{cover}{contents}{''.join(items)}</body></html>".encode()


WHOLE = (
    item("1", "Business", f'<div><span style="font-weight:700">Competition</span></div><div>{FILLER}</div>'),
    item("1A", "Risk Factors", f"<div>{FILLER}</div>"),
    item("1B", "Unresolved Staff Comments", "<div>None.</div>"),
    item("2", "Properties", "<div>We own one factory.</div>"),
    item("3", "Legal Proceedings", "<div>None.</div>"),
    item("7", "Management’s Discussion and Analysis", f"<div>{FILLER}</div>"),
    item("8", "Financial Statements", f"<div>{FILLER}</div>"),
    item("9", "Changes in and Disagreements with Accountants", "<div>None.</div>"),
    item("15", "Exhibits", "<div>See the index.</div>"),
    '<div style="text-align:center"><b>SIGNATURES</b></div><div>Date: March 3, 2025</div>',
)


def extract(body: bytes) -> Document:
    result = extract_filing(capture(), body, account_id="acme")
    assert isinstance(result, Document)
    return result


def capture() -> Capture:
    return Capture(
        id="c",
        source_id="s",
        url="file:acme.html",
        final_url="file:acme.html",
        fetched_at="2025-03-04T00:00:00Z",
        status=200,
        media_type="text/html",
        body_sha256="0" * 64,
    )


def paths(document: Document, text: str) -> tuple[str, ...]:
    return next(p.heading_path for p in document.passages if text in p.of(document.text))


def test_every_passage_is_a_slice_of_the_text() -> None:
    document = extract(filing(*WHOLE))
    assert "\n".join(p.of(document.text) for p in document.passages) == document.text


def test_passages_know_their_part_item_and_heading() -> None:
    document = extract(filing(*WHOLE))
    business = [p for p in document.passages if p.heading_path[1:2] == ("Item 1. Business",)]
    assert business[0].heading_path[0] == "Part I"
    assert business[0].role == "heading"
    assert business[-1].heading_path == ("Part I", "Item 1. Business", "Competition")
    assert paths(document, "We own one factory.") == ("Part I", "Item 2. Properties")
    assert paths(document, "Date: March 3, 2025") == ("Signatures",)


def test_table_of_contents_is_kept_but_is_no_item_and_no_main_text() -> None:
    document = extract(filing(*WHOLE))
    contents = [p for p in document.passages if p.heading_path == ("Table of contents",)]
    assert {p.main for p in contents} == {False}
    assert sum("Item 1A" in p.of(document.text) for p in contents) == 1


def test_cover_page_gives_title_date_and_metadata() -> None:
    document = extract(filing(*WHOLE))
    assert document.title == "Form 10-K, fiscal year ended January 26, 2025 – ACME WIDGETS, INC."
    assert document.published == "2025-03-03"
    assert dict(document.metadata) == {
        "form": "10-K",
        "fiscal_year_end": "2025-01-26",
        "registrant": "ACME WIDGETS, INC.",
        "ticker": "ACME",
        "cik": "0000012345",
    }
    assert paths(document, "Exact name") == ("Cover page",)


def test_items_in_order_are_trusted_and_others_are_not() -> None:
    assert extract(filing(*WHOLE)).trust == "normal"
    assert extract(filing(*WHOLE[:2])).trust == "low"
    shuffled = extract(filing(WHOLE[6], WHOLE[5], WHOLE[1], WHOLE[0]))
    assert shuffled.trust == "low"


def test_an_item_that_stands_in_another_document_is_trusted() -> None:
    referred = [item("7", "Management’s Discussion", "<div>Incorporated by reference to the Annual Report.</div>")]
    document = extract(filing(*WHOLE[:5], *referred, *WHOLE[6:]))
    assert document.trust == "normal"


def test_a_mention_of_an_item_in_a_sentence_opens_none() -> None:
    mention = "<div>Item 7 of Part II of this report discusses our results.</div>"
    document = extract(filing(WHOLE[0] + mention, *WHOLE[1:]))
    assert paths(document, "discusses our results")[1] == "Item 1. Business"


def test_currency_signs_and_brackets_join_their_numbers() -> None:
    cells = ("Net loss", "$", "(1,234", ")", "", "$", "60,922", "12", "%")
    table = f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"
    document = extract(filing(*WHOLE[:6], item("8", "Financial Statements", table + f"<div>{FILLER}</div>")))
    row = next(p for p in document.passages if "Net loss" in p.of(document.text))
    assert row.role == "table_row"
    assert row.of(document.text) == "Net loss | $(1,234) | $60,922 | 12%"


def test_inline_blocks_do_not_break_a_sentence() -> None:
    split = "<div>Sold at <div style='display:inline'>5.22</div> per share of <span>wid</span><span>gets</span>.</div>"
    document = extract(filing(item("1", "Business", split), *WHOLE[1:]))
    assert "Sold at 5.22 per share of widgets." in document.text


def test_a_current_report_has_items_without_parts() -> None:
    current = (
        COVER.replace("10-K", "8-K") + "<div><b>Item 5.02 Departure of Directors</b></div><div>A director left.</div>"
    )
    document = extract(current.encode())
    assert document.trust == "normal"
    assert paths(document, "A director left.") == ("Item 5.02. Departure of Directors",)
    assert paths(document, "Trading Symbol") == ("Cover page",)


def test_bullets_are_list_items_without_their_mark() -> None:
    glued = (
        "<div>We compete with:</div><div><span>•</span><span style='padding-left:9pt'>We make widgets; and</span></div>"
    )
    run_on = "<div>Three kinds: • large widgets • small widgets</div>"
    in_table = "<table><tr><td>•</td><td>widget repairs</td></tr></table>"
    document = extract(filing(item("1", "Business", glued + run_on + in_table), *WHOLE[1:]))
    items = [p.of(document.text) for p in document.passages if p.role == "list_item"]
    assert items == ["We make widgets; and", "large widgets", "small widgets", "widget repairs"]
    assert "Three kinds:" in document.text


def test_running_heads_and_page_numbers_go_and_cut_paragraphs_are_joined() -> None:
    ends = ["red widgets that", "the plant where", "a customer who", "five machines which", "prices that"]
    pages = "".join(
        f"<div>This page ends with {end}</div><div>{n}</div><hr style='page-break-after:always'/>"
        f"<div>Acme Widgets</div><div>go on after the page {n}.</div>"
        for n, end in enumerate(ends, 1)
    )
    document = extract(filing(item("1", "Business", pages), *WHOLE[1:]))
    assert "This page ends with the plant where go on after the page 2." in document.text
    assert "\nAcme Widgets\n" not in document.text


def test_a_table_head_beside_a_page_break_stays() -> None:
    table = "<table><tr><td></td><td>2024</td><td>2023</td></tr><tr><td>Cash</td><td>5</td><td>4</td></tr></table>"
    pages = f"<hr style='page-break-after:always'/>{table}" * 6
    document = extract(filing(*WHOLE[:6], item("8", "Financial Statements", pages), *WHOLE[7:]))
    assert document.text.count("2024 | 2023") == 6


def test_a_bold_sentence_is_a_paragraph_and_a_short_bold_line_a_heading() -> None:
    sentence = "If we fail to sell widgets in time, our business and our results may suffer harm."
    risk = f"<div><b>{sentence}</b></div><div><b>Market Risks</b></div>"
    document = extract(filing(WHOLE[0], item("1A", "Risk Factors", risk + f"<div>{FILLER}</div>"), *WHOLE[2:]))
    roles = {p.of(document.text): p.role for p in document.passages}
    assert roles[sentence] == "paragraph"
    assert roles["Market Risks"] == "heading"


def test_is_filing_knows_forms_from_pages_that_speak_of_them() -> None:
    current = COVER.replace("10-K", "8-K")
    assert is_filing(filing(*WHOLE))
    assert is_periodic(filing(*WHOLE))
    assert is_filing(current.encode())
    assert not is_periodic(current.encode())
    page = b"<html><h1>Investors</h1><p>Our Form 10-K is with the Securities and Exchange Commission.</p></html>"
    assert not is_filing(page)
    assert not is_filing(b"%PDF-1.7 \x00\x01")


def test_hostile_bodies_are_read_or_skipped_with_a_reason() -> None:
    deep = b"<div>" * 5000 + COVER.encode() + b"</div>" * 5000
    assert isinstance(extract_filing(capture(), deep, account_id="a"), Document | Skipped)
    empty = extract_filing(capture(), b"<html><body></body></html>", account_id="a")
    assert isinstance(empty, Skipped)
    assert empty.reason


@pytest.mark.shared
@pytest.mark.parametrize("ticker", ["NVDA", "WFC", "JNJ", "KO"])
def test_real_filings_have_their_items_in_order(shared_data: Path, ticker: str) -> None:
    body = gzip.decompress((shared_data / "tenk" / f"{ticker}.html.gz").read_bytes())
    start = time.process_time()
    document = extract(body)
    assert time.process_time() - start < 1.5
    assert document.trust == "normal"
    assert document.published is not None
    items = {
        p.heading_path[1] for p in document.passages if p.heading_path[1:2] and p.heading_path[1].startswith("Item")
    }
    assert len(items) >= 20
