"""Rivals that a page sets beside the account: a guide to vendors, a table's header, a contrast of two sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from research.analyse.company_names import (
    NAME_PATTERN,
    is_company_name,
    named_companies,
    names_after,
    strength_of,
    tidy,
)
from research.analyse.enumeration import is_company_like
from research.analyse.naming import account_pattern
from research.analyse.read import Block, Reading, Sentence
from research.text.patterns import load_patterns

Rival = tuple[str, int, int, float]
"""A company's name, the passage that shows it as a rival, and the score of that reading."""

_PATTERNS: Final = load_patterns("companies")
_GUIDE: Final = _PATTERNS["guide"]
_MEMBER_END: Final = _PATTERNS["member_end"]
_LISTED: Final = _PATTERNS["listed"]
_STANDS_OUT: Final = _PATTERNS["stands_out"]
_ALTERNATIVES: Final = _PATTERNS["alternatives"]
_COMPARES: Final = _PATTERNS["compares"]
_MEMBER_NUMBER: Final = re.compile(r"(?:#?\d{1,2}[.):]?\s+)?")
_FEWEST: Final = 3  # members that make a guide; two headings with names are any article
_LONGEST_CELL: Final = 40  # characters; what is longer in a table's header is no name

_GUIDE_PAGES: Final = frozenset({"blog", "comparison", "product", "other"})
_OTHERS_PAGES: Final = frozenset({"case_study", "customers", "partners", "careers", "job", "legal", "filing"})


def by_contrast(reading: Reading, own_terms: frozenset[str]) -> Iterator[Rival]:
    """The companies that one of the account's own pages sets beside it as a choice that a buyer has."""
    if reading.document.page_type not in _OTHERS_PAGES:
        yield from _of_guide(reading, own_terms)
        yield from _of_tables(reading, own_terms)
        yield from _of_counted_alternatives(reading, own_terms)
        for block in reading.blocks:
            if block.passage.main and block.passage.role in ("paragraph", "list_item"):
                yield from _of_block(block, reading, own_terms)


# --- "Top 10 tools": the account is one of the members ---------------------------------------------------------------


def _of_guide(reading: Reading, own_terms: frozenset[str]) -> Iterator[Rival]:
    """The members of a guide to vendors in which the account stands too, whether as a member or under one."""
    if reading.document.page_type not in _GUIDE_PAGES or not _GUIDE.search(_headline(reading)):
        return
    heads = [(block, name) for block in reading.blocks if (name := _member(block))]
    names = account_pattern(reading.account.names)
    beside = any(names.search(block.text) for block, _ in heads)
    sure = [(block, name) for block, name in heads if strength_of(name, block) >= 1.0 and is_company_like(name)]
    others = [(block, name) for block, name in sure if is_company_name(name, reading, own_terms)]
    if beside and len({name for _, name in others}) >= _FEWEST:
        for block, name in others:
            yield name, block.passage.start, block.passage.end, 0.6


def _headline(reading: Reading) -> str:
    """The page's title and its first heading."""
    first = next((b.text for b in reading.blocks if b.passage.role == "heading"), "")
    return f"{reading.document.title}\n{first}"


def _member(block: Block) -> str:
    """The name with which a heading or an item of a list begins: `3. Name: best for …`; empty where there is none."""
    if block.passage.role not in ("heading", "list_item") or not block.passage.main:
        return ""
    number = _MEMBER_NUMBER.match(block.text)
    match = NAME_PATTERN.match(block.text, number.end() if number else 0)
    if match is None or not _MEMBER_END.match(block.text, match.end()):
        return ""
    return tidy(match.group())


# --- tables whose header names the account beside others -------------------------------------------------------------


def _of_tables(reading: Reading, own_terms: frozenset[str]) -> Iterator[Rival]:
    """The companies of a header row in which the account has a column, under a heading or title that compares."""
    names = account_pattern(reading.account.names)
    for block in reading.blocks:
        cells = [cell.strip() for cell in block.text.split("|")]
        if block.passage.role != "table_row" or len(cells) < 2 or not any(map(names.search, cells)):
            continue
        above = " ".join((reading.document.title, *block.passage.heading_path))
        if any(len(cell) > _LONGEST_CELL for cell in cells) or not _COMPARES.search(above):
            continue
        for at, cell in enumerate(cells):
            least = 1.0 if at == 0 else 0.1  # the first column is rather called by what its cells are
            named = NAME_PATTERN.fullmatch(cell) and is_company_like(cell) and strength_of(cell, block) >= least
            if named and is_company_name(cell, reading, own_terms):
                yield _maker(tidy(cell), above), block.passage.start, block.passage.end, 0.7


def _maker(name: str, above: str) -> str:
    """`Quillon FlowMaster` is Quillon's where title or heading speaks of Quillon alone."""
    parts = name.split()
    prefixes = (" ".join(parts[:size]) for size in range(len(parts) - 1, 0, -1))
    alone = (p for p in prefixes if name not in above and re.search(rf"\b{re.escape(p)}\b", above))
    return next(alone, name)


# --- "6 X alternatives" ----------------------------------------------------------------------------------------------


def _of_counted_alternatives(reading: Reading, own_terms: frozenset[str]) -> Iterator[Rival]:
    """The product of whose alternatives a headline counts several: the account is shown among them."""
    for block in reading.blocks:
        match = _ALTERNATIVES.match(block.text) if len(block.text) <= 120 else None
        if match is None or block.passage.role == "metadata":
            continue
        name = tidy(match["name"])
        if not is_company_like(name) or not is_company_name(name, reading, own_terms):
            continue
        if not re.search(rf"\b{re.escape(name.lower())}\b", reading.document.text):  # no common noun of this page
            yield name, block.passage.start, block.passage.end, 0.5


# --- "Tools such as A and B do this. Account stands out by …" ---------------------------------------------------------


def _of_block(block: Block, reading: Reading, own_terms: frozenset[str]) -> Iterator[Rival]:
    """The tools that one sentence lists and from which one of the next two sets the account apart."""
    names = account_pattern(reading.account.names)
    for at, sentence in enumerate(block.sentences):
        listed = _LISTED.search(sentence.text)
        if listed is None or names.search(sentence.text):
            continue
        if any(_sets_apart(later, names) for later in block.sentences[at + 1 : at + 3]):
            spans = names_after(sentence.text, listed.end())
            for name, strength in named_companies(sentence.text, spans, block):
                if is_company_name(name, reading, own_terms):
                    yield name, sentence.start, sentence.end, 0.6 * min(strength, 1.0)


def _sets_apart(sentence: Sentence, names: re.Pattern[str]) -> bool:
    return names.search(sentence.text) is not None and _STANDS_OUT.search(sentence.text) is not None
