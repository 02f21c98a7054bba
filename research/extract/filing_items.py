"""A filing's lines cut into cover page, table of contents, items and headings."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Final

from research.extract.build import RawBlock
from research.extract.filing_walk import Line

# The titles that Form 10-K gives its items (17 CFR 249.310).
TITLES: Final = {
    "1": "Business",
    "1A": "Risk Factors",
    "1B": "Unresolved Staff Comments",
    "1C": "Cybersecurity",
    "2": "Properties",
    "3": "Legal Proceedings",
    "4": "Mine Safety Disclosures",
    "5": "Market for Registrant's Common Equity",
    "6": "[Reserved]",
    "7": "Management's Discussion and Analysis",
    "7A": "Quantitative and Qualitative Disclosures About Market Risk",
    "8": "Financial Statements and Supplementary Data",
    "9": "Changes in and Disagreements with Accountants",
    "9A": "Controls and Procedures",
    "9B": "Other Information",
    "9C": "Disclosure Regarding Foreign Jurisdictions that Prevent Inspections",
    "10": "Directors, Executive Officers and Corporate Governance",
    "11": "Executive Compensation",
    "12": "Security Ownership of Certain Beneficial Owners and Management",
    "13": "Certain Relationships and Related Transactions",
    "14": "Principal Accountant Fees and Services",
    "15": "Exhibits and Financial Statement Schedules",
    "16": "Form 10-K Summary",
}
COVER: Final = ("Cover page",)
CONTENTS: Final = ("Table of contents",)
SIGNATURES: Final = ("Signatures",)
STATEMENTS: Final = ("Financial statements",)

_ITEM: Final = re.compile(
    r"^(?:part\s+(?P<part>i{1,3}|iv)\b\s*[,.:–—-]*\s*)?items?\s*(?P<number>\d{1,2}(?:\.\d\d)?)\s*\(?(?P<letter>[abc])?\b\)?"
    r"(?:\s*(?:and|&|,)\s*(?:item\s*)?\d{1,2}[abc]?\b\.?)*[\s.:|–—-]*(?P<title>.*)$",
    re.IGNORECASE,
)
_PART: Final = re.compile(r"^part\s+(i{1,3}|iv)\b(?:\W.{0,60})?$", re.IGNORECASE)
_CONTENTS: Final = re.compile(
    r"^(?:table\s+of\s+contents|(?:form\s+10-[kq]\s+)?index|contents|page(?:\s+(?:no|number)s?\.?)?)$", re.IGNORECASE
)
_COVER_TAIL: Final = re.compile(
    r"shell\s+company|incorporated\s+by\s+reference|exact\s+name\s+of\s+registrant|shares\s+outstanding|trading\s+symbol"
    r"|principal\s+executive\s+offices|emerging\s+growth\s+company|by\s+check\s+mark|exchange\s+on\s+which",
    re.IGNORECASE,
)
_PAGE: Final = re.compile(r"^\W*(?:page\s+)?(?:[a-z]{1,2}\s?-\s?)?\d{1,3}\W*(?:of\s+\d+)?$|^[ivx]{1,5}$", re.IGNORECASE)
_TABLE_HEAD: Final = re.compile(
    r"\b(?:thousands|millions|billions|ended|statements?\s+of|balance\s+sheets?)\b", re.IGNORECASE
)
_RUNNING: Final = re.compile(r"\btable\s+of\s+contents\b|\bform\s+10-[kq]\b", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"incorporat|refer|set\s+forth|included\s+in|\bsee\b|appear|contained|not\s+(?:applicable|required)"
    r"|smaller\s+reporting|\bpages?\s+\d",
    re.IGNORECASE,
)
_STATEMENT_HEAD: Final = re.compile(
    r"financial\s+statements|independent\s+registered|consolidated\s+(?:statements?|balance)|financial\s+information",
    re.IGNORECASE,
)
_MAX_HEADINGS: Final = 1_000  # of items; real filings have some sixty, and each is weighed against all before it

_MAX_DEPTH: Final = 3
_RECURS: Final = 3  # times beside a page break: below that a line is taken for a heading
_PLAUSIBLE: Final = 2000  # characters: the shortest Item 1 or 1A of 23 filings that is no reference has 9,800


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """An item's heading: the index of its line, its number (`7A`), its part (1..4) and its printed title."""

    index: int
    number: str
    part: int
    title: str

    @property
    def rank(self) -> int:
        """The item's place in the form's order."""
        digits = self.number.rstrip("ABC")
        return self.part * 100_000 + int(float(digits) * 100) * 10 + "ABC".find(self.number[len(digits) :] or "-") + 1


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """The lines without page numbers, running heads and page breaks; a paragraph that a page cut is whole again."""
    breaks = [index for index, line in enumerate(lines) if line.kind == "break"]
    near = {near for at in breaks for near in range(at - 2, at + 3) if 0 <= near < len(lines)}
    recurring = Counter(_shape(lines[index]) for index in near)
    kept: list[Line] = []
    seen: set[str] = set()  # an item's heading may run on over its pages: the first stays
    cut = False
    for index, line in enumerate(lines):
        shape = _shape(line)
        running = index in near and recurring[shape] >= _RECURS and _may_run(line)
        running = running and (shape in seen or not (_ITEM.match(line.text) or _PART.match(line.text)))
        seen.add(shape)
        if line.kind == "break" or running or (line.kind == "text" and _PAGE.match(line.text)):
            cut = True
        elif cut and kept and _continues(kept[-1], line):
            kept[-1] = replace(kept[-1], text=f"{kept[-1].text} {line.text}")
            cut = False
        else:
            kept.append(line)
            cut = False
    return kept


