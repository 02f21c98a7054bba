"""The Wayback Machine: how a company's pages were, without touching its site.

Documentation: https://github.com/internetarchive/wayback/tree/master/wayback-cdx-server; `id_` gives raw bodies.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from research.sources.histories import Snapshot, chosen
from research.sources.kind import Answer, Ask, ChangedError, Kind, Record, Step, Subject, labelled
from research.sources.policy import Policy
from research.sources.shape import need, parse_json
from research.text.urls import registrable_domain

NAME: Final = "wayback"
_SOURCE: Final = "the Wayback Machine"
_COLUMNS: Final = ("timestamp", "original", "mimetype", "statuscode", "digest")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The index of the account's domain; nothing where no domain is known."""
    if not subject.domains:
        return ()
    query: dict[str, str | int] = {
        "url": f"{subject.domains[0]}/*",
        "output": "json",
        "fl": ",".join(_COLUMNS),
        "filter": "statuscode:200",
        "collapse": "digest",
        "limit": 3000,
    }
    return (Ask(url=policy.at("index", query=query), step="index"),)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The raw bodies of a few moments of the telling pages."""
    if answer.ask.step != "index":
        return Step()
    found = list(chosen(_snapshots(answer.body)))
    asks = tuple(
        Ask(url=policy.at("page", f"/{s.stamp}id_/{s.url}"), step="page", page=s.url, moment=s.moment) for s in found
    )
    known = ("domain", subject.domains[0])
    return Step(
        asks=asks,
        learned=(known,) if asks else (),
        notes=() if asks else (f"no telling page of {subject.domains[0]} is archived",),
    )


def _snapshots(body: bytes) -> Iterator[Snapshot]:
    rows = need({"rows": parse_json(body, _SOURCE)}, "rows", list, _SOURCE)
    if rows and (rows[0] != list(_COLUMNS) or not all(_is_row(row) for row in rows)):
        raise ChangedError("the index of the Wayback Machine has other columns than documented")
    for row in rows[1:]:
        stamp, url, media_type, _, digest = map(str, row)
        if media_type == "text/html":
            yield Snapshot(url=url.replace(":80/", "/", 1), stamp=stamp, digest=digest)


def _is_row(row: object) -> bool:
    return isinstance(row, list) and len(row) == len(_COLUMNS)


def reads(url: str) -> bool:
    """An answer of the index."""
    parts = urlsplit(url)
    return parts.hostname == "web.archive.org" and parts.path == "/cdx/search/cdx"


def read(url: str, body: bytes) -> Record:
    """The days on which the telling pages were seen in another state than before."""
    del url
    found = sorted(chosen(_snapshots(body)), key=lambda s: (s.url, s.stamp))
    if not found:
        raise ChangedError("no telling page is archived")
    lines = tuple(labelled("Archived", f"{s.moment[:10]} {s.url}") for s in found)
    return Record(
        title="States of pages in the Wayback Machine",
        lines=lines,
        about=(("domain", registrable_domain(found[0].url)),),
        attribution="Internet Archive",
    )


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read)
