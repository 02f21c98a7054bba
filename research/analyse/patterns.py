"""Entities that have a shape of their own: e-mail addresses, phone numbers, roles."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from research.model.finding import Mention
from research.text.hashing import short_id

EMAIL: Final = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}")
_LONGEST_WORD: Final = 40  # letters of a word of a title, hyphens included
_WORD: Final = re.compile(r"\w+")
_PHONE_SHAPE: Final = re.compile(r"\+?\(?\d[\d\s().\-/·]{6,}\d")


@cache
def role_words() -> dict[str, frozenset[str]]:
    """The words of job titles by their place in a title: `heads`, `premodifiers`, `abbreviations`."""
    import tomllib

    data = tomllib.loads((files("corpora") / "lexicons" / "roles.toml").read_text(encoding="utf-8"))
    return {key: frozenset(values) for key, values in data.items()}


@cache
def role_words_digest() -> str:
    """A short hash of the words of job titles."""
    return short_id(*((key, sorted(words)) for key, words in sorted(role_words().items())))


@cache
def role_pattern() -> re.Pattern[str]:
    """Job titles in running text: premodifiers, a head, and `of/for …` behind it, joined by `and`, `&` or a comma."""
    words = role_words()
    heads = "|".join(sorted(map(re.escape, words["heads"]), key=len, reverse=True))
    before = "|".join(sorted(map(re.escape, words["premodifiers"]), key=len, reverse=True))
    short = "|".join(sorted(map(re.escape, words["abbreviations"]), key=len, reverse=True))
    cap = r"(?:[A-Z][\w&/\-]*|of|and|the|&|,(?=\s[A-Z]))"
    # A word ends where white space does, or once at a hyphen before the head: were each hyphen of a chain an end, a
    # chain of a hundred would be cut in more ways than can be tried.
    word = rf"(?:(?:{before})(?:-(?:{before}))*|[A-Z][\w\-]{{0,{_LONGEST_WORD}}}\w)"
    one = (
        rf"(?:(?:{word}-*\s[\s\-]*){{0,5}}(?:{word}-+)?(?i:{heads})\b(?:(?:\s?,)?\s+(?:of|for)\s+(?:the\s+)?[A-Za-z][\w&\-]*"
        rf"(?:\s+{cap}){{0,5}})?|\b(?:{short})\b)"
    )
    return re.compile(rf"(?<![\w@.]){one}(?:\s*(?:,|and|&|/)\s*{one}){{0,3}}")


def has_role(text: str) -> bool:
    """Whether a job title's head stands in `text`."""
    return not _head_words().isdisjoint(_WORD.findall(text.lower())) and _head().search(text) is not None


@cache
def _head_words() -> frozenset[str]:
    """The first words of heads and abbreviations: few sentences hold one, and words are quicker asked than the
    pattern."""
    words = role_words()
    return frozenset(_WORD.findall(head.lower())[0] for head in words["heads"] | words["abbreviations"])


@cache
def _head() -> re.Pattern[str]:
    words = role_words()
    heads = "|".join(map(re.escape, words["heads"]))
    short = "|".join(map(re.escape, words["abbreviations"]))
    return re.compile(rf"\b(?:(?i:{heads})|{short})\b")


def pattern_mentions(text: str) -> list[Mention]:
    """E-mail addresses, phone numbers and roles of `text`, in order."""
    found = [_mention("email", m.start(), m.group()) for m in EMAIL.finditer(text)] if "@" in text else []
    if _PHONE_SHAPE.search(text):
        found.extend(_phones(text))
    if has_role(text):
        found.extend(_mention("role", m.start(), m.group()) for m in role_pattern().finditer(text))
    return sorted(found, key=lambda m: m.start)


def _phones(text: str) -> list[Mention]:
    import phonenumbers

    matcher = phonenumbers.PhoneNumberMatcher(text, "US", leniency=phonenumbers.Leniency.POSSIBLE)
    return [
        _mention("phone", match.start, match.raw_string)
        for match in matcher
        if len(re.sub(r"\D", "", match.raw_string)) >= 8 and not _is_date(match.raw_string)
    ]


def _is_date(text: str) -> bool:
    return (
        re.fullmatch(
            r"(?:19|20)\d\d[-/.\s]?\d\d?[-/.\s]?\d\d?|(?:19|20)\d\d\s*-\s*(?:19|20)\d\d|\d\d?[./]\d\d?[./](?:19|20)\d\d",
            text,
        )
        is not None
    )


def _mention(label: str, start: int, text: str) -> Mention:
    clean = text.strip()
    lead = len(text) - len(text.lstrip())
    return Mention(label=label, text=clean, start=start + lead, end=start + lead + len(clean))
