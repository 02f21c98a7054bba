"""The lines of a PDF's pages, with their places and sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import c_double
from typing import Any, Final, NamedTuple

_LINE: Final = re.compile(r"[^\r\n]+")
_SMALLEST: Final = 2.0  # points; smaller print is not meant to be read
_INVISIBLE: Final = 3  # text render mode of PDF 32000-1, table 106: neither fill nor stroke
# Where a font does not say what its ligatures stand for, the reader gives U+FFFE; the letters around it tell which it
# was. First match wins; the commonest by far is fi.
_LIGATURES: Final = tuple(
    (re.compile("|".join(places)), letters)
    for places, letters in (
        (
            (
                r"(?<=[Oo])\ufffe(?=c[ei])", r"(?<=[Dd]i)\ufffe(?=c)", r"(?<=[Ee])\ufffe(?=ci)",
                r"(?<=[Aa])\ufffe(?=li|rm)", r"(?<=su)\ufffe(?=ci)", r"(?<=tra)\ufffe(?=c)", r"(?<=sta)\ufffe(?=ng)",
            ),
            "ffi",
        ),
        (
            (
                r"\ufffe(?=[\s,.;:)])", r"(?<=[Oo])\ufffe(?=[es])", r"(?<=\b[Ee])\ufffe(?=[eo])",
                r"(?<=[Dd]i)\ufffe(?=e)", r"(?<=[Ss]ta)\ufffe", r"(?<=[Ss]u)\ufffe(?=er)", r"(?<=[Aa])\ufffe(?=[eo])",
                r"(?<=[Tt]ari)\ufffe", r"(?<=[Ll]ayo)\ufffe", r"(?<=bu)\ufffe",
            ),
            "ff",
        ),
        (
            (
                r"\ufffe(?=ow|uc|ex|eet|at\b|oor|oat|uid|uen|ight|y\b|ag)", r"(?<=[Ii]n)\ufffe(?=[au])",
                r"(?<=[Rr]e)\ufffe(?=ec)", r"(?<=[Cc]on)\ufffe(?=ic)",
            ),
            "fl",
        ),
        ((r"\ufffe(?=\w)",), "fi"),
    )
)  # fmt: skip


class Line(NamedTuple):
    """A line of text; places in points from the page's lower left corner."""

    text: str
    left: float
    right: float
    bottom: float
    size: float


def read_lines(pdf: Any) -> Iterator[list[Line]]:
    """The visible lines of each page, in reading order; a page that cannot be read has none."""
    import pypdfium2

    for number in range(len(pdf)):
        try:
            page = pdf[number]
            text_page = page.get_textpage()
        except pypdfium2.PdfiumError:  # one broken page of a file whose others may be whole
            yield []
            continue
        lines = list(_lines_of(text_page))
        text_page.close()
        page.close()
        yield lines


def _lines_of(text_page: Any) -> Iterator[Line]:
    text = text_page.get_text_range()
    exact = len(text) == text_page.count_chars()  # characters beyond the BMP shift the places
    found = []
    for match in _LINE.finditer(text):
        start, end = match.start(), match.end()
        line = match[0]
        stripped = line.strip()
        if stripped:
            start += len(line) - len(line.lstrip())
            end -= len(line) - len(line.rstrip())
            found.append((stripped, start, end) if exact else (stripped, -1, -1))
    invisible = [_is_invisible(text_page, start) for _, start, _ in found]
    scanned = all(invisible)  # the words of a scan lie unseen over its picture
    for (words, start, end), unseen in zip(found, invisible, strict=True):
        read = _line(text_page, _with_ligatures(words), start, end)
        if (scanned or not unseen) and not 0 < read.size < _SMALLEST:
            yield read


def _line(text_page: Any, text: str, start: int, end: int) -> Line:
    if start < 0:
        return Line(text, 0.0, 0.0, 0.0, 0.0)
    from pypdfium2.raw import FPDFText_GetFontSize

    left, bottom, _, top = text_page.get_charbox(start, loose=True)
    right = text_page.get_charbox(end - 1, loose=True)[2]
    size = FPDFText_GetFontSize(text_page, start)
    return Line(text, left, right, bottom, max(top - bottom, 0.0) if size <= 1 else float(c_double(size).value))


def _is_invisible(text_page: Any, at: int) -> bool:
    from pypdfium2.raw import FPDFText_GetTextObject, FPDFTextObj_GetTextRenderMode

    if at < 0:
        return False
    item = FPDFText_GetTextObject(text_page, at)
    return bool(item) and FPDFTextObj_GetTextRenderMode(item) == _INVISIBLE


def _with_ligatures(text: str) -> str:
    """The same text with its unnamed ligatures spelt out; the mark at a line's end is a hyphen and stays."""
    if "\ufffe" in text[:-1]:
        for pattern, letters in _LIGATURES:
            text = pattern.sub(letters, text)
    return text
