"""Two rewordings of one text brought together, and what differs between two texts; word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

_PIECES = re.compile(r"\s+|[^\s]+")
_LONGEST = 4000  # pieces; two longer texts are compared as wholes, since the comparison is quadratic

Mark = Literal["same", "gone", "new"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """The text in which both changes stand; not `clean` where both changed the same words, and a person's were kept."""

    text: str
    clean: bool


def merge_words(base: str, human: str, new: str) -> Merged:
    """The three-way merge of two texts that both came from `base`: a change of either is taken, and where both changed
    the same words the human's are, which is no clean merge."""
    if human in (base, new):
        return Merged(text=new if human == base else human, clean=True)
    if new == base:
        return Merged(text=human, clean=True)
    pieces, ours, theirs = (_PIECES.findall(text) for text in (base, human, new))
    if max(len(pieces), len(ours), len(theirs)) > _LONGEST:
        return Merged(text=human, clean=False)
    return _merge(pieces, ours, theirs)


def differences(old: str, new: str) -> tuple[tuple[Mark, str], ...]:
    """What stayed, what went and what came, in the order of reading."""
    before, after = _PIECES.findall(old), _PIECES.findall(new)
    if max(len(before), len(after)) > _LONGEST:
        return (("gone", old), ("new", new))
    return tuple((mark, "".join(words)) for mark, words in _marked(before, after) if words)


def _marked(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Mark, Sequence[str]]]:
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield "same", before[i:j]
        else:
            yield "gone", before[i:j]
            yield "new", after[k:m]


def _merge(base: Sequence[str], ours: Sequence[str], theirs: Sequence[str]) -> Merged:
    """The regions of `base` that either changed, overlapping ones drawn together."""
    mine = [c for c in SequenceMatcher(None, base, ours, autojunk=False).get_opcodes() if c[0] != "equal"]
    other = [c for c in SequenceMatcher(None, base, theirs, autojunk=False).get_opcodes() if c[0] != "equal"]
    out: list[str] = []
    clean, at = True, 0
    for start, end in _regions([(c[1], c[2]) for c in (*mine, *other)]):
        out += base[at:start]
        one, two = _within(ours, mine, start, end, base), _within(theirs, other, start, end, base)
        unchanged = list(base[start:end])
        clean = clean and (one in (unchanged, two) or two == unchanged)
        out += two if one == unchanged else one
        at = end
    return Merged(text="".join([*out, *base[at:]]), clean=clean)


def _regions(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    regions: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if regions and start <= regions[-1][1]:
            regions[-1] = (regions[-1][0], max(end, regions[-1][1]))
        else:
            regions.append((start, end))
    return regions


def _within(
    changed: Sequence[str], changes: Sequence[tuple[str, int, int, int, int]], start: int, end: int, base: Sequence[str]
) -> list[str]:
    """What a side has in the place of `base[start:end]`."""
    out: list[str] = []
    at = start
    for _, i, j, k, m in changes:
        if start <= i and j <= end:
            out += [*base[at:i], *changed[k:m]]
            at = j
    return [*out, *base[at:end]]
