"""What is measured of each block of a page, to tell its main text from its furniture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import log1p
from typing import Final

import numpy as np
from numpy.typing import NDArray

from research.extract.hints import BIT, HINTS
from research.extract.html_blocks import Block, Container

Matrix = NDArray[np.float32]

# The commonest words of English, German, French and Spanish: prose has many of them, labels few.
_FUNCTION_WORDS: Final = frozenset(
    (
        "the a an of to and in is are for with on by at from as that this it be or we our you your their can "
        "will have has not which who was were more than about when how what all der die das und ist für mit "
        "von zu im den le la les des du et est pour dans une un el los las de que y en con por para una"
    ).split()
)
_CUES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\bcookies?\b|\bconsent\b",
        r"©|\bcopyright\b|all rights reserved|\(c\) ?\d{4}",
        r"\b(subscribe|newsletter|sign ?up|log ?in|sign in|register|my account|inbox)\b",
        r"\b(read|learn|see|view|show|load|find out) (more|all)\b|\bmore info",
        r"\b(share|tweet|follow us|facebook|twitter|linkedin|instagram|whatsapp|print|e?mail this)\b",
        r"\b(19|20)\d\d\b",
        r"\+?\d[\d ().-]{7,}\d|[\w.]+@[\w-]+\.\w+",
        r"[$€£]\s?\d|\d ?%",
        r"\b(privacy|terms|conditions|sitemap|accessibility|disclaimer|policy)\b",
        r"\b(related|recommended|popular|trending|latest|recent|similar|you may also|up next|also like)\b",
        r"\b(search|menu|skip to|home|previous|next|back to|close|toggle|navigation|loading)\b",
        r"\b(get started|contact us|request|book|buy|add to|cart|download|free trial|demo|quote|call us|apply)\b",
        r"\b(comments?|repl(y|ies)|posted (by|in|on)|by [A-Z]|author|min read|updated|published)\b",
        r"\?$",
        r"[.!:;]$",
    )
)
_TAGS: Final = ("p", "li", "tr", "td", "div", "section", "blockquote", "button", "figcaption", "pre", "dd", "dt")
_ABOVE: Final = ("main", "article", "header", "footer", "nav", "aside", "form", "ul", "table", "section")
_CACHED: Final = 240  # characters: shorter texts recur on the pages of a site, longer ones seldom do
_SPAN: Final = 0.8  # a container with more of the page's words is the page: its class names say nothing of a block


def measure(blocks: Sequence[Block], containers: Sequence[Container], layout: Layout, title: str) -> Matrix:
    """One row a block, one column a feature; the order of the columns is part of the trained weights."""
    own = _own(blocks, title)
    return np.hstack([own, _around(own), _places(blocks, containers, layout)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """For each container what it holds (`_sums`), and its hints with those of all above it."""

    sums: Sequence[Sequence[float]]
    hints: Sequence[int]


def lay_out(blocks: Sequence[Block], containers: Sequence[Container]) -> Layout:
    """Sum up the containers of a page once, for all who ask."""
    sums = _sums(blocks, containers)
    total = max(sums[0][1], 1.0)
    return Layout(sums=sums, hints=_inherited(containers, [part[1] > _SPAN * total for part in sums]))


def _own(blocks: Sequence[Block], title: str) -> Matrix:
    """What a block's own words show."""
    folded = [block.text.casefold() for block in blocks]
    seen = Counter(folded)
    titled = frozenset(re.findall(r"\w{3,}", title.casefold()))
    rows = [_words_of(block, text, seen[text], titled) for block, text in zip(blocks, folded, strict=True)]
    return np.asarray(rows, dtype=np.float32)


def _words_of(block: Block, folded: str, times: int, titled: frozenset[str]) -> list[float]:
    text = block.text
    shown = _shown(text) if len(text) <= _CACHED else _shows(text)
    return [
        *shown,
        block.link_chars / len(text),
        min(block.links, 10),
        min(times, 5),
        sum(word in titled for word in folded.split()) / shown[1] if titled else 0.0,
        block.level,
        block.role == "list_item",
        block.role == "quote",
        len(block.path),
        *(block.tag == tag for tag in _TAGS),
    ]


@lru_cache(maxsize=16_384)
def _shown(text: str) -> tuple[float, ...]:
    return _shows(text)


def _shows(text: str) -> tuple[float, ...]:
    """What a text shows wherever it stands; `size` of _around is the first column."""
    words = text.casefold().split()
    count, head = len(words), text[:2000]
    return (
        log1p(count),
        count,
        sum(word in _FUNCTION_WORDS for word in words) / count,
        sum(map(str.isupper, head)) / len(head),
        sum(map(str.isdecimal, head)) / len(head),
        len(text) / count,
        text.count("\n") / count,
        text.count(", ") / count,
        *(bool(cue.search(head)) for cue in _CUES),
    )


