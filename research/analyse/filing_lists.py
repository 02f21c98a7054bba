"""Papers that a company files beside its reports: the list of its subsidiaries, and the proxy statement."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from research.analyse.filing_titles import as_printed, clean_role, is_person, split_name
from research.analyse.read import Block, Reading
from research.model.finding import Attributes, FindingKind, Observation, attributes
from research.text.names import LEGAL_SUFFIXES, company_key
from research.text.patterns import load_patterns

NAME: Final = "filing-lists"
VERSION: Final = "1"

_PATTERNS: Final = load_patterns("filing_lists")
_HEAD: Final = 12  # passages in which a paper says what it is
_NOTE: Final = re.compile(r"^\s*\((\d+|[a-z])\)")
_MARK: Final = re.compile(r"\s*\((\d+|[a-z])\)\s*$")
_HEADING_MARKS: Final = re.compile(r"\((\d+|[a-z])\)")
_SIGNS: Final = " *†‡§+#"
_PERCENT: Final = re.compile(r"^\(?\d{1,3}(?:\.\d+)?\s*%?\)?$")
_FORM: Final = re.compile(
    rf"(?:\b(?i:{'|'.join(LEGAL_SUFFIXES)})\b\.?|\b[A-Z]\.(?:[A-Z]\.)+|\b(?:Inc|L\.P|K\.K|S\.A)\b)"
)
_PLACED: Final = re.compile(
    r"^(?P<name>.{3,90}?)(?:\s*\((?P<a>[A-Z][\w .,]+)\)|,\s+an?\s+(?P<b>[A-Z][\w .]+?)\s+\w+)\.?$"
)
_YEAR: Final = re.compile(r"^20\d\d$")
_BULLETS: Final = frozenset("•●▪■–-")
_MINORITY: Final = 50.0  # percent of the votes; below, the paper lists a company that is not the registrant's alone


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Relations `subsidiary` of an Exhibit 21, persons of a proxy statement; nothing for any other document."""
    if reading.document.page_type == "filing":  # reports have readers of their own, and refer to both papers
        return ()
    head = " ".join(block.text for block in reading.blocks[:_HEAD])
    if _PATTERNS["subsidiaries"].search(head) and not _PATTERNS["report"].search(head):
        return tuple(_subsidiaries(reading))
    if _PATTERNS["proxy"].search(reading.document.text[:6000]):
        return tuple(_people(reading))
    return ()


def _subsidiaries(reading: Reading) -> Iterator[Observation]:
    marks = _marks(reading.blocks)
    seen: set[str] = set()
    own = {company_key(name) for name in reading.account.names}
    for block in reading.blocks:
        named = _company_of(block, marks)
        if named is None or named[0].casefold() in seen or company_key(named[0]) in own:
            continue
        seen.add(named[0].casefold())
        whole = attributes(company=named[0], relation="subsidiary", of=reading.account.name)
        yield _observation(reading, "relation", whole, block.passage.start, block.passage.end, named[1])


def _marks(blocks: Sequence[Block]) -> frozenset[str]:
    """The marks of notes that rows bear: those that notes explain, without those that the list's own heading bears,
    for there a bracketed number in a row is part of a name."""
    explained = {match[1] for block in blocks if (match := _NOTE.match(block.text))}
    heading = {m for block in blocks[:_HEAD] if not _NOTE.match(block.text) and " | " not in block.text
               for m in _HEADING_MARKS.findall(block.text)}  # fmt: skip
    return frozenset(explained - heading)


def _company_of(block: Block, marks: frozenset[str]) -> tuple[str, float] | None:
    """The company that a row or a line of the list names, and how surely it is the registrant's own."""
    cells = [cell.strip() for cell in block.text.split("\n")[0].split(" | ")]
    if _NOTE.match(block.text) or _PATTERNS["subsidiaries"].search(cells[0]):
        return None
    if len(cells) > 1:
        name = _bare(cells[0], marks)
        if not name or _PATTERNS["column"].search(name) or _PERCENT.match(name):
            return None
        shares = [float(c.strip("()% ")) for c in cells[1:] if _PERCENT.match(c)]
        return name, 0.6 if shares and shares[0] < _MINORITY else 0.95
    placed = _PLACED.match(block.text)
    if placed and _FORM.search(placed["name"]):
        return _bare(placed["name"], marks), 0.85
    if block.passage.role in ("list_item", "paragraph") and len(block.text) < 90 and _FORM.search(block.text[-14:]):
        return _bare(block.text, marks), 0.75
    return None


def _bare(cell: str, marks: frozenset[str]) -> str:
    """A name without the marks of notes behind it."""
    name = cell.strip(_SIGNS)
    while (match := _MARK.search(name)) and match[1] in marks:
        name = name[: match.start()].strip(_SIGNS)
    return name


def _people(reading: Reading) -> Iterator[Observation]:
    seen: set[tuple[str, str]] = set()
    for name, role, start, end, score in (*_directors(reading.blocks), *_officers(reading.blocks)):
        key = (name.casefold(), role.casefold())
        if key not in seen:
            seen.add(key)
            whole = attributes(name=as_printed(name), role=role, current=True)
            yield _observation(reading, "person", whole, start, end, score)


_Seen = tuple[str, str, int, int, float]


def _directors(blocks: Sequence[Block]) -> Iterator[_Seen]:
    """A name on a line of its own, with what only a director's profile says within the next lines."""
    for at, block in enumerate(blocks):
        lines = block.text.split("\n")
        name, rest = split_name(_PATTERNS["standing"].sub("", lines[0]).strip())
        if not name or len(lines[0]) > 80 or ":" in lines[0] or _PATTERNS["not_people"].search(name):
            continue
        told = next((b for b in blocks[at : at + 4] if _PATTERNS["director"].search(b.text)), None)
        if told is None:
            continue
        shown = f"{rest} {' '.join(lines[1:])}".strip()
        role = clean_role(shown) if shown and not _PATTERNS["director"].search(shown) else ""
        yield name, role or "Director", block.passage.start, told.passage.end, 0.93


def _officers(blocks: Sequence[Block]) -> Iterator[_Seen]:
    """The rows of the table of pay, where name and principal position stand before the year (Regulation S-K, Item
    402(c)), and the list of officers whose pay is discussed."""
    for block in blocks:
        cells = block.text.split("\n")[0].split(" | ")
        bulleted = cells[0] in _BULLETS and len(cells) == 2
        if bulleted or (len(cells) > 3 and _YEAR.match(cells[1])):
            name, rest = split_name(cells[1] if bulleted else cells[0])
            role = clean_role(rest.rstrip(" ;,."))
            if name and is_person(name) and role and len(rest) < 120:
                yield name, role, block.passage.start, block.passage.end, 0.93


def _observation(
    reading: Reading, kind: FindingKind, whole: Attributes, start: int, end: int, score: float
) -> Observation:
    return Observation(
        kind=kind,
        attributes=whole,
        document_id=reading.document.id,
        start=start,
        end=end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )
