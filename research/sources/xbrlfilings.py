"""filings.xbrl.org: annual reports of companies listed in Europe and elsewhere, with their tagged figures.

Documentation: https://filings.xbrl.org/docs/api (JSON:API), https://www.xbrl.org/Specification/xbrl-json (figures).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from research.sources.kind import Answer, Ask, ChangedError, Kind, Line, Record, Step, Subject, fact, labelled
from research.sources.policy import Policy
from research.sources.shape import dig, need, parse_json, rows_at, text_at

NAME: Final = "xbrlfilings"
_SOURCE: Final = "filings.xbrl.org"
_SURE: Final = 0.95
_FIGURES: Final = {
    "ifrs-full:Revenue": ("revenue", "Revenue"),
    "ifrs-full:RevenueFromContractsWithCustomers": ("revenue", "Revenue from contracts with customers"),
    "ifrs-full:ProfitLoss": ("net_income", "Profit or loss"),
}
_PLAIN: Final = frozenset(
    {"concept", "entity", "period", "unit"}
)  # a figure of the whole company has no dimension else
_REPORT: Final = re.compile(r"^/[^?#]+\.json$")
_READ: Final = 2  # newest reports


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The reports of a known Legal Entity Identifier; without one nobody is found here for sure."""
    lei = subject.identifier("lei")
    query: dict[str, str | int] = {"filter[entity.identifier]": lei, "sort": "-period_end", "page[size]": 10}
    return (Ask(url=policy.at("filings", query=query), step="list", keep=False),) if lei else ()


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """The figures of the newest reports."""
    if answer.ask.step != "list":
        return Step()
    rows = rows_at(need(parse_json(answer.body, _SOURCE), "data", list, _SOURCE), "")
    places = dict.fromkeys(text_at(row, "attributes.json_url") for row in rows)
    asks = tuple(Ask(url=policy.at("reports", place), step="report") for place in places if place.startswith("/"))
    return Step(asks=asks[:_READ], notes=() if asks else (f"no report of {subject.name} is held there",))


def reads(url: str) -> bool:
    """The figures of one report."""
    parts = urlsplit(url)
    api = parts.path.startswith("/api/")
    return parts.hostname == "filings.xbrl.org" and not api and _REPORT.match(parts.path) is not None


def read(url: str, body: bytes) -> Record:
    """Revenue and profit with their periods; of the company as a whole only."""
    facts = need(parse_json(body, _SOURCE), "facts", dict, _SOURCE)
    rows = [row for row in facts.values() if isinstance(row, Mapping)]
    entity = next((text_at(row, "dimensions.entity").rpartition(":")[2] for row in rows), "")
    lines = tuple(dict.fromkeys(_lines(rows)))
    if not lines or not entity:
        raise ChangedError("the report tags no revenue and no profit under the concepts that are read")
    return Record(
        title=f"Annual report of {entity}, tagged figures",
        lines=(labelled("Legal Entity Identifier", entity), *lines),
        about=(("lei", entity),),
        page=url,
    )


def _lines(rows: list[Mapping[str, Any]]) -> Iterator[Line]:
    for row in rows:
        dimensions = dig(row, "dimensions") or {}
        known = _FIGURES.get(text_at(dimensions, "concept"))
        if known is None or set(dimensions) - _PLAIN:
            continue
        span = _span(text_at(dimensions, "period"))
        value, unit = text_at(row, "value"), text_at(dimensions, "unit").rpartition(":")[2]
        if span and re.fullmatch(r"-?\d+(\.\d+)?", value):
            amount = f"{unit} {float(value):,.0f}"
            said = fact(known[0], amount, normal=float(value), unit=unit, period=f"FY{span[1][:4]}", score=_SURE)
            yield Line(text=f"{known[1]}, {span[0]} to {span[1]}: {amount}", said=(said,))


def _span(period: str) -> tuple[str, str] | None:
    """First and last day of a year; its end is given as the midnight after."""
    first, _, end = period.partition("/")
    try:
        start, after = date.fromisoformat(first[:10]), date.fromisoformat(end[:10])
    except ValueError:
        return None
    last = after - timedelta(days=1) if end[10:].startswith("T00:00:00") else after
    return (start.isoformat(), last.isoformat()) if 340 <= (last - start).days <= 390 else None


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read)
