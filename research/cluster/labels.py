"""Names for groups of texts: noun-like phrases that occur verbatim in at least two of a group's texts."""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib.resources import files

from research.text.names import company_key

_TOKEN = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|[^\w\s]|\d+")
_LONGEST = 4  # words of a label
_MOSTLY = 0.6
_LY_NOUNS = frozenset({"supply", "family", "assembly", "anomaly", "monopoly", "early", "daily", "weekly", "monthly"})
_NOT_NOUN_ENDS = ("ly", "ing", "ed", "ous", "ive", "able", "ful", "ary", "ional", "cial", "ical", "mental", "atory")
_LONE = 0.12  # of a lone word's worth beside that of two: a reader asks "what about it?"
_LONE_SHARE = 0.2  # of a theme's texts that a lone word must stand in
_NAMED = 0.5  # of a proper name's worth: who is named in a theme is seldom what it is about


@cache
def _stops() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    text = (files("corpora") / "lexicons" / "signal_label_stops.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    never, edges, verbs = (frozenset(tables[name].split()) for name in ("never", "edges", "verbs"))
    return never, edges, verbs


@cache
def _barred() -> tuple[frozenset[str], frozenset[str]]:
    """Words that no label begins or ends with, and words of which alone none is made."""
    text = (files("corpora") / "lexicons" / "signal_label_stops.toml").read_text(encoding="utf-8")
    tables = tomllib.loads(text)
    return frozenset(tables["weak"].split()), frozenset(tables["generic"].split())


@lru_cache(maxsize=256)
def _own_words(names: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word for name in names for word in company_key(name).split() if len(word) > 2)


def content_words(text: str, account_names: Iterable[str]) -> list[str]:
    """The lower-case words of a text that carry meaning: no function words, not the account's name."""
    never, edges, _ = _stops()
    skip = never | edges | _own_words(tuple(account_names))
    words = re.findall(r"[a-z0-9#+]+", re.sub(r"['’]s\b", "", text.lower()))
    return [word for word in words if word not in skip and len(word) > 1 and not word.isdigit()]


def choose_labels(groups: Sequence[Sequence[str]], account_names: Iterable[str]) -> list[str]:
    """One label a group, no two alike; empty where no word stands in two of the group's texts."""
    names = tuple(account_names)
    counted = [_phrases(texts, names) for texts in groups]
    spread = Counter(phrase for phrases in counted for phrase in phrases)
    taken: set[str] = set()
    labels = []
    for texts, phrases in zip(groups, counted, strict=True):
        worth = {p: _worth(p, phrases[p], len(texts), spread[p], len(groups)) for p in phrases}
        ranked = sorted(phrases, key=lambda p: (_says_little(p, len(phrases[p]) / len(texts)), -worth[p], p))
        chosen = next((p for p in ranked if _stem(p) not in taken), "")
        if chosen:
            taken.add(_stem(chosen))
        labels.append(_surface(phrases[chosen]) if chosen else "")
    return labels


def _says_little(phrase: str, share: float) -> bool:
    """Whether a phrase is made of words only that every company's sentences have, or is a lone word that few of the
    texts have; it is a theme's last resort."""
    _, edges, _ = _stops()
    _, generic = _barred()
    lone = " " not in phrase
    return (lone and share < _LONE_SHARE) or all(word in generic or word in edges for word in phrase.split())


def _worth(phrase: str, forms: Sequence[str], texts: int, groups_with: int, groups: int) -> float:
    """Class-based tf-idf, times a preference for two or three words over one, and for things over names."""
    size = len(phrase.split())
    named = sum(all(word[0].isupper() for word in form.split() if len(word) > 3) for form in forms)
    preferred = (_LONE, 1.0, 1.1, 1.0)[size - 1] * (_NAMED if size > 1 and named > len(forms) / 2 else 1.0)
    return len(forms) / texts**0.5 * math.log(1 + groups / groups_with) * preferred


def _stem(phrase: str) -> str:
    return re.sub(r"(ies|es|s|y)\b", "", phrase)


def _phrases(texts: Sequence[str], names: tuple[str, ...]) -> dict[str, list[str]]:
    """Candidate (lower case) -> how it is written in each text that holds it, for those that two texts hold."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for text in dict.fromkeys(texts):
        written: dict[str, str] = {}
        for phrase in _candidates(text, names):
            written.setdefault(phrase.lower(), phrase)
        for key, phrase in written.items():
            found[key].append(phrase)
    return _whole({key: forms for key, forms in found.items() if len(forms) > 1})


def _whole(found: dict[str, list[str]]) -> dict[str, list[str]]:
    """Without those that stand, in most of their texts, inside one longer candidate."""
    inside = {
        part
        for phrase, forms in found.items()
        for part in _parts(phrase)
        if part in found and len(forms) >= _MOSTLY * len(found[part])
    }
    return {phrase: forms for phrase, forms in found.items() if phrase not in inside}


def _parts(phrase: str) -> Iterator[str]:
    words = phrase.split()
    for size in range(1, len(words)):
        for first in range(len(words) - size + 1):
            yield " ".join(words[first : first + size])


def _candidates(text: str, names: tuple[str, ...]) -> Iterator[str]:
    tokens = [(match[0], match.start(), match.end()) for match in _TOKEN.finditer(text)]
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + _LONGEST, len(tokens)) + 1):
            words = [token[0].lower() for token in tokens[first:last]]
            phrase = text[tokens[first][1] : tokens[last - 1][2]]
            cut = _cuts_name(tokens, first, last) or (last < len(tokens) and _goes_on(words, tokens[last][0]))
            if len(phrase.split()) == len(words) and not cut and _is_label(words, names):
                yield phrase


def _cuts_name(tokens: Sequence[tuple[str, int, int]], first: int, last: int) -> bool:
    """Whether a name goes on beyond the words: "Pinery Foods" of "Great Pinery Foods"."""
    before = tokens[first - 1] if first else None
    after = tokens[last] if last < len(tokens) else None
    large = [token is not None and token[0][0].isupper() for token in (before, tokens[first], tokens[last - 1], after)]
    touching = before is not None and tokens[first][1] - before[2] == 1 and first > 1
    return (large[0] and large[1] and touching) or (
        large[2] and large[3] and after is not None and after[1] - tokens[last - 1][2] == 1 and first > 0
    )


def _goes_on(words: Sequence[str], following: str) -> bool:
    """Whether a pair joined by "and" is cut before its last word: "tax and regulatory" of "tax and regulatory laws"."""
    never, edges, verbs = _stops()
    joined = "and" in words or "or" in words
    return joined and following[0].isalpha() and following.lower() not in never | edges | verbs


def _is_label(words: Sequence[str], names: tuple[str, ...]) -> bool:
    never, edges, verbs = _stops()
    banned = never | _own_words(names)
    if any(_bare(word) in banned or not word[0].isalpha() or "n’t" in word or "n't" in word for word in words):
        return False
    ends = {words[0], words[-1]}
    if ends & (edges | verbs | _barred()[0]) or any(word in verbs for word in words[1:-1]):
        return False
    if (
        (words[0].endswith("ly") and words[0] not in _LY_NOUNS)
        or (words[-1].endswith(_NOT_NOUN_ENDS) and words[-1] not in _LY_NOUNS)
        or len(words[-1]) < 3
    ):
        return False
    return len(words) > 1 or len(words[0]) > 3


def _bare(word: str) -> str:
    return re.sub(r"['’]s?$", "", word)


def _surface(forms: Sequence[str]) -> str:
    """The most frequent spelling, its first letter a capital."""
    best = min(Counter(forms).items(), key=lambda item: (-item[1], item[0]))[0]
    return best[0].upper() + best[1:]
