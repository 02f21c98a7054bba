"""GDELT's DOC 2 interface: which news sites told what of a company in the last three months.

Documentation: https://blog.gdeltproject.org/gdelt-doc-2-0-api-debuts/ (article lists; one request in five seconds).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import parse_qs, urlsplit

from research.sources.kind import Answer, Ask, ChangedError, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.shape import need, parse_json, rows_at, text_at
from research.sources.stories import Story, distinct, line_of, pages_of

NAME: Final = "gdelt"
_SOURCE: Final = "GDELT"
_MOST: Final = 75  # articles an answer


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """One list of articles that hold the whole name."""
    name = subject.name.replace('"', " ")
    query: dict[str, str | int] = {
        "query": f'"{name}" sourcelang:english',
        "mode": "artlist",
        "format": "json",
        "sort": "datedesc",
        "maxrecords": _MOST,
        "timespan": "3months",
    }
    return (Ask(url=policy.at("articles", query=query), step="list"),)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The publishers' pages of the stories that name the company."""
    del policy
    if answer.ask.step != "list":
        return Step()
    stories = _stories(answer.body)
    notes = () if stories else (f"no news site told of {subject.name} in the last three months",)
    return Step(asks=pages_of(stories, subject.names), notes=notes)


def _stories(body: bytes) -> tuple[Story, ...]:
    return distinct(_articles(body))


def _articles(body: bytes) -> Iterator[Story]:
    """The articles of a list; an answer without any is an empty object, and a complaint is plain text."""
    if not body.lstrip().startswith(b"{"):
        said = " ".join(body.decode("utf-8", "replace").split())[:120]
        raise ChangedError(f"GDELT gives no list but says: {said}")
    data = parse_json(body, _SOURCE)
    for row in rows_at(need({"articles": [], **data}, "articles", list, _SOURCE), ""):
        seen = text_at(row, "seendate")
        day = f"{seen[:4]}-{seen[4:6]}-{seen[6:8]}" if len(seen) >= 8 and seen[:8].isdigit() else ""
        yield Story(url=need(row, "url", str, _SOURCE), title=need(row, "title", str, _SOURCE), day=day)


def reads(url: str) -> bool:
    """A list of articles."""
    parts = urlsplit(url)
    return parts.hostname == "api.gdeltproject.org" and parts.path == "/api/v2/doc/doc"


def read(url: str, body: bytes) -> Record:
    """The stories, each once, newest first."""
    stories = _stories(body)
    asked = parse_qs(urlsplit(url).query).get("query", [""])[0].partition('" ')[0].strip('"')
    if not stories:
        raise ChangedError("the list is empty")
    return Record(
        title=f"News of the last three months on {asked}",
        lines=tuple(line_of(story) for story in stories),
        published=max(story.day for story in stories) or None,
        attribution="The GDELT Project",
    )


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read)
