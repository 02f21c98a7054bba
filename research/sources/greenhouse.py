"""Greenhouse job boards. Documentation: https://developers.greenhouse.io/job-board.html (boards, jobs with content)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from research.sources.kind import Answer, Ask, Candidate, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.postings import Post, record_of
from research.sources.shape import need, parse_json, rows_at, text_at
from research.text.names import slug

NAME: Final = "greenhouse"
_SOURCE: Final = "Greenhouse"
_HINT: Final = re.compile(
    r"(?:boards|job-boards)(?:\.eu)?\.greenhouse\.io/(?:embed/job_board(?:/js)?\?for=)?(?P<token>(?!embed\b)[\w-]{2,60})"
)
_PATH: Final = re.compile(r"^/v1/boards/(?P<token>[\w-]+)/jobs$")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The posts of a known board, or of the one that the account's own pages link; else a board of its name."""
    token = subject.identifier(NAME) or linked(subject)
    if token:
        return (Ask(url=policy.at("boards", f"/{token}/jobs", {"content": "true"}), step=f"jobs {token}"),)
    guess = slug(subject.name).replace("-", "")
    return (Ask(url=policy.at("boards", f"/{guess}"), step=f"board {guess}", keep=False, lastly=True),)


def linked(subject: Subject) -> str:
    """The board that the account's own pages link, empty where they link none."""
    hint = subject.hinted(_HINT)
    return hint["token"] if hint else ""


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """A board that was guessed is a candidate by the name that it bears; one that gave posts is known from then on."""
    del subject, policy
    what, token = answer.ask.step.split(" ", 1)
    data = parse_json(answer.body, _SOURCE)
    if what == "board":
        name = need(data, "name", str, _SOURCE)
        return Step(candidates=(Candidate(identifier=(NAME, token), name=name, about="job board"),))
    jobs = need(data, "jobs", list, _SOURCE)
    return Step(learned=((NAME, token),), notes=() if jobs else (f"the board {token} has no open post",))


def reads(url: str) -> bool:
    """The posts of one board."""
    parts = urlsplit(url)
    return parts.hostname == "boards-api.greenhouse.io" and _PATH.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """Every post with department, place and text."""
    match = _PATH.match(urlsplit(url).path)
    token = match["token"] if match else ""
    jobs = need(parse_json(body, _SOURCE), "jobs", list, _SOURCE)
    posts = [
        Post(
            title=need(job, "title", str, _SOURCE),
            function=text_at(job, "departments.0.name"),
            place=text_at(job, "location.name"),
            updated=text_at(job, "updated_at")[:10],
            text=str(job.get("content") or ""),
        )
        for job in rows_at(jobs, "")
    ]
    return record_of(
        posts, board=f"Greenhouse ({token})", about=(NAME, token), page=f"https://boards.greenhouse.io/{token}"
    )


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies=NAME, hint=_HINT)