def _may_run(line: Line) -> bool:
    """A running head is short and no head of a table; one that is set as a row carries the page's number."""
    numbered = len(line.cells) < 4 and (any(map(_PAGE.match, line.cells)) or bool(_RUNNING.search(line.text)))
    prose = line.text[:1].islower() or line.text.count(" ") > 16
    return (
        len(line.text) < 150 and not prose and not _TABLE_HEAD.search(line.text) and (line.kind == "text" or numbered)
    )


def _shape(line: Line) -> str:
    return re.sub(r"\d+", "#", line.text.lower())


def _continues(before: Line, after: Line) -> bool:
    return (
        before.kind in ("text", "bullet")
        and after.kind == "text"
        and not before.bold
        and after.text[0].islower()
        and not before.text.endswith((".", "!", "?", ":", ";"))
    )


def find_items(lines: Sequence[Line], form: str) -> list[Item]:
    """The item headings in the form's order: of all readings that are in order, the one that covers most text.

    Entries of a table of contents cover next to nothing, so they lose against the headings themselves.
    """
    candidates = list(islice(_candidates(lines, annual="10-K" in form), _MAX_HEADINGS))
    lengths = [sum(len(line.text) for line in lines[a:b]) for a, b in _stretches(candidates, len(lines))]
    best: list[tuple[int, int]] = []  # weight of the best chain that ends here, and the link before
    for at, item in enumerate(candidates):
        weight, link = max(((best[k][0], k) for k in range(at) if candidates[k].rank < item.rank), default=(0, -1))
        best.append((weight + min(lengths[at], 30_000) + 1, link))
    at = max(range(len(best)), key=lambda k: best[k][0], default=-1)
    chain: list[Item] = []
    while at >= 0:
        chain.append(candidates[at])
        at = best[at][1]
    return chain[::-1]


def _stretches(items: Sequence[Item], end: int) -> Iterator[tuple[int, int]]:
    for at, item in enumerate(items):
        yield item.index, items[at + 1].index if at + 1 < len(items) else end


def _candidates(lines: Sequence[Line], *, annual: bool) -> Iterator[Item]:
    part = 1
    for index, line in enumerate(lines):
        if heading := _PART.match(line.text):
            part = _roman(heading[1])
        match = _ITEM.match(line.text) if len(line.text) < 250 and line.text[:1] in "IiPp" else None
        if match is None or match["title"][:1].islower() or (line.cells and _PAGE.match(line.cells[-1])):
            continue
        number = match["number"] + (match["letter"] or "").upper()
        if annual and number not in TITLES:
            continue
        part = _roman(match["part"]) if match["part"] else part
        yield Item(
            index=index, number=number, part=_part_of(number) if annual else part, title=match["title"].strip(" |")
        )


def _roman(text: str) -> int:
    return {"i": 1, "ii": 2, "iii": 3, "iv": 4}[text.lower()]


def _part_of(number: str) -> int:
    digits = int(number.rstrip("ABC"))
    return 1 if digits < 5 else 2 if digits < 10 else 3 if digits < 15 else 4


def in_order(lines: Sequence[Line], items: Sequence[Item]) -> bool:
    """True where Items 1, 1A, 7 and 8 of a 10-K are there, and are long or say where their words stand instead."""
    text = {
        item.number: " ".join(line.text for line in lines[a + 1 : b])
        for item, (a, b) in zip(items, _stretches(items, len(lines)), strict=True)
    }
    return len(items) >= 8 and all(
        number in text and (len(text[number]) >= _PLAUSIBLE or bool(_ELSEWHERE.search(text[number])))
        for number in ("1", "1A", "7", "8")
    )


def place(lines: Sequence[Line], items: Sequence[Item], form: str) -> Iterator[RawBlock]:
    """The lines as blocks under their part, item and headings; the table of contents is no main text."""
    starts = {item.index: item for item in items}
    first = items[0].index if items else len(lines)
    contents = _contents(lines, first)
    cover_end = min(contents.start, first, _cover_end(lines))
    base: tuple[str, ...] = COVER
    heads: list[tuple[object, str]] = []
    for index, line in enumerate(lines):
        if index in starts:
            base, heads = _base(starts[index], form), []
        elif index == cover_end or (base == CONTENTS and index == contents.stop):
            base, heads = (), []
        if index in contents:
            base, heads = CONTENTS, []
        elif (mark := _landmark(line, base)) is not None:
            base, heads = mark, []
        elif base not in (COVER, CONTENTS) and index not in starts and is_heading(line):
            heads = _push(heads, line)
        yield _block(line, (*base, *(text for _, text in heads)), heading=index in starts, main=base != CONTENTS)


