"""Status pages: what of a company's service is down, and what was. Documentation: https://support.atlassian.com/
statuspage/ (the public interface of each page under `/api/v2`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from research.model.finding import attributes
from research.sources.kind import Answer, Ask, Kind, Line, Record, Said, Step, Subject, labelled
from research.sources.policy import Policy
from research.sources.shape import need, parse_json, rows_at, text_at

NAME: Final = "status"
_SOURCE: Final = "the status page"
_HINT: Final = re.compile(r"https?://(?:status\.[\w.-]+\.\w+|[\w-]+\.statuspage\.io)(?::\d+)?")
_PATHS: Final = ("/api/v2/summary.json", "/api/v2/incidents.json")
# What a page itself calls grave; small ones are the daily life of any service, and stay below what a brief asserts.
_SCORES: Final[Mapping[str, float]] = {"critical": 0.75, "major": 0.7, "minor": 0.35}
_SHOWN: Final = 25  # incidents, newest first


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The status page that is known or linked on the account's own pages; else the usual place."""
    del policy
    hint = subject.hinted(_HINT)
    known = subject.identifier(NAME) or (hint[0] if hint else "")
    base = known or (f"https://status.{subject.domains[0]}" if subject.domains else "")
    return tuple(Ask(url=f"{base}{path}", step=base, lastly=not known) for path in _PATHS) if base else ()


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """A page that answers as documented is known from then on."""
    del subject, policy
    need(parse_json(answer.body, _SOURCE), "page.name", str, _SOURCE)
    return Step(learned=((NAME, answer.ask.step),))


def reads(url: str) -> bool:
    """The summary or the incidents of any page."""
    return urlsplit(url).path in _PATHS


def read(url: str, body: bytes) -> Record:
    """How the service is, and its incidents; the graver ones are pains."""
    data = parse_json(body, _SOURCE)
    name = need(data, "page.name", str, _SOURCE)
    base = url.rpartition("/api/v2/")[0]
    whole = urlsplit(url).path == _PATHS[0]
    state = text_at(data, "status.description")
    lines = [labelled("Status", state)] if whole and state else []
    lines += [
        labelled("Component", f"{text_at(row, 'name')}: {text_at(row, 'status').replace('_', ' ')}")
        for row in rows_at(data, "components")
        if text_at(row, "status") not in ("operational", "")
    ]
    incidents = need({"incidents": [], **data}, "incidents", list, _SOURCE)
    lines += list(_incidents(rows_at(incidents, "")))
    return Record(
        title=f"Status of {name}" + ("" if whole else ": incidents"),
        lines=tuple(lines) or (labelled("Incidents", "none"),),
        about=((NAME, base),),
        page=base if whole else f"{base}/history",
        published=text_at(data, "page.updated_at")[:10] or None,
        own=True,
    )


def _incidents(rows: list[Mapping[str, Any]]) -> Iterator[Line]:
    for row in sorted(rows, key=lambda r: text_at(r, "created_at"), reverse=True)[:_SHOWN]:
        name, impact = text_at(row, "name"), text_at(row, "impact")
        day, ended = text_at(row, "created_at")[:10], text_at(row, "resolved_at")[:10]
        said = []
        if impact in _SCORES and name:
            whole = attributes(type="pain", holder="account", phrase=name, basis="status page")
            said = [Said(kind="signal", attributes=whole, score=_SCORES[impact])]
        until = f", resolved {ended}" if ended else ", not resolved"
        yield labelled("Incident", f"{day}, {impact or 'no'} impact: {name}{until}", *said)
        update = text_at(row, "incident_updates.0.body")
        if update:
            yield Line(text=update, role="metadata")


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies=NAME, hint=_HINT)
