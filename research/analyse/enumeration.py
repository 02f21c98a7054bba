"""Enumerations of company names (`A, Inc., or A, B Corporation (C) and D`), by capitals and legal forms."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from research.text.names import company_key, fold

Named = tuple[int, int, str]

_LEGAL: Final = (
    r"(?:Inc|Incorporated|Corp|Corporation|Co|Company|Companies|Ltd|Limited|LLC|L\.L\.C|LLP|LP|L\.P|PLC"
    r"|plc|P\.L\.C|GmbH|AG|A\.G|SE|S\.E|SA|S\.A|S\.A\.S|SAS"
    r"|S\.p\.A|SpA|N\.V|NV|B\.V|BV|Oyj|AB|ASA|AS|A/S|K\.K|KGaA|Pty|N\.A|S\.à\s?r\.l|Holdings?|Group)"
)
_WORD: Final = (
    r"(?:(?:[A-Z]\.)+(?:[A-Z]\b)?|[A-Z0-9][\w’'&+!-]*(?:\.(?:com|ai|io|net|org))?|[a-z]{1,2}[A-Z][\w-]*)[®™]?"
)
_INNER: Final = r"(?:\s+(?:of|the|de|du|da|del|della|van|von|for|&|y|e)(?:\s+the)?)?"
_NAME: Final = re.compile(rf"{_WORD}(?:(?:{_INNER}\s+|\s?/\s?|\s&\s){_WORD})*(?:,?\s+(?:{_LEGAL})\b\.?)*")
_ABBREVIATED: Final = re.compile(
    r"\b(?:Inc|Corp|Co|Ltd|Bros|L\.L\.C|L\.P|N\.V|S\.A|A\.G|N\.A|S\.p\.A|P\.L\.C|B\.V|S\.E)$"
)
_SUFFIXES: Final = re.compile(rf"(?:,?\s+(?:{_LEGAL})\b\.?)+")
_LOWER_NAME: Final = re.compile(
    r"[a-z]{4,}(?:\s[a-z]{3,})?(?P<legal>,?\s+(?:Inc|Corp|Ltd|LLC|AG|SE|plc)\b\.?)?(?=\s*(?:,|;|\band\b|\bor\b|$))"
)
_SEPARATOR: Final = re.compile(
    r"\s*(?:[,;]\s*(?:(?:and|or|as\s+well\s+as|along\s+with|plus)\b|&)?\s*|\s(?:and|or|as\s+well\s+as"
    r"|along\s+with|&)\s+|\s?/\s?)(?:to\s+a\s+lesser\s+extent,?\s*|also\s+|both\s+)?",
    re.IGNORECASE,
)
_ASIDE: Final = re.compile(r"\s*[(\[](?P<words>[^()\[\]]*)[)\]]")
_ALIAS: Final = re.compile(
    rf"\s*,?\s*(?:or|dba|d/b/a|doing\s+business\s+as|formerly(?:\s+known\s+as)?|f/k/a|also\s+known\s+as)\s+"
    rf"(?:the\s+)?[“\"]?(?P<name>{_WORD}(?:\s+{_WORD})*|[a-z]{{4,}}(?=[,;.]))[”\"]?"
)
_OPENER: Final = re.compile(
    r"(?:(?:companies|firms|products|brands|offerings|those|services|competitors|entities)\s+(?:like|from"
    r"|of|offered\s+by|such\s+as)\s+|the\s+likes\s+of\s+|the\s+|both\s+|either\s+|primarily\s+"
    r"|principally\s+|mainly\s+|\(?(?:[ivx]+|[a-z\d])\)\s+)",
    re.IGNORECASE,
)
_OWNED: Final = re.compile(
    r"(?:[\w-]{1,60}\s+){0,5}?(?:divisions?|units?|subsidiar(?:y|ies)|products|offerings|services|brands"
    r"|solutions|systems)\s+(?:of|from|by|(?:offered|marketed|sold|made|manufactured|developed|produced"
    r"|provided)\s+by)\s+(?:[a-z][\w-]*\s+){0,6}?(?:such\s+as\s+)?(?=[A-Z])"
    r"|(?:[a-z][\w-]*\s+){1,5}?(?:from|(?:made|sold|marketed|offered)\s+by)\s+(?=[A-Z])"
)
_OTHERS_LAST: Final = re.compile(
    r",?\s+(?:and|or|as\s+well\s+as)\s+(?:several|many|other|various|numerous|a\s+number\s+"
    r"of)\s[a-z ,-]{3,80}$"
)
_CLAUSE: Final = re.compile(
    r"(?:we|our|it|its|they|their|which|who|whom|that|this|these|those|there|is|are|was|were|has|have|had"
    r"|may|might|will|would|can|could|should|do|does|as|if|when|while"
    r"|because|although|though|since|but|in|on|at|for|by|with|from|to|under|through|many|most|some|each"
    r"|all|any|where|among|including|such|however)\b",
    re.IGNORECASE,
)
# What may follow a name that stands for its company; after any other word it is part of a phrase ("BTK inhibitors").
_AFTER: Final = re.compile(
    r"\s*(?:$|[,;.:)(\]—–!?”\"]|-\s|\b(?:and|or|as|in|for|with|among|that|which|who|whose|to|by|on|at|each"
    r"|all|both|have|has|had|are|is|was|were|may|might|will|would|can|could"
    r"|also|from|through|under|of|do|does|offers?|provides?|sells?|operates?|compet\w+|continues?|recently"
    r"|currently|could|plus|when|where|while|but|via|into|based|own|owns|along|"
    r"announced|launched|entered|introduced|began|develops|markets|manufactures|represents|remains|became"
    r"|over|due|than|since|within|across|outside|among|already|not)\b)",
    re.IGNORECASE,
)
_GENERIC_END: Final = re.compile(
    r"(?:ers|ors|ies|ions|ents|ants|ists|anks|ores|ices|als|ings|ucts|ands|oads|asses|ands|ies|ets|ines"
    r"|ods|ows|ours|tic|ing|ed|ly|al|ive|ary|ous|able|er|or|ional|ment)$"
)
_QUALIFIER: Final = re.compile(
    r"\s(?:for|in|with|on|at|through|via)\s(?:(?!\b(?:which|that|who|we|our|is|are|may|has|have|and\s+"
    r"[A-Z])\b)[^,;:()]){2,70}(?=[,;])"
)
_VERB: Final = re.compile(
    r"\s+(?:compet\w+|is|are|has|have|will|may|can)\b"
)  # names behind a generic member are then a new clause's subject
_ENDS_SENTENCE: Final = re.compile(r"[.!?]\s+[A-Z]")


@dataclass(frozen=True, slots=True)
class _NotNames:
    whole: frozenset[str]
    first: frozenset[str]
    last: frozenset[str]


@cache
def _not_names() -> _NotNames:
    """Folded words that are capitalised in filings and are no company: as a whole, as its first word, as its last."""
    table = json.loads((files("corpora") / "lexicons" / "filing_not_companies.json").read_text(encoding="utf-8"))
    return _NotNames(
        *(frozenset(word for line in table[key] for word in line.split("|")) for key in ("whole", "first", "last"))
    )


def is_company_like(name: str) -> bool:
    """Whether a capitalised name can be a company's: no place, office, law, month, technology or common noun."""
    words = fold(name).split()
    table = _not_names()
    if re.fullmatch(r"[A-Z]{2,5}s", name) or "act" in words[1:]:
        return False  # a plural acronym is a kind of thing; an act is a law
    if not words or " ".join(words) in table.whole or words[0] in table.first or words[-1] in table.last:
        return False
    return any(map(str.isalpha, name)) and len(name) >= 2 and not re.fullmatch(r"\d+[a-z]?", name)


