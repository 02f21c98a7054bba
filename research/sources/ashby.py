"""Ashby job boards. Documentation: https://developers.ashbyhq.com/docs/public-job-posting-api."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from research.sources.kind import Answer, Ask, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.postings import Post, record_of
from research.sources.shape import need, parse_json, rows_at, text_at

NAME: Final = "ashby"
_SOURCE: Final = "Ashby"
_HINT: Final = re.compile(r"jobs\.ashbyhq\.com/(?P<token>[\w.-]{2,60})")
_PATH: Final = re.compile(r"^/posting-api/job-board/(?P<token>[\w.-]+)$")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The posts of a known or linked board. A board bears no company's name, so none is guessed."""
    hint = subject.hinted(_HINT)
    token = subject.identifier(NAME) or (hint["token"] if hint else "")
    return (Ask(url=policy.at("boards", f"/{token}"), step=token),) if token else ()


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """A board that answers is known from then on."""
    del subject, policy
    jobs = need(parse_json(answer.body, _SOURCE), "jobs", list, _SOURCE)
    return Step(learned=((NAME, answer.ask.step),), notes=() if jobs else ("the board has no open post",))


def reads(url: str) -> bool:
    """The posts of one board."""
    parts = urlsplit(url)
    return parts.hostname == "api.ashbyhq.com" and _PATH.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """Every listed post with department, place and text."""
    match = _PATH.match(urlsplit(url).path)
    token = match["token"] if match else ""
    jobs = need(parse_json(body, _SOURCE), "jobs", list, _SOURCE)
    posts = [
        Post(
            title=need(job, "title", str, _SOURCE),
            function=text_at(job, "department") or text_at(job, "team"),
            place=text_at(job, "location"),
            updated=text_at(job, "publishedAt")[:10],
            text=str(job.get("descriptionPlain") or job.get("descriptionHtml") or ""),
        )
        for job in rows_at(jobs, "")
        if job.get("isListed", True)
    ]
    return record_of(posts, board=f"Ashby ({token})", about=(NAME, token), page=f"https://jobs.ashbyhq.com/{token}")


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies=NAME, hint=_HINT)
