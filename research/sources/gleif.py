"""GLEIF: the Legal Entity Identifier's record, with the legal name, the address and who owns the company.

Documentation: https://www.gleif.org/en/lei-data/gleif-api (JSON:API; `…/direct-parent` and `…/ultimate-parent`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from research.sources.kind import Answer, Ask, Candidate, Kind, Line, Record, Step, Subject, fact, labelled, relation
from research.sources.policy import Policy
from research.sources.shape import dig, need, parse_json, rows_at, text_at

NAME: Final = "gleif"
_SOURCE: Final = "GLEIF"
_SURE: Final = 0.95  # the register's own data, checked by the issuer of the identifier each year
_PAGES: Final = 3  # of 20 entries; a name that more bear is no name to resolve by
_PARENTS: Final = {"direct-parent": "Direct parent", "ultimate-parent": "Ultimate parent"}
_PATH: Final = re.compile(r"^/api/v1/lei-records/(?P<lei>[0-9A-Z]{20})(?:/(?P<parent>direct-parent|ultimate-parent))?$")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The record of a known identifier with both parents, else a search by legal name."""
    lei = subject.identifier("lei")
    if lei:
        parents = (Ask(url=policy.at("records", f"/{lei}/{which}"), step=which, lastly=True) for which in _PARENTS)
        return (Ask(url=policy.at("records", f"/{lei}"), step="record"), *parents)
    return tuple(_search(policy, text) for text in subject.queries)


def _search(policy: Policy, text: str, page: int = 1) -> Ask:
    query: dict[str, str | int] = {"filter[entity.names]": text, "page[size]": 20}
    if page > 1:
        query["page[number]"] = page
    return Ask(url=policy.at("records", query=query), step="search", keep=False)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The entries that a search found as candidates, and the next page of them: a namesake may be on it."""
    del subject
    if answer.ask.step != "search":
        return Step()
    data = parse_json(answer.body, _SOURCE)
    candidates = tuple(_candidate(row) for row in rows_at(need(data, "data", list, _SOURCE), ""))
    asks = tuple(_next_page(policy, answer.ask, data))
    return Step(candidates=candidates, asks=asks, notes=() if candidates else ("GLEIF has no entity of that name",))


def _next_page(policy: Policy, ask: Ask, data: object) -> Iterator[Ask]:
    page, last = dig(data, "meta.pagination.currentPage"), dig(data, "meta.pagination.lastPage")
    text = dict(parse_qsl(urlsplit(ask.url).query)).get("filter[entity.names]", "")
    if isinstance(page, int) and isinstance(last, int) and page < min(last, _PAGES) and text:
        yield _search(policy, text, page + 1)


def _candidate(row: Mapping[str, Any]) -> Candidate:
    entity = need(row, "attributes.entity", dict, _SOURCE)
    status = text_at(entity, "status")
    return Candidate(
        identifier=("lei", need(row, "attributes.lei", str, _SOURCE)),
        name=need(entity, "legalName.name", str, _SOURCE),
        aliases=tuple(text_at(other, "name") for other in rows_at(entity, "otherNames")),
        about=", ".join(filter(None, (_place(entity, "headquartersAddress"), "" if status == "ACTIVE" else status))),
    )


def reads(url: str) -> bool:
    """A record of one identifier, or of its parent."""
    parts = urlsplit(url)
    return parts.hostname == "api.gleif.org" and _PATH.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """The record, or the parent's, line by line; `about` is always the identifier that was asked about."""
    match = _PATH.match(urlsplit(url).path)
    asked, parent = (match["lei"], match["parent"]) if match else ("", None)
    data = need(parse_json(body, _SOURCE), "data", dict, _SOURCE)
    entity = need(data, "attributes.entity", dict, _SOURCE)
    name = need(entity, "legalName.name", str, _SOURCE)
    lines = _parent_lines(parent, name, data) if parent else _lines(name, data, entity)
    return Record(
        title=f"GLEIF record {asked}" + (f", {_PARENTS[parent].lower()}" if parent else ""),
        lines=tuple(line for line in lines if not line.text.endswith(": ")),
        about=(("lei", asked),),
        page=f"https://search.gleif.org/#/record/{asked}",
        published=text_at(data, "attributes.registration.lastUpdateDate")[:10] or None,
        attribution="GLEIF, CC0 1.0",
    )


def _lines(name: str, data: Mapping[str, Any], entity: Mapping[str, Any]) -> list[Line]:
    place = _place(entity, "headquartersAddress")
    created = text_at(entity, "creationDate")[:10]
    others = [text_at(row, "name") for row in rows_at(entity, "otherNames")]
    return [
        labelled("Legal name", name, fact("legal_name", name, score=_SURE)),
        *(labelled("Other name", other) for other in others),
        labelled("Legal Entity Identifier", text_at(data, "attributes.lei")),
        labelled("Headquarters", place, *([fact("headquarters", place, score=0.85)] if place else [])),
        labelled("Legal address", _place(entity, "legalAddress")),
        labelled("Jurisdiction", text_at(entity, "jurisdiction")),
        labelled("Created", created, *([fact("founded", created, score=0.6)] if created else [])),
        labelled("Entity status", text_at(entity, "status")),
        labelled("Registration status", text_at(data, "attributes.registration.status")),
    ]


def _parent_lines(parent: str, name: str, data: Mapping[str, Any]) -> list[Line]:
    said = [relation(name, "parent", "", score=_SURE)]
    facts = [fact("parent", name, score=_SURE)] if parent == "direct-parent" else []
    return [
        labelled(_PARENTS[parent], name, *said, *facts),
        labelled("Its Legal Entity Identifier", text_at(data, "attributes.lei")),
    ]


def _place(entity: Mapping[str, Any], which: str) -> str:
    """City, region and country of an address; the region without its country's letters."""
    address = dig(entity, which) or {}
    region = text_at(address, "region").partition("-")[2]
    return ", ".join(filter(None, (text_at(address, "city"), region, text_at(address, "country"))))


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies="lei")
