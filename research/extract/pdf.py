"""PDF into documents: a page at a time, lines joined to paragraphs by their place on the page."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from statistics import median
from typing import Any, Final

from research.extract.build import RawBlock, assemble
from research.extract.dated import byline, dateline
from research.extract.language import language_of
from research.extract.pdf_lines import Line, read_lines
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.text.pages import page_type

NAME: Final = "pdf"
VERSION: Final = "2"
MAX_BYTES: Final = 50_000_000  # the limit of what is fetched as PDF
MAX_PAGES: Final = 500

_GAP: Final = 1.35  # times the usual distance of two lines: a wider one parts paragraphs
_FULL: Final = 0.82  # share of the text's width from which on a line may go on in the next
_LARGER: Final = 1.12  # times the usual size: a heading
_HEADING_WORDS: Final = 20
_REPEATED: Final = 0.4  # share of the pages on which a line at the edge is a running header
_BULLET: Final = re.compile(r"^[•●○▪■◦‣∙·*–—-]\s+|^o\s(?=[A-Z])|^\(?(?:\d{1,2}|[a-z]|[ivx]{1,4})[.)]\s")
_NUMBER: Final = re.compile(r"^[($€£]*[-–]?[\d.,]+[%)]*$|^[-–—$%]$")
_PAGE_NUMBER: Final = re.compile(r"^(?:page\s*)?[-–—]?\s*\d{1,4}\s*[-–—]?(?:\s*(?:of|/)\s*\d{1,4})?$", re.IGNORECASE)
_POOR_TITLE: Final = re.compile(
    r"^(untitled|microsoft word|powerpoint|document\d*|slide \d|\S+\.\w{2,4}$)|\.(docx?|pdf|indd|xlsx?)\b",
    re.IGNORECASE,
)


def extract_pdf(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of a PDF; one that is locked, broken, too large or without text is skipped with its reason."""
    import pypdfium2

    if len(body) > MAX_BYTES:
        return Skipped(url=capture.final_url, reason=f"the PDF is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        pdf = pypdfium2.PdfDocument(body)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        return Skipped(
            url=capture.final_url, reason="the PDF is locked" if locked else f"not readable as PDF ({error})"
        )
    try:
        return _document(capture, pdf, account_id)
    finally:
        pdf.close()


def _document(capture: Capture, pdf: Any, account_id: str) -> Document | Skipped:
    if len(pdf) > MAX_PAGES:
        return Skipped(url=capture.final_url, reason=f"the PDF has more than {MAX_PAGES} pages")
    pages = list(read_lines(pdf))
    blocks = list(_blocks(pages))
    if not any(block.main for block in blocks):
        return Skipped(url=capture.final_url, reason="the PDF holds no text (a scan needs text recognition first)")
    title = _title(str(pdf.get_metadata_dict().get("Title") or ""), pages, blocks)
    sample = " ".join(block.text for block in blocks[:40])
    return assemble(
        blocks,
        capture=capture,
        account_id=account_id,
        title=title,
        published=_published(blocks),
        language=language_of(None, sample),
        page_type=page_type(capture.final_url, title),
        extractor=NAME,
        version=VERSION,
    )


def _blocks(pages: Sequence[Sequence[Line]]) -> Iterator[RawBlock]:
    running = _running(pages)
    size = _usual_size(pages)
    seen: set[str] = set()
    for number, lines in enumerate(pages, start=1):
        path = (f"page {number}",)
        kept = []
        for line in lines:
            key = _edge_key(line.text)
            if _PAGE_NUMBER.match(line.text) and line in (lines[0], lines[-1]):
                continue
            if key not in running:
                kept.append(line)
            elif key not in seen:
                seen.add(key)
                yield RawBlock(text=line.text, role="footer", main=False)
        yield from _paragraphs(kept, path, size)


def _running(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Lines at the top or foot of many pages, their numbers aside."""
    edges = Counter(key for lines in pages for key in {_edge_key(line.text) for line in [*lines[:2], *lines[-2:]]})
    least = max(3, _REPEATED * len(pages))
    return frozenset(key for key, count in edges.items() if count >= least)


def _edge_key(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _usual_size(pages: Sequence[Sequence[Line]]) -> float:
    sizes = Counter[float]()
    for lines in pages:
        for line in lines:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


def _paragraphs(lines: Sequence[Line], path: tuple[str, ...], size: float) -> Iterator[RawBlock]:
    if not lines:
        return
    pitch = _pitch(lines)
    left, right = min(line.left for line in lines), max(line.right for line in lines)
    group = [lines[0]]
    for line in lines[1:]:
        if _goes_on(group[-1], line, pitch, (right - left) * _FULL + left):
            group.append(line)
        else:
            yield _block(group, path, size)
            group = [line]
    yield _block(group, path, size)


def _pitch(lines: Sequence[Line]) -> float:
    steps = [upper.bottom - lower.bottom for upper, lower in pairwise(lines) if upper.bottom > lower.bottom]
    return median(steps) if steps else 0.0


def _goes_on(upper: Line, lower: Line, pitch: float, full: float) -> bool:
    """Whether the lower line belongs to the paragraph of the upper."""
    step = upper.bottom - lower.bottom
    if step <= 0 or step > pitch * _GAP or abs(upper.size - lower.size) > 0.8:
        return False
    if _BULLET.match(lower.text) or _is_row(lower.text) or _is_row(upper.text):
        return False
    return upper.right >= full or lower.text[:1].islower() or upper.text.endswith("\ufffe")


def _is_row(text: str) -> bool:
    """A row of a table: two numbers or more, and few words for them."""
    parts = text.split()
    numbers = sum(bool(_NUMBER.match(part)) and any(map(str.isdigit, part)) for part in parts)
    return numbers >= 2 and numbers >= 0.25 * len(parts) and not text.endswith(".")


def _block(lines: Sequence[Line], path: tuple[str, ...], size: float) -> RawBlock:
    text = join_lines([line.text for line in lines])
    if _BULLET.match(text):
        return RawBlock(text=text, role="list_item", heading_path=path)
    if len(lines) == 1 and _is_row(text):
        return RawBlock(text=text, role="table_row", heading_path=path)
    large = lines[0].size >= size * _LARGER and len(text.split()) <= _HEADING_WORDS
    return RawBlock(text=text, role="heading" if large else "paragraph", heading_path=path)


def join_lines(lines: Sequence[str]) -> str:
    """One text of several lines; a word that a hyphen parts at a line's end is joined, unless a capital or digit
    follows."""
    text = lines[0]
    for line in lines[1:]:
        parted = text.endswith(("\ufffe", "\u00ad")) or (re.search(r"[a-z]-$", text) and line[:1].islower())
        text = text[:-1] + line if parted else f"{text} {line}"
    return text


def _title(stated: str, pages: Sequence[Sequence[Line]], blocks: Sequence[RawBlock]) -> str:
    """The file's own title where it is one, else the largest words of the first page that has any."""
    if len(stated.split()) > 1 and not _POOR_TITLE.search(stated.strip()):
        return stated
    first = next(lines for lines in pages if lines)
    heading = next((block.text for block in blocks[:30] if block.role == "heading" and len(block.text.split()) > 2), "")
    return heading or max(first[:15], key=lambda line: line.size).text


def _published(blocks: Sequence[RawBlock]) -> str | None:
    for block in blocks[:40]:
        if day := dateline(block.text) or byline(block.text, day_first=False):
            return day
    return None
