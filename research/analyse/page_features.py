"""What the tagger of pages sees of each line and of each token."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from research.analyse.page_lines import Line, Page, Token, squash
from research.analyse.page_words import cities

_REACH: Final = 3  # tokens on either side that are seen; words and tags of two of them
_LONGEST_NAME: Final = 9  # tokens of an owner's name
_LONGEST_CITY: Final = 4  # words of a city's name
_HEADING_WORDS: Final = 8
_TITLE_WORDS: Final = 8  # words of the longest line that is a title and nothing else
_NAME_WORDS: Final = 5
_ALIKE: Final = 5  # lines on either side in which a card's or a list's pattern shows

Seen = tuple[list[str], list[list[str]]]
"""The features of a line, and those of each of its tokens."""


def features(page: Page) -> list[Seen]:
    """What is seen of every line of a page."""
    lines = page.lines
    kinds = ["edge", *map(line_kind, lines), "edge"]
    around = zip((None, *lines[:-1]), lines, (*lines[1:], None), strict=True)
    return [
        _line(page, trio, kinds[max(0, at - _ALIKE + 1) : at + _ALIKE + 2], tuple(kinds[at : at + 3]))
        for at, trio in enumerate(around)
    ]


def line_kind(line: Line) -> str:
    """What a line seems to be as a whole: a name, a title, a number to call, an address, a sentence."""
    marks = set(line.marks)
    words = sum(token.text[0].isalpha() for token in line.tokens)
    if "email" in marks or "phone" in marks:
        return "reach"
    if "has-role" in marks or "has-clevel" in marks:
        return "title" if words <= _TITLE_WORDS else "told"
    if "caps" in marks and words <= _NAME_WORDS:
        named = "has-given" in marks or ("has-sur" in marks and words > 1)
        return "name" if named and "has-plain" not in marks else "caps"
    return "long" if words > _TITLE_WORDS else "short"


def _line(page: Page, trio: tuple[Line | None, Line, Line | None], near: Sequence[str], kinds: tuple[str, ...]) -> Seen:
    before, line, after = trio
    spans = _spans(page, line)
    shared = [*_shared(page, before, line, after), *_kinds(near, kinds)]
    at_line = f"{kinds[1]}>{kinds[2]}"
    return shared, [
        [*_token(page, line.tokens, at, spans), *_at_line(line.tokens, at, at_line, kinds[0])]
        for at in range(len(line.tokens))
    ]


def _kinds(near: Sequence[str], kinds: tuple[str, ...]) -> Iterator[str]:
    """The kinds of a line and of those about it: cards and lists repeat them."""
    before, own, after = kinds
    yield from (f"Z={own}", f"Zp={before}>{own}", f"Zn={own}>{after}", f"Zpn={before}>{own}>{after}")
    for kind in ("name", "title", "reach"):
        yield f"Z{kind}={min(near.count(kind), 4)}"
        yield f"Z{own} {kind}={min(near.count(kind), 4)}"


def _at_line(tokens: Sequence[Token], at: int, behind: str, before: str) -> Iterator[str]:
    token = tokens[at]
    mark = "+".join(token.marks)
    yield f"z={behind} {token.shape} {min(at, 2)}"
    yield f"zm={behind} {mark}"
    yield f"zp={before} {token.shape} {mark} {min(at, 2)}"


def _shared(page: Page, before: Line | None, line: Line, after: Line | None) -> Iterator[str]:
    passage = line.block.passage
    role = passage.role if passage.main else "~" + passage.role
    yield f"R={role}"
    for mark in line.marks:
        yield f"L={mark}"
        if mark[0] == "n":
            yield f"RL={role} {mark}"
    for name, other in (("P", before), ("N", after)):
        if other is not None:
            same = "s" if other.block is line.block else "d"
            yield from (f"{name}{same}={mark}" for mark in other.marks)
    if passage.heading_path:
        yield from (f"H={word}" for word in passage.heading_path[-1].lower().split()[:_HEADING_WORDS])
    yield from (f"K={kind}" for kind in page.kind)


def _spans(page: Page, line: Line) -> list[list[str]]:
    """For each token the names of the page's owner and the cities that it begins, ends or is in."""
    tokens = line.tokens
    marks: list[list[str]] = [[] for _ in tokens]
    squashed = [squash(token.text) for token in tokens]
    known = cities()
    for first, start in enumerate(squashed):
        whole = ""
        for last in range(first, min(first + _LONGEST_NAME, len(tokens)) if start else first):
            whole += squashed[last]
            if not squashed[last]:
                continue
            if whole in page.names:
                _mark(marks, page.names[whole], first, last)
            short = last < first + _LONGEST_CITY and tokens[first].text[0].isupper()
            if short and " ".join(squashed[first : last + 1]) in known:
                _mark(marks, "Y", first, last)
    return marks


