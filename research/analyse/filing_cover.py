"""What the cover page of a filing states: the registrant, its securities, and where its head office is."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import Final

from research.analyse.read import Block, Reading

_EXACT_NAME: Final = re.compile(r"exact\s+name\s+of", re.IGNORECASE)
_ADDRESS: Final = re.compile(r"address\s+of\s+(?:registrant[’']?s?\s+)?principal\s+executive", re.IGNORECASE)
_ABOVE_ADDRESS: Final = re.compile(
    r"exact\s+name|i\.?r\.?s\.?|employer|incorporation|organization\)|identification|commission\s+file"
    r"|\bd\.c\.\s+20549|form\s+10",
    re.IGNORECASE,
)
_SYMBOL: Final = re.compile(r"^(?!N/A|NONE)(?:[“\"]?)([A-Z]{1,5}(?:[./-][A-Z]{1,3})?)(?:[”\"]?)$")
_COMMON: Final = re.compile(r"common|ordinary|capital\s+stock|class\s+a", re.IGNORECASE)
_DEBT: Final = re.compile(
    r"notes?\b|debentures?|preferred|depositary|warrants?|rights|guarantee|bonds?\b|units?\b", re.IGNORECASE
)
_EXCHANGE: Final = re.compile(r"nasdaq|nyse|stock\s+exchange|stock\s+market|cboe", re.IGNORECASE)
_ZIP: Final = re.compile(r"\b\d{5}(?:-\d{4})?\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the document, and the value that it shows."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Security:
    """A listed security: its trading symbol, the exchange as printed, and the row that names it."""

    symbol: str
    exchange: str
    start: int
    end: int


@cache
def _places() -> tuple[frozenset[str], re.Pattern[str]]:
    """The names that end an American or foreign address, and the words that end a street's name."""
    table = json.loads((files("corpora") / "lexicons" / "filing_places.json").read_text(encoding="utf-8"))
    states = [*table["states"], *table["states"].values(), *table["elsewhere"], "D.C.", "N.Y.", "N.J."]
    streets = "|".join(sorted(map(re.escape, table["street_words"]), key=len, reverse=True))
    return frozenset(state.lower() for state in states), re.compile(
        rf"^.*\b(?:{streets})(?:\s+(?:\d+\w*|#\d+|[A-Z]))?(?!\S)\s*"
    )


def cover(reading: Reading) -> list[Block]:
    """The passages of the cover page."""
    return [block for block in reading.blocks if block.passage.heading_path[:1] == ("Cover page",)]


def legal_name(reading: Reading) -> Span | None:
    """The registrant's exact name, with the caption under it that says so where the two stand together."""
    name = reading.document.meta("registrant")
    blocks = cover(reading)
    for at, block in enumerate(blocks):
        start = block.text.find(name) if name else -1
        if name and start >= 0:
            caption = next((later for later in blocks[at : at + 3] if _EXACT_NAME.search(later.text)), block)
            return Span(value=name, start=block.passage.start + start, end=caption.passage.end)
    return None


def common_stock(reading: Reading) -> Security | None:
    """The common stock in the table of registered securities; the first class where there are several."""
    rows = [(block, block.text.split(" | ")) for block in cover(reading) if " | " in block.text]
    listed = [
        (block, cells)
        for block, cells in rows
        if any(_SYMBOL.match(cell) for cell in cells[1:]) and _listed(block.text, rows)
    ]
    shares = [
        (block, cells)
        for block, cells in listed
        if _COMMON.search(cells[0]) and not _DEBT.search(re.sub(r"units? of", "", cells[0]))
    ]
    unlike_debt = [(block, cells) for block, cells in listed if not _DEBT.search(cells[0])]
    for block, cells in [*shares, *unlike_debt]:
        symbol = next(match[1] for cell in cells[1:] if (match := _SYMBOL.match(cell)))
        exchange = next((cell for cell in cells[1:] if _EXCHANGE.search(cell)), "")
        return Security(symbol=symbol, exchange=exchange, start=block.passage.start, end=block.passage.end)
    return None


def _listed(text: str, rows: Sequence[tuple[Block, list[str]]]) -> bool:
    """A row of securities names an exchange, or stands in a table whose head does."""
    return bool(_EXCHANGE.search(text)) or any(
        "exchange" in other.text.lower() and "symbol" in other.text.lower() for other, _ in rows
    )


def headquarters(reading: Reading) -> Span | None:
    """City and state (or country) of the principal executive offices, as printed."""
    blocks = cover(reading)
    at = next((index for index, block in enumerate(blocks) if _ADDRESS.search(block.text)), None)
    if at is None:
        with_zip = [block for block in blocks if _ZIP.search(block.text) and "20549" not in block.text]
        return next((span for block in with_zip if (span := _city([(block.text, block.passage.start)]))), None)
    lines = (
        [(blocks[at].text[: caption.start()], blocks[at].passage.start)]
        if (caption := _ADDRESS.search(blocks[at].text))
        else []
    )
    for block in reversed(blocks[max(0, at - 6) : at]):
        if _ABOVE_ADDRESS.search(block.text):
            break
        lines.insert(0, (block.text, block.passage.start))
    return _city(lines)


def _city(lines: Sequence[tuple[str, int]]) -> Span | None:
    """The first town that a state or country follows; `lines` are texts with their offsets."""
    states, street = _places()
    parts = [part for text, offset in lines for part in _parts(text, offset)]
    for (city, start), (state, state_start) in pairwise(parts):
        named = _state(state, states)
        numbered = re.match(r"\d|One\b|Two\b|Three\b|P\.?\s?O\b|Suite\b", city)
        end_of_street = street.match(city) if numbered else None
        skip = end_of_street.end() if end_of_street else 0
        town = re.sub(r"\s+(?:[A-Z]{1,2}\s)?\d+\w?$", "", city[skip:])
        if named and re.match(r"[A-Z][\w.’' -]*[a-z][\w.’' -]*$", town):
            return Span(value=f"{town}, {named}", start=start + skip, end=state_start + len(named))
    return None


def _parts(text: str, offset: int) -> Iterator[tuple[str, int]]:
    """The pieces of an address line between commas and cells, each with its offset in the document."""
    for match in re.finditer(r"[^,|(]+", text):
        words = match[0].strip()
        if words and not _ZIP.fullmatch(words):
            yield words, offset + match.start() + match[0].index(words)


def _state(words: str, states: frozenset[str]) -> str | None:
    """The state or country that a piece of an address consists of, without its postal code."""
    bare = re.sub(r"\s+(?:\d{5}(?:-\d{4})?|[A-Z]{1,2}\d[A-Z\d]{0,2}\s?\d?[A-Z\d]{2,4})$", "", words).strip()
    return bare if bare.lower() in states else None
