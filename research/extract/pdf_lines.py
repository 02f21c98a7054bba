"""The lines of a PDF's pages, with their places and sizes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ctypes import c_double
from typing import Any, Final, NamedTuple

from research.extract.pdf_sight import Sight

_LINE: Final = re.compile(r"[^\r\n]+")
_SMALLEST: Final = 2.0  # points; smaller print is not meant to be read
_WORD: Final = re.compile(r"\S+")
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
        lines = list(_lines_of(page, text_page))
        text_page.close()
        page.close()
        yield lines


def _lines_of(page: Any, text_page: Any) -> Iterator[Line]:
    text = text_page.get_text_range()
    exact = len(text) == text_page.count_chars()  # characters beyond the BMP shift the places
    seen = Sight(page, text_page) if exact else None
    found = [(match, _words(match, seen)) for match in _LINE.finditer(text) if match[0].strip()]
    scanned = not any(shown for _, words in found for *_, shown in words)  # a scan's words lie unseen over its picture
    for match, words in found:
        kept = [(start, end) for start, end, shown in words if shown or scanned]
        if kept:
            joined = match[0].strip() if len(kept) == len(words) else " ".join(text[a:b] for a, b in kept)
            read = _line(text_page, _with_ligatures(joined), *((kept[0][0], kept[-1][1]) if exact else (-1, -1)))
            if not 0 < read.size < _SMALLEST:
                yield read


def _words(line: re.Match[str], seen: Sight | None) -> list[tuple[int, int, bool]]:
    """The words of a line: start, end, and whether the page shows them; without exact places all count as shown."""
    words = [(line.start() + m.start(), line.start() + m.end()) for m in _WORD.finditer(line[0])]
    return [(start, end, seen is None or seen.shows(start)) for start, end in words]


def _line(text_page: Any, text: str, start: int, end: int) -> Line:
    if start < 0:
        return Line(text, 0.0, 0.0, 0.0, 0.0)
    from pypdfium2.raw import FPDFText_GetFontSize

    left, bottom, _, top = text_page.get_charbox(start, loose=True)
    right = text_page.get_charbox(end - 1, loose=True)[2]
    size = FPDFText_GetFontSize(text_page, start)
    return Line(text, left, right, bottom, max(top - bottom, 0.0) if size <= 1 else float(c_double(size).value))


def _with_ligatures(text: str) -> str:
    """The same text with its unnamed ligatures spelt out; the mark at a line's end is a hyphen and stays."""
    if "\ufffe" in text[:-1]:
        for pattern, letters in _LIGATURES:
            text = pattern.sub(letters, text)
    return text
