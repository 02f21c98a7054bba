"""Word files into documents."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any, Final

from research.extract.build import RawBlock, assemble
from research.extract.dated import byline, dateline
from research.extract.language import language_of
from research.extract.limits import MAX_BYTES, MAX_PARAGRAPHS, TooLongError
from research.model.capture import Capture, Skipped
from research.model.document import Document, Role
from research.text.pages import page_type

NAME: Final = "word"
VERSION: Final = "1"
MAX_INFLATED: Final = 100_000_000  # bytes of all parts together; a real report with pictures has a tenth
MAX_PARTS: Final = 5_000

_HEADING: Final = re.compile(r"^heading (\d)$", re.IGNORECASE)


def extract_word(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of a .docx: paragraphs and tables in their order, headings by style."""
    if reason := _refusal(body):
        return Skipped(url=capture.final_url, reason=reason)
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        word = docx.Document(BytesIO(body))
        blocks = list(_blocks(word))
    except (OpcError, XMLSyntaxError, KeyError, ValueError, AttributeError, TypeError, zipfile.BadZipFile) as error:
        return Skipped(url=capture.final_url, reason=f"not readable as a Word file ({type(error).__name__})")
    if not blocks:
        return Skipped(url=capture.final_url, reason="the Word file holds no text")
    stated = str(word.core_properties.title or "").strip()
    first = next((block for block in blocks if block.role == "heading"), blocks[0])
    title = stated if len(stated.split()) > 1 else first.text[:200]
    return assemble(
        blocks,
        capture=capture,
        account_id=account_id,
        title=title,
        published=_published(blocks),
        language=language_of(None, " ".join(block.text for block in blocks[:30])),
        page_type=page_type(capture.final_url, title),
        extractor=NAME,
        version=VERSION,
    )


def _refusal(body: bytes) -> str | None:
    """Why the archive is not opened at all: too large, broken, or a bomb by its own table of contents."""
    if len(body) > MAX_BYTES:
        return f"the Word file is larger than {MAX_BYTES // 1_000_000} MB"
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        return f"not readable as a Word file ({type(error).__name__})"
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_INFLATED:
        return f"the Word file inflates to more than {MAX_INFLATED // 1_000_000} MB"
    if not any(part.filename == "word/document.xml" for part in parts):
        return "an archive, but not a Word file"
    return None


def _blocks(word: Any) -> Iterator[RawBlock]:
    from docx.table import Table

    path: list[tuple[int, str]] = []
    if len(word.element.body) > MAX_PARAGRAPHS:
        raise TooLongError(f"it has more than {MAX_PARAGRAPHS:,} paragraphs")
    for item in word.iter_inner_content():
        titles = tuple(title for _, title in path)
        if isinstance(item, Table):
            yield from _rows(item, titles)
            continue
        text = item.text.strip()
        style = item.style.name if item.style is not None else ""
        level = _level(style)
        if not text:
            continue
        if level:
            path = [(above, title) for above, title in path if above < level]
            titles = tuple(title for _, title in path)
            path.append((level, text))
        yield RawBlock(text=text, role="heading" if level else _role(style), heading_path=titles)


def _level(style: str) -> int:
    if style.lower() == "title":
        return 1
    match = _HEADING.match(style)
    return int(match[1]) if match else 0


def _role(style: str) -> Role:
    lower = style.lower()
    return "list_item" if lower.startswith("list") else "quote" if "quote" in lower else "paragraph"


def _rows(table: Any, path: tuple[str, ...]) -> Iterator[RawBlock]:
    """A merged cell is given once."""
    for row in table.rows:
        cells = {id(cell._tc): cell.text.strip() for cell in row.cells}  # its only identity
        text = " | ".join(cell for cell in cells.values() if cell)
        if text:
            yield RawBlock(text=text, role="table_row", heading_path=path)


def _published(blocks: list[RawBlock]) -> str | None:
    for block in blocks[:12]:
        if day := dateline(block.text) or byline(block.text, day_first=False):
            return day
    return None
