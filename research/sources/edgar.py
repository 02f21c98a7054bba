"""SEC EDGAR: who files, what it filed of late, and the figures that it tagged.

Documentation: https://www.sec.gov/search-filings/edgar-application-programming-interfaces, and
https://www.sec.gov/os/accessing-edgar-data for the declared User-Agent and at most ten requests a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from research.sources.edgar_read import SOURCE, cik_of, filings, read_facts, read_submissions
from research.sources.kind import Answer, Ask, Candidate, Kind, Record, Step, Subject
from research.sources.policy import Policy
from research.sources.shape import need, parse_json, text_at
from research.text.names import company_key, fold

NAME: Final = "edgar"
_TICKER: Final = re.compile(r"[A-Z][A-Z.\-]{0,6}")
# How many of each form are read: the last year's report, the quarter since, the news since, who is who.
_WANTED: Final[Mapping[str, int]] = {"10-K": 1, "20-F": 1, "40-F": 1, "10-Q": 1, "8-K": 4, "DEF 14A": 1}
_WITH_EXHIBITS: Final = frozenset({"10-K", "20-F", "8-K"})
_EXHIBIT: Final = re.compile(r"^EX-(?:21|99\.1)(?:\.\d+)?$|^EX-99$")
_NEWS_ITEMS: Final = frozenset({"2.02", "7.01", "8.01", "5.02", "1.01", "2.01", "2.05"})
_ROW: Final = re.compile(r"<tr\b[^>]*>(.*?)</tr>", re.IGNORECASE | re.DOTALL)
_CELL: Final = re.compile(r"<td\b[^>]*>(.*?)</td>", re.IGNORECASE | re.DOTALL)
_HREF: Final = re.compile(r"href=\"(?:/ix\?doc=)?(/Archives/edgar/data/[^\"?#]+)\"", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class _Filing:
    """One filing's folder in the archive, and its main paper."""

    form: str
    folder: str
    accession: str
    paper: str
    items: frozenset[str]


def plan(subject: Subject, policy: Policy) -> tuple[Ask, ...]:
    """What a known registrant filed and its figures, else the list of all registrants with a ticker."""
    cik = subject.identifier("cik")
    if not cik:
        return (Ask(url=policy.at("tickers"), step="tickers", keep=False),)
    padded = cik.zfill(10)
    return (
        Ask(url=policy.at("submissions", f"/CIK{padded}.json"), step="submissions"),
        Ask(url=policy.at("facts", f"/CIK{padded}.json"), step="facts", lastly=True),
    )


def follow(subject: Subject, policy: Policy, answer: Answer) -> Step:
    """From the list to candidates, from submissions to the filings of each form, from a filing's index to exhibits."""
    if answer.ask.step == "tickers":
        return _find(subject, parse_json(answer.body, SOURCE))
    if answer.ask.step == "submissions":
        data = parse_json(answer.body, SOURCE)
        return Step(
            asks=tuple(_asks(policy, data)),
            learned=tuple(_learned(data)),
            website=text_at(data, "website") if text_at(data, "website").startswith("http") else "",
        )
    if answer.ask.step == "index":
        return Step(asks=tuple(_exhibits(policy, answer.body)))
    return Step()


def _find(subject: Subject, data: object) -> Step:
    rows = need({"rows": data}, "rows", dict, SOURCE).values()
    found: dict[str, Candidate] = {}
    for row in rows:
        cik, ticker, title = (need(row, key, kind, SOURCE) for key, kind in _COLUMNS)
        if _alike(subject, title, ticker):
            candidate = Candidate(
                identifier=("cik", str(cik).zfill(10)),
                name=title,
                about=f"ticker {ticker}",
                also=(("ticker", ticker),),
            )
            found.setdefault(candidate.identifier[1], candidate)
    notes = () if found else ("EDGAR's list of companies with a ticker has none of that name; it may be private",)
    return Step(candidates=tuple(found.values()), notes=notes)


_COLUMNS: Final[tuple[tuple[str, type[Any]], ...]] = (("cik_str", int), ("ticker", str), ("title", str))


def _alike(subject: Subject, title: str, ticker: str) -> bool:
    """Whether an entry is worth weighing: the same name or ticker, or a longer name that begins with it."""
    if ticker == subject.identifier("ticker") or (_TICKER.fullmatch(subject.name) and ticker == subject.name):
        return True
    keys = {company_key(name) for name in subject.forms if fold(name)}
    return company_key(title) in keys or fold(title).startswith(tuple(f"{key} " for key in keys))


def _learned(data: object) -> Iterator[tuple[str, str]]:
    for key, path in (("ticker", "tickers.0"), ("lei", "lei")):
        value = text_at(data, path)
        if value and value != "None":
            yield key, value


def _asks(policy: Policy, data: object) -> Iterator[Ask]:
    taken: dict[str, int] = {}
    for filing in _recent(data):
        taken[filing.form] = taken.get(filing.form, 0) + 1
        if taken[filing.form] > _WANTED.get(filing.form, 0):
            continue
        base = f"/{filing.folder}"
        yield Ask(url=policy.at("archive", f"{base}/{filing.paper}"), step="paper")
        if filing.form in _WITH_EXHIBITS and (filing.form != "8-K" or filing.items & _NEWS_ITEMS):
            yield Ask(url=policy.at("archive", f"{base}/{filing.accession}-index.htm"), step="index", keep=False)


def _recent(data: object) -> Iterator[_Filing]:
    """The filings of the forms that are read, newest first; amendments are left to the filings that they amend."""
    cik = cik_of(data).lstrip("0")
    for row in filings(data):
        if row["form"] in _WANTED and row["primaryDocument"]:
            accession = row["accessionNumber"]
            yield _Filing(
                form=row["form"],
                folder=f"{cik}/{accession.replace('-', '')}",
                accession=accession,
                paper=row["primaryDocument"],
                items=frozenset(row["items"].split(",")),
            )


def _exhibits(policy: Policy, body: bytes) -> Iterator[Ask]:
    """The lists of subsidiaries and the press releases among a filing's papers, by the type that the index states."""
    for row in _ROW.findall(body.decode("utf-8", "replace")):
        types = {" ".join(_TAG.sub(" ", cell).split()).upper() for cell in _CELL.findall(row)}
        link = _HREF.search(row)
        if link and any(_EXHIBIT.match(kind) for kind in types):
            path = link[1].removeprefix("/Archives/edgar/data")
            yield Ask(url=policy.at("archive", path), step="exhibit")


def reads(url: str) -> bool:
    """The two data sets of one registrant; papers of the archive are ordinary documents."""
    parts = urlsplit(url)
    return parts.hostname == "data.sec.gov" and parts.path.startswith(("/submissions/CIK", "/api/xbrl/companyfacts/"))


def read(url: str, body: bytes) -> Record:
    """A registrant's data with its list of filings, or its tagged figures."""
    return read_submissions(body) if "/submissions/" in url else read_facts(body)


KIND: Final = Kind(name=NAME, plan=plan, follow=follow, reads=reads, read=read, identifies="cik")