def _around(own: Matrix) -> Matrix:
    """The neighbours' size, links and rank, where the block stands, and how far it is from a long one."""
    count = len(own)
    shown = 8 + len(_CUES)  # columns of _shows
    size, words, linked, level = own[:, 0], own[:, 1], own[:, shown], own[:, shown + 4]
    columns: list[NDArray[np.floating]] = [
        _shifted(column, shift) for shift in (1, 2, 3, -1, -2, -3) for column in (size, linked, level)
    ]
    before = np.cumsum(words) - words
    prose = (size > 2.7) & (linked < 0.3)  # about 14 words
    for width in (5, 15):
        kernel = np.ones(2 * width + 1)
        near = np.convolve(words, kernel, "full")[width : width + count]
        near_linked = np.convolve(words * linked, kernel, "full")[width : width + count]
        columns += [np.log1p(near), near_linked / np.maximum(near, 1)]
    total = max(words.sum(), 1.0)
    heads = np.cumsum(level == 1)
    columns += [
        np.arange(count) / count,
        before / total,
        np.minimum(np.arange(count), 60),
        np.minimum(np.arange(count)[::-1], 60),
        np.minimum(heads, 3),
        np.full(count, heads[-1] > 0),
        np.full(count, np.log1p(total)),
        np.full(count, np.log1p(count)),
        np.full(count, (words * linked).sum() / total),
        np.full(count, words[prose].sum() / total),
        _since(prose),
        _since(prose[::-1])[::-1],
        _since(level > 0),
    ]
    return np.stack(columns, axis=1)


def _shifted(column: Matrix, shift: int) -> Matrix:
    moved = np.full_like(column, -1)
    if shift > 0:
        moved[shift:] = column[:-shift]
    else:
        moved[:shift] = column[-shift:]
    return moved


def _since(flags: NDArray[np.bool_]) -> Matrix:
    """How many blocks ago the flag was last set, 40 at most."""
    at = np.where(flags, np.arange(len(flags)), -40)
    return np.minimum(np.arange(len(flags)) - np.maximum.accumulate(at), 40)


def _places(blocks: Sequence[Block], containers: Sequence[Container], layout: Layout) -> Matrix:
    """What the containers of a block hold, and what their names hint at."""
    has_main = float(any(container.tag in ("main", "article") for container in containers))
    numbers = sorted({block.container for block in blocks})
    at = {number: row for row, number in enumerate(numbers)}
    rows = np.asarray([[*_place(number, containers, layout), has_main] for number in numbers], dtype=np.float32)
    return rows[[at[block.container] for block in blocks]]


def _sums(blocks: Sequence[Block], containers: Sequence[Container]) -> list[list[float]]:
    """For each container: blocks, words, characters, characters in links, prose words, headings, children."""
    sums = [[0.0] * 7 for _ in containers]
    for block in blocks:
        words = len(block.text.split())
        prose = words if words > 13 and block.link_chars < 0.3 * len(block.text) else 0
        own = (1, words, len(block.text), block.link_chars, prose, block.level > 0, 0)
        here = sums[block.container]
        for at, value in enumerate(own):
            here[at] += value
    for number in range(len(containers) - 1, 0, -1):
        part, whole = sums[number], sums[containers[number].parent]
        for at in range(6):
            whole[at] += part[at]
        whole[6] += part[0] > 0
    return sums


def _inherited(containers: Sequence[Container], wide: Sequence[bool]) -> list[int]:
    """The hints of all containers above; a container that holds nearly the whole page gives only what its tag says."""
    masks: list[int] = []
    for container, whole_page in zip(containers, wide, strict=True):
        above = masks[container.parent] if container.parent >= 0 else 0
        own = container.hints if not whole_page or container.hints & BIT["tag"] else 0
        masks.append(above | own)
    return masks


def _place(number: int, containers: Sequence[Container], layout: Layout) -> list[float]:
    sums, total = layout.sums, max(layout.sums[0][1], 1.0)
    chain = _chain(number, containers)
    near = 0
    for step in chain[:3]:
        near |= containers[step].hints
    tags = {containers[step].tag for step in chain}
    row: list[float] = [
        *_bits(layout.hints[number]),
        *_bits(near),
        *(tag in tags for tag in _ABOVE),
        min(len(chain), 40),
    ]
    for step in _wider(chain, sums):
        blocks, words, chars, linked, prose, heads, children = sums[step]
        row += [
            log1p(words),
            words / total,
            linked / max(chars, 1),
            log1p(words / max(blocks, 1)),
            prose / max(words, 1),
            heads / max(blocks, 1),
            min(children, 30),
        ]
    return row


@lru_cache(maxsize=8192)
def _bits(mask: int) -> tuple[bool, ...]:
    return tuple(bool(mask & BIT[name]) for name in HINTS)


def _chain(number: int, containers: Sequence[Container]) -> list[int]:
    chain = []
    while number >= 0:
        chain.append(number)
        number = containers[number].parent
    return chain


def _wider(chain: Sequence[int], sums: Sequence[Sequence[float]]) -> list[int]:
    """The nearest four containers that each hold more blocks than the one before; the last again where fewer do."""
    steps = [upper for lower, upper in pairwise(chain) if sums[upper][0] > sums[lower][0]]
    return (steps + [chain[-1]] * 4)[:4]
