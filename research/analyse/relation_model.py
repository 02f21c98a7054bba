"""What a relation classifier sees of one pair of companies in a sentence: what stands between and around them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from research.analyse.features_text import Cue, Features, Token, count, lexicon, ngrams, tokenize

LEXICON = "relation_triggers"
RELATIONS = (
    "competitor",
    "customer",
    "partner",
    "supplier",
    "investor",
    "acquired",
    "subsidiary",
    "parent",
    "product",
    "other",
    "none",
)
"""What `object` may be to `subject`; `none` says that the sentence states no relation."""

INVERSE = {
    "competitor": "competitor",
    "partner": "partner",
    "customer": "supplier",
    "supplier": "customer",
    "subsidiary": "parent",
    "parent": "subsidiary",
    "none": "none",
    "other": "other",
}
"""The same relation seen from the other side, where it has a name; `investor`, `acquired`, `product` have none."""

SUBJECT, OBJECT, NAME = "@s", "@o", "@name"
_SELF = re.compile(r"\b(we|our|us|the company(?:['’]s)?|its)\b", re.IGNORECASE)
_SELVES = frozenset({"we", "our", "us", "the company", "the company's", "the firm"})
_AROUND = 6  # tokens beside each name
_REACH = 28  # tokens on either side of the pair that are read at all
_NO_NAME = frozenset(
    "the a an in on at of for we our it its they this these and or if as by with from after he she".split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two names as they stand in `sentence`; `subject` may be "we" or "the company" and need not occur itself."""

    sentence: str
    subject: str
    object: str
    title: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Placed:
    """The sentence as keys with the pair marked; -1 where a name does not occur."""

    keys: tuple[str, ...]
    tokens: tuple[Token, ...]
    subject: int
    object: int


def relation_features(pair: Pair) -> Features:
    """The features of one pair."""
    placed = _place(pair)
    low, high = sorted((max(placed.subject, 0), max(placed.object, 0)))
    window = placed.keys[max(0, low - _REACH) : high + _REACH]
    order = _order(placed)
    between = placed.keys[low + 1 : high] if placed.subject >= 0 <= placed.object else ()
    out: dict[str, float] = {}
    count("w", ngrams(window, 1, 3), out)
    count("b", (f"{order} {gram}" for gram in ngrams(_ends(between), 1, 3)), out)
    count("o", _around("o", placed.keys, placed.object), out)
    count("s", _around("s", placed.keys, placed.subject), out)
    count("f", _flags(pair, placed, order, between), out)
    return out


def _ends(between: Sequence[str], reach: int = 12) -> Sequence[str]:
    """What stands between, its middle left out where it is long."""
    return between if len(between) <= 2 * reach else (*between[:reach], "@gap", *between[-reach:])


def _order(placed: _Placed) -> str:
    if placed.subject < 0 or placed.object < 0:
        return "alone"
    return "so" if placed.subject < placed.object else "os"


def _place(pair: Pair) -> _Placed:
    subject, target = spans_of(pair)
    tokens = tokenize(pair.sentence)
    keys: list[str] = []
    kept: list[Token] = []
    for token in tokens:
        mark = _mark(token, subject, target)
        if mark == NAME and keys and keys[-1] == NAME and kept[-1].end == token.start - 1:
            continue
        if mark in (SUBJECT, OBJECT) and keys and keys[-1] == mark:
            continue
        keys.append(mark)
        kept.append(token)
    return _Placed(tuple(keys), tuple(kept), _find(keys, SUBJECT), _find(keys, OBJECT))


def _find(keys: Sequence[str], mark: str) -> int:
    return keys.index(mark) if mark in keys else -1


def _mark(token: Token, subject: tuple[int, int] | None, target: tuple[int, int] | None) -> str:
    for span, mark in ((subject, SUBJECT), (target, OBJECT)):
        if span and span[0] <= token.start < span[1]:
            return mark
    named = token.title and token.key[:1].isalpha() and token.key not in _NO_NAME and token.start > 0
    return NAME if named else token.key


