"""USAspending: contracts that the United States' government gave. Documentation: https://api.usaspending.gov/docs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from research.sources.kind import Answer, Ask, ChangedError, Kind, Line, Record, Step, Subject, event
from research.sources.policy import Policy
from research.sources.shape import dig, need, parse_json, rows_at, text_at
from research.text.names import company_key

NAME: Final = "usaspending"
_SOURCE: Final = "USAspending"
_YEARS: Final = 3
_FIELDS: Final = ("Award ID", "Recipient Name", "Award Amount", "Awarding Agency", "Start Date", "Description")
_CONTRACTS: Final = ("A", "B", "C", "D")  # calls, purchase orders, delivery orders, definitive contracts
_SURE: Final = 0.85


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The largest contracts of the last three years whose recipient's name holds the account's."""
    end = date.fromisoformat(subject.today)
    start = end - timedelta(days=365 * _YEARS)
    payload = {
        "filters": {
            "recipient_search_text": [subject.query],
            "award_type_codes": list(_CONTRACTS),
            "time_period": [{"start_date": start.isoformat(), "end_date": end.isoformat()}],
        },
        "fields": list(_FIELDS),
        "page": 1,
        "limit": 50,
        "sort": "Award Amount",
        "order": "desc",
    }
    return (Ask(url=policy.at("awards"), step="awards", payload=json.dumps(payload)),)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """A note where none of the recipients is the account."""
    del policy
    keys = {company_key(name) for name in subject.names}
    rows = need(parse_json(answer.body, _SOURCE), "results", list, _SOURCE)
    ours = any(company_key(text_at(row, "Recipient Name")) in keys for row in rows_at(rows, ""))
    return Step(notes=() if ours else (f"no contract of the last {_YEARS} years went to {subject.name}",))


def reads(url: str) -> bool:
    """A list of awards."""
    parts = urlsplit(url)
    return parts.hostname == "api.usaspending.gov" and parts.path == "/api/v2/search/spending_by_award/"


def read(url: str, body: bytes) -> Record:
    """A line each contract; whose it is stands in it, and is compared with the account's names."""
    del url
    data = parse_json(body, _SOURCE)
    lines = tuple(_lines(need(data, "results", list, _SOURCE)))
    if not lines:
        raise ChangedError("USAspending has no contract to that name")
    return Record(
        title="Contracts of the United States' government",
        lines=lines,
        page="https://www.usaspending.gov/search",
        published=max(line.text[:10] for line in lines),
    )


def _lines(rows: list[Any]) -> Iterator[Line]:
    for row in rows_at(rows, ""):
        recipient = need(row, "Recipient Name", str, _SOURCE)
        amount = dig(row, "Award Amount")
        money = f"USD {amount:,.0f}" if isinstance(amount, int | float) else "amount not stated"
        day, agency = text_at(row, "Start Date")[:10], text_at(row, "Awarding Agency")
        summary = f"contract {text_at(row, 'Award ID')} to {recipient}, {money}"
        text = f"{day} {agency}: {summary}: {text_at(row, 'Description')}"
        said = event("contract", day, summary, score=_SURE, party=recipient)
        yield Line(text=text, said=(said,) if day else ())


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read)
