"""The entities of one document: the model's mentions cleaned, voted on per surface form, and carried to every place."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Final

from research.analyse.naming import is_person_name
from research.analyse.patterns import has_role
from research.analyse.read import Block, Reading
from research.analyse.relations import not_companies
from research.model.finding import Mention
from research.text.names import LEGAL_SUFFIXES, fold

_LEGAL: Final = re.compile(rf"(?:^|[\s,])(?:{'|'.join(s for s in LEGAL_SUFFIXES if len(s) > 1)})\.?$", re.IGNORECASE)
_FIRM: Final = re.compile(
    r"\b(?:Group|Holdings?|Partners|Associates|University|College|Institute|Bank|Foundation|Association|Society|Council|"
    r"Ministry|Department|Agency|Commission|Hospital|Museum|Hotel|Theatre|Church|Club|Federation|Union|Studios?)\b"
)
_EDGES: Final = re.compile(r"^(?:the|a|an|our|your|by|at|for|of)\s+|[\s,;:|•·–—-]+$|^[\s,;:|•·–—-]+", re.IGNORECASE)
_MAX_WORDS: Final = 8
_NOT_LETTERS: Final = re.compile(r"^[\W\d_]+$")


def entities(reading: Reading) -> tuple[Mention, ...]:
    """Every entity in order, one a span; offsets into the document's text."""
    votes = _votes(reading)
    found = {(m.start, m.end): m for block in reading.blocks for m in _of_block(block, votes)}
    return tuple(found[span] for span in sorted(found))


def _of_block(block: Block, votes: dict[str, str]) -> Iterable[Mention]:
    for mention in block.mentions:
        clean = trim(mention)
        label = (
            votes.get(fold(clean.text), clean.label)
            if clean.label in ("company", "person", "place", "product")
            else clean.label
        )
        if is_plausible(label, clean.text):
            yield Mention(label=label, text=clean.text, start=clean.start, end=clean.end)
    if block.passage.role in ("card", "contact") or len(block.text) < 60:
        yield from _whole_names(block)


def _whole_names(block: Block) -> Iterable[Mention]:
    """Lines that are a person's name and nothing else, as cards and signatures print them."""
    offset = block.passage.start
    for line in block.text.split("\n"):
        name = line.strip().rstrip(",")
        start = offset + line.find(name) if name else offset
        if name and is_person_name(name):
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
