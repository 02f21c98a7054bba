"""Workday job sites: the list that a tenant's career site shows, asked as its own page asks for it.

There is no published documentation; the shape is that of the answers. It is off unless it is named.
"""

from __future__ import annotations

import json
import re
from typing import Final
from urllib.parse import urlsplit

from research.sources.kind import Answer, Ask, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.postings import Post, record_of
from research.sources.shape import need, parse_json, rows_at, text_at

NAME: Final = "workday"
_SOURCE: Final = "Workday"
_PAGE: Final = 20  # what the page itself asks for at once
_PAGES: Final = 5
_HINT: Final = re.compile(
    r"(?P<tenant>[\w-]+)\.(?P<pod>wd\d{1,3})\.myworkdayjobs\.com/(?:[a-z]{2}-[A-Z]{2}/)?(?P<site>[\w-]{2,60})"
)
_PATH: Final = re.compile(r"^/wday/cxs/(?P<tenant>[\w-]+)/(?P<site>[\w-]+)/jobs$")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The first posts of a known or linked site; its identifier is `tenant.pod/site`."""
    known = subject.identifier(NAME)
    found = subject.hinted(_HINT)
    place = known or (f"{found['tenant']}.{found['pod']}/{found['site']}" if found else "")
    return (_ask(policy, place, 0),) if place.count("/") == 1 and "." in place else ()


def _ask(policy: Policy, place: str, offset: int) -> Ask:
    pod, _, site = place.partition("/")
    base = policy.at("sites").replace("//", f"//{pod}.", 1)
    payload = json.dumps({"appliedFacets": {}, "limit": _PAGE, "offset": offset, "searchText": ""})
    step = f"{place} {offset}"
    url = f"{base}/wday/cxs/{pod.partition('.')[0]}/{site}/jobs" + (f"#{offset}" if offset else "")
    return Ask(url=url, step=step, payload=payload)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The next page while posts are left, five at most."""
    del subject
    place, offset = answer.ask.step.split(" ")
    data = parse_json(answer.body, _SOURCE)
    seen = int(offset) + len(need(data, "jobPostings", list, _SOURCE))
    total = need(data, "total", int, _SOURCE)
    more = int(offset) < seen < total and seen < _PAGE * _PAGES
    return Step(asks=(_ask(policy, place, seen),) if more else (), learned=((NAME, place),))


def reads(url: str) -> bool:
    """A page of one site's posts."""
    parts = urlsplit(url)
    return (parts.hostname or "").endswith(".myworkdayjobs.com") and _PATH.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """Every post with its place; the list holds no text and no exact day."""
    parts = urlsplit(url)
    match = _PATH.match(parts.path)
    site = match["site"] if match else ""
    pod = ".".join((parts.hostname or "").split(".")[:2])
    rows = need(parse_json(body, _SOURCE), "jobPostings", list, _SOURCE)
    posts = [
        Post(title=need(row, "title", str, _SOURCE), place=text_at(row, "locationsText")) for row in rows_at(rows, "")
    ]
    page = f"https://{parts.hostname}/{site}"
    return record_of(posts, board=f"Workday ({site})", about=(NAME, f"{pod}/{site}"), page=page)


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies=NAME, hint=_HINT)
