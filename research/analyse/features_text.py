"""Tokens, n-grams and cue classes: what the feature sets of sentences and of relations have in common."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import NamedTuple

Features = Mapping[str, float]
"""Feature values by name; a name is `block=value`, and a model weighs each block on its own."""

_TOKEN = re.compile(r"[^\W_]+(?:['’.\-&][^\W_]+)*|[^\w\s]")
_PLAIN = re.compile(r"([a-z]*)(.?)")
_GROUP = re.compile(r"\([^()]*\)|\[[^\]]*\]")
_MAYBE = frozenset("?*{")
_DIGITS = re.compile(r"\d+(?:[.,]\d+)*")


class Token(NamedTuple):
    """One token: `key` in lower case with numbers as 0, and where it stands in its text."""

    key: str
    start: int
    end: int
    title: bool  # begins with a capital letter or a digit


class Cue(NamedTuple):
    """A cue class found at tokens `first:last`."""

    name: str
    first: int
    last: int


@lru_cache(maxsize=100_000)
def _key(raw: str) -> str:
    """A word as a token's key: lower case, numbers as 0."""
    return _DIGITS.sub("0", raw.lower().replace("’", "'"))


@lru_cache(maxsize=4096)  # a sentence is looked at by itself, as a neighbour on both sides, and for its cues
def tokenize(text: str) -> tuple[Token, ...]:
    """Words (with inner hyphens and apostrophes) and single marks, in order."""
    return tuple(
        Token(_key(match[0]), match.start(), match.end(), match[0][0].isupper() or match[0][0].isdigit())
        for match in _TOKEN.finditer(text)
    )


def ngrams(keys: Sequence[str], low: int, high: int) -> Iterator[str]:
    """All runs of `low` to `high` keys, joined by blanks."""
    for size in range(low, high + 1):
        for start in range(len(keys) - size + 1):
            yield " ".join(keys[start : start + size])


def count(block: str, names: Iterable[str], into: dict[str, float]) -> None:
    """Adds one to `block=name` for every name."""
    for name in names:
        feature = f"{block}={name}"
        into[feature] = into.get(feature, 0.0) + 1.0


@dataclass(frozen=True, slots=True)
class _Pattern:
    name: str
    head: str
    tail: tuple[str | None, ...]  # None: at most one token of any kind


class Lexicon:
    """Cue classes of one lexicon file, matched over tokens; a word's own matches are remembered."""

    def __init__(self, patterns: Iterable[_Pattern]) -> None:
        self._patterns = tuple(patterns)
        self._starting: dict[str, tuple[_Pattern, ...]] = {}
        heads = dict.fromkeys(pattern.head for pattern in self._patterns)
        self._any = re.compile("|".join(f"(?:{head})" for head in heads) or r"(?!)")
        self._by_letter: dict[str, list[int]] = {}
        for at, pattern in enumerate(self._patterns):
            self._by_letter.setdefault(_beginning(pattern.head)[:1], []).append(at)

    def _starts(self, key: str) -> tuple[_Pattern, ...]:
        found = self._starting.get(key)
        if found is None:  # most words begin no cue: one question tells, before each pattern is asked
            begun = {at for letter in ("", key[:1]) for at in self._by_letter.get(letter, ())}
            asked = [self._patterns[at] for at in sorted(begun)] if self._any.fullmatch(key) else []
            found = self._starting[key] = tuple(p for p in asked if _matches(p.head, key))
        return found

    def find(self, tokens: Sequence[Token]) -> tuple[Cue, ...]:
        """Every cue in order of its first token; one class counts once a start."""
        cues: list[Cue] = []
        for first, token in enumerate(tokens):
            ends: dict[str, int] = {}
            for pattern in self._starts(token.key):
                last = _match_tail(pattern.tail, tokens, first + 1)
                if last:
                    ends[pattern.name] = max(last, ends.get(pattern.name, 0))
            cues.extend(Cue(name, first, last) for name, last in ends.items())
        return tuple(cues)


def _matches(pattern: str, key: str) -> bool:
    """Whether a word is what the pattern says; a pattern is compiled when a word begins as it does."""
    return key.startswith(_beginning(pattern)) and _compiled(pattern).fullmatch(key) is not None


@cache
def _beginning(pattern: str) -> str:
    """Plain letters that whatever matches must begin with."""
    plain, following = _PLAIN.match(pattern).groups()  # type: ignore[union-attr]  # matches anything
    if "|" in _GROUP.sub("", pattern) or "\\" in pattern:  # a choice of wholes, or one that cannot be told by its marks
        return ""
    return plain[:-1] if following in _MAYBE else plain


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _match_tail(tail: Sequence[str | None], tokens: Sequence[Token], at: int) -> int:
    """The token index behind the match of `tail` from `at` on, or 0."""
    if not tail:
        return at
    if tail[0] is None:
        return _match_tail(tail[1:], tokens, at) or _match_tail(tail[1:], tokens, at + 1)
    if at < len(tokens) and _matches(tail[0], tokens[at].key):
        return _match_tail(tail[1:], tokens, at + 1)
    return 0


@cache
def lexicon(name: str) -> Lexicon:
    """The lexicon `corpora/lexicons/NAME.toml`: tables of `class = [patterns]`; a class is named `table.class`."""
    tables = tomllib.loads((files("corpora") / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))
    return Lexicon(
        _pattern(f"{table}.{cue}", entry)
        for table, classes in tables.items()
        for cue, entries in classes.items()
        for entry in entries
    )


def _pattern(name: str, entry: str) -> _Pattern:
    head, *tail = entry.split(" ")
    return _Pattern(name, head, tuple(None if part == ".." else part for part in tail))
