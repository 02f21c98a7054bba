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

Seen = tuple[list[str], list[list[str]]]
"""The features of a line, and those of each of its tokens."""


def features(page: Page) -> list[Seen]:
    """What is seen of every line of a page."""
    lines = page.lines
    around = zip((None, *lines[:-1]), lines, (*lines[1:], None), strict=True)
    return [_line(page, before, line, after) for before, line, after in around]


def _line(page: Page, before: Line | None, line: Line, after: Line | None) -> Seen:
    spans = _spans(page, line)
    shared = list(_shared(page, before, line, after))
    return shared, [list(_token(page, line.tokens, at, spans)) for at in range(len(line.tokens))]


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
