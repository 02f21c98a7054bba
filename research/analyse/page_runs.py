"""Runs of words on a line that may be a job title or a person's name, whatever a model takes them for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from research.analyse.page_lines import Line, Token

_HEADS: Final = frozenset({"role", "clevel"})
_JOINTS: Final = frozenset((",", "&", "/", "-", "and", "of", "for", "the", "in"))
_LEFT: Final = 5
_RIGHT: Final = 9  # tokens of a title behind its head
_NAME: Final = 4  # tokens of a person's name behind the given name


def title_runs(line: Line) -> Iterator[tuple[int, int]]:
    """First and last token of what may be a title: about each head, three beginnings and three ends."""
    tokens = line.tokens
    for head, token in enumerate(tokens):
        if _HEADS.isdisjoint(token.marks):
            continue
        begins = {head, _leftmost(tokens, head, strict=True), _leftmost(tokens, head, strict=False)}
        for end in _ends(tokens, head):
            yield from ((begin, end) for begin in sorted(begins))


def _is_part(token: Token, *, strict: bool) -> bool:
    known = bool({"role", "clevel", "pre"} & set(token.marks))
    return known or (not strict and token.text[0].isupper())


def _leftmost(tokens: Sequence[Token], head: int, *, strict: bool) -> int:
    first = head
    while first and head - first < _LEFT and _is_part(tokens[first - 1], strict=strict):
        first -= 1
    return first


def _ends(tokens: Sequence[Token], head: int) -> list[int]:
    """The head itself, the end of the run behind it, and the ends of the next runs behind a joint."""
    ends, at, joined = [head], head + 1, False
    while at < len(tokens) and at - head < _RIGHT:
        if _is_part(tokens[at], strict=False):
            if at + 1 == len(tokens) or not _is_part(tokens[at + 1], strict=False):
                ends.append(at)
            joined = False
        elif tokens[at].low not in _JOINTS or (joined and tokens[at].low not in ("the", "of")):
            break
        else:
            joined = True
        at += 1
    return ends[:4]


def name_runs(line: Line) -> Iterator[tuple[int, int]]:
    """First and last token of what may be a person: a given name and the capitalised words and initials behind it."""
    tokens = line.tokens
    for first, token in enumerate(tokens):
        if "given" not in token.marks or not token.text[0].isupper():
            continue
        yield first, first
        for last in range(first + 1, min(first + 1 + _NAME, len(tokens))):
            text = tokens[last].text
            if text[0].isupper() and tokens[last].shape != "X1":
                yield first, last
            elif tokens[last].shape != "X1" and text not in (".", "-"):
                break
