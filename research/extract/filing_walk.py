"""A filing's HTML as the lines that a reader sees: text with its print, table rows with their cells, page breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from lxml import etree, html

from research.extract.html_blocks import PageRefused
from research.extract.html_parse import refuse_attributes
from research.extract.limits import MAX_BYTES, MAX_LINES, MAX_NESTING

LineKind = Literal["text", "bullet", "row", "break"]

_BLOCKS: Final = frozenset(
    "div p table tr td th li ul ol h1 h2 h3 h4 h5 h6 center hr body blockquote section article header footer dl dt dd "
    "pre form address tbody thead tfoot caption".split()
)
_SKIPPED: Final = frozenset(("script", "style", "head", "noscript", "svg", "object", "template", "ix:header"))
_BULLETS: Final = "•●▪■◦○‣·➢✓\uf0b7"
_BULLET: Final = re.compile(rf"^(?:[{_BULLETS}]\s*|[–—§*-]\s+|o\s+(?=[A-Z]))(?=\S)")
_LONE_BULLET: Final = re.compile(rf"^[{_BULLETS}–—§*o-]$")
_INNER_BULLET: Final = re.compile(r"\s*[•●▪■‣]\s*")
_PREFIX: Final = re.compile(r"^(?:us\$|[$€£¥(]|[$€£¥]\s?\(|\(\s?[$€£¥])$", re.IGNORECASE)
_SUFFIX: Final = re.compile(r"^(?:[)%]|\)\s?%|%\s?\)|bps|bp|pts?|ppts?)$")
_NOTE_MARK: Final = re.compile(r"^\s*[(\[]?[\d*†‡a-z]{1,2}[)\]]?\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line; `cells` of a row are its non-empty cells, `table` numbers the table that it stands in."""

    kind: LineKind
    text: str
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    centred: bool = False
    size: float = 0.0
    cells: tuple[str, ...] = ()
    table: int = 0


@dataclass(frozen=True, slots=True)
class _Style:
    bold: bool | None = None
    italic: bool | None = None
    underlined: bool = False
    size: float | None = None
    centred: bool | None = None
    hidden: bool = False
    inline: bool = False
    gap: bool = False
    raised: bool = False
    breaks: bool = False


@dataclass(frozen=True, slots=True)
class _Print:
    bold: bool = False
    italic: bool = False
    underlined: bool = False
    centred: bool = False
    size: float = 0.0


_PLAIN: Final = _Print()
_TAG_STYLES: Final = {
    "b": _Style(bold=True), "strong": _Style(bold=True), "th": _Style(bold=True), "i": _Style(italic=True),
    "em": _Style(italic=True), "u": _Style(underlined=True), "center": _Style(centred=True), "sup": _Style(raised=True),
    **{f"h{n}": _Style(bold=True, size=26.0 - 2 * n) for n in range(1, 7)},
}  # fmt: skip


@lru_cache(maxsize=4096)
def _style(css: str) -> _Style:
    rules = dict(_declarations(css))
    weight, size = rules.get("font-weight"), re.match(r"[\d.]+", rules.get("font-size", ""))
    slant, align = rules.get("font-style"), rules.get("text-align")
    inset = rules.get("padding-left") or rules.get("margin-left") or "0"
    return _Style(
        bold=None if weight is None else weight in ("bold", "bolder", "600", "700", "800", "900"),
        italic=None if slant is None else slant in ("italic", "oblique"),
        underlined="underline" in rules.get("text-decoration", ""),
        size=float(size[0]) if size else None,
        centred=None if align is None else align == "center",
        hidden=rules.get("display") == "none",
        inline=rules.get("display") == "inline",
        gap=not inset.startswith(("0", "-")) or inset.startswith("0.5"),
        raised=(rules.get("vertical-align") in ("super", "top") and "position" in rules)
        or rules.get("vertical-align") == "super",
        breaks="always" in (rules.get("page-break-after"), rules.get("page-break-before")),
    )


def _declarations(css: str) -> Iterator[tuple[str, str]]:
    for part in css.lower().split(";"):
        name, colon, value = part.partition(":")
        if colon:
            yield name.strip(), value.strip()


def read_lines(body: bytes) -> list[Line]:
    """The visible lines of an HTML filing in order; raises ValueError where there is no HTML to read."""
    if len(body) > MAX_BYTES:
        raise ValueError(f"it is larger than {MAX_BYTES // 1_000_000} MB")
    walk = _Walk()
    walk.run(_parse(body))
    return walk.lines