def _block(line: Line, path: tuple[str, ...], *, heading: bool, main: bool) -> RawBlock:
    if heading or (is_heading(line) and path not in (COVER, CONTENTS)):
        return RawBlock(
            text=line.text.replace(" | ", " ") if heading else line.text, role="heading", heading_path=path, main=main
        )
    if line.kind == "row":
        return RawBlock(text=line.text, role="table_row", heading_path=path, main=main)
    return RawBlock(
        text=line.text, role="list_item" if line.kind == "bullet" else "paragraph", heading_path=path, main=main
    )


def _base(item: Item, form: str) -> tuple[str, ...]:
    if "." in item.number:  # a current report has items and no parts
        return (f"Item {item.number}. {item.title}".strip(),)
    title = TITLES.get(item.number, item.title) if "10-K" in form else item.title
    return (f"Part {('I', 'II', 'III', 'IV')[item.part - 1]}", f"Item {item.number}. {title}".strip())


def _landmark(line: Line, base: tuple[str, ...]) -> tuple[str, ...] | None:
    """Where a line starts a part of the filing that is no item: the signature page, or statements bound in after it."""
    if line.kind == "row" and len(line.cells) > 1:
        return None
    if re.match(r"^signatures?$", line.text, re.IGNORECASE):
        return SIGNATURES
    if base not in (COVER, SIGNATURES) and (part := _PART.match(line.text)) and len(line.text) < 12:
        return (f"Part {part[1].upper()}",)
    if (
        base == SIGNATURES
        and (line.bold or line.centred)
        and len(line.text) < 120
        and _STATEMENT_HEAD.search(line.text)
    ):
        return STATEMENTS
    return None


def _contents(lines: Sequence[Line], first: int) -> range:
    """The lines of the table of contents before the first item; empty where there is none."""
    entries = [index for index in range(first) if _is_entry(lines[index])]
    runs: list[list[int]] = []
    for index in entries:
        if runs and index - runs[-1][-1] <= 8:
            runs[-1].append(index)
        else:
            runs.append([index])
    longest = max(runs, key=len, default=[])
    if len(longest) < 5:
        return range(first, first)
    start, stop = longest[0], longest[-1] + 1
    while start > 0 and (_is_contents_head(lines[start - 1]) or _same_table(lines, start - 1, start)):
        start -= 1
    while stop < first and (
        _same_table(lines, stop - 1, stop) or re.match(r"^signatures?\b", lines[stop].text, re.IGNORECASE)
    ):
        stop += 1
    return range(start, stop)


def _is_entry(line: Line) -> bool:
    numbered = len(line.cells) > 1 and bool(_PAGE.match(line.cells[-1])) and any(map(str.isalpha, line.text))
    return numbered or (len(line.text) < 250 and bool(_ITEM.match(line.text)))


def _is_contents_head(line: Line) -> bool:
    return bool(_CONTENTS.match(line.text) or _PART.match(line.text))


def _same_table(lines: Sequence[Line], one: int, other: int) -> bool:
    return lines[one].table != 0 and lines[one].table == lines[other].table


def _cover_end(lines: Sequence[Line]) -> int:
    tail = [index for index, line in enumerate(lines[:120]) if _COVER_TAIL.search(line.text)]
    at = tail[-1] if tail else 0
    heads = (index for index in range(at + 1, min(at + 12, len(lines))) if is_heading(lines[index]))
    return next(heads, at + 1)


def is_heading(line: Line) -> bool:
    """Short, set apart by its print, and no sentence; a risk factor's bold sentence stays a paragraph."""
    text = line.text
    if line.kind != "text" or len(text) > 160 or not text[:1].isalnum() or text[:1].islower() or text.count(" ") > 20:
        return False
    if text.endswith((".", ",", ";")) and text.count(" ") > 6:
        return False
    capitals = text.isupper() and len(text) > 3
    return (
        line.bold
        or line.underlined
        or (capitals and line.centred)
        or (line.italic and len(text) < 90 and not text.endswith("."))
    )


def _push(heads: list[tuple[object, str]], line: Line) -> list[tuple[object, str]]:
    """The headings above the lines to come: one in a print that is open already closes what stands below that."""
    look = (line.bold, line.italic, line.underlined, line.centred, line.size, line.text.isupper())
    depth = next((at for at, (open_look, _) in enumerate(heads) if open_look == look), len(heads))
    return [*heads[: min(depth, _MAX_DEPTH - 1)], (look, line.text)]
