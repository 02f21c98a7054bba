"""What main text leaves out and a dossier needs: cards of people, contacts, footer lines; and what goes unsaid."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from research.extract.build import RawBlock
from research.extract.hints import BIT
from research.extract.html_blocks import Block, Container
from research.extract.people import is_name, is_role
from research.model.document import Role

Merged = tuple[int, Role]
"""The end of a run of blocks that become one passage, and its role."""
NAVIGATION: Final = ("navigation",)
_COOKIE: Final = re.compile(
    r"\b(we|site|website|page) (and our partners )?(also )?uses? .{0,40}cookies"
    r"|\b(accept|manage|allow|reject) (all )?cookies|cookie (settings|preferences)"
    r"|\bcookie (policy|notice) .{0,60}(accept|agree|consent)",
    re.IGNORECASE,
)
_PHONE: Final = re.compile(
    r"(?<![\d/.-])(?:\+\d{1,3}[\s.-]?)?(?:\(\d{1,5}\)[\s.-]?)?\d{2,5}(?:[\s.-]\d{2,5}){1,4}(?![\d/-])"
)
_PHONE_CUE: Final = re.compile(
    r"\b(phone|tel|telephone|call|fax|mobile|toll|ph|t|f|p)\b\s*[.:#]|\+\d|\(\d{3}\)\s*\d{3}|\b\d{3}[-.]\d{3}[-.]\d{4}\b",
    re.IGNORECASE,
)
_EMAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_POSTAL: Final = re.compile(
    r"\b[A-Z]{2}\.?,?\s+\d{5}(?:-\d{4})?\b"  # MA 02110
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"  # SW1A 1AA
    r"|\b[A-Z]\d[A-Z] \d[A-Z]\d\b"  # M5V 2T6
    r"|\bD-\d{5}\b|\b\d{5} [A-ZÄÖÜ][a-zäöüß]+\b"  # 10115 Berlin
    r"|\b\d{1,5}[A-Za-z]?,? (?:[A-Z][\w.'’]*\s){1,4}(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Drive|Dr|Lane|Ln|Way"
    r"|Plaza|Square|Court|Ct|Place|Pl|Parkway|Pkwy|Highway|Quay|Terrace)\b"
    r"|\b(?:Suite|Floor|P\.?O\.? Box) \d+"
)
_RIGHTS: Final = re.compile(r"©|\bcopyright\b.{0,30}\d{4}|\(c\) ?(19|20)\d\d|\ball rights reserved\b", re.IGNORECASE)
_CONTACT_WORDS: Final = 60  # the longest contact block that was seen on real pages has 45
_CONTACT_LENGTH: Final = 600  # characters
_CONTACT_BLOCKS: Final = 10
_SHORT: Final = 12  # words
_FORM_BLOCKS: Final = 40  # a form with more is the whole page, as some servers write it
_LABEL_WORDS: Final = 5  # labels of fields and buttons have fewer
_LINK: Final = 0.6  # share of a text's characters in links


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """The blocks of a page, what is known of their containers, and the verdict on each block."""

    blocks: Sequence[Block]
    containers: Sequence[Container]
    hints: Sequence[int]  # a container: its own and those of all above
    sizes: Sequence[int]  # a container: how many blocks it holds
    main: Sequence[bool]


def arrange(page: Page) -> list[RawBlock]:
    """The passages of a page in order: cards and contacts as one each, navigation once, cookie notices not at all."""
    cards = _cards(page)
    contacts = _contacts(page, cards)
    merged = {**contacts, **cards}
    seen: set[str] = set()
    found: list[RawBlock] = []
    last: RawBlock | None = None
    at = 0
    while at < len(page.blocks):
        if at in merged:
            end, role = merged[at]
            card = _merge(page, at, end, role)
            if last is None or card.text != last.text:  # the same card opens the longer text about the person
                found.append(card)
            last = card
            at = end
            continue
        if (raw := _single(page, at, seen)) is not None:
            found.append(raw)
        at += 1
    return found


def _merge(page: Page, start: int, end: int, role: Role) -> RawBlock:
    """One passage of several blocks; links that lead elsewhere are no part of a contact."""
    parts = page.blocks[start:end]
    kept = [part for part in parts if role == "card" or not _leads_elsewhere(part)]
    text = "\n".join(part.text for part in kept)
    return RawBlock(text=text, role=role, heading_path=parts[0].path, main=any(page.main[start:end]))


def _leads_elsewhere(block: Block) -> bool:
    return _is_link(block) and not _reaches(block.text)


def _is_link(block: Block) -> bool:
    return block.link_chars >= _LINK * len(block.text) and len(block.text.split()) <= _SHORT


def _single(page: Page, at: int, seen: set[str]) -> RawBlock | None:
    """A block as a passage of its own; None for what goes unsaid: consent notices, controls, links said before."""
    block = page.blocks[at]
    if page.main[at] and not _asks_consent(block.text):
        return RawBlock(text=block.text, role=block.role, heading_path=block.path, main=True)
    hints = page.hints[block.container]
    if _goes_unsaid(page, block, hints):
        return None
    if _is_link(block):
        key = block.text.casefold()
        if key in seen:
            return None
        seen.add(key)
        return RawBlock(text=block.text, role="list_item", heading_path=NAVIGATION, main=False)
    low = bool(hints & BIT["footer"]) and at > len(page.blocks) // 2
    if low or _RIGHTS.search(block.text):
        return RawBlock(text=block.text, role="footer", heading_path=(), main=False)
    return RawBlock(text=block.text, role=block.role, heading_path=block.path, main=False)


def _goes_unsaid(page: Page, block: Block, hints: int) -> bool:
    few = len(block.text.split()) < _LABEL_WORDS
    if not any(map(str.isalnum, block.text)) or (few and block.tag == "button"):
        return True
    return _is_cookie(block, hints) or (few and not block.links and _in_form(page, block.container))


def _in_form(page: Page, container: int) -> bool:
    while container > 0:
        if page.containers[container].tag == "form":
            return page.sizes[container] <= _FORM_BLOCKS
        container = page.containers[container].parent
    return False


def _is_cookie(block: Block, hints: int) -> bool:
    return _asks_consent(block.text) or bool(
        hints & BIT["cookie"] and re.search("cookie|consent", block.text, re.IGNORECASE)
    )


@lru_cache(maxsize=8192)
def _asks_consent(text: str) -> bool:
    return len(text) < _CONTACT_LENGTH and bool(_COOKIE.search(text))


def _cards(page: Page) -> dict[int, Merged]:
    """Where a person's name and role stand together, at least twice on the page and in no testimonial."""
    pairs = [(at, end) for at, end in _pairs(page.blocks) if not page.hints[page.blocks[at].container] & BIT["quote"]]
    marks = [(page.blocks[at].tag, end - at, page.blocks[at].level) for at, end in pairs]
    several = len(pairs) > 2
    return {at: (end, "card") for (at, end), mark in zip(pairs, marks, strict=True) if several or marks.count(mark) > 1}


