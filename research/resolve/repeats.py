"""One happening told many times is one signal: `recall of KV-220 sensors`, `we recalled 11,400 KV-220 sensors`."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from research.model.document import Document
from research.model.finding import Finding, Value
from research.resolve.keys import phrase_key
from research.resolve.merge import join

_CODE: Final = re.compile(r"\b(?=[\w-]{0,60}[A-Z])(?=[\w-]{0,60}\d)[A-Z0-9][\w-]{2,60}\b|\d[\d,.]*\d")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
_DATE: Final = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\s+\d+"
)
_STEM: Final = 5  # letters, where inflected forms of English words mostly meet
# Read on the sample, two sites and a filing: a telling figure and a part of the words, or nearly all words alike.
_BESIDE_FIGURE, _SHARE, _ALIKE, _FEWEST = 2, 0.4, 0.7, 4
_TELLING: Final = 8  # signals: a figure or code that stands in more of them is a name of the trade
_FRAGMENT, _ONE_SENTENCE = 4, 320  # words of a phrase that says little by itself; letters of a sentence of one thing
_EMPTY: Final = frozenset(
    "we our us it its that this will would could may might can cannot also such other more".split()
)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a signal says, for comparison: who with what, its telling figures and codes, the stems of its words."""

    of: tuple[Value, Value]
    figures: frozenset[str]
    stems: frozenset[str]


def fold_signals(findings: Sequence[Finding], documents: Mapping[str, Document]) -> tuple[Finding, ...]:
    """Signals of one type and holder that tell one happening become the surest of them, with the others' evidence."""
    kept: list[Finding] = []
    known = _Known()
    each = _telling({f.id: _told(f, documents) for f in findings if f.kind == "signal"})
    for finding in sorted(findings, key=lambda f: (f.kind, -f.confidence, f.id)):
        what = each.get(finding.id)
        twin = known.first_like(what) if what else None
        if twin is None:
            kept.append(finding)
        else:
            kept[twin] = join(kept[twin], finding)
        if what:
            known.add(what, len(kept) - 1 if twin is None else twin)
    return tuple(kept)


class _Known:
    """What was told so far and in which place it is kept, by its words: only what shares two can be the same."""

    def __init__(self) -> None:
        self._each: list[tuple[int, _Told]] = []
        self._holding: defaultdict[tuple[tuple[Value, Value], str], list[int]] = defaultdict(list)

    def add(self, what: _Told, place: int) -> None:
        """Keep what is told in a place, beside what is there already."""
        for stem in what.stems:
            self._holding[what.of, stem].append(len(self._each))
        self._each.append((place, what))

    def first_like(self, what: _Told) -> int | None:
        """The first place in which the same is told, None where there is none."""
        shared = Counter(chain.from_iterable(self._holding.get((what.of, stem), ()) for stem in what.stems))
        near = (self._each[at] for at, words in shared.items() if words >= _BESIDE_FIGURE)
        return min((place for place, other in near if _same(what, other)), default=None)


def _telling(each: Mapping[str, _Told]) -> dict[str, _Told]:
    """The same without figures that stand in many signals: the account's name with a digit, a product of its trade."""
    counts = Counter(figure for what in each.values() for figure in what.figures)
    common = {figure for figure, count in counts.items() if count > _TELLING}
    return {key: replace(what, figures=what.figures - common) for key, what in each.items()}


def _told(finding: Finding, documents: Mapping[str, Document]) -> _Told:
    first = finding.evidence[0]
    quote = documents[first.document_id].text[first.start : first.end]
    phrase = finding.text("phrase")
    # A short sentence is the happening as a whole; of a long one only the phrase is.
    short = 2 * len(phrase) + 80 if len(phrase.split()) > _FRAGMENT else _ONE_SENTENCE
    said = quote if len(quote) <= short else phrase
    figures = {re.sub(r"[,.]+$", "", m) for m in _CODE.findall(_DATE.sub(" ", said))}
    stems = {word[:_STEM] for word in phrase_key(said).split() if not word.isdigit() and word not in _EMPTY}
    return _Told(
        of=(finding.get("type"), finding.get("holder")),
        figures=frozenset(f for f in figures if len(f) > 2 and not _YEAR.fullmatch(f)),
        stems=frozenset(stems),
    )


def _same(one: _Told, other: _Told) -> bool:
    shared = one.stems & other.stems
    if one.figures & other.figures:
        return len(shared) >= max(_BESIDE_FIGURE, _SHARE * min(len(one.stems), len(other.stems)))
    if one.figures and other.figures:
        return False  # alike in words, and telling two figures apart
    fewer = min(len(one.stems), len(other.stems))
    # The shorter lies within the longer: where each has a word of its own, they may tell two things apart.
    return len(shared) == fewer >= max(_FEWEST, _ALIKE * max(len(one.stems), len(other.stems)))
