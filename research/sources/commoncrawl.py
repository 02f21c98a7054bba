"""Common Crawl: a company's pages as the newest crawl saw them, without touching its site.

Documentation: https://index.commoncrawl.org/ (CDX index, a JSON object a line), https://commoncrawl.org/get-started
(a page is a range of bytes of a WARC file).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from research.sources.histories import Snapshot, chosen
from research.sources.kind import Answer, Ask, ChangedError, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.shape import need, parse_json, text_at

NAME: Final = "commoncrawl"
_SOURCE: Final = "Common Crawl"
_LIMIT: Final = 2000  # rows of the index


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The list of crawls; nothing where no domain is known."""
    return (Ask(url=policy.at("crawls"), step="crawls", keep=False),) if subject.domains else ()


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """From the newest crawl to its index of the domain, from the index to ranges of WARC files."""
    if answer.ask.step == "crawls":
        crawls = need({"crawls": parse_json(answer.body, _SOURCE)}, "crawls", list, _SOURCE)
        name = text_at(crawls[0], "id") if crawls else ""
        if not name:
            raise ChangedError("Common Crawl's list of crawls names none; its format may have changed")
        query: dict[str, str | int] = {
            "url": f"{subject.domains[0]}/*", "output": "json", "filter": "=status:200", "limit": _LIMIT,
        }  # fmt: skip
        return Step(asks=(Ask(url=policy.at("index", f"/{name}-index", query), step="index", keep=False, lastly=True),))
    if answer.ask.step != "index":
        return Step()
    asks = tuple(_ask(policy, snapshot) for snapshot in chosen(_snapshots(answer.body)))
    return Step(asks=asks, notes=() if asks else (f"no telling page of {subject.domains[0]} is in the newest crawl",))


def _ask(policy: Policy, s: Snapshot) -> Ask:
    return Ask(
        url=policy.at("files", f"/{s.filename}#{s.offset}"),
        step="page",
        page=s.url,
        moment=s.moment,
        range=f"bytes={s.offset}-{s.offset + s.length - 1}",
    )


def _snapshots(body: bytes) -> Iterator[Snapshot]:
    for line in body.decode("utf-8", "replace").splitlines():
        try:
            row = json.loads(line)
            if row.get("mime-detected", row.get("mime")) == "text/html":
                yield Snapshot(
                    url=str(row["url"]),
                    stamp=str(row["timestamp"]),
                    digest=str(row["digest"]),
                    filename=str(row["filename"]),
                    offset=int(row["offset"]),
                    length=int(row["length"]),
                )
        except (ValueError, KeyError, AttributeError):
            raise ChangedError(
                "a line of Common Crawl's index is not as documented; its format may have changed"
            ) from None


def reads(url: str) -> bool:
    """Nothing: its pages are ordinary documents."""
    del url
    return False


def read(url: str, body: bytes) -> Record:
    """Never asked for."""
    raise ChangedError(f"{url} is no record of this kind ({len(body)} bytes)")


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read)
