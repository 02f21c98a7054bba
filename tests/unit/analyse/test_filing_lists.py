"""Lists of subsidiaries and proxy statements."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from research.analyse.filing_lists import observe
from research.analyse.read import Block, Reading
from research.extract.dispatch import extract_capture
from research.model.account import Account
from research.model.capture import Capture
from research.model.document import Document
from research.model.finding import Observation

URL = "https://www.sec.gov/Archives/edgar/data/9901234/1/paper.htm"


def read(body: bytes, name: str = "Harrowgate Systems") -> tuple[Document, tuple[Observation, ...]]:
    capture = Capture(
        id="c", source_id="s", url=URL, final_url=URL, fetched_at="2026-01-01T00:00:00Z", status=200,
        media_type="text/html", body_sha256="0",
    )  # fmt: skip
    document = extract_capture(capture, body, account_id="a")
    assert isinstance(document, Document), document
    blocks = tuple(Block(passage=p, text=p.of(document.text), sentences=(), mentions=()) for p in document.passages)
    account = Account(id="a", name=name)
    return document, observe(Reading(document=document, account=account, own=False, blocks=blocks))


def companies(observations: tuple[Observation, ...]) -> list[str]:
    assert all(o.kind == "relation" and o.get("relation") == "subsidiary" for o in observations)
    return [str(o.get("company")) for o in observations]


def table(*rows: str) -> str:
    cells = ("".join(f"<td>{cell}</td>" for cell in row.split("|")) for row in rows)
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def page(*parts: str) -> bytes:
    return f"<html><head><title>Document</title></head><body>{''.join(parts)}</body></html>".encode()


def test_each_row_of_the_list_is_a_subsidiary_and_its_head_is_none() -> None:
    document, found = read(
        page(
            "<p>Exhibit 21.1</p><p>Subsidiaries of Harrowgate Systems, Inc.</p>",
            table(
                "Name of Subsidiary|Jurisdiction", "Harrowgate Mills LLC|Delaware", "Orrin GmbH &amp; Co. KG|Germany"
            ),
        )
    )
    assert companies(found) == ["Harrowgate Mills LLC", "Orrin GmbH & Co. KG"]
    assert all(str(o.get("company")) in document.text[o.start : o.end] for o in found)
    assert {o.get("of") for o in found} == {"Harrowgate Systems"}


def test_marks_of_notes_are_no_part_of_a_name_unless_the_list_itself_bears_them() -> None:
    _, found = read(
        page(
            "<p>Exhibit 21</p><p>Subsidiaries of the Registrant (1)</p>",
            table("Orrin Ltd. (2)|Kenya", "Veldt Gas (1) (2)|Qatar", "Tolle (Holding) AG|Switzerland"),
            "<p>(1) As of the year's end.</p><p>(2) Held through a partner.</p>",
        )
    )
    assert companies(found) == ["Orrin Ltd.", "Veldt Gas (1)", "Tolle (Holding) AG"]


def test_a_minority_holding_is_less_surely_a_subsidiary() -> None:
    _, found = read(
        page("<p>List of subsidiaries</p>", table("Orrin Ltd.|100|Kenya", "Veldt Gas LLC|24.5|Qatar")),
    )
    assert companies(found) == ["Orrin Ltd.", "Veldt Gas LLC"]
    assert found[0].score > found[1].score


def test_a_list_without_a_table_is_read_by_its_lines() -> None:
    _, found = read(
        page(
            "<p>EXHIBIT 21</p><p>SUBSIDIARIES</p><p>Orrin Mills, Inc., a Delaware corporation</p><p>Tolle Ltd. (Malta)</p>"
        )
    )
    assert companies(found) == ["Orrin Mills, Inc.", "Tolle Ltd."]


def test_a_page_that_merely_speaks_of_subsidiaries_is_no_list() -> None:
    _, found = read(
        page(
            "<p>About us</p><p>We sell mills in 30 countries.</p>" * 8,
            "<p>Our subsidiaries are many.</p>",
            table("Orrin Ltd.|Kenya"),
        )
    )
    assert found == ()


def test_directors_and_officers_of_a_proxy_statement() -> None:
    document, found = read(
        page(
            "<p>SCHEDULE 14A</p><p>PROXY STATEMENT</p><p>Harrowgate Systems, Inc.</p>",
            "<p>Jonas Lindow</p><p>(Nominee for Election)</p><p>Director Since: 2015</p>",
            "<p>Committee Memberships: Audit</p><p>Age: 61</p>",
            "<p>Chief Financial Officer, Veldt Cells, a maker of batteries, until 2012</p>",
            table(
                "Name and Principal Position|Year|Salary|Total",
                "Maud Ferring Chief Executive Officer|2025|700,000|900,000",
            ),
        )
    )
    assert {(o.get("name"), o.get("role")) for o in found} == {
        ("Jonas Lindow", "Director"),
        ("Maud Ferring", "Chief Executive Officer"),
    }
    assert all(str(o.get("name")) in document.text[o.start : o.end] for o in found)


def shared(folder: Path, name: str) -> bytes:
    body = (folder / "sec_misc" / name).read_bytes()
    return gzip.decompress(body) if name.endswith(".gz") else body


@pytest.mark.shared
@pytest.mark.parametrize(
    ("name", "account", "rows"),
    [
        ("ex21_aapl.html", "Apple", 19),
        ("ex21_xom.html.gz", "Exxon Mobil", 116),
        ("ex21_jpm.html", "JPMorgan Chase", 18),
    ],
)
def test_nine_in_ten_rows_of_real_lists_are_read(shared_data: Path, name: str, account: str, rows: int) -> None:
    """The rows of these lists were counted by hand; each must be there under the name in its first cell."""
    document, found = read(shared(shared_data, name), account)
    first_cells = [
        cells[0] for p in document.passages if len(cells := p.of(document.text).split("\n")[0].split(" | ")) > 1
    ]
    right = [c for c in companies(found) if any(cell.startswith(c) for cell in first_cells)]
    assert len(right) >= 0.9 * rows
    assert len(found) <= 1.1 * rows


@pytest.mark.shared
def test_the_board_of_a_real_proxy_statement_is_found(shared_data: Path) -> None:
    _, found = read(shared(shared_data, "cabot.DEF14A.ixbrl.html.gz"), "Cabot")
    directors = {str(o.get("name")) for o in found if "Chair" in str(o.get("role")) or o.get("role") == "Director"}
    assert len(directors) == 12
    assert any("Chief Financial Officer" in str(o.get("role")) for o in found)
