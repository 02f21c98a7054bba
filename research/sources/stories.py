"""Stories of the press: near-duplicates counted once, and what kind of event a headline tells of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from research.sources.kind import Ask, Line, event
from research.text.names import fold
from research.text.patterns import load_patterns
from research.text.urls import host as host_of

PAGES: Final = 10  # publishers' pages that one search leads to; the newest stories first
_SAME: Final = 0.6  # share of words that two headlines of one story have in common; agencies' copies have 0.8 and more
_HEADLINE: Final = 0.5  # a headline alone: read by a machine, at one publisher
_PUBLISHER: Final = re.compile(r"\s+[|–—-]\s+[^|–—]{2,40}$")
_SMALL: Final = frozenset("a an the of for and to in on at its with by from as is are has s after over".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One story: `day` is ISO or empty, `others` the hosts at which it stands as well, `note` what a list adds."""

    url: str
    title: str
    day: str = ""
    others: tuple[str, ...] = ()
    note: str = ""

    @property
    def host(self) -> str:
        """Where it stands."""
        return host_of(self.url).removeprefix("www.")


def bare(title: str) -> str:
    """A headline without the publisher's name behind it."""
    return _PUBLISHER.sub("", " ".join(title.split()))


def _words(title: str) -> frozenset[str]:
    return frozenset(fold(bare(title)).split()) - _SMALL


def distinct(stories: Iterable[Story]) -> tuple[Story, ...]:
    """The stories, newest first, each once: headlines that share most of their words within a few days are one story,
    told by its earliest publisher, with the others' hosts."""
    told: list[Story] = []
    for story in sorted(stories, key=lambda s: (s.day, s.url)):
        words = _words(story.title)
        twin = next((i for i, known in enumerate(told) if _alike(words, _words(known.title))), None)
        if twin is None:
            told.append(story)
        elif story.host != told[twin].host and story.host not in told[twin].others:
            told[twin] = replace(told[twin], others=(*told[twin].others, story.host))
    return tuple(sorted(told, key=lambda s: (s.day, s.url), reverse=True))


def _alike(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a and b) and len(a & b) >= _SAME * len(a | b)


def line_of(story: Story) -> Line:
    """`2026-11-02 example.com: Headline (also at …)`, an event of the kind that the headline tells of."""
    title = bare(story.title)
    also = f" (also at {', '.join(story.others)})" if story.others else ""
    note = f" ({story.note})" if story.note else ""
    said = (replace(event(type_of(title), story.day, title, score=_HEADLINE), quote=title),) if story.day else ()
    return Line(text=f"{story.day} {story.host}: {title}{also}{note}", said=said, role="metadata")


def type_of(title: str) -> str:
    """The contract's type of event that a headline tells of, `other` where no word tells."""
    return next((name for name, pattern in load_patterns("headlines").items() if pattern.search(title)), "other")


def pages_of(stories: Sequence[Story], names: Sequence[str]) -> tuple[Ask, ...]:
    """Requests for the publishers' own pages of the stories whose headline names the company, a few at most."""
    keys = [fold(name) for name in names if fold(name)]
    named = [s for s in stories if any(key in fold(s.title) for key in keys)]
    return tuple(Ask(url=story.url, step="page", elsewhere=True) for story in named[:PAGES])
