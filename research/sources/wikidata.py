"""Wikidata and Wikipedia: who a company is, with the dates that its facts bear, and the identifiers of other registers.

Documentation: https://www.wikidata.org/wiki/Wikidata:Data_access, https://en.wikipedia.org/api/rest_v1/.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from research.sources.kind import (
    Answer,
    Ask,
    Candidate,
    ChangedError,
    Kind,
    Line,
    Record,
    Said,
    Step,
    Subject,
    fact,
    labelled,
    person,
    relation,
)
from research.sources.policy import Policy
from research.sources.shape import dig, need, parse_json, rows_at, text_at
from research.text.urls import registrable_domain

NAME: Final = "wikidata"
_SOURCE: Final = "Wikidata"
_LICENCE: Final = "Wikipedia contributors, CC BY-SA 4.0"
# Anybody may edit both; what they say is a good lead, and a register or the company itself goes before it.
_SCORE: Final = 0.7
_ENDED: Final = 0.35  # what Wikidata itself says is over
_ITEM: Final = re.compile(r"^Q[1-9]\d{0,11}$")
# The properties that are asked for, with the words that label their lines.
_LABELS: Final[Mapping[str, str]] = {
    "P1448": "Official name",
    "P856": "Official website",
    "P571": "Founded",
    "P159": "Headquarters",
    "P452": "Industry",
    "P1128": "Employees",
    "P2139": "Revenue",
    "P2295": "Net profit",
    "P749": "Parent organisation",
    "P127": "Owned by",
    "P355": "Subsidiary",
    "P169": "Chief executive officer",
    "P488": "Chairperson",
    "P112": "Founder",
    "P414": "Stock exchange",
    "P1278": "Legal Entity Identifier",
    "P5531": "SEC Central Index Key",
}
_IDENTIFIERS: Final = {"P1278": "lei", "P5531": "cik"}
_FACTS: Final = {
    "P1448": "legal_name",
    "P571": "founded",
    "P159": "headquarters",
    "P452": "industry",
    "P1128": "employees",
    "P2139": "revenue",
    "P2295": "net_income",
    "P749": "parent",
}
_ROLES: Final = {"P169": "Chief Executive Officer", "P488": "Chair", "P112": "Founder"}
_CURRENCIES: Final = {
    "united states dollar": "USD", "euro": "EUR", "pound sterling": "GBP", "japanese yen": "JPY", "swiss franc": "CHF",
    "canadian dollar": "CAD", "australian dollar": "AUD", "renminbi": "CNY", "indian rupee": "INR",
    "swedish krona": "SEK", "danish krone": "DKK", "norwegian krone": "NOK",
}  # fmt: skip
# An entry that has none of these is a person, a place or a word, and no organisation.
_ORGANISATION: Final = ("P856", "P452", "P1128", "P159", "P169", "P1278", "P5531", "P414", "P749")
_QUERY: Final = """SELECT ?item ?property ?value ?valueLabel ?unitLabel ?precision ?asOf ?start ?end ?ticker ?article
WHERE {{
  VALUES ?item {{ wd:{item} }}
  VALUES ?property {{ {properties} }}
  ?property wikibase:claim ?claim; wikibase:statementProperty ?simple; wikibase:statementValue ?full.
  ?item ?claim ?statement. ?statement ?simple ?value; wikibase:rank ?rank.
  FILTER(?rank != wikibase:DeprecatedRank)
  OPTIONAL {{ ?statement ?full ?node. OPTIONAL {{ ?node wikibase:quantityUnit ?unit }}
             OPTIONAL {{ ?node wikibase:timePrecision ?precision }} }}
  OPTIONAL {{ ?statement pq:P585 ?asOf }} OPTIONAL {{ ?statement pq:P580 ?start }}
  OPTIONAL {{ ?statement pq:P582 ?end }} OPTIONAL {{ ?statement pq:P249 ?ticker }}
  OPTIONAL {{ ?article schema:about ?item; schema:isPartOf <https://en.wikipedia.org/> }}
  SERVICE wikibase:label {{ bd:serviceParam wikibase:language "en". }}
}} ORDER BY ?property ?value LIMIT 500"""


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """The facts of a known item, else a search for the name."""
    item = subject.identifier("wikidata")
    if item:
        properties = " ".join(f"wd:{number}" for number in _LABELS)
        query = " ".join(_QUERY.format(item=item, properties=properties).split())
        return (Ask(url=policy.at("facts", query={"query": query, "format": "json"}), step="facts"),)
    return tuple(_search(policy, text) for text in subject.queries)


def _search(policy: Policy, text: str) -> Ask:
    wanted = {
        "action": "wbsearchentities", "search": text, "language": "en", "type": "item", "limit": "10", "format": "json",
    }  # fmt: skip
    return Ask(url=policy.at("search", query=wanted), step="search", keep=False)


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """From a search to its entries, from entries to candidates, from facts to identifiers and the article."""
    if answer.ask.step == "search":
        found = need(parse_json(answer.body, _SOURCE), "search", list, _SOURCE)
        items = [text_at(row, "id") for row in rows_at(found, "")]
        return _ask_entries([item for item in items if _ITEM.match(item)], policy)
    if answer.ask.step == "entries":
        return Step(candidates=tuple(_candidates(subject, parse_json(answer.body, _SOURCE))))
    if answer.ask.step == "facts":
        return _learn(answer.body, policy)
    return Step()


def _ask_entries(items: list[str], policy: Policy) -> Step:
    if not items:
        return Step(notes=("Wikidata has no entry of that name",))
    query = {
        "action": "wbgetentities", "ids": "|".join(items), "props": "labels|aliases|descriptions|claims",
        "languages": "en", "format": "json",
    }  # fmt: skip
    url = policy.at("search", query=query)
    return Step(asks=(Ask(url=url, step="entries", keep=False),))


def _candidates(subject: Subject, data: object) -> Iterator[Candidate]:
    for item, entity in need(data, "entities", dict, _SOURCE).items():
        claims = dig(entity, "claims")
        if not isinstance(claims, dict) or not any(number in claims for number in _ORGANISATION):
            continue
        yield Candidate(
            identifier=("wikidata", item),
            name=text_at(entity, "labels.en.value"),
            aliases=tuple(text_at(row, "value") for row in rows_at(entity, "aliases.en")),
            website=_website(subject, _values(claims, "P856")),
            about=text_at(entity, "descriptions.en.value"),
            also=tuple((key, _register(key, v)) for n, key in _IDENTIFIERS.items() for v in _values(claims, n)[:1]),
        )


def _website(subject: Subject, websites: Sequence[str]) -> str:
    """Of several websites of one company the subject's, else the first."""
    mine = (site for site in websites if registrable_domain(site) in subject.domains)
    return next(mine, next(iter(websites), ""))


def _values(claims: Mapping[str, Any], number: str) -> list[str]:
    """What is stated and holds: nothing deprecated, and nothing that has an end (P582)."""
    rows = (row for row in rows_at(claims, number) if text_at(row, "rank") != "deprecated")
    found = (text_at(row, "mainsnak.datavalue.value") for row in rows if not dig(row, "qualifiers.P582"))
    return [value for value in found if value]


def _register(key: str, value: str) -> str:
    """A CIK with its ten digits, as EDGAR's addresses have it."""
    return value.zfill(10) if key == "cik" else value


def _learn(body: bytes, policy: Policy) -> Step:
    rows = _bindings(body)
    learned = [
        (_IDENTIFIERS[row["property"]], _register(_IDENTIFIERS[row["property"]], row["valueLabel"]))
        for row in rows
        if row["property"] in _IDENTIFIERS and not row["end"]
    ]
    website = next((row["value"] for row in rows if row["property"] == "P856" and not row["end"]), "")
    tickers = [("ticker", row["ticker"]) for row in rows if row["ticker"] and not row["end"]]
    article = next((row["article"] for row in rows if row["article"]), "")
    title = article.rpartition("/wiki/")[2]
    asks = (Ask(url=policy.at("article", "/" + quote(title, safe="%")), step="article"),) if title else ()
    return Step(asks=asks, learned=(*learned, *tickers[:1]), website=website)


def _bindings(body: bytes) -> list[dict[str, str]]:
    """The rows of a query's answer, every variable a string; items and properties as their numbers."""
    data = parse_json(body, _SOURCE)
    names = ("item", "property", "value", "valueLabel", "unitLabel", "precision", "asOf", "start", "end", "ticker",
             "article")  # fmt: skip
    rows = []
    for binding in need(data, "results.bindings", list, _SOURCE):
        row = {name: text_at(binding, f"{name}.value") for name in names}
        row["item"], row["property"] = row["item"].rpartition("/")[2], row["property"].rpartition("/")[2]
        if not _ITEM.match(row["item"]) or row["property"] not in _LABELS:
            raise ChangedError("the answer of Wikidata names no item or property; its format may have changed")
        rows.append(row)
    return rows


def reads(url: str) -> bool:
    """The answers that are kept: the facts of one item, and the summary of an article."""
    parts = urlsplit(url)
    if parts.hostname == "query.wikidata.org":
        return parts.path == "/sparql"
    return (parts.hostname or "").endswith(".wikipedia.org") and parts.path.startswith("/api/rest_v1/page/summary/")


def read(url: str, body: bytes) -> Record:
    """An item's statements, a line each, or an article's summary."""
    return _read_facts(body) if urlsplit(url).path == "/sparql" else _read_article(body)


def _read_facts(body: bytes) -> Record:
    rows = _bindings(body)
    if not rows:
        raise ChangedError("Wikidata states nothing of this item")
    unique = {(row["property"], row["value"], row["asOf"], row["start"]): row for row in rows}
    lines = tuple(_line(row) for row in unique.values())
    item = rows[0]["item"]
    return Record(title=f"Wikidata {item}", lines=lines, about=(("wikidata", item),), attribution="Wikidata, CC0 1.0")


def _line(row: Mapping[str, str]) -> Line:
    value = _value(row)
    dates = [
        f"{word} {row[key][:10]}" for word, key in (("as of", "asOf"), ("from", "start"), ("until", "end")) if row[key]
    ]
    ticker = f", ticker {row['ticker']}" if row["ticker"] else ""
    text = f"{value}{ticker}" + (f" ({', '.join(dates)})" if dates else "")
    return labelled(_LABELS[row["property"]], text, *_said(row, value))


def _value(row: Mapping[str, str]) -> str:
    number, label = row["property"], row["valueLabel"] or row["value"]
    if number == "P571":
        return row["value"][: {"9": 4, "10": 7}.get(row["precision"], 10)]
    if number in ("P1128", "P2139", "P2295") and re.fullmatch(r"[+-]?\d+(\.\d+)?", row["value"]):
        amount = f"{float(row['value']):,.2f}".removesuffix(".00")
        unit = _CURRENCIES.get(row["unitLabel"].lower(), row["unitLabel"]) if number != "P1128" else ""
        return f"{unit} {amount}".strip()
    return _register("cik", label) if number == "P5531" else label


def _said(row: Mapping[str, str], value: str) -> Iterator[Said]:
    number, over = row["property"], bool(row["end"])
    score = _ENDED if over else _SCORE
    if number in _ROLES:
        yield person(value, _ROLES[number], current=None if number == "P112" else not over, score=_SCORE)
    if number == "P355" and not over:
        yield relation(value, "subsidiary", "", score=score)
    if number in ("P749", "P127") and not over:
        yield relation(value, "parent", "", score=score)
    if number == "P414" and row["ticker"] and not over:
        yield fact("ticker", row["ticker"], score=score)
        yield fact("ownership", f"{value}, ticker {row['ticker']}", normal="public", score=score)
    if number in _FACTS:
        yield _fact(number, row, value, score)


def _fact(number: str, row: Mapping[str, str], value: str, score: float) -> Said:
    field, period = _FACTS[number], row["asOf"][:10] or None
    if field in ("employees", "revenue", "net_income"):
        unit, _, amount = value.rpartition(" ")
        plain = float(amount.replace(",", "")) if re.fullmatch(r"-?[\d,.]+", amount) else None
        if field != "employees" and period:
            period = f"FY{period[:4]}"
        return fact(field, value, normal=plain, unit=unit or ("people" if field == "employees" else None),
                    period=period, score=score)  # fmt: skip
    return fact(field, value, period=period if field == "headquarters" else None, score=score)


_SENTENCE: Final = re.compile(r"^.{40,400}?(?<!Inc)(?<!Corp)(?<!Ltd)(?<!Co)(?<!\b[A-Z])\.(?=\s+[A-Z]|\s*$)", re.DOTALL)


def _read_article(body: bytes) -> Record:
    data = parse_json(body, "Wikipedia")
    extract = need(data, "extract", str, "Wikipedia")
    item = text_at(data, "wikibase_item")
    paragraphs = [" ".join(part.split()) for part in extract.split("\n") if part.strip()]
    first = _SENTENCE.match(paragraphs[0]) if paragraphs else None
    said = (Said(kind="fact", attributes=fact("description", first[0], score=_SCORE).attributes, score=_SCORE,
                 quote=first[0]),) if first else ()  # fmt: skip
    lines = [Line(text=text, role="paragraph", said=said if not place else ()) for place, text in enumerate(paragraphs)]
    return Record(
        title=need(data, "title", str, "Wikipedia"),
        lines=tuple(lines),
        about=(("wikidata", item),) if item else (),
        page=text_at(data, "content_urls.desktop.page"),
        published=text_at(data, "timestamp")[:10] or None,
        attribution=_LICENCE,
    )


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies="wikidata")
