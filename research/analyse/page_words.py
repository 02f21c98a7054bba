"""What single words of a page may be: parts of names and titles, legal forms, places, streets."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from importlib.resources import files

from research.analyse.naming import given_names, not_names
from research.analyse.patterns import role_words
from research.text.names import LEGAL_SUFFIXES


@cache
def page_words() -> Mapping[str, frozenset[str]]:
    """The word lists of `corpora/lexicons/page_words.toml`."""
    return {key: frozenset(words) for key, words in tomllib.loads(_text("page_words.toml")).items()}


@cache
def page_titles() -> Mapping[str, frozenset[str]]:
    """The words of titles and about names of `corpora/lexicons/page_titles.toml`."""
    return {key: frozenset(words) for key, words in tomllib.loads(_text("page_titles.toml")).items()}


@cache
def surnames() -> frozenset[str]:
    """Frequent surnames, lower case."""
    return frozenset(word for line in _entries("surnames.txt") for word in line.split())


@cache
def cities() -> frozenset[str]:
    """Names of cities, folded."""
    return frozenset(_entries("cities.txt"))


@cache
def lexicon() -> Mapping[str, tuple[str, ...]]:
    """What each known word may be: part of a title, a legal form, a state, a street, a month."""
    words, roles, places = page_words(), role_words(), json.loads(_text("filing_places.json"))
    titles = page_titles()
    lists: tuple[tuple[str, Iterable[str]], ...] = (
        ("role", (_parts(roles["heads"]) | _parts(titles["heads"])) - words["weak_role_words"]),
        ("pre", _parts(roles["premodifiers"]) | {"chief", "vice"} | _parts(titles["before"])),
        ("func", _parts(titles["functions"]) - {"and", "of"}),
        ("hon", titles["honorifics"]),
        ("suffix", titles["suffixes"]),
        ("clevel", roles["abbreviations"]),
        ("legal", LEGAL_SUFFIXES),
        ("state", _split(places["states"]) - words["weak_place_words"]),
        ("country", _split(places["elsewhere"]) - words["weak_place_words"]),
        ("street", places["street_words"]),
        ("month", words["months"]),
        ("day", words["days"]),
        ("abbr", words["state_codes"]),
        ("plain", (words["plain"] | not_names()) - _parts(roles["heads"]) - _parts(roles["premodifiers"])),
    )
    found: dict[str, set[str]] = {}
    for mark, entries in lists:
        for word in entries:
            found.setdefault(word.lower().strip("."), set()).add(mark)
    return {word: tuple(sorted(marks)) for word, marks in found.items()}


def _parts(names: Iterable[str]) -> set[str]:
    return {part for name in names for part in re.findall(r"\w+", name)}


def _split(names: Iterable[str]) -> set[str]:
    return {part for name in names for part in name.split()}


def _text(name: str) -> str:
    return (files("corpora") / "lexicons" / name).read_text(encoding="utf-8")


def _entries(name: str) -> list[str]:
    return [line for line in _text(name).splitlines() if not line.startswith("#")]


@lru_cache(maxsize=65536)
def shape_of(text: str) -> str:
    """The pattern of a token: `Xx` a capital and small letters, `X` capitals, `x`, `d` digits, and mixtures."""
    if not text[0].isalnum():
        return text[0]
    if text.isdigit():
        return f"d{min(len(text), 6)}"
    if text.isupper():
        return "X1" if len(text) == 1 else "X2" if len(text) < 4 else "X"
    if text.islower():
        return "x"
    if text[0].isupper() and text[1:].islower():
        return "Xx"
    return "Xm" if text[0].isupper() else "m"


@lru_cache(maxsize=65536)
def marks_of(text: str, low: str) -> tuple[str, ...]:
    """What a word may be; the code of a state is one in capitals only."""
    marks = [mark for mark in lexicon().get(low, ()) if mark != "abbr" or text in page_words()["state_codes"]]
    marks += ["cred"] if text in page_titles()["credentials"] else []
    marks += [mark for mark, known in (("given", given_names()), ("sur", surnames())) if low in known]
    return tuple(marks)
