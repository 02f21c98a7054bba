"""SmartRecruiters job boards. Documentation: https://developers.smartrecruiters.com/docs/posting-api (paged)."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from research.sources.kind import Answer, Ask, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.postings import Post, record_of
from research.sources.shape import need, parse_json, rows_at, text_at

NAME: Final = "smartrecruiters"
_SOURCE: Final = "SmartRecruiters"
_PAGE: Final = 100
_HINT: Final = re.compile(r"(?:careers|jobs)\.smartrecruiters\.com/(?P<token>[\w-]{2,60})")
_PATH: Final = re.compile(r"^/v1/companies/(?P<token>[\w-]+)/postings$")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The posts of a known or linked company."""
    hint = subject.hinted(_HINT)
    token = subject.identifier(NAME) or (hint["token"] if hint else "")
    return (_ask(policy, token, 0),) if token else ()


def _ask(policy: Policy, token: str, offset: int) -> Ask:
    return Ask(url=policy.at("companies", f"/{token}/postings", {"limit": _PAGE, "offset": offset}), step=token)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The next page while posts are left."""
    del subject
    data = parse_json(answer.body, _SOURCE)
    total, offset = need(data, "totalFound", int, _SOURCE), need(data, "offset", int, _SOURCE)
    seen = offset + len(need(data, "content", list, _SOURCE))
    more = (_ask(policy, answer.ask.step, seen),) if offset < seen < total else ()
    notes = () if total else ("the board has no open post",)
    return Step(asks=more, learned=((NAME, answer.ask.step),), notes=notes)


def reads(url: str) -> bool:
    """A page of one company's posts."""
    parts = urlsplit(url)
    return parts.hostname == "api.smartrecruiters.com" and _PATH.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """Every post with function and place; the list holds no more of their text."""
    match = _PATH.match(urlsplit(url).path)
    token = match["token"] if match else ""
    content = need(parse_json(body, _SOURCE), "content", list, _SOURCE)
    posts = [
        Post(
            title=need(row, "name", str, _SOURCE),
            function=text_at(row, "function.label") or text_at(row, "department.label"),
            place=", ".join(filter(None, (text_at(row, "location.city"), text_at(row, "location.country").upper()))),
            updated=text_at(row, "releasedDate")[:10],
        )
        for row in rows_at(content, "")
    ]
    page = f"https://careers.smartrecruiters.com/{token}"
    return record_of(posts, board=f"SmartRecruiters ({token})", about=(NAME, token), page=page)


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies=NAME, hint=_HINT)
