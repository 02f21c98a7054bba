"""The officers and directors of a filing: the list of executive officers, the signature page, trading plans."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from research.analyse.filing_signatures import Signatory, signatories
from research.analyse.filing_titles import PERSON, as_printed, clean_role, has_role, is_person, split_name
from research.analyse.read import Block, Reading
from research.model.finding import Observation, attributes

NAME: Final = "filing-people"
VERSION: Final = "1"

_OFFICERS: Final = re.compile(
    r"executive\s+officers|officers\s+of\s+the\s+(?:registrant|company|corporation)|senior\s+management", re.IGNORECASE
)
_BOARD: Final = re.compile(r"^(?!.*officers).*\bdirectors\b", re.IGNORECASE)  # lists what directors do elsewhere
_AGE: Final = re.compile(r"^[2-9]\d\s*(?:\(\w\))?$")
_AGED: Final = re.compile(
    rf"^(?P<name>{PERSON})\s*(?:,\s*|\s*\()?(?:age[d:]?\s*)?[2-9]\d\)?\s*,\s+(?:has\s+)?(?:been"
    rf"|served?(?:\s+as)?|is|was\s+\w+|became|joined)\s+(?P<role>.+)$",
    re.IGNORECASE,
)
_DASHED: Final = re.compile(rf"^(?P<name>{PERSON}),\s+(?P<role>[^—–]{{4,110}}?)\s+[—–]\s")
_AGE_HEAD: Final = re.compile(
    rf"^(?P<name>{PERSON})\s*(?:,\s*(?:age\s*)?[2-9]\d|\(\s*(?:age\s*)?[2-9]\d\s*\))\.?$", re.IGNORECASE
)
_STORY: Final = re.compile(
    rf"^(?P<name>{PERSON})\.\s+(?:Mr|Ms|Mrs|Dr)\.\s[^.]{{0,120}}?\b(?:has\s+)?(?:served|been|serves?)(?:\s+"
    rf"as)?\s+(?:our\s+)?(?P<role>[A-Z].+)$"
)
_PLAN: Final = re.compile(
    rf"(?:^|[,.;]\s+)(?P<name>{PERSON}),\s+(?:(?:who\s+is\s+)?(?:our|its|the\s+Company[’']s|the\s+"
    rf"Registrant[’']s|a\s+member\s+of\s+our\s+[Bb]oard)\s+)?(?P<role>[A-Z][^.;]{{3,110}}?),?\s+"
    r"(?:adopted|entered\s+into|terminated|modified)\b"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A person with a role, and the stretch of the document that shows both."""

    name: str
    role: str
    start: int
    end: int
    score: float


def observe_people(reading: Reading) -> tuple[Observation, ...]:
    """A current person for each officer and director that the filing lists, one observation a name and role."""
    officers = list(_officers(reading.blocks))
    signed = [_signed(each) for each in signatories(reading.blocks)]
    seen: dict[tuple[str, str], _Seen] = {}
    for each in [*officers, *signed, *_planners(reading.blocks)]:
        if is_person(each.name) and each.role:
            seen.setdefault((each.name.casefold(), each.role.casefold()), replace(each, name=as_printed(each.name)))
    return tuple(_observation(reading, each) for each in seen.values())


def _signed(signatory: Signatory) -> _Seen:
    return _Seen(name=signatory.name, role=signatory.role, start=signatory.start, end=signatory.end, score=0.93)


def _observation(reading: Reading, each: _Seen) -> Observation:
    return Observation(
        kind="person",
        attributes=attributes(name=each.name, role=each.role, current=True),
        document_id=reading.document.id,
        start=each.start,
        end=each.end,
        score=each.score,
        analyser=NAME,
        version=VERSION,
    )


def _officers(blocks: Sequence[Block]) -> Iterator[_Seen]:
    """The officers of the section that a heading or a sentence announces."""
    announced = 0
    for at, block in enumerate(blocks):
        path = block.passage.heading_path
        if "Table of contents" in path or _BOARD.search(path[-1] if path else ""):
            continue
        if _OFFICERS.search(block.text) and block.passage.role in ("heading", "paragraph"):
            announced = at
        inside = any(map(_OFFICERS.search, path[2:])) or (
            announced and at - announced <= 40 and path[1:2] == blocks[announced].passage.heading_path[1:2]
        )
        if inside or re.search(r"\bage\b", _head_of_table(blocks, at), re.IGNORECASE):
            yield from _from_row(block) if block.passage.role == "table_row" else _from_prose(blocks, at)


def _head_of_table(blocks: Sequence[Block], at: int) -> str:
    """The first row of the table that a row stands in, where it lies within sixty rows."""
    first = at
    while first > max(0, at - 60) and blocks[first - 1].passage.role == "table_row":
        first -= 1
    return blocks[first].text if blocks[at].passage.role == "table_row" else ""


def _from_row(block: Block) -> Iterator[_Seen]:
    """`Name | 54 | Position`, in any order of columns; the name's cell may hold the position too."""
    cells = block.text.split(" | ")
    if not any(map(_AGE.match, cells)):
        return
    name, rest = split_name(cells[0])
    roles = [rest, *(cell for cell in cells[1:] if not _AGE.match(cell))]
    role = next((clean_role(each) for each in roles if has_role(each)), "")
    if name and role:
        yield _Seen(name=name, role=role, start=block.passage.start, end=block.passage.end, score=0.95)


def _from_prose(blocks: Sequence[Block], at: int) -> Iterator[_Seen]:
    block = blocks[at]
    match = _AGED.match(block.text) or _DASHED.match(block.text) or _STORY.match(block.text)
    if match and has_role(match["role"][:120]):
        end = block.sentences[0].end if block.sentences and not _STORY.match(block.text) else block.passage.end
        yield _Seen(name=match["name"], role=clean_role(match["role"]), start=block.passage.start, end=end, score=0.9)
        return
    head = _AGE_HEAD.match(block.text)
    if head and at + 1 < len(blocks) and has_role(blocks[at + 1].text[:160]):
        following = blocks[at + 1]
        yield _Seen(
            name=head["name"],
            role=clean_role(following.text),
            start=block.passage.start,
            end=following.passage.end,
            score=0.92,
        )


def _planners(blocks: Iterable[Block]) -> Iterator[_Seen]:
    """Officers and directors whose trading plans Item 9B reports, with the title that stands beside the name."""
    for block in blocks:
        if not any(part.startswith("Item 9B") for part in block.passage.heading_path):
            continue
        for sentence in block.sentences:
            for match in _PLAN.finditer(sentence.text):
                if has_role(match["role"]):
                    yield _Seen(
                        name=match["name"],
                        role=clean_role(match["role"]),
                        start=sentence.start,
                        end=sentence.end,
                        score=0.88,
                    )
