"""Companies House: the United Kingdom's register, with officers. Documentation:
https://developer.company-information.service.gov.uk/ (a free key; 600 requests in five minutes)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import urlsplit

from research.model.finding import attributes
from research.sources.kind import (
    Answer,
    Ask,
    Candidate,
    Kind,
    Line,
    Record,
    Said,
    Step,
    Subject,
    fact,
    labelled,
    person,
)
from research.sources.policy import Policy
from research.sources.shape import need, parse_json, rows_at, text_at

NAME: Final = "companieshouse"
_SOURCE: Final = "Companies House"
_SURE: Final = 0.95
_PATH: Final = re.compile(r"^/company/(?P<number>[0-9A-Z]{8})(?P<officers>/officers)?$")


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """Profile and officers of a known number, else a search."""
    number = subject.identifier(NAME)
    if number:
        base = policy.at("company", f"/{number}")
        return (Ask(url=base, step="profile"), Ask(url=f"{base}/officers", step="officers", lastly=True))
    query: dict[str, str | int] = {"q": subject.query, "items_per_page": 20}
    return (Ask(url=policy.at("search", query=query), step="search", keep=False),)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """What the search found, as candidates; dissolved companies say so."""
    del subject, policy
    if answer.ask.step != "search":
        return Step()
    items = need(parse_json(answer.body, _SOURCE), "items", list, _SOURCE)
    found = tuple(
        Candidate(
            identifier=(NAME, need(item, "company_number", str, _SOURCE)),
            name=need(item, "title", str, _SOURCE),
            about=", ".join(filter(None, (text_at(item, "company_status"), text_at(item, "address_snippet")))),
        )
        for item in rows_at(items, "")
        if text_at(item, "company_status") != "dissolved"
    )
    return Step(candidates=found, notes=() if found else ("Companies House has no live company of that name",))


def reads(url: str) -> bool:
    """A company's profile or its officers."""
    parts = urlsplit(url)
    return parts.hostname == "api.company-information.service.gov.uk" and _PATH.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """The profile, or the officers with what they are and since when."""
    match = _PATH.match(urlsplit(url).path)
    number, officers = (match["number"], match["officers"]) if match else ("", None)
    data = parse_json(body, _SOURCE)
    lines = tuple(_officers(data)) if officers else tuple(_profile(data))
    page = f"https://find-and-update.company-information.service.gov.uk/company/{number}"
    return Record(
        title=f"Companies House {number}" + (": officers" if officers else ""),
        lines=lines,
        about=((NAME, number),),
        page=page + (officers or ""),
        attribution="Companies House, Open Government Licence v3.0",
    )


def _profile(data: Any) -> Iterator[Line]:
    name = need(data, "company_name", str, _SOURCE)
    yield labelled("Company name", name, fact("legal_name", name, score=_SURE))
    yield labelled("Company number", text_at(data, "company_number"))
    yield labelled("Status", text_at(data, "company_status"))
    created = text_at(data, "date_of_creation")
    if created:
        yield labelled("Incorporated", created, fact("founded", created, score=0.6))
    office = [text_at(data, f"registered_office_address.{part}") for part in ("locality", "country")]
    place = ", ".join(filter(None, office))
    if place:
        said = Said(kind="office", attributes=attributes(place=place), score=0.6)
        yield labelled("Registered office", place, said)
    codes = data.get("sic_codes")
    if codes and isinstance(codes, list):
        yield labelled("Activities (SIC)", ", ".join(map(str, codes)))


def _officers(data: Any) -> Iterator[Line]:
    for item in rows_at(need(data, "items", list, _SOURCE), ""):
        yield _officer(item)


def _officer(item: Mapping[str, Any]) -> Line:
    name = _in_order(need(item, "name", str, _SOURCE))
    role = text_at(item, "officer_role").replace("-", " ").capitalize()
    since, until = text_at(item, "appointed_on"), text_at(item, "resigned_on")
    told = ", ".join(filter(None, (f"appointed {since}" if since else "", f"resigned {until}" if until else "")))
    said = () if role.startswith("Corporate") else (person(name, role, current=not until, score=0.9),)
    return labelled(role, f"{name}, {role}" + (f" ({told})" if told else ""), *said)


def _in_order(name: str) -> str:
    """`LINDQVIST, Mara Helena` -> `Mara Helena Lindqvist`."""
    family, _, given = name.partition(", ")
    return f"{given} {family.title() if family.isupper() else family}".strip()


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies=NAME)
