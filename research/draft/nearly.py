"""Where a sentence that repeats its quote nearly word for word departs from it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise
from typing import Final

from research.draft.support import Word, telling, without_dates, words

_FEWEST: Final = 6  # words in common; shorter sentences repeat a quote by chance
_NEAR: Final = 2  # words from a first lone word in common to the next: "In 2025 our" against "In 2026 our"
_SPOKEN: Final = re.compile(r"“[^”]*”")
_SHARE: Final = 0.8  # of the words between the first and the last in common; a free retelling shares about half


def departures(claim: str, quote: str) -> Iterator[tuple[str, str]]:
    """The words in which a nearly literal claim differs from its quote, as (the quote's, the claim's); nothing where
    the claim is no repetition. What stands before the first and behind the last words in common is the sentence's own
    frame; what it quotes between marks is held against its sources letter by letter elsewhere, and so are dates."""
    said, source = _spelled(_SPOKEN.sub("", without_dates(claim))), _spelled(without_dates(quote))
    matcher = SequenceMatcher(None, [key for key, _ in source], [key for key, _ in said], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    while blocks and blocks[-1].size == 1:
        del blocks[-1]
    while blocks and blocks[0].size == 1 and len(blocks) > 1 and blocks[1].b - blocks[0].b > _NEAR:
        del blocks[0]
    common = sum(block.size for block in blocks)
    if common < _FEWEST:
        return
    last = blocks[-1]
    if common < _SHARE * (last.b + last.size - blocks[0].b):
        return
    for before, after in pairwise(blocks):
        yield _told(source[before.a + before.size : after.a]), _told(said[before.b + before.size : after.b])
    there, here = _told(source[last.a + last.size :][:1]), _told(said[last.b + last.size :][:1])
    if there.isdigit() and here.isdigit():  # "by the end of 2027" against "by the end of 2028"
        yield there, here


@lru_cache(maxsize=2048)  # quotes come again with every sentence that is held against them
def _spelled(text: str) -> tuple[tuple[str, Word], ...]:
    return tuple((" ".join(word.parts), word) for word in words(text))


def _told(found: Sequence[tuple[str, Word]]) -> str:
    return " ".join(word.raw for _, word in found)


def exchanged(there: str, here: str) -> str | None:
    """`number` or `name` where one was put in another's place, None where only plain words differ."""
    if not there or not here:
        return None
    for kind, marked in (("number", _numeric), ("name", _named)):
        theirs, ours = marked(there), marked(here)
        if theirs and ours and not ours <= theirs:
            return kind
    return None


def _numeric(text: str) -> set[str]:
    return {part for word in words(text) for part in word.parts if part.isdigit()}


def _named(text: str) -> set[str]:
    return {part for word in words(text) if word.name and telling(word) for part in word.parts}