def _mark(marks: list[list[str]], name: str, first: int, last: int) -> None:
    for at in range(first, last + 1):
        marks[at].append(("B" if at == first else "I") + name)
    marks[last].append("E" + name)


def _token(page: Page, tokens: Sequence[Token], at: int, spans: Sequence[Sequence[str]]) -> Iterator[str]:
    token = tokens[at]
    marks = token.marks or ("-",)
    yield from _alone(token, marks)
    yield from _around(tokens, at)
    yield from _beside(tokens, at, marks)
    yield f"pos={min(at, 4)}"
    yield f"end={min(len(tokens) - 1 - at, 4)}"
    for mark in spans[at]:
        yield f"n={mark}"
        yield f"nm={mark} {token.model}"
    if at:
        yield from (f"-1n={mark}" for mark in spans[at - 1] if mark[0] == "E")
    if at + 1 < len(tokens):
        yield from (f"1n={mark}" for mark in spans[at + 1] if mark[0] == "B")
    if token.text[0].isalpha():
        yield from _in_document(page, token)


def _alone(token: Token, marks: Sequence[str]) -> Iterator[str]:
    low, shape, model = token.low, token.shape, token.model
    yield from ("1", f"w={low}", f"s={shape}", f"m={model}", f"suf={low[-3:]}", f"pre={low[:3]}", f"wm={low} {model}")
    for mark in marks:
        yield from (f"l={mark}", f"ls={mark} {shape}", f"lm={mark} {model}")


def _around(tokens: Sequence[Token], at: int) -> Iterator[str]:
    for distance in (*range(-_REACH, 0), *range(1, _REACH + 1)):
        if not 0 <= at + distance < len(tokens):
            yield f"{distance}=edge"
            continue
        other = tokens[at + distance]
        yield f"{distance}s={other.shape}"
        if abs(distance) < _REACH:
            yield f"{distance}w={other.low}"
            yield f"{distance}m={other.model}"
        yield from (f"{distance}l={mark}" for mark in other.marks)


def _beside(tokens: Sequence[Token], at: int, marks: Sequence[str]) -> Iterator[str]:
    """The token with the one before and the one behind it."""
    token = tokens[at]
    before = tokens[at - 1] if at else None
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    shape = token.shape
    left, right = (before.shape if before else "<"), (after.shape if after else ">")
    word = before.low if before else "<"
    yield f"sss={left} {shape} {right}"
    yield f"ps={left} {shape}"
    yield f"qs={shape} {right}"
    yield f"pw={word} {shape}"
    yield f"qw={shape} {after.low if after else '>'}"
    yield f"pww={word} {token.low}"
    yield f"ll={'+'.join(before.marks) if before else '<'} {'+'.join(marks)} {'+'.join(after.marks) if after else '>'}"


def _in_document(page: Page, token: Token) -> Iterator[str]:
    """Where else on the page the word stands."""
    low = token.low
    if low in page.title:
        yield from ("title", f"titles={token.shape}")
    if len(low) > 2 and low in page.owner:
        yield from ("owner", f"owners={token.shape}")
    if low in page.holders:
        yield "holder"
    if len(low) > 2 and low in page.mailboxes:
        yield "mailbox"
    yield f"up={min(page.upper.get(low, 0), 5)}"
    yield f"lo={min(page.lower.get(low, 0), 2)}"
    if token.text[0].isupper():
        yield f"v={page.votes.get(low, '')}"
