"""The entities of one document: the model's mentions cleaned, voted on per surface form, and carried to every place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from research.analyse.company_names import not_companies
from research.analyse.naming import has_given_name, is_person_name
from research.analyse.page_lines import read_page
from research.analyse.page_names import KINDS, page_names
from research.analyse.patterns import has_role
from research.analyse.read import Block, Reading
from research.model.finding import Mention
from research.text.names import COPYRIGHT, LEGAL_SUFFIXES, fold

_LEGAL: Final = re.compile(rf"(?:^|[\s,])(?:{'|'.join(s for s in LEGAL_SUFFIXES if len(s) > 1)})\.?$", re.IGNORECASE)
_FIRM: Final = re.compile(
    r"\b(?:Group|Holdings?|Partners|Associates|University|College|Institute|Bank|Foundation|Association|Society|Council|"
    r"Ministry|Department|Agency|Commission|Hospital|Museum|Hotel|Theatre|Church|Club|Federation|Union|Studios?)\b"
)
_EDGES: Final = re.compile(r"^(?:the|a|an|our|your|by|at|for|of)\s+|[\s,;:|•·–—-]+$|^[\s,;:|•·–—-]+", re.IGNORECASE)
_MAX_WORDS: Final = 8
_NOT_LETTERS: Final = re.compile(r"^[\W\d_]+$")


def entities(reading: Reading) -> tuple[Mention, ...]:
    """Every entity in order, one a span; offsets into the document's text. On web pages, trained weights tell names."""
    ruled = ruled_entities(reading)
    if reading.document.extractor != "html":
        return ruled
    told = page_names(read_page(reading), reading.document.text, ruled)
    rest = [m for m in ruled if m.label not in KINDS]
    return tuple(sorted((*told, *rest), key=lambda m: (m.start, m.end, m.label)))


def ruled_entities(reading: Reading) -> tuple[Mention, ...]:
    """The entities by rule: the model's mentions cleaned and voted on. Menus are not read for names."""
    votes = _votes(reading)
    own = _own_names(reading)
    found: dict[tuple[int, int], Mention] = {}
    for block in reading.blocks:
        if block.passage.role != "metadata":
            found.update({(m.start, m.end): m for m in _of_block(block, votes, own)})
    return tuple(found[span] for span in sorted(found))


_NAMED: Final = frozenset({"company", "person", "place", "product"})
_SHAPED: Final = frozenset({"email", "phone", "money", "percent", "date"})


def _of_block(block: Block, votes: Mapping[str, str], own: re.Pattern[str] | None) -> Iterator[Mention]:
    menu = not block.passage.main and block.passage.role not in _TOLD
    for mention in block.mentions:
        clean = trim(mention)
        label = votes.get(fold(clean.text), clean.label) if clean.label in _NAMED else clean.label
        if label not in _SHAPED and (menu or not _is_told(label, clean.text, block)):
            continue
        if is_plausible(label, clean.text):
            yield Mention(label=label, text=clean.text, start=clean.start, end=clean.end)
    if not menu:
        yield from _whole_names(block)
    if own is not None:
        for match in own.finditer(block.text):
            start = block.passage.start + match.start()
            yield Mention(label="company", text=match.group(), start=start, end=start + len(match.group()))


_TOLD: Final = frozenset({"card", "contact", "footer"})  # furniture that names who and where, not what to click
_SENTENCE: Final = 60  # characters from which on a block tells something and is no label or link


def _is_told(label: str, text: str, block: Block) -> bool:
    """Whether a name stands where names are told: in a sentence, a card, a contact block; or its own form says it."""
    if label == "person":
        return len(block.text) >= _SENTENCE or has_given_name(text)
    if label == "company":
        return block.passage.role in _TOLD or len(block.text) >= _SENTENCE or prior(text, "") == "company"
    if label == "role":
        return block.passage.role in _TOLD or len(block.text) >= _SENTENCE or fold(text) == fold(block.text)
    return True


def _own_names(reading: Reading) -> re.Pattern[str] | None:
    """The names that the page gives its owner: in its metadata and its copyright line."""
    document = reading.document
    names = {document.meta("organization_name"), document.meta("site_name")}
    names |= {m["name"].strip() for m in COPYRIGHT.finditer(document.text)}
    usable = sorted(
        {n for n in names if n and 3 <= len(n) <= 40 and fold(n) not in not_companies()}, key=len, reverse=True
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, usable))})(?!\w)") if usable else None


def _whole_names(block: Block) -> Iterator[Mention]:
    """Lines that are a person's name and nothing else, as cards and signatures print them."""
    offset = block.passage.start
    for line in block.text.split("\n"):
        name = line.strip().rstrip(",")
        start = offset + line.find(name) if name else offset
        if name and is_person_name(name) and (has_given_name(name) or block.passage.role == "card"):
            yield Mention(label="person", text=name, start=start, end=start + len(name))
        offset += len(line) + 1


def trim(mention: Mention) -> Mention:
    """A mention without article, bullet, possessive and punctuation at its ends."""
    text, start = mention.text.split("\n", 1)[0], mention.start
    while (edge := _EDGES.search(text)) and edge.group():
        start += edge.end() if edge.start() == 0 else 0
        text = text[edge.end() :] if edge.start() == 0 else text[: edge.start()]
    if mention.label in ("company", "person"):
        text = re.sub(r"[’']s?$", "", text)
    return Mention(label=mention.label, text=text, start=start, end=start + len(text))


def is_plausible(label: str, text: str) -> bool:
    """Whether a cleaned mention can be what its label says."""
    if len(text) < 2 or (_NOT_LETTERS.match(text) and label not in ("phone", "date", "money", "percent")):
        return False
    if label == "company":
        return (
            len(text.split()) <= _MAX_WORDS
            and fold(text) not in not_companies()
            and any(c.isupper() for c in text)
            and not has_role(text)
        )
    if label == "person":
        return is_person_name(text)
    return True


def _votes(reading: Reading) -> dict[str, str]:
    """One label a surface form: the legal form decides, else most of its mentions in the document."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for block in reading.blocks:
        for mention in block.mentions:
            if mention.label in ("company", "person", "place", "product"):
                clean = trim(mention).text
                counts[fold(clean)][prior(clean, mention.label)] += 1
    return {form: max(labels, key=lambda name: (labels[name], name)) for form, labels in counts.items()}


def prior(text: str, label: str) -> str:
    """The label that the shape of a name demands, or the one that it came with."""
    if _LEGAL.search(text) or _FIRM.search(text):
        return "company"
    return label