def names_after(text: str, at: int) -> list[Named]:
    """The company names of the enumeration that begins at `at`; generic members are passed over, a clause ends it."""
    found: list[Named] = []
    passed = 0
    while at < len(text) and passed <= 3:
        opener = _OPENER.match(text, at) or _OWNED.match(text, at)
        at = opener.end() if opener else at
        member = _member(text, at)
        if member is None:
            after = _generic(text, at)
            passed += not found
        else:
            end = _trailer(text, member[1], member[2])
            if is_company_like(member[2]) and _AFTER.match(text, end):
                found.append(member)
            separator = _SEPARATOR.match(text, _qualified(text, end))
            after = separator.end() if separator else None
        if after is None:
            break
        at = after
    return [] if passed and found and _VERB.match(text, found[-1][1]) else found


def names_at_head(text: str) -> list[Named]:
    """The names that a member of a list begins with: `Acme Inc. and Oxbow Corporation, through its cloud`."""
    listed = names_after(text, 0)
    if not listed:
        return []
    first = listed[0]
    alone = re.match(r"\s*(?:[,;.:(—–-]|and\b|or\b|$)", text[_trailer(text, first[1], first[2]) :])
    common = " " not in first[2] and _GENERIC_END.search(first[2].lower())
    return listed if first[0] == 0 and alone and not common else []


