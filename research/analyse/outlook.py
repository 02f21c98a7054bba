"""What a company now expects against what it expected before: an outlook that was lowered or raised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from research.analyse.read import Reading
from research.analyse.subject import names_account
from research.text.numbers import Amount, amounts
from research.text.patterns import load_patterns

Turn = tuple[Literal["lowered", "raised"], int, int]
"""Which way the outlook went, and the span that says it."""

_PATTERNS: Final = load_patterns("outlook")


def outlook_changes(reading: Reading) -> Iterator[Turn]:
    """The changes of outlook that the account's own pages tell: in words, or by two figures of one currency or share,
    what is expected now and what was expected before, in one sentence or in two that follow each other."""
    for block in reading.blocks:
        if not block.passage.main or block.passage.role not in ("paragraph", "list_item", "heading"):
            continue
        for at, sentence in enumerate(block.sentences):
            if turn := _in_words(sentence.text):
                yield turn, sentence.start, sentence.end
            elif _PATTERNS["now"].search(sentence.text) and _ours(reading, sentence.text):
                following = block.sentences[at + 1] if at + 1 < len(block.sentences) else None
                both = f"{sentence.text} {following.text}" if following else sentence.text
                before = _PATTERNS["before"].search(both)
                if before and (turn := _compared(both[: before.start()], both[before.end() :])):
                    inside = before.end() < len(sentence.text)
                    yield turn, sentence.start, sentence.end if inside or not following else following.end


def _ours(reading: Reading, text: str) -> bool:
    return names_account(reading, text) or re.match(r"(?:We|The [Cc]ompany|It)\b", text) is not None


def _in_words(text: str) -> Literal["lowered", "raised"] | None:
    if _PATTERNS["lowers"].search(text):
        return "lowered"
    return "raised" if _PATTERNS["raises"].search(text) else None


def _compared(now: str, before: str) -> Literal["lowered", "raised"] | None:
    """By the lower ends of the two ranges; nothing where they are of different kinds or equal."""
    new, old = _first(now), _first(before)
    if new is None or old is None or new.currency != old.currency or new.value == old.value:
        return None
    return "lowered" if new.value < old.value else "raised"


def _first(text: str) -> Amount | None:
    """The first amount of money."""
    return next((amount for amount in amounts(text) if amount.currency), None)
