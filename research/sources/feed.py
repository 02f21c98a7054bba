"""Feeds that the user names: RSS, Atom or JSON Feed of a trade paper, a newswire or a regulator."""

from __future__ import annotations

from typing import Final

from research.sources.kind import Answer, Ask, ChangedError, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.stories import Story, distinct, pages_of

NAME: Final = "feed"


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """Every feed that is known for the account: `--id feed=ADDRESS`, several with blanks between."""
    del policy
    return tuple(
        Ask(url=url, step="feed", keep=False, elsewhere=True)
        for url in subject.identifier(NAME).split()
        if "://" in url
    )


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The pages of the stories that name the company in their headline."""
    del policy
    if answer.ask.step != "feed":
        return Step()
    if not answer.entries:
        raise ChangedError("this is no feed, or it is empty")
    stories = distinct(Story(url=url, title=title, day=day) for url, title, day in answer.entries)
    asks = pages_of(stories, subject.names)
    return Step(asks=asks, notes=() if asks else (f"no headline of {answer.url} names {subject.name}",))


def reads(url: str) -> bool:
    """Nothing: the stories' pages are ordinary documents, and the feed itself is only a way to them."""
    del url
    return False


def read(url: str, body: bytes) -> Record:
    """Never asked for."""
    raise ChangedError(f"{url} is no record of this kind ({len(body)} bytes)")


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read)
