"""Hacker News through Algolia's search: stories about a company. Documentation: https://hn.algolia.com/api."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from research.sources.kind import Answer, Ask, ChangedError, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.shape import need, parse_json, rows_at, text_at
from research.sources.stories import Story, distinct, line_of, pages_of

NAME: Final = "hackernews"
_SOURCE: Final = "Hacker News"
_MOST: Final = 50


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The newest stories that hold the whole name."""
    query: dict[str, str | int] = {"query": f'"{subject.name}"', "tags": "story", "hitsPerPage": _MOST}
    return (Ask(url=policy.at("search", query=query), step="list"),)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The pages of the stories that name the company, at their own sites."""
    del policy
    if answer.ask.step != "list":
        return Step()
    stories = distinct(_stories(answer.body))
    notes = () if stories else (f"no story on Hacker News holds {subject.name}",)
    outside = [story for story in stories if story.host != "news.ycombinator.com"]
    return Step(asks=pages_of(outside, subject.names), notes=notes)


def _stories(body: bytes) -> Iterator[Story]:
    for hit in rows_at(need(parse_json(body, _SOURCE), "hits", list, _SOURCE), ""):
        own = f"https://news.ycombinator.com/item?id={need(hit, 'objectID', str, _SOURCE)}"
        points, comments = text_at(hit, "points"), text_at(hit, "num_comments")
        yield Story(
            url=text_at(hit, "url") or own,
            title=text_at(hit, "title"),
            day=text_at(hit, "created_at")[:10],
            note=f"{points or 0} points, {comments or 0} comments",
        )


def reads(url: str) -> bool:
    """An answer of the search."""
    parts = urlsplit(url)
    return parts.hostname == "hn.algolia.com" and parts.path == "/api/v1/search_by_date"


def read(url: str, body: bytes) -> Record:
    """The stories, each once, newest first."""
    stories = distinct(_stories(body))
    if not stories:
        raise ChangedError("the list is empty")
    asked = parse_qs(urlsplit(url).query).get("query", [""])[0].strip('"')
    return Record(
        title=f"Hacker News on {asked}",
        lines=tuple(line_of(story) for story in stories),
        published=stories[0].day or None,
    )


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read)
