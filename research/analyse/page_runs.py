"""Runs of words on a line that may be a job title or a person's name, whatever a model takes them for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from research.analyse.page_lines import Line, Token

_HEADS: Final = frozenset({"role", "clevel", "cred"})
_PARTS: Final = frozenset({"role", "clevel", "pre", "func"})
_JOINTS: Final = frozenset((",", "&", "/", "-", "and", "of", "for", "the", "in"))
_LEFT: Final = 5
_RIGHT: Final = 9  # tokens of a title behind its head
_IN_NAMES: Final = frozenset(
    (".", "-", "'", "‘", "’", '"', "“", "”", "de", "van", "von", "der", "la", "del", "di", "da")
)
_NAME: Final = 6  # tokens of a person's name behind the given name


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
    known = not _PARTS.isdisjoint(token.marks)
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
    """First and last token of what may be a person: a given name or an initial and the capitalised words behind it,
    each with and without `Dr.` before and `Jr.` behind it."""
    tokens = line.tokens
    for first, token in enumerate(tokens):
        known = "given" in token.marks or _is_initial(tokens, first) or _titled(tokens, first) < first
        if not known or not token.text[0].isupper():
            continue
        for last in _name_ends(tokens, first):
            yield first, last
            if (titled := _titled(tokens, first)) < first:
                yield titled, last


def _name_ends(tokens: Sequence[Token], first: int) -> Iterator[int]:
    yield first
    for last in range(first + 1, min(first + 1 + _NAME, len(tokens))):
        text = tokens[last].text
        if text[0].isupper() and (tokens[last].shape != "X1" or last + 1 == len(tokens)):
            yield last
            behind = next((at for at in (last + 1, last + 2) if _is_suffix(tokens, at)), last)
            if behind > last:
                yield behind
        elif tokens[last].shape != "X1" and text not in _IN_NAMES:
            break


def _is_initial(tokens: Sequence[Token], at: int) -> bool:
    return tokens[at].shape == "X1" and at + 1 < len(tokens)


def _titled(tokens: Sequence[Token], first: int) -> int:
    """Where `Dr.` or the like begins before a name; the name itself where none does."""
    before = first - 1 if first and tokens[first - 1].text != "." else first - 2
    return before if before >= 0 and "hon" in tokens[before].marks and tokens[before].text[0].isupper() else first


def _is_suffix(tokens: Sequence[Token], at: int) -> bool:
    joined = at < len(tokens) and (tokens[at - 1].text == "," or tokens[at - 1].text[0].isupper())
    return joined and not {"suffix", "cred"}.isdisjoint(tokens[at].marks)
