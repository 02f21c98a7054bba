"""Text cut into plain and marked pieces, so that a template can mark what was looked for and escape everything."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

_WORD: Final = re.compile(r"[^\W_]+")
_STEM: Final = 5  # letters: inflected forms of English words mostly agree that far
_ENDING: Final = 4  # letters that a form may be longer than the word that was typed

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
    return any(word.startswith(one[:_STEM]) and len(word) <= len(one) + _ENDING for one in wanted if one)


def _plain(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.lower())
    return "".join(char for char in decomposed if not unicodedata.combining(char))
