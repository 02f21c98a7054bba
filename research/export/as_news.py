"""What changed since the last meeting, as the brief opens with it; and the words in which changes are told."""

from __future__ import annotations

from dataclasses import asdict
from math import ceil
from typing import Final

from research.model.change import News, ToldChange
from research.model.draft import Brief

SHOWN: Final = 4  # changes that page one has room for
_BEHIND: Final = 20  # changes whose quotes stand behind the page; brief.json has them all
_LONGEST: Final = 240  # characters of a quote in print: two or three lines; JSON has it whole
_LINE: Final = 150  # characters of a change on page one
_LETTERS, _HEADING, _ITEM = 102, 2.0, 0.25  # of a line over both columns of page one, and the lines of its heading
_OWN: Final = "own:"


def news_lines(news: News) -> tuple[tuple[str, bool], ...]:
    """The lines of page one, each with whether it rests on the team's own documents."""
    lines = [(f"{c.change}: {shorten(headline(c), _LINE)}", is_internal_change(c)) for c in news.changes[:SHOWN]]
    more = len(news.changes) - SHOWN
    if more > 0:
        lines.append((f"and {more} more {'change' if more == 1 else 'changes'} behind the page", False))
    return tuple(lines) or (("nothing that was read has changed", False),)


def news_height(brief: Brief) -> float:
    """How many lines of print the changes take over the columns of page one."""
    if brief.news is None:
        return 0.0
    return _HEADING + sum(_ITEM + ceil(len(text) / _LETTERS) for text, _ in news_lines(brief.news))


def news_behind(news: News | None) -> tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]:
    """The changes with their quotes: `before` or `now`, the quote, and where it stands."""
    told = []
    for change in news.changes[:_BEHIND] if news else ():
        sides = (
            ("before", change.quote_before, change.url_before),
            ("now", change.quote_after, change.url_after),
        )
        quotes = tuple((when, shorten(quote), url) for when, quote, url in sides if quote)
        told.append((f"{change.change}: {headline(change)}" + (f" ({change.note})" if change.note else ""), quotes))
    return tuple(told)


def is_internal_change(change: ToldChange) -> bool:
    """Whether a change rests on the team's own documents."""
    return change.url_before.startswith(_OWN) or change.url_after.startswith(_OWN)


def headline(change: ToldChange) -> str:
    """The change in a few words: `was → is`."""
    if change.before and change.after and change.before != change.after:
        return f"{change.before} → {change.after}"
    return change.after or change.before


def shorten(text: str, longest: int = _LONGEST) -> str:
    """The text on one line, cut at a length."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else f"{flat[: longest - 1]}…"


def change_json(change: ToldChange) -> dict[str, object]:
    """The change as a JSON object."""
    return asdict(change)
