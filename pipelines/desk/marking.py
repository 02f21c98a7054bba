"""Text cut into plain and marked pieces, so that a template can mark what was looked for and escape everything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_STEM: Final = 5  # letters: longer English words that agree so far are mostly forms of one
_REST: Final = 4  # letters that such forms have behind it at most
_LEAST: Final = 3  # letters that shorter words must share, with nothing but an ending behind
_ENDING: Final = re.compile(r"(?:[a-z](?=ing|e[dr]))?(?:e?s|e?d|e[dr]s?|ings?|ions?|ly|y|ies|ied|al|e)?")

Piece = tuple[str, bool]
"""Some text, and whether it is marked."""


def mark_words(text: str, query: str) -> tuple[Piece, ...]:
    """`text` with the words of a search marked, in whatever form they stand there."""
    wanted = tuple({_plain(word) for word in _WORD.findall(query)})
    open_ended = tuple(_plain(word.rstrip("*")) for word in query.split() if word.endswith("*"))
    spans = [match.span() for match in _WORD.finditer(text) if _matches(_plain(match[0]), wanted, open_ended)]
    return cut(text, spans)


def cut(text: str, spans: Iterable[tuple[int, int]]) -> tuple[Piece, ...]:
    """`text` in pieces, those of `spans` marked; spans may overlap, and what leaves the text is cut off."""
    pieces: list[Piece] = []
    at = 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(text))  # noqa: PLW2901
        if start >= end:
            continue
        if start > at:
            pieces.append((text[at:start], False))
        pieces.append((text[start:end], True))
        at = end
    return (*pieces, (text[at:], False)) if at < len(text) else tuple(pieces)


def _matches(word: str, wanted: tuple[str, ...], open_ended: tuple[str, ...]) -> bool:
    if any(start and word.startswith(start) for start in open_ended):
        return True
    return any(_kin(word, one) for one in wanted)


def _kin(word: str, wanted: str) -> bool:
    """Whether two words look like forms of one: a close cousin of the stemmer that the index has."""
    if word == wanted:
        return True
    pairs = enumerate(zip(word, wanted, strict=False))
    shared = next((at for at, (a, b) in pairs if a != b), min(len(word), len(wanted)))
    rests = (word[shared:], wanted[shared:])
    if shared >= _STEM:
        return max(map(len, rests)) <= _REST
    return shared >= _LEAST and all(_ENDING.fullmatch(rest) for rest in rests)


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