def names_before(text: str, end: int) -> list[Named]:
    """The company names of the enumeration that ends at `end`, as in "in many places A, Inc. and B are our rivals"."""
    members = [
        (member, _trailer(text, member[1], member[2]))
        for match in _NAME.finditer(text, 0, end)
        if (member := _member(text, match.start()))
    ]
    chain: list[Named] = []
    right = end
    for member, after in reversed(members):
        gap = text[after:right]
        gap = gap if chain else _OTHERS_LAST.sub("", gap)
        if after > right or not (_SEPARATOR.fullmatch(gap) if chain else not gap.strip(" ,")):
            break
        chain.insert(0, member)
        right = member[0]
    return [(a, b, name) for a, b, name in chain if is_company_like(name) and not _opens_sentence(a, name)]


def _opens_sentence(start: int, name: str) -> bool:
    """Whether a single word owes its capital to the sentence that it opens ("Retailers compete with us")."""
    return start == 0 and " " not in name and bool(_GENERIC_END.search(name.lower()))


def _member(text: str, at: int) -> Named | None:
    """The name that stands at `at`; one in lower case counts where the next member is a name with a capital."""
    match = _NAME.match(text, at)
    if match:
        words = re.sub(r"[’']s?$", "", match[0].rstrip())
        if text[at + len(words) : at + len(words) + 1] == "." and _ABBREVIATED.search(words):
            more = _SUFFIXES.match(text, at + len(words) + 1)  # "Quill Co., Ltd."
            words = text[at : more.end() if more else at + len(words) + 1]
        return at, at + len(words), words
    lower = _LOWER_NAME.match(text, at)
    if lower is None or _CLAUSE.match(lower[0]):
        return None
    separator = _SEPARATOR.match(text, lower.end())
    before_name = separator and (following := _NAME.match(text, separator.end())) and is_company_like(following[0])
    common = any(_GENERIC_END.search(word) for word in lower[0].split())
    return (at, lower.end(), lower[0]) if lower["legal"] or (before_name and not common) else None


def _qualified(text: str, end: int) -> int:
    """Where a member ends with the phrase that narrows it: `Android for smartphones and tablets, Windows for …`."""
    phrase = _QUALIFIER.match(text, end)
    return phrase.end() if phrase else end


def _trailer(text: str, end: int, name: str) -> int:
    """Where a member ends, with the asides and other names that belong to it: `(Google)`, `, or AMD`, `®`."""
    while True:
        aside = _ASIDE.match(text, end)
        alias = _ALIAS.match(text, end)
        if aside:
            end = aside.end()
        elif alias and _is_alias(alias["name"], name, strong=not re.match(r"\s*,?\s*or\b", alias[0])):
            end = alias.end()
        elif text[end : end + 2] in ("’s", "'s"):
            end += 2
        elif end < len(text) and text[end] in "®™*":
            end += 1
        else:
            return end


def _is_alias(short: str, name: str, *, strong: bool) -> bool:
    """Whether "or X" gives another name of the same company: a part of it, or capitals in their order."""
    one, full = company_key(short), company_key(name)
    if strong or full.startswith(one) or one in full.split():
        return True
    letters = iter(name.upper())
    return short.isupper() and len(short) <= 5 and all(letter in letters for letter in short)


def _generic(text: str, at: int) -> int | None:
    """Where the next member begins after a generic one ("regional banks, "); None where a clause begins or all ends."""
    if _CLAUSE.match(text, at):
        return None
    stop = _ENDS_SENTENCE.search(text, at)
    limit = min(stop.start() if stop else len(text), at + 140)
    separator = re.compile(r"[,;]\s*(?:and\s+|or\s+)?|\s(?:and|or)\s+|\s(?:such\s+as|including|like)\s+").search(
        text, at, limit
    )
    return separator.end() if separator else None
