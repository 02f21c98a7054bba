"""Which findings say nearly the same, and which new one has taken the place of one that lapsed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import ceil
from typing import Final

from research.model.finding import Finding
from research.text.names import company_key, fold

ALIKE: Final = 0.7  # share of common stems from which two phrases are one: as `resolve/repeats.py` found on three sites
FOLLOWS: Final = 0.4  # the same beside a common page, where one of the two has gone: a reworded sentence
_STEM: Final = 5  # letters, where inflected forms of English words mostly meet
_SMALL: Final = frozenset(
    "a an the of for and to in on at its our their we us it with by from as is are has have had this that will".split()
)
_SUBJECT: Final = ("company", "name", "place", "phrase", "summary", "value")
_FIGURE: Final = re.compile(r"\d[\d,.]*\d|\d")


def subject(finding: Finding) -> str:
    """What a finding is about: the company, name, place, phrase or value that it states."""
    return next((finding.text(name) for name in _SUBJECT if finding.text(name)), "")


@lru_cache(maxsize=32768)
def stems(text: str) -> frozenset[str]:
    """The content words of a text cut to their stems; figures stay whole."""
    return frozenset(word if word.isdigit() else word[:_STEM] for word in fold(text).split() if word not in _SMALL)


def alike(one: str, other: str, share: float = ALIKE) -> bool:
    """Whether two texts say nearly the same: most of their stems are common, and neither has another figure."""
    if set(_FIGURE.findall(one)) != set(_FIGURE.findall(other)) and share >= ALIKE:
        return False
    return _overlap(stems(one), stems(other)) >= share


def same_subject(one: Finding, other: Finding) -> bool:
    """Whether two findings are of one kind and about one thing: the same company, person, place or field."""
    if one.kind != other.kind:
        return False
    if one.kind in ("relation", "presence"):
        return company_key(one.text("company")) == company_key(other.text("company"))
    if one.kind == "fact":
        return one.text("field") == other.text("field") and alike(subject(one), subject(other))
    if one.kind in ("signal", "event"):
        return alike(subject(one), subject(other))
    return fold(subject(one)) == fold(subject(other))


def near_duplicates(findings: Sequence[Finding]) -> dict[str, tuple[str, ...]]:
    """By finding, in the order given, those behind it that are about the same; each finding stands once."""
    words = {f.id: stems(subject(f)) for f in findings}
    having: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        for stem in words[finding.id]:
            having.setdefault((finding.kind, stem), []).append(finding)
    taken: set[str] = set()
    groups: dict[str, tuple[str, ...]] = {}
    for finding in findings:
        if finding.id in taken:
            continue
        near = [f for f in _near(finding, words, having) if f.id not in taken and same_subject(finding, f)]
        taken.update((finding.id, *(f.id for f in near)))
        groups[finding.id] = tuple(f.id for f in near)
    return groups


def successors(
    gone: Iterable[Finding], present: Sequence[Finding], pages: Mapping[str, str]
) -> dict[str, tuple[Finding, ...]]:
    """By present finding, the lapsed ones whose place it has taken: of one kind, on one page, first seen when they were
    seen no more, and about the same thing in other words. `pages` gives the address of each document; each lapsed
    finding has one successor at most."""
    by_place: dict[tuple[str, str], list[Finding]] = {}
    for finding in present:
        for url in _addresses(finding, pages):
            by_place.setdefault((finding.kind, url), []).append(finding)
    found: dict[str, tuple[Finding, ...]] = {}
    for lapsed in gone:
        near = {f.id: f for url in _addresses(lapsed, pages) for f in by_place.get((lapsed.kind, url), ())}
        rated = [(_likeness(lapsed, f), f.id) for f in near.values() if f.first_seen > lapsed.last_seen]
        likeness, best = max(rated, default=(0.0, ""))
        if likeness >= FOLLOWS:
            found[best] = (*found.get(best, ()), lapsed)
    return found


def _likeness(lapsed: Finding, finding: Finding) -> float:
    if lapsed.kind == "fact":
        return 1.0 if lapsed.text("field") == finding.text("field") else 0.0
    if lapsed.kind == "signal" and lapsed.text("type") != finding.text("type"):
        return 0.0
    return 1.0 if same_subject(lapsed, finding) else _overlap(stems(subject(lapsed)), stems(subject(finding)))


def _addresses(finding: Finding, pages: Mapping[str, str]) -> set[str]:
    return {pages[e.document_id] for e in finding.evidence if e.document_id in pages}


def _near(
    finding: Finding, words: Mapping[str, frozenset[str]], having: Mapping[tuple[str, str], list[Finding]]
) -> list[Finding]:
    """Other findings of the kind with nearly the same stems, in their order.

    Two sets that share ALIKE of their stems share one of the rarest n - ⌈ALIKE·n⌉ + 1 of the first (prefix filter of
    Chaudhuri, Ganti and Kaushik, 2006), so that the others need no look.
    """
    own = words[finding.id]
    groups = sorted((having[finding.kind, stem] for stem in own), key=len)
    telling = groups[: len(own) - ceil(ALIKE * len(own)) + 1]
    near = {f.id: f for group in telling for f in group if f.id != finding.id}
    longest, shortest = len(own) / ALIKE, len(own) * ALIKE
    return [f for f in near.values() if shortest <= len(words[f.id]) <= longest and _overlap(own, words[f.id]) >= ALIKE]


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(1, len(one | other))
