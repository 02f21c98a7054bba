"""Word pieces: any text as rows of a vocabulary, the longest known pieces first."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from research.text.parts import Part, Parts

CONTINUES: Final = "##"  # marks a piece that continues a word
START, SEPARATOR, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
_STOP: Final = "."  # stands for what is left out between the two ends of a part
_TOKEN: Final = re.compile(r"[^\W_]+|[^\w\s]|_")
_LONGEST_WORD: Final = 60  # characters; longer is no word


@dataclass(frozen=True, kw_only=True)
class Pieces:
    """A vocabulary; the row of a piece is its place in `words`."""

    words: tuple[str, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        """The row of each piece."""
        return {word: row for row, word in enumerate(self.words)}

    def of_text(self, text: str) -> list[int]:
        """The rows of a text in lower case and without accents; what cannot be spelt is one unknown piece."""
        return [row for token in _TOKEN.findall(_plain(text)) for row in self._spell(token)]

    @cached_property
    def _spell(self) -> _Speller:
        return _Speller(self.index)

    def lay_out(self, parts: Parts) -> Layout:
        """The rows of one input, the side of each row, and the spans that are read out."""
        rows, sides = [self.index[START]], [0]
        spans = []
        for part in parts:
            own = self._cut(part)
            if part.slot:
                spans.append((part.slot, len(rows), len(rows) + len(own)))
            own = own if part.open else [*own, self.index[SEPARATOR]]
            rows += own
            sides += [part.side] * len(own)
        return Layout(
            rows=tuple(rows), sides=tuple(sides), spans=tuple((first, last) for _, first, last in sorted(spans))
        )

    def _cut(self, part: Part) -> list[int]:
        rows = self.of_text(part.text)
        if len(rows) <= part.most:
            return rows
        if part.keep == "ends":
            half = part.most // 2
            return [*rows[:half], self.index[_STOP], *rows[-half:]]
        return rows[: part.most] if part.keep == "head" else rows[-part.most :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One input as rows of the vocabulary; `spans` are the (first, last) rows of what is read out."""

    rows: tuple[int, ...]
    sides: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]


class _Speller:
    """The pieces of single words, remembered."""

    def __init__(self, index: Mapping[str, int]) -> None:
        self._index = index
        self._spell = lru_cache(maxsize=100_000)(self._find)

    def __call__(self, word: str) -> tuple[int, ...]:
        return self._spell(word)

    def _find(self, word: str) -> tuple[int, ...]:
        rows = longest_pieces(word, self._index) if len(word) <= _LONGEST_WORD else ()
        return rows or (self._index[UNKNOWN],)


def longest_pieces(word: str, index: Mapping[str, int]) -> tuple[int, ...]:
    """The rows of a word, or of the longest pieces that make it up; none where it cannot be spelt."""
    rows: list[int] = []
    start = 0
    while start < len(word):
        prefix = CONTINUES if start else ""
        end = next((e for e in range(len(word), start, -1) if prefix + word[start:e] in index), None)
        if end is None:
            return ()
        rows.append(index[prefix + word[start:end]])
        start = end
    return tuple(rows)


@lru_cache(maxsize=10_000)
def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.lower())
    return "".join(char for char in apart if not unicodedata.combining(char))
