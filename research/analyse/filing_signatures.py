"""Who signed a filing, and in what capacity: the signature page in its many layouts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from research.analyse.filing_titles import clean_role, has_role, is_person, split_name
from research.analyse.read import Block
from research.text.dates import dates

_SIGNED: Final = re.compile(r"/\s?s\s?/\s*", re.IGNORECASE)
_DIRECTORS: Final = re.compile(
    r"^(?:a\s+majority\s+of\s+the\s+)?(?:board\s+of\s+)?directors\W*$|\bdirectors\b.{0,60}\b(?:listed\s+"
    r"below|whose\s+names)",
    re.IGNORECASE,
)
_LABEL: Final = re.compile(r"^(?:by|name|title|its|date|dated)\s*:?\s*$|^\*+$|^(?:name|title|by)\s*:\s*", re.IGNORECASE)

_REACH: Final = 300  # characters between a name and a capacity of the same person
_LONGEST: Final = 160  # a longer cell is prose or an exhibit

Kind = Literal["signature", "name", "role", "directors", "other"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signatory:
    """A person and the capacity in which he or she signed; the span shows both."""

    name: str
    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    kind: Kind
    text: str
    start: int
    end: int


@dataclass(slots=True)
class _Open:
    """A signature whose name or capacity may still follow."""

    name: str
    start: int
    end: int
    roles: list[str] = field(default_factory=list)

    def close(self) -> Signatory | None:
        titles = [title for title in map(clean_role, _joined(self.roles)) if title]
        role = ", ".join(dict.fromkeys(titles))
        return (
            Signatory(name=self.name, role=role, start=self.start, end=self.end)
            if role and is_person(self.name)
            else None
        )


def signatories(blocks: Sequence[Block]) -> list[Signatory]:
    """The people of the signature page with their capacities, in the order in which they signed."""
    page = [block for block in blocks if "Signatures" in block.passage.heading_path[:2]]
    return [signatory for signatory in _read(_tokens(page)) if signatory is not None]


def _read(tokens: Iterator[_Token]) -> Iterator[Signatory | None]:
    current: _Open | None = None
    awaited: _Token | None = None  # a capacity that stands before its name
    of_directors = False
    for token in tokens:
        if token.kind == "directors":
            of_directors = True
        elif token.kind == "signature":
            yield current.close() if current else None
            current, awaited = _Open(token.text, token.start, token.end), None
        elif token.kind == "name":
            if current and _same_person(current.name, token.text):
                current.name, current.end = token.text, max(current.end, token.end)
                continue
            yield current.close() if current else None
            current = _Open(token.text, awaited.start if awaited else token.start, token.end)
            current.roles += [awaited.text] if awaited else ["Director"] if of_directors else []
            awaited = None
        elif token.kind == "role" and current:
            if token.start - current.end < _REACH and len(token.text) <= _LONGEST:
                current.roles.append(token.text)
                current.end = max(current.end, token.end)
        elif token.kind == "role":
            awaited = token
        elif token.text == "*":
            yield current.close() if current else None
            current = None
    yield current.close() if current else None


def _joined(roles: list[str]) -> list[str]:
    """Capacities as they are meant: a line that ends in "and" or a comma goes on in the next."""
    whole: list[str] = []
    for role in roles:
        if whole and re.search(r"(?:,|\band|&)\s*$", whole[-1]):
            whole[-1] = f"{whole[-1]} {role}"
        elif not (whole and re.match(r"\(?principal|and\b", role, re.IGNORECASE)):
            whole.append(role)
    return whole


def _same_person(one: str, other: str) -> bool:
    first, second = (re.findall(r"[^\W\d_]+", name.casefold()) for name in (one, other))
    return not first or (first[0][0] == second[0][0] and bool(set(first[1:]) & set(second[1:])))


def _tokens(page: Sequence[Block]) -> Iterator[_Token]:
    """The page's cells in reading order; where two signatures stand side by side, the left one goes first."""
    waiting: list[_Token] = []  # the right-hand column of a pair of signatures
    paired = False
    for block in page:
        cells = list(_cells(block))
        signed = sum(bool(_SIGNED.search(cell)) for cell, _ in cells)
        if signed:
            yield from waiting
            waiting, paired = [], signed > 1
        if paired and len(cells) == 2:
            yield from _of_cell(*cells[0])
            waiting += _of_cell(*cells[1])
        else:
            for cell in cells:
                yield from _of_cell(*cell)
    yield from waiting


def _cells(block: Block) -> Iterator[tuple[str, int]]:
    offset = block.passage.start
    if block.passage.role in ("paragraph", "list_item") and len(block.text) > 160:
        if _DIRECTORS.search(block.text):
            yield "Directors", offset
        return
    for cell in block.text.split(" | "):
        yield cell, offset
        offset += len(cell) + 3


def _of_cell(cell: str, offset: int) -> Iterator[_Token]:
    end = offset + len(cell)
    if _DIRECTORS.search(cell):
        yield _Token("directors", cell, offset, end)
        return
    signature = _SIGNED.search(cell)
    text = cell[signature.end() :] if signature else _LABEL.sub("", cell)
    if not text and not signature:
        yield _Token("other", "*" if "*" in cell else "", offset, end)
        return
    if not signature and dates(text) and not has_role(text):
        return
    name, rest = _doubled(text)
    if signature or is_person(name):
        yield _Token("signature" if signature else "name", name, offset, end)
    if rest and has_role(rest):
        yield _Token("role", rest, offset, end)
    elif (
        not signature
        and not is_person(name)
        and has_role(text)
        and not re.match(r"principal\s[\w\s]+:$", text, re.IGNORECASE)
    ):
        yield _Token("role", text, offset, end)


def _doubled(text: str) -> tuple[str, str]:
    """Name and capacity of a cell; a name that is printed twice, in capitals and not, is read once."""
    words = text.split()
    for half in range(2, min(6, len(words) // 2) + 1):
        first, second = (" ".join(words[a:b]).strip("()") for a, b in ((0, half), (half, 2 * half)))
        if first.casefold() == second.casefold():
            return second, " ".join(words[2 * half :])
    name, rest = split_name(text)
    return (name, rest) if name else (text.strip(" *()"), "")
