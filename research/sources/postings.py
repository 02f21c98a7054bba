"""Job posts as records: whom a company hires, what its people work with, and what that suggests it needs."""

from __future__ import annotations

import html
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files
from typing import Final

from research.model.finding import attributes
from research.sources.kind import ChangedError, Line, Record, Said, event, relation
from research.text.patterns import load_patterns

MAX_POSTS: Final = 200  # of one board; the newest come first
_LINES_OF_POST: Final = 60
# A post that names a product says that it is used there, seldom whether it is bought, built on or replaced.
_TECHNOLOGY: Final = 0.45
_INFERRED: Final = 0.35  # below the floor of what a brief asserts: it is shown among what is uncertain
_HIRING: Final = 0.55
_FEWEST: Final = 3  # posts from which on their number says something
_BLOCKS: Final = frozenset({"p", "li", "div", "br", "h1", "h2", "h3", "h4", "h5", "ul", "ol", "tr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """One open post; `text` is plain or HTML, `updated` an ISO date or empty."""

    title: str
    function: str = ""
    place: str = ""
    updated: str = ""
    text: str = ""


def record_of(posts: Sequence[Post], *, board: str, about: tuple[str, str], page: str) -> Record:
    """A board as one document: how many posts in which function, then each post with its words; ChangedError for
    an empty one, which is no document."""
    if not posts:
        raise ChangedError("the board has no open post")
    shown = sorted(posts, key=lambda post: post.updated, reverse=True)[:MAX_POSTS]
    newest = max((post.updated for post in shown), default="")
    return Record(
        title=f"Open posts on {board}",
        lines=(_summary(posts, newest), *(line for post in shown for line in _lines(post))),
        about=(about,),
        page=page,
        published=newest or None,
        own=True,
        page_type="job",
    )


def _summary(posts: Sequence[Post], newest: str) -> Line:
    """`Open posts: 12; Engineering 7, Sales 3 …`: what it hires for, as an event of the newest post's day."""
    counted = Counter(post.function or "function not stated" for post in posts)
    shares = ", ".join(f"{name} {count}" for name, count in counted.most_common(8))
    text = f"Open posts: {len(posts)}; {shares}"
    said = (event("expansion", newest, text, score=_HIRING),) if len(posts) >= _FEWEST and newest else ()
    return Line(text=text, said=said)


def _lines(post: Post) -> Iterator[Line]:
    under = (post.title,)
    yield Line(text=post.title, role="heading")
    about = " | ".join(filter(None, (post.function, post.place, post.updated)))
    if about:
        yield Line(text=about, under=under)
    for text in plain_lines(post.text)[:_LINES_OF_POST]:
        yield Line(text=text, role="list_item", said=tuple(_read(text)), under=under)


def _read(text: str) -> Iterator[Said]:
    """The products that a line names, and a need that it suggests, marked as inferred."""
    for product, pattern in _technologies():
        if pattern.search(text):
            yield relation(product, "supplier", "", score=_TECHNOLOGY)
    need = load_patterns("postings")["need"].search(text)
    if need:
        whole = attributes(type="goal", holder="account", phrase=need.group(), inferred=True, basis="job post")
        yield Said(kind="signal", attributes=whole, score=_INFERRED)


@cache
def _technologies() -> tuple[tuple[str, re.Pattern[str]], ...]:
    raw = tomllib.loads((files("corpora") / "lexicons" / "technologies.toml").read_text(encoding="utf-8"))
    return tuple((name, re.compile(rf"(?<![\w.]){re.escape(name)}(?![\w])")) for name in raw["products"])


def plain_lines(text: str) -> list[str]:
    """The lines of a plain or HTML text without marks, empty ones left out; escaped HTML is unescaped first."""
    if "&lt;" in text and "<" not in text:
        text = html.unescape(text)
    if "<" not in text:
        return [line for line in (" ".join(part.split()) for part in text.split("\n")) if line]
    collector = _Collector()
    collector.feed(text)
    collector.close()
    return collector.lines()


class _Collector(HTMLParser):
    """The words of HTML, a line each block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._parts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _BLOCKS:
            self._parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        self._parts.append(data.replace("\n", " "))

    def lines(self) -> list[str]:
        """The lines so far."""
        return [line for line in (" ".join(part.split()) for part in "".join(self._parts).split("\n")) if line]