def spans_of(pair: Pair) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The occurrences of both names that stand nearest to one another."""
    targets = _occurrences(pair.sentence, pair.object)
    subjects = _occurrences(pair.sentence, pair.subject)
    if not subjects and pair.subject.lower() in _SELVES:
        subjects = [match.span() for match in _SELF.finditer(pair.sentence)]
    free = [(s, t) for s in subjects for t in targets if s[1] <= t[0] or t[1] <= s[0]]
    if free:
        return min(free, key=lambda both: max(both[1][0] - both[0][1], both[0][0] - both[1][1]))
    return (subjects[0] if subjects and not targets else None), (targets[0] if targets else None)


def _occurrences(sentence: str, name: str) -> list[tuple[int, int]]:
    core = r"\s+".join(re.escape(part) for part in name.strip(" ,.;").split())
    if not core:
        return []
    exact = [m.span() for m in re.finditer(rf"(?<!\w){core}(?!\w)", sentence)]
    return exact or [m.span() for m in re.finditer(rf"(?<!\w){core}(?!\w)", sentence, re.IGNORECASE)]


def _around(side: str, keys: Sequence[str], at: int) -> Iterator[str]:
    if at < 0:
        return
    left, right = list(keys[max(0, at - _AROUND) : at]), list(keys[at + 1 : at + 1 + _AROUND])
    yield from (f"{side}l{min(i, 3)} {key}" for i, key in enumerate(reversed(left), 1))
    yield from (f"{side}r{min(i, 3)} {key}" for i, key in enumerate(right, 1))
    yield from (f"{side}l {' '.join(left[-size:])}" for size in (2, 3) if len(left) >= size)
    yield from (f"{side}r {' '.join(right[:size])}" for size in (2, 3) if len(right) >= size)


def _flags(pair: Pair, placed: _Placed, order: str, between: Sequence[str]) -> Iterator[str]:
    yield f"order {order}"
    yield f"gap {order} {min(len(between) // 3, 8)}"
    yield f"subject {_form(pair.subject)}"
    yield f"object {_form(pair.object)}"
    yield f"forms {_form(pair.subject)} {_form(pair.object)}"
    if any(key in (".", "?", "!") for key in between):
        yield "across sentences"
    yield f"names between {min(sum(key == NAME for key in between), 4)}"
    yield f"listed {_listed(placed)}"
    yield from _triggers(placed, order)


def _form(name: str) -> str:
    """How a name is written: a pronoun, a common noun, a name with its legal form, many words, …"""
    low = name.strip(" .,").lower()
    if low in ("it", "its", "they", "their", "he", "she", "we", "our", "us"):
        return low
    if not any(char.isupper() or char.isdigit() for char in name) or low.startswith(("the company", "the firm")):
        return "noun"
    if re.search(r"\b(inc|corp|corporation|ltd|llc|plc|gmbh|co|company|group|limited)\b", low):
        return "legal"
    if re.search(r"\b(ventures?|capital|partners|equity|fund|investments?|bank|university|exchange)\b", low):
        return "finance"
    return f"name{min(len(low.split()), 4)}"


def _listed(placed: _Placed) -> int:
    """How many names stand in one enumeration with the object."""
    if placed.object < 0:
        return 0
    found = 0
    for step in (-1, 1):
        at = placed.object + step
        while 0 <= at < len(placed.keys) and placed.keys[at] in (NAME, ",", "and", "or", "&", "(", ")", SUBJECT):
            found += placed.keys[at] == NAME
            at += step
    return min(found, 6)


def _triggers(placed: _Placed, order: str) -> Iterator[str]:
    cues = _cues(placed)
    for cue in cues:
        yield f"{cue.name}"
        yield f"{cue.name} {order} {_position(cue, placed)}"
    for name in sorted({cue.name for cue in cues}):
        near = min(abs(cue.first - placed.object) for cue in cues if cue.name == name) if placed.object >= 0 else 99
        if near <= 4:
            yield f"{name} near object {order}"
    nearest = min(cues, key=lambda cue: abs(cue.first - placed.object), default=None)
    if nearest:
        yield f"nearest {nearest.name} {order}"


def _cues(placed: _Placed) -> list[Cue]:
    marked = [token._replace(key=key) for token, key in zip(placed.tokens, placed.keys, strict=True)]
    return [cue for cue in lexicon(LEXICON).find(marked) if not cue.name.startswith("list.")]


def _position(cue: Cue, placed: _Placed) -> str:
    if placed.subject < 0 or placed.object < 0:
        return "before" if cue.first < placed.object else "after"
    low, high = sorted((placed.subject, placed.object))
    return "before" if cue.first < low else "between" if cue.first < high else "after"
