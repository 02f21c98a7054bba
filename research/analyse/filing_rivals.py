"""The competitors that a filing names: in its section on competition, in lists, in its risk factors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from research.analyse.competition import Context, is_vetoed, named_competitors
from research.analyse.read import Block, Reading
from research.model.finding import Observation, attributes
from research.text.names import company_key

NAME: Final = "filing-rivals"
VERSION: Final = "1"

_ITEMS: Final = re.compile(r"^Item (?:1|1A|7)\.")
_COMPETITION: Final = re.compile(r"\bcompetiti(?:on|ve)\b|\bcompetitors\b", re.IGNORECASE)
_LEAD_IN: Final = re.compile(
    r"\b(?:compet\w+|rivals?)\b[^.]*:$|\b(?:competitors|compete)\b[^.]*\b(?:include|includes|are"
    r"|following)\b[^.]{0,60}:?$",
    re.IGNORECASE,
)
_OWN_CUE: Final = re.compile(r"\b(?:our|the Company[’']s)\s+((?:[A-Z][\w&’-]*\s?){1,4})")
_MARKED: Final = re.compile(r"((?:[A-Z][\w&’-]{0,60}\s){0,2}[A-Z][\w&’-]{0,60})[®™]")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Own:
    names: frozenset[str]
    things: frozenset[str]


def observe_rivals(reading: Reading) -> tuple[Observation, ...]:
    """A relation "competitor" for each company that a sentence of Items 1, 1A and 7 names as one."""
    own = _own_names(reading)
    seen: dict[tuple[str, int], Observation] = {}
    for block, sentence_start, sentence, context in _sentences(reading):
        for start, _, name in named_competitors(sentence, context=context):
            if not _is_own(name, own):
                span = (sentence_start, sentence_start + len(sentence))
                key = (company_key(name), sentence_start + start)
                seen[key] = _observation(reading, name, span, _score(block, sentence[:start], context))
    return tuple(seen.values())


def _sentences(reading: Reading) -> Iterator[tuple[Block, int, str, Context]]:
    """The sentences that may name a rival, with their start; a list under a lead-in on competition is context."""
    listing = False
    for block in reading.blocks:
        if not _in_scope(block):
            listing = False
            continue
        is_member = block.passage.role in ("list_item", "table_row")
        listing = listing and is_member
        if block.passage.role != "heading":
            for number, sentence in enumerate(block.sentences):
                section: Context = "section" if _in_section(block) else "none"
                yield (
                    block,
                    sentence.start,
                    sentence.text,
                    "list" if listing and number == 0 and not _is_titled(block) else section,
                )
        if not is_member:
            listing = bool(_LEAD_IN.search(block.text)) and not is_vetoed(
                block.sentences[-1].text if block.sentences else block.text
            )


def _is_titled(block: Block) -> bool:
    """Whether a member of a list begins with a title of its own: `Digital Wallets. These offer …`."""
    return len(block.sentences) > 1 and block.sentences[0].text.count(" ") < 6


def _in_scope(block: Block) -> bool:
    path = block.passage.heading_path
    return block.passage.main and len(path) > 1 and bool(_ITEMS.match(path[1]))


def _in_section(block: Block) -> bool:
    """Whether a block stands under a heading on competition in Item 1."""
    path = block.passage.heading_path
    return len(path) > 2 and path[1].startswith("Item 1.") and bool(_COMPETITION.search(" ".join(path[2:])))


def _score(block: Block, before: str, context: Context) -> float:
    """A cue in the sentence itself weighs more than the list or section that it stands in."""
    cued = bool(re.search(r"\bcompet|\brival", before, re.IGNORECASE))
    if cued:
        return 0.92 if _in_section(block) else 0.85
    return {"list": 0.85, "section": 0.75, "none": 0.7}[context]


def _observation(reading: Reading, name: str, span: tuple[int, int], score: float) -> Observation:
    return Observation(
        kind="relation",
        attributes=attributes(company=name, relation="competitor", of=reading.account.name),
        document_id=reading.document.id,
        start=span[0],
        end=span[1],
        score=score,
        analyser=NAME,
        version=VERSION,
    )


def _own_names(reading: Reading) -> _Own:
    """Keys of the account's names, and of the brands, segments and products that the filing calls its own."""
    stated = (*reading.account.names, reading.document.meta("registrant") or "", reading.document.meta("ticker") or "")
    names = frozenset(company_key(name) for name in stated if name)
    things: set[str] = set()
    for block in filter(_in_scope, reading.blocks):
        for match in (*_OWN_CUE.finditer(block.text), *_MARKED.finditer(block.text)):
            before = block.text[max(0, match.start() - 200) : match.start()]
            if not re.search(r"\bcompet|\brival", before, re.IGNORECASE):
                things.add(company_key(match[1]))
    return _Own(names=names, things=frozenset(things - {""}))


def _is_own(name: str, own: _Own) -> bool:
    """The account itself, something of its own, or something that its name begins (`Acme Cloud` of Acme)."""
    key = company_key(name)
    return key in own.names | own.things or any(key.startswith(f"{mine} ") for mine in own.names)