def _pairs(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    at = 0
    while at < len(blocks):
        lines = blocks[at].text.split("\n")
        if 1 < len(lines) < 4 and is_name(lines[0]) and is_role(lines[1]):
            yield at, at + 1
        elif len(lines) == 1 and is_name(lines[0]) and _is_role_of(blocks[at], blocks[at + 1 : at + 2]):
            yield at, at + 2
            at += 1
        at += 1


def _is_role_of(name: Block, following: Sequence[Block]) -> bool:
    """Whether the block after a name is what that person is; a heading above the name's own rank opens another part."""
    if not following:
        return False
    outranks = following[0].level and not 0 < name.level <= following[0].level
    return not outranks and is_role(following[0].text.replace("\n", ", "))


def _contacts(page: Page, cards: dict[int, Merged]) -> dict[int, Merged]:
    """Runs of short blocks of one container that hold a telephone number, an e-mail or a postal address."""
    taken = {number for at, (end, _) in cards.items() for number in range(at, end)}
    found: dict[int, Merged] = {}
    for at, block in enumerate(page.blocks):
        if at in taken or block.level or not _reaches(block.text):
            continue
        start, end = _run(page, at, taken)
        found[start] = (end, "contact")
        taken.update(range(start, end))
    return found


@lru_cache(maxsize=8192)
def _reaches(text: str) -> bool:
    if len(text) > _CONTACT_LENGTH or len(text.split()) > _CONTACT_WORDS:
        return False
    if _EMAIL.search(text) or _POSTAL.search(text):
        return len(text.split()) <= 25 or "\n" in text
    return bool(_PHONE_CUE.search(text) and _PHONE.search(text)) and (len(text.split()) <= _SHORT or "\n" in text)


def _run(page: Page, at: int, taken: set[int]) -> tuple[int, int]:
    """The blocks around one that reaches somebody: those of the widest small container that holds no more prose."""
    best = (at, at + 1)
    container = page.blocks[at].container
    while container > 0:
        start, end = _extent(page, at, container)
        inside = page.blocks[start:end]
        words = sum(len(block.text.split()) for block in inside)
        if words > _CONTACT_WORDS or end - start > _CONTACT_BLOCKS or taken.intersection(range(start, end)):
            break
        best = (start, end)
        container = page.containers[container].parent
    return best


def _extent(page: Page, at: int, container: int) -> tuple[int, int]:
    """The run of blocks around `at` that stand in the container."""
    start, end = at, at + 1
    while start and _within(page, start - 1, container) and at - start < _CONTACT_BLOCKS + 1:
        start -= 1
    while end < len(page.blocks) and _within(page, end, container) and end - at < _CONTACT_BLOCKS + 1:
        end += 1
    return start, end


def _within(page: Page, at: int, container: int) -> bool:
    here = page.blocks[at].container
    while here > container:
        here = page.containers[here].parent
    return here == container
