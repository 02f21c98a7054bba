"""Plain text and Markdown into documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from research.extract.build import RawBlock, assemble
from research.extract.charset import decode
from research.extract.dated import byline, dateline
from research.extract.language import language_of
from research.extract.limits import MAX_BYTES, refuse_lines
from research.model.capture import Capture, Skipped
from research.model.document import Document, Role
from research.text.pages import page_type

NAME: Final = "plain"
VERSION: Final = "1"

_BLANK: Final = re.compile(r"\n[ \t]*\n")
_HASHES: Final = re.compile(r"^ {0,3}(#{1,6})\s+(.*?)\s*#*\s*$")
_UNDERLINED: Final = re.compile(r"^ {0,3}(=+|-+)\s*$")
_ITEM: Final = re.compile(r"^\s{0,8}(?:[-*+•]|\d{1,3}[.)])\s+")
_TABLE_RULE: Final = re.compile(r"^\s*\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*$")
_FENCE: Final = re.compile(r"^\s{0,3}(```|~~~)")
_LINK: Final = re.compile(r"!?\[([^\]\n]{0,300})\]\([^()\s]{0,2000}(?:\s+\"[^\"\n]{0,300}\")?\)")
_EMPHASIS: Final = re.compile(r"(?<![\w*_])(\*\*\*|\*\*|\*|__|_)(?=\S)(.{1,400}?)(?<=\S)\1(?![\w*_])")
_LONGEST: Final = 20_000  # characters of a block whose marks are read: looking for their pairs takes quadratic time
_CODE: Final = re.compile(r"`([^`\n]{1,200})`")


def extract_plain(capture: Capture, body: bytes, *, account_id: str, markdown: bool = False) -> Document | Skipped:
    """The document of a text file; with `markdown`, its marks become headings, items, rows and quotes."""
    if len(body) > MAX_BYTES:
        return Skipped(url=capture.final_url, reason=f"the text is larger than {MAX_BYTES // 1_000_000} MB")
    text = decode(body, capture.charset).replace("\r\n", "\n").replace("\r", "\n")
    refuse_lines(text)
    blocks = list(read_markdown(text) if markdown else read_plain(text))
    if not blocks:
        return Skipped(url=capture.final_url, reason="the file holds no text")
    first = next((block for block in blocks if block.role == "heading"), blocks[0])
    title = first.text[:200]
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


def read_plain(text: str) -> Iterator[RawBlock]:
    """Paragraphs are parted by empty lines; a short line that stands alone and ends in no mark is a heading."""
    path: tuple[str, ...] = ()
    for part in _BLANK.split(text):
        lines = [line for line in part.split("\n") if line.strip()]
        if len(lines) == 1 and _stands_alone(lines[0].strip()):
            yield RawBlock(text=lines[0], role="heading")
            path = (lines[0].strip(),)
        elif lines:
            yield from _items_or_paragraph(lines, path)


def _stands_alone(line: str) -> bool:
    return len(line.split()) <= 10 and line[:1].isupper() and line[-1:].isalnum() and not _ITEM.match(line)


def _items_or_paragraph(lines: list[str], path: tuple[str, ...]) -> Iterator[RawBlock]:
    if not any(_ITEM.match(line) for line in lines):
        yield RawBlock(text=" ".join(lines), heading_path=path)
        return
    held: list[str] = []
    role: Role = "paragraph"
    for line in lines:
        if match := _ITEM.match(line):
            if held:
                yield RawBlock(text=" ".join(held), role=role, heading_path=path)
            held, role = [line[match.end() :]], "list_item"
        else:
            held.append(line)
    yield RawBlock(text=" ".join(held), role=role, heading_path=path)


def read_markdown(text: str) -> Iterator[RawBlock]:
    """Headings (both forms), items, table rows, quotes and paragraphs, without their marks."""
    path: list[tuple[int, str]] = []
    for level, role, lines in _grouped(text.split("\n")):
        content = without_marks(" ".join(line.strip() for line in lines))
        if level:
            path = [(above, title) for above, title in path if above < level]
        titles = tuple(title for _, title in path)
        if level:
            path.append((level, content))
        yield RawBlock(text=content, role=role, heading_path=titles)


def _grouped(lines: list[str]) -> Iterator[tuple[int, Role, list[str]]]:
    """Runs of lines that are one block: heading level (0 for others), role, lines without their opening marks."""
    held: list[str] = []
    role: Role = "paragraph"
    fenced = False
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced
            continue
        level, kind, words = _line(line, fenced=fenced)
        if _UNDERLINED.match(line) and held and role == "paragraph" and not fenced:
            yield 1 if "=" in line else 2, "heading", held
            held = []
            continue
        starts = kind in ("heading", "table_row") or (kind == "list_item" and words != line) or not words
        if held and (starts or kind != role != "list_item"):
            yield 0, role, held
            held = []
        if kind in ("heading", "table_row") and words:
            yield level, kind, [words]
        elif words:
            role = role if held else kind
            held.append(words)
    if held:
        yield 0, role, held


def _line(line: str, *, fenced: bool) -> tuple[int, Role, str]:
    if fenced:
        return 0, "paragraph", line
    if match := _HASHES.match(line):
        return len(match[1]), "heading", match[2]
    if _TABLE_RULE.match(line) and "|" in line:
        return 0, "paragraph", ""
    if line.strip().startswith("|") and line.count("|") > 1:
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        return 0, "table_row", " | ".join(cell for cell in cells if cell)
    stripped = line.strip()
    if match := _ITEM.match(line):
        return 0, "list_item", line[match.end() :].strip()
    return (0, "quote", stripped.lstrip("> ")) if stripped.startswith(">") else (0, "paragraph", stripped)


def without_marks(text: str) -> str:
    """The words of Markdown: of a link its text, of emphasis and code what they hold; a huge block stays as it is."""
    if len(text) > _LONGEST:
        return text
    text = _CODE.sub(r"\1", _LINK.sub(r"\1", text))
    return _EMPHASIS.sub(r"\2", _EMPHASIS.sub(r"\2", text))


def _published(blocks: list[RawBlock]) -> str | None:
    for block in blocks[:12]:
        if day := dateline(block.text) or byline(block.text, day_first=False):
            return day
    return None
