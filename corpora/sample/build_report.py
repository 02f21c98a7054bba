"""Builds the sample company's annual report: `python corpora/sample/build_report.py` writes the PDF from report.md."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path
from typing import Final, Literal

from fpdf import FPDF

HERE: Final = Path(__file__).parent
SOURCE: Final = HERE / "report.md"
TARGET: Final = HERE / "site" / "investors" / "annual-report-2025.pdf"
# The day on which the fictional report was published: a fixed one, so that the same text gives the same bytes.
PUBLISHED: Final = datetime(2026, 3, 10, 13, 0, tzinfo=UTC)
_LABEL_WIDTH: Final = 100.0  # mm of the 180 mm between the margins

Kind = Literal["chapter", "heading", "item", "row", "paragraph"]
_MARKS: Final[tuple[tuple[str, Kind], ...]] = (("# ", "chapter"), ("## ", "heading"), ("- ", "item"), ("| ", "row"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the source without its mark."""

    kind: Kind
    text: str

    @property
    def cells(self) -> list[str]:
        """The cells of a table row."""
        return [cell.strip() for cell in self.text.strip("| ").split("|")]


class Report(FPDF):
    """Letter pages with a running head and page numbers."""

    def header(self) -> None:
        """The running head, on every page but the first."""
        if self.page_no() > 1:
            self.set_font("Helvetica", size=8)
            self.cell(0, 6, "Kelvarn Controls, Inc.    Annual Report 2025", new_x="LMARGIN", new_y="NEXT")
            self.ln(4)

    def footer(self) -> None:
        """The page number."""
        self.set_y(-15)
        self.set_font("Helvetica", size=8)
        self.cell(0, 6, str(self.page_no()), align="C")


def parse(source: str) -> Iterator[Line]:
    """The lines of `source` that are not empty, by kind."""
    for raw in filter(str.strip, source.splitlines()):
        mark, kind = next(((mark, kind) for mark, kind in _MARKS if raw.startswith(mark)), ("", "paragraph"))
        yield Line(kind=kind, text=raw.removeprefix(mark).strip())


def build(source: str) -> bytes:
    """The report as PDF; equal text gives equal bytes."""
    pdf = Report(format="letter")
    pdf.set_creation_date(PUBLISHED)
    pdf.set_title("Kelvarn Controls, Inc. Annual Report 2025")
    pdf.set_author("Kelvarn Controls, Inc.")
    pdf.set_lang("en-US")
    pdf.set_margin(18)
    pdf.set_auto_page_break(auto=True, margin=20)
    for kind, lines in groupby(parse(source), key=lambda line: line.kind):
        _draw(pdf, kind, list(lines))
    return bytes(pdf.output())


def _draw(pdf: Report, kind: Kind, lines: list[Line]) -> None:
    if kind == "row":
        _table(pdf, lines)
        return
    for line in lines:
        if kind == "chapter":
            pdf.add_page()
        style, size, height = {"chapter": ("B", 18, 9), "heading": ("B", 12, 6)}.get(kind, ("", 10.5, 5.2))
        pdf.set_font("Helvetica", style=style, size=size)
        text = f"\xb7 {line.text}" if kind == "item" else line.text
        pdf.multi_cell(0, height, text, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(3)


def _table(pdf: Report, rows: list[Line]) -> None:
    for position, row in enumerate(rows):
        label, *values = row.cells
        pdf.set_font("Helvetica", style="" if position else "B", size=10)
        pdf.cell(_LABEL_WIDTH, 6, label, border="B")
        for value in values:
            pdf.cell((pdf.epw - _LABEL_WIDTH) / len(values), 6, value, border="B", align="R")
        pdf.ln(6)
    pdf.ln(4)


if __name__ == "__main__":
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    TARGET.write_bytes(build(SOURCE.read_text(encoding="utf-8")))
