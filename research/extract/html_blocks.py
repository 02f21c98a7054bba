"""A parsed page into blocks of text in document order, each with the container that it stands in."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from lxml.etree import _Element

from research.extract.hidden import UNSHOWN, VOID, controlled_ids, is_hidden
from research.extract.hints import hints_of
from research.extract.limits import MAX_BLOCKS, MAX_NESTING, MAX_PAGE_TEXT, refuse_length
from research.model.document import Role

_MAX_SOURCE: Final = 2 * MAX_PAGE_TEXT  # the same with the blanks of its source, which go
_BREAK: Final = "\x1e"  # stands for <br> until the block is closed
_NEXT: Final = "\x1f"  # stands between links that nothing parts
_ROW_WORDS: Final = 120  # a table row with more is a layout, not a record
_PAIR_WORDS: Final = 60  # a definition with more is prose

_INLINE: Final = frozenset(
    (
        "a", "span", "b", "strong", "em", "i", "u", "s", "small", "sub", "sup", "abbr", "acronym", "code", "kbd",
        "label", "font", "mark", "time", "cite", "q", "del", "ins", "var", "samp", "tt", "big", "bdi", "bdo", "wbr",
        "data", "dfn", "strike", "nobr", "output", "ruby", "rb", "rt", "rp", "math", "mi", "mo", "mn", "mrow",
        "tspan", "embed", "source", "track", "blink",
    )
)  # fmt: skip
_HEADINGS: Final = {f"h{level}": level for level in range(1, 7)}
_WORD_END: Final = re.compile(r"[a-zà-ÿ]{3}$|[®™.!?)]$")
_PARTED: Final = frozenset(
    ("span", "a", "label", "strong", "b", "small")
)  # which styles like to set on their own lines
_ALWAYS: Final = VOID | {"html", "body", "main"}  # read whatever their attributes say: pages show their body by script
_SCOPED: Final = frozenset(("nav", "aside", "footer"))  # their headings say nothing of what follows them


class PageRefused(Exception):  # noqa: N818  (a finding about the page, not a failure of ours)
    """The page is beyond a limit; the message says which."""


class Container(NamedTuple):
    """A block-level element: its place in the tree, and what its tag, class, id and role hint at (bits of HINTS)."""

    parent: int
    tag: str
    hints: int
    signature: str


class Block(NamedTuple):
    """A run of text: `text` keeps a line end where the page breaks a line; `link_chars` of it stand in links."""

    text: str
    tag: str
    role: Role
    level: int
    path: tuple[str, ...]
    container: int
    link_chars: int
    links: int


def read_blocks(root: _Element) -> tuple[list[Block], list[Container]]:
    """The visible blocks of a page and their containers (a parent always before its children); raises PageRefused."""
    walker = _Walker(controlled_ids(root))
    walker.walk(root)
    return walker.blocks, walker.containers


class _Frame:
    """An element that is open; `bounds` are the numbers of blocks after each child of a row or a list of pairs."""

    __slots__ = ("bounds", "children", "element", "outer", "path", "start", "tag")

    def __init__(self, element: _Element, tag: str, outer: int, start: int) -> None:
        self.element = element
        self.children = iter(element)
        self.tag = tag
        self.outer = outer
        self.start = start
        self.path: list[tuple[int, str]] | None = None
        self.bounds: list[int] = []


class _Walker:
    """The state of one walk; it keeps its own stack, so that no page can exhaust the interpreter's."""

    def __init__(self, controlled: frozenset[str]) -> None:
        self._controlled = controlled
        self.blocks: list[Block] = []
        self.containers: list[Container] = [Container(-1, "html", 0, "html")]
        self._stack: list[_Frame] = []
        self._here = 0
        self._parts: list[str] = []
        self._path: list[tuple[int, str]] = []
        self._in_link = 0
        self._edge = False
        self._link_end = 0
        self._link_chars = 0
        self._links = 0
        self._heading = 0
        self._quoted = 0
        self._size = 0

    def walk(self, root: _Element) -> None:
        """Read an element and all that is in it."""
        self._enter(root)
        while self._stack:
            frame = self._stack[-1]
            for child in frame.children:
                if self._enter(child):
                    break
                self._text(child.tail)
            else:
                self._stack.pop()
                self._leave(frame)
                if self._stack:
                    self._text(frame.element.tail)
        self._flush()

    def _enter(self, element: _Element) -> bool:
        """Open an element; False where nothing in it is to be read."""
        tag = element.tag
        if tag in UNSHOWN or not isinstance(tag, str):
            return False
        if (element.attrib or tag == "dialog") and tag not in _ALWAYS and is_hidden(element, self._controlled):
            return False
        if tag == "br":
            self._parts.append(_BREAK)
            return False
        if len(self._stack) > MAX_NESTING:
            raise PageRefused(f"the page nests deeper than {MAX_NESTING} elements")
        frame = _Frame(element, tag, -1, len(self.blocks))
        if tag in _INLINE or self._heading:
            self._open_inline(tag)
        else:
            self._open_block(frame)
        self._stack.append(frame)
        self._text(element.text)
        return True

    def _open_inline(self, tag: str) -> None:
        if tag not in _INLINE:  # a block inside a heading
            self._parts.append(" ")
        elif tag == "a":
            if self._link_end and not any(part.strip() for part in self._parts[self._link_end :]):
                self._parts.append(_NEXT)
            self._links += 1
            self._in_link += 1
        self._edge |= tag in _PARTED

    def _open_block(self, frame: _Frame) -> None:
        self._flush()
        frame.outer, self._here = self._here, len(self.containers)
        frame.path = list(self._path) if frame.tag in _SCOPED else None
        frame.start = len(self.blocks)
        self.containers.append(Container(frame.outer, frame.tag, *hints_of(frame.element, frame.tag)))
        self._heading = _HEADINGS.get(frame.tag, 0) or _aria_level(frame.element)
        self._quoted += frame.tag == "blockquote"

    def _leave(self, frame: _Frame) -> None:
        if frame.outer >= 0:
            self._close_block(frame)
        else:
            self._close_inline(frame.tag)
        if self._stack and self._stack[-1].tag in ("tr", "dl") and not self._heading:
            self._flush()
            self._stack[-1].bounds.append(len(self.blocks))

    def _close_inline(self, tag: str) -> None:
        if tag == "a":
            self._in_link -= 1
            self._link_end = len(self._parts)
        elif tag not in _INLINE:
            self._parts.append(" ")
        self._edge |= tag in _PARTED

    def _close_block(self, frame: _Frame) -> None:
        self._flush()
        if frame.tag in ("tr", "dl"):
            cells = self._cells(frame)
            self.blocks.extend(_row(cells) if frame.tag == "tr" else _pairs(cells))
        self._quoted -= frame.tag == "blockquote"
        self._heading, self._here = 0, frame.outer
        if frame.path is not None:
            self._path = frame.path

    def _cells(self, frame: _Frame) -> list[list[Block]]:
        """The blocks of each child, taken off the page's list."""
        starts = [frame.start, *frame.bounds]
        cells = [self.blocks[a:b] for a, b in zip(starts, [*frame.bounds, len(self.blocks)], strict=True)]
        del self.blocks[frame.start :]
        return [cell for cell in cells if cell]

    def _text(self, text: str | None) -> None:
        if text:
            if self._edge and self._parts and _is_glued(self._parts[-1], text):
                self._parts.append(_BREAK)
            self._edge = False
            self._size += len(text)
            if self._size > _MAX_SOURCE:
                refuse_length(self._size, MAX_PAGE_TEXT)
            self._parts.append(text)
            if self._in_link:
                self._link_chars += len(text.strip())

    def _flush(self) -> None:
        """Close the block that is open."""
        parts, self._parts = self._parts, []
        link_chars, self._link_chars = self._link_chars, 0
        links, self._links = self._links, 0
        self._link_end = 0
        if not parts:
            return
        for text in _split("".join(parts), linked=links > 1, link_chars=link_chars):
            self._add(text, min(link_chars, len(text)), links)

    def _add(self, text: str, link_chars: int, links: int) -> None:
        if len(self.blocks) >= MAX_BLOCKS:
            raise PageRefused(f"the page has more than {MAX_BLOCKS} blocks of text")
        level = self._heading
        if level:
            kept = next((at for at, (above, _) in enumerate(self._path) if above >= level), len(self._path))
            del self._path[kept:]
        path = tuple(title for _, title in self._path)
        if level:
            self._path.append((level, text.replace("\n", " ")))
        tag = self.containers[self._here].tag
        self.blocks.append(Block(text, tag, self._role(tag), level, path, self._here, link_chars, links))

    def _role(self, tag: str) -> Role:
        if self._heading:
            return "heading"
        if self._quoted:
            return "quote"
        parent = self.containers[self.containers[self._here].parent].tag
        return "list_item" if tag == "li" or (tag in ("p", "div") and parent == "li") else "paragraph"