def _parse(body: bytes) -> html.HtmlElement:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", "replace")
    # The parser refuses text with an encoding declaration, and a NUL ends it early.
    clean = re.sub(r"<\?xml[^>]*\?>", "", text.replace("\x00", ""))
    try:
        refuse_attributes(clean)
    except PageRefused as refusal:
        raise ValueError(str(refusal)) from refusal
    parser = html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    try:
        root = html.document_fromstring(clean, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        if getattr(error, "code", None) in (0, etree.ErrorTypes.ERR_NO_MEMORY):
            raise MemoryError from error
        raise ValueError(f"no HTML to read ({error})") from error
    return root


class _Walk:
    """One pass over the tree: inline text gathers in `pieces` until a block's edge turns it into a line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.pieces: list[tuple[str, _Print]] = []
        self.prints: list[_Print] = [_PLAIN]
        self.tables = 0
        self._depth = 0

    def run(self, root: html.HtmlElement) -> None:
        walker = etree.iterwalk(root, events=("start", "end"))
        skipped: html.HtmlElement | None = None
        for event, element in walker:
            if skipped is not None:
                if event == "end" and element is skipped:
                    skipped = None
                    self._add(element.tail)
                continue
            if event == "end":
                self._depth -= 1
                self._leave(element)
            elif self._enter(element):
                self._deeper()
            else:
                walker.skip_subtree()
                skipped = element
        self._flush()

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MAX_NESTING:
            raise ValueError(f"it nests deeper than {MAX_NESTING} elements")
        if len(self.lines) > MAX_LINES:
            raise ValueError(f"it has more than {MAX_LINES:,} lines")

    def _enter(self, element: html.HtmlElement) -> bool:
        """False where the subtree is done with: hidden, or a table that was read as a whole."""
        tag, style = element.tag, _own_style(element)
        if tag in _SKIPPED or style.hidden:
            return False
        if tag == "br":
            self.pieces.append(("\n", self.prints[-1]))
        is_block = tag in _BLOCKS and not style.inline
        if is_block:
            self._flush()
        if tag == "hr" or style.breaks:
            self.lines.append(Line(kind="break", text=""))
        if tag == "table" and self._read_table(element):
            return False
        self.prints.append(_printed(self.prints[-1], style, _TAG_STYLES.get(tag)))
        if not is_block and (style.gap or (style.raised and _NOTE_MARK.match(element.text or ""))):
            self._add(" ")
        self._add(element.text)
        return True

    def _leave(self, element: html.HtmlElement) -> None:
        if element.tag in _BLOCKS and not _own_style(element).inline:
            self._flush()
        self.prints.pop()
        self._add(element.tail)

    def _add(self, text: str | None) -> None:
        if text:  # a line end of the source is a space; a blank line stands only for <br>
            self.pieces.append((text.replace("\n", " ").replace("\r", " "), self.prints[-1]))

    def _read_table(self, table: html.HtmlElement) -> bool:
        if table.find(".//table") is not None:
            return False
        rows = [row for row in map(_cells, table.iter("tr")) if row]
        if not rows or max(map(len, rows)) < 2:
            return False  # lays out text only: its cells are read as blocks
        self.tables += 1
        self.lines += [_row(row, self.tables) for row in rows]
        return True

    def _flush(self) -> None:
        pieces, self.pieces = self.pieces, []
        if any(not text.isspace() for text, _ in pieces):
            whole = "".join(text for text, _ in pieces)
            for part in re.split(r"\n[^\S\n]*\n\s*", whole) if "\n" in whole else [whole]:
                self.lines += _text_lines(" ".join(part.split()), pieces)


def _own_style(element: html.HtmlElement) -> _Style:
    css = element.get("style")
    if css:
        return _style(css)
    return _style("text-align:center") if element.get("align") == "center" else _style("")


def _printed(outer: _Print, style: _Style, by_tag: _Style | None) -> _Print:
    for each in (by_tag, style) if by_tag else (style,):
        outer = _Print(
            outer.bold if each.bold is None else each.bold,
            outer.italic if each.italic is None else each.italic,
            outer.underlined or each.underlined,
            outer.centred if each.centred is None else each.centred,
            outer.size if each.size is None else each.size,
        )
    return outer


def _text_lines(text: str, pieces: list[tuple[str, _Print]]) -> Iterator[Line]:
    """The lines of one block: `lead-in: • a • b` becomes the lead-in and its bullets."""
    worded = [style for piece, style in pieces if any(map(str.isalnum, piece))] or [style for _, style in pieces]
    look = _Print(
        bold=all(style.bold for style in worded),
        italic=all(style.italic for style in worded),
        underlined=all(style.underlined for style in worded),
        centred=worded[0].centred,
        size=max(style.size for style in worded),
    )
    bullet = _BULLET.match(text)
    for number, part in enumerate(_INNER_BULLET.split(text[bullet.end() :] if bullet else text)):
        if part:
            yield _line("bullet" if bullet or number else "text", part, look)


def _line(kind: LineKind, text: str, look: _Print) -> Line:
    return Line(
        kind=kind,
        text=text,
        bold=look.bold,
        italic=look.italic,
        underlined=look.underlined,
        centred=look.centred,
        size=look.size,
    )


def _row(cells: list[tuple[str, bool]], table: int) -> Line:
    words = tuple(text for text, _ in cells)
    bold = all(bold for _, bold in cells)
    if len(words) == 2 and _LONE_BULLET.match(words[0]):
        return Line(kind="bullet", text=words[1], bold=bold, table=table)
    return Line(kind="row", text=" | ".join(words), cells=words, bold=bold, table=table)


def _cells(row: html.HtmlElement) -> list[tuple[str, bool]]:
    """The non-empty cells of a row, a currency sign or bracket glued to the number that it belongs to."""
    glued: list[tuple[str, bool]] = []
    prefix = ""
    for cell in row.iterchildren("td", "th"):
        text, bold = _cell(cell)
        if not text:
            continue
        if _PREFIX.match(text):
            prefix += text
        elif _SUFFIX.match(text) and glued and not prefix:
            glued[-1] = (glued[-1][0] + text, glued[-1][1])
        else:
            glued.append((prefix + text, bold))
            prefix = ""
    return glued if not prefix else [*glued, (prefix, False)]


def _cell(cell: html.HtmlElement) -> tuple[str, bool]:
    words: list[str] = []
    bold = cell.tag == "th"
    for element in cell.iter():
        style = _own_style(element)
        is_block = element.tag in _BLOCKS and not style.inline
        if is_block or element.tag == "br" or style.gap or style.raised:
            words.append(" ")
        if element.text and not style.hidden:
            words.append(element.text)
            bold = bold or bool(style.bold) or element.tag in ("b", "strong")
        if element.tail and element is not cell:
            words += (" ", element.tail) if is_block else (element.tail,)
    return " ".join("".join(words).split()), bold
