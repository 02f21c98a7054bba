"""Wikidata, EDGAR and GLEIF in their documented shapes, searched as they are, over one table of made-up companies."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from research.text.names import fold

from .example import Stored

_ORGANISATION = {"mainsnak": {"datavalue": {"value": {"id": "Q900100300"}, "type": "wikibase-entityid"}}}


@dataclass(frozen=True)
class Company:
    """A row of the table: `linked` where its entry in Wikidata states its other identifiers."""

    key: str
    name: str
    country: str
    city: str
    cik: str
    ticker: str
    lei: str
    item: str
    label: str
    aliases: str
    website: str
    linked: str

    @property
    def identifiers(self) -> frozenset[tuple[str, str]]:
        """By which of its entries it may be known."""
        pairs = (("cik", self.cik), ("lei", self.lei), ("wikidata", self.item), ("ticker", self.ticker))
        return frozenset(pair for pair in pairs if pair[1])


def load_companies(file: Path) -> tuple[Company, ...]:
    """The table of a file."""
    with file.open(encoding="utf-8", newline="") as lines:
        return tuple(Company(**row) for row in csv.DictReader(lines))


@dataclass(frozen=True)
class Registers:
    """Answers a request to any of the three; None to all others."""

    companies: Sequence[Company]

    def __call__(self, url: str) -> Stored | None:
        parts = urlsplit(url)
        query = dict(parse_qsl(parts.query))
        match (parts.hostname, parts.path, query.get("action")):
            case ("www.sec.gov", "/files/company_tickers.json", _):
                data: Any = self._tickers()
            case ("api.gleif.org", "/api/v1/lei-records", _):
                data = self._records(query["filter[entity.names]"], int(query["page[size]"]), query)
            case ("www.wikidata.org", "/w/api.php", "wbsearchentities"):
                data = self._search(query["search"], int(query["limit"]))
            case ("www.wikidata.org", "/w/api.php", "wbgetentities"):
                data = self._entities(query["ids"].split("|"))
            case _:
                return None
        return Stored(url=url, body=json.dumps(data).encode())

    def _tickers(self) -> dict[str, Any]:
        listed = [company for company in self.companies if company.cik]
        return {
            str(place): {"cik_str": int(company.cik), "ticker": company.ticker, "title": company.name}
            for place, company in enumerate(listed)
        }

    def _records(self, text: str, size: int, query: dict[str, str]) -> dict[str, Any]:
        """Every entity whose name has all the words, a page of them."""
        words = set(fold(text).split())
        found = [company for company in self.companies if company.lei and words <= set(fold(company.name).split())]
        page, last = int(query.get("page[number]", "1")), max(1, -(-len(found) // size))
        shown = found[(page - 1) * size : page * size]
        pagination = {"currentPage": page, "perPage": size, "total": len(found), "lastPage": last}
        return {"meta": {"pagination": pagination}, "data": [_record(company) for company in shown]}

    def _search(self, text: str, limit: int) -> dict[str, Any]:
        """Every entry of which a name begins with the text."""
        start = text.casefold()
        found = [
            {"id": company.item, "label": company.label}
            for company in self.companies
            if company.item and any(name.casefold().startswith(start) for name in _names(company))
        ]
        return {"searchinfo": {"search": text}, "search": found[:limit], "success": 1}

    def _entities(self, items: Sequence[str]) -> dict[str, Any]:
        return {"entities": {c.item: _entity(c) for c in self.companies if c.item in items}, "success": 1}


def _names(company: Company) -> tuple[str, ...]:
    return (company.label, *filter(None, company.aliases.split(";")))


def _record(company: Company) -> dict[str, Any]:
    address = {"city": company.city, "region": "", "country": company.country}
    entity = {
        "legalName": {"name": company.name, "language": "en"},
        "otherNames": [],
        "legalAddress": address,
        "headquartersAddress": address,
        "status": "ACTIVE",
    }
    return {"type": "lei-records", "id": company.lei, "attributes": {"lei": company.lei, "entity": entity}}


def _entity(company: Company) -> dict[str, Any]:
    stated = {"P856": company.website} | ({"P1278": company.lei, "P5531": company.cik} if company.linked else {})
    claims: dict[str, Any] = {number: [_claim(value)] for number, value in stated.items() if value}
    return {
        "type": "item",
        "id": company.item,
        "labels": {"en": {"language": "en", "value": company.label}},
        "descriptions": {"en": {"language": "en", "value": f"company in {company.city}"}},
        "aliases": {"en": [{"language": "en", "value": name} for name in _names(company)[1:]]},
        "claims": {**claims, "P159": [_ORGANISATION]},
    }


def _claim(value: str) -> dict[str, Any]:
    return {"mainsnak": {"snaktype": "value", "datavalue": {"value": value, "type": "string"}}, "rank": "normal"}