def _is_glued(before: str, after: str) -> bool:
    """Whether two pieces that only a tag parts are two things, which the page's style sets on lines of their own:
    `data` and `Build` are, `i` and `Phone` are not."""
    return len(after) > 2 and after[0].isupper() and bool(_WORD_END.search(before))


def _split(text: str, *, linked: bool, link_chars: int) -> list[str]:
    """The blocks of a run of text: an empty line (two <br>) parts it, and so does each link of a row of links."""
    if linked and link_chars >= 0.8 * len(" ".join(text.split())):
        text = text.replace(_NEXT, _BREAK + _BREAK)
    lines = [" ".join(line.split()) for line in text.split(_BREAK)]
    return [block for part in "\n".join(lines).split("\n\n") if (block := part.strip("\n"))]


def _row(cells: list[list[Block]]) -> list[Block]:
    """A row of a table is one block, its cells joined by " | ", unless it is a layout of longer things."""
    found = [block for cell in cells for block in cell]
    plain = all(block.role == "paragraph" for block in found) and all(len(cell) < 4 for cell in cells)
    if plain and len(cells) > 1 and _words(found) <= _ROW_WORDS:
        return [_joined(cells)]
    return found


def _pairs(cells: list[list[Block]]) -> list[Block]:
    """A term and its one short definition are one block, joined by " | "."""
    found: list[Block] = []
    at = 0
    while at < len(cells):
        pair = cells[at : at + 2]
        flat = [block for cell in pair for block in cell]
        if [block.tag for block in flat] == ["dt", "dd"] and _words(flat) <= _PAIR_WORDS:
            found.append(_joined(pair))
            at += 2
        else:
            found.extend(cells[at])
            at += 1
    return found


def _aria_level(element: _Element) -> int:
    if element.get("role") != "heading":
        return 0
    level = element.get("aria-level", "2")
    return min(int(level), 6) if level.isdecimal() and level != "0" else 2


def _words(blocks: list[Block]) -> int:
    return sum(len(block.text.split()) for block in blocks)


def _joined(cells: list[list[Block]]) -> Block:
    found = [block for cell in cells for block in cell]
    return found[0]._replace(
        text=" | ".join(" ".join(block.text.replace("\n", " ") for block in cell) for cell in cells),
        tag="tr",
        role="table_row",
        link_chars=sum(block.link_chars for block in found),
        links=sum(block.links for block in found),
    )
