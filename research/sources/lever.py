"""Lever job boards. Documentation: https://github.com/lever/postings-api (postings of a site as JSON, paged)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from research.sources.kind import Answer, Ask, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.postings import Post, record_of
from research.sources.shape import need, parse_json, rows_at, text_at

NAME: Final = "lever"
_SOURCE: Final = "Lever"
_PAGE: Final = 100  # posts an answer
_HINT: Final = re.compile(r"jobs(?:\.eu)?\.lever\.co/(?P<token>[\w-]{2,60})")
_PATH: Final = re.compile(r"^/v0/postings/(?P<token>[\w-]+)$")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The posts of a known or linked board. A board bears no company's name, so none is guessed."""
    hint = subject.hinted(_HINT)
    token = subject.identifier(NAME) or (hint["token"] if hint else "")
    return (_ask(policy, token, 0),) if token else ()


def _ask(policy: Policy, token: str, skip: int) -> Ask:
    url = policy.at("postings", f"/{token}", {"mode": "json", "limit": _PAGE, "skip": skip})
    return Ask(url=url, step=f"jobs {token}")


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The next page where this one is full."""
    del subject
    token = answer.ask.step.split(" ", 1)[1]
    rows = need({"jobs": parse_json(answer.body, _SOURCE)}, "jobs", list, _SOURCE)
    skip = int(parse_qs(urlsplit(answer.ask.url).query).get("skip", ["0"])[0])
    more = (_ask(policy, token, skip + _PAGE),) if len(rows) >= _PAGE else ()
    return Step(
        asks=more, learned=((NAME, token),), notes=() if rows or skip else (f"the board {token} has no open post",)
    )


def reads(url: str) -> bool:
    """A page of one site's posts."""
    parts = urlsplit(url)
    return parts.hostname == "api.lever.co" and _PATH.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """Every post with team, place and text."""
    match = _PATH.match(urlsplit(url).path)
    token = match["token"] if match else ""
    rows = need({"jobs": parse_json(body, _SOURCE)}, "jobs", list, _SOURCE)
    posts = [_post(row) for row in rows_at(rows, "")]
    return record_of(posts, board=f"Lever ({token})", about=(NAME, token), page=f"https://jobs.lever.co/{token}")


def _post(row: Any) -> Post:
    lists = "".join(f"<p>{text_at(part, 'text')}</p>{part.get('content') or ''}" for part in rows_at(row, "lists"))
    opening = str(row.get("descriptionPlain") or "").replace("\n", "<br>")
    return Post(
        title=need(row, "text", str, _SOURCE),
        function=text_at(row, "categories.department") or text_at(row, "categories.team"),
        place=text_at(row, "categories.location"),
        updated=_day(row.get("createdAt")),
        text=f"<p>{opening}</p>{lists}",
    )


def _day(created: object) -> str:
    """The ISO day of a moment in milliseconds, empty where it is none that a calendar has."""
    try:
        return datetime.fromtimestamp(created / 1000, UTC).date().isoformat() if isinstance(created, int) else ""
    except (OverflowError, OSError, ValueError):
        return ""


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies=NAME, hint=_HINT)
