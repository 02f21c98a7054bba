"""Where the account sits: postal addresses, head offices, offices named in prose, and the datelines of releases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from research.analyse.naming import FIRST_PERSON, account_pattern
from research.analyse.read import Block, Reading
from research.analyse.subject import boilerplate_of_another
from research.model.finding import Observation, Value, attributes
from research.text.datelines import sent_from
from research.text.patterns import load_patterns

NAME: Final = "offices"
VERSION: Final = "8"

_PATTERNS: Final = load_patterns("offices")
_ADDRESSES: Final = tuple(_PATTERNS[name] for name in ("us", "ca", "uk", "after", "before"))
_ADDRESS_ROLES: Final = frozenset({"contact", "footer", "card"})
_ADDRESS_PAGES: Final = frozenset({"contact", "about", "home", "press_release"})
_LABEL_LINES: Final = 5  # how far above its city an address is headed in the real pages that were read
# Words that no city's name has in it, and words that no city's name ends with but a street's does.
_NOT_A_CITY: Final = frozenset(
    "suite floor box street avenue ave road rd boulevard blvd drive building level unit page copyright since founded "
    "in established iso iec soc rfc "
    "january february march april may june july august september october november december".split()
)
_STREET_ENDS: Final = frozenset("st dr lane way square plaza court parkway nw ne sw se".split())
_NONE_THERE: Final = re.compile(r"\bno(?:\s\w+){0,3}\s*$", re.IGNORECASE)  # "no dedicated tax team in ..."
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a page with its span in the document."""

    start: int
    end: int
    text: str
    block: Block


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Kinds `office` and `fact` (headquarters), on the account's own pages."""
    if not reading.own or reading.document.page_type == "filing":
        return ()
    return (*_addresses(reading), *_named(reading), *_dateline(reading))


def _observation(reading: Reading, place: str, start: int, end: int, score: float, *, head: bool) -> Observation:
    values: dict[str, Value] = {"place": place}
    if head:
        values = {"field": "headquarters", "value": place, "normal": place, "unit": None, "period": None}
    return Observation(
        kind="fact" if head else "office",
        attributes=attributes(**values),
        document_id=reading.document.id,
        start=start,
        end=end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )


def _lines(reading: Reading) -> list[_Line]:
    found: list[_Line] = []
    for block in reading.blocks:
        if block.passage.role == "metadata":
            continue
        at = block.passage.start
        for text in block.text.split("\n"):
            found.append(_Line(at, at + len(text), text, block))
            at += len(text) + 1
    return found


def _addresses(reading: Reading) -> Iterator[Observation]:
    lines = _lines(reading)
    for index, line in enumerate(lines):
        if line.block.passage.role not in _ADDRESS_ROLES and reading.document.page_type not in _ADDRESS_PAGES:
            continue
        place = place_of(line.text) if len(line.text) <= 160 else None
        if place is None or boilerplate_of_another(line.block, reading):
            continue
        above = _above(lines, index)
        head = next((o for o in above if _is_head(o.text)), None)
        start = above[-1].start if head else line.start
        yield _observation(reading, place, start, line.end, 0.8, head=False)
        if head is not None:
            yield _observation(reading, place, head.start, line.end, 0.93, head=True)


def _above(lines: list[_Line], index: int) -> list[_Line]:
    """The lines that head an address, nearest first: up to the address before it."""
    found: list[_Line] = []
    for line in reversed(lines[max(0, index - _LABEL_LINES) : index + 1]):
        if found and (place_of(line.text) or len(line.text) > 80):
            break
        found.append(line)
    return found


def _is_head(text: str) -> bool:
    return _PATTERNS["headquarters"].search(text) is not None and _PATTERNS["regional"].search(text) is None


def place_of(line: str) -> str | None:
    """The city, with its region where one is printed, of a line that is or ends a postal address; else None."""
    for pattern in _ADDRESSES:
        match = pattern.search(line.strip())
        words = [word.lower().strip(".") for word in match["city"].split()] if match else []
        dated = match is not None and _YEAR.fullmatch(match.group().split()[-1]) is not None
        if match and not dated and not set(words) & _NOT_A_CITY and words[-1] not in _STREET_ENDS:
            return f"{match['city']}, {match['region']}" if match["region"] else match["city"]
    return None


def _named(reading: Reading) -> Iterator[Observation]:
    """`offices in Boston, Austin and Dublin`: the places that the model sees behind the trigger."""
    for block, sentence in reading.sentences():
        if block.passage.role in ("metadata", "footer") or boilerplate_of_another(block, reading):
            continue
        ours = account_pattern(reading.account.names).search(sentence.text) or FIRST_PERSON.search(sentence.text)
        for match in _PATTERNS["offices_in"].finditer(sentence.text) if ours else ():
            if _NONE_THERE.search(sentence.text[: match.start()]):
                continue
            places = block.mentions_in(sentence.start + match.end(), sentence.end, "place")
            at = sentence.start + match.end()
            for place in places:
                if re.search(r"[.;:]|\b(?:that|which|where|from|to)\b", reading.document.text[at : place.start]):
                    break
                yield _observation(reading, place.text, sentence.start, sentence.end, 0.5, head=False)
                at = place.end


def _dateline(reading: Reading) -> Iterator[Observation]:
    """A release is sent from the head office as a rule, else from another one: a weak sign of where each is."""
    if reading.document.page_type != "press_release":
        return
    for block in reading.blocks:
        place = sent_from(block.text) if block.passage.role == "paragraph" else None
        if place:
            end = block.sentences[0].end if block.sentences else block.passage.end
            for head in (True, False):
                yield _observation(reading, place, block.passage.start, end, 0.25, head=head)
            return
