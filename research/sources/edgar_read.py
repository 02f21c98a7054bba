"""What EDGAR's data sets say: the registrant and its filings, and the figures of its reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from research.sources.kind import ChangedError, Line, Record, Said, event, fact, labelled
from research.sources.shape import dig, need, parse_json, rows_at, text_at

SOURCE: Final = "EDGAR"
_SURE: Final = 0.97  # the registrant's own sworn data
_COLUMNS: Final = ("form", "accessionNumber", "filingDate", "reportDate", "primaryDocument", "items")
_LISTED: Final = 40  # filings that the record names, newest first
# What insiders and investors report of their own dealings; not the company's papers.
_OTHERS: Final = ("3", "4", "5", "144", "SC 13", "SCHEDULE 13", "13F", "UPLOAD", "CORRESP")
# The items of Form 8-K, in words of ours, and the kind of event that each reports (Form 8-K, General Instructions B).
_ITEMS: Final[Mapping[str, tuple[str, str]]] = {
    "1.01": ("a material agreement was made", "contract"),
    "1.02": ("a material agreement ended", "contract"),
    "1.03": ("bankruptcy or receivership", "other"),
    "1.05": ("a material cybersecurity incident", "other"),
    "2.01": ("assets were acquired or disposed of", "acquisition"),
    "2.02": ("results of operations", "results"),
    "2.05": ("costs of leaving or disposing of activities", "restructuring"),
    "2.06": ("material impairments", "other"),
    "3.01": ("notice of delisting, or a listing moved", "other"),
    "4.01": ("the auditor changed", "other"),
    "4.02": ("earlier accounts are not to be relied on", "other"),
    "5.01": ("control of the company changed", "acquisition"),
    "5.02": ("directors or officers came or left", "leadership"),
}
_EVENT: Final = {"results": 0.5}  # every quarter brings them; the release itself says what they were
# Concepts of the US and IFRS taxonomies for one figure, the one that most filers use first.
_FIGURES: Final[Mapping[str, tuple[str, tuple[str, ...]]]] = {
    "revenue": ("Revenue", (
        "us-gaap.RevenueFromContractWithCustomerExcludingAssessedTax", "us-gaap.Revenues",
        "us-gaap.RevenuesNetOfInterestExpense", "us-gaap.RevenueFromContractWithCustomerIncludingAssessedTax",
        "us-gaap.SalesRevenueNet", "ifrs-full.Revenue",
    )),
    "net_income": ("Net income", ("us-gaap.NetIncomeLoss", "us-gaap.ProfitLoss", "ifrs-full.ProfitLoss")),
}  # fmt: skip
_ANNUAL: Final = frozenset({"10-K", "10-K/A", "20-F", "20-F/A", "40-F"})
_YEAR_DAYS: Final = (340, 390)  # a fiscal year of 52 or 53 weeks, or a calendar year
_QUARTER_DAYS: Final = (80, 100)
_YEARS, _QUARTERS = 5, 4  # that the record shows


def cik_of(data: object) -> str:
    """The registrant's number with its ten digits, be it written as a number or not; ChangedError without one."""
    digits = text_at(data, "cik")
    if not digits.isdigit():
        raise ChangedError("the answer of EDGAR has no `cik` as documented; its format may have changed")
    return digits.zfill(10)


def filings(data: object) -> Iterator[dict[str, str]]:
    """The rows of `filings.recent`, which EDGAR keeps as parallel columns, newest first."""
    recent = need(data, "filings.recent", dict, SOURCE)
    columns = [need(recent, name, list, SOURCE) for name in _COLUMNS]
    if len({len(column) for column in columns}) > 1:
        raise ChangedError("EDGAR's columns of filings are of different lengths; its format may have changed")
    for values in zip(*columns, strict=True):
        yield {name: str(value or "") for name, value in zip(_COLUMNS, values, strict=True)}


def read_submissions(body: bytes) -> Record:
    """The registrant with name, trade, place and listing, and its latest filings; current reports are events."""
    data = parse_json(body, SOURCE)
    cik = cik_of(data)
    rows = list(filings(data))
    lines = [line for line in _registrant(data) if not line.text.endswith(": ")]
    lines += [_filing(row) for row in rows if not row["form"].startswith(_OTHERS)][:_LISTED]
    return Record(
        title=f"EDGAR: {need(data, 'name', str, SOURCE)}",
        lines=tuple(lines),
        about=(("cik", cik),),
        page=f"https://www.sec.gov/edgar/browse/?CIK={cik}",
        published=max((row["filingDate"] for row in rows), default=None),
    )


def _registrant(data: object) -> Iterator[Line]:
    name, place, trade = text_at(data, "name"), _place(data), text_at(data, "sicDescription")
    yield labelled("Name", name, fact("legal_name", name, score=_SURE))
    yield labelled("Central Index Key", cik_of(data))
    yield labelled("Headquarters", place, *([fact("headquarters", place, score=0.95)] if place else []))
    yield labelled("Industry (SIC)", trade, *([fact("industry", trade, score=0.6)] if trade else []))
    yield labelled("State of incorporation", text_at(data, "stateOfIncorporation"))
    yield labelled("Fiscal year ends", _month_day(text_at(data, "fiscalYearEnd")))
    tickers, exchanges = (
        found if isinstance(found := dig(data, key), list) else [] for key in ("tickers", "exchanges")
    )
    for ticker, exchange in zip(tickers, exchanges, strict=False):
        listed = f"{exchange}, ticker {ticker}" if exchange else f"ticker {ticker}"
        yield labelled(
            "Listed on",
            listed,
            fact("ticker", str(ticker), score=_SURE),
            fact("ownership", listed, normal="public", score=0.9),
        )
    for former in rows_at(data, "formerNames"):
        yield labelled("Former name", f"{text_at(former, 'name')} (until {text_at(former, 'to')[:10]})")


def _place(data: object) -> str:
    city, state = (
        text_at(data, "addresses.business.city"),
        text_at(data, "addresses.business.stateOrCountryDescription"),
    )
    return ", ".join(filter(None, (city.title() if city.isupper() else city, state)))


def _month_day(text: str) -> str:
    return f"{text[:2]}-{text[2:]}" if len(text) == 4 and text.isdigit() else ""


def _filing(row: Mapping[str, str]) -> Line:
    """`8-K filed 2026-10-29: results of operations (item 2.02)`, an event for each item that reports one."""
    items = [item.strip() for item in row["items"].split(",") if item.strip()]
    named = [(*_ITEMS[item], item) for item in items if item in _ITEMS] if row["form"] == "8-K" else []
    words = "; ".join(f"{text} (item {item})" for text, _, item in named)
    text = f"{row['form']} filed {row['filingDate']}" + (f": {words}" if words else "")
    day = row["reportDate"] or row["filingDate"]
    said: list[Said] = []
    if words:
        text = f"{row['form']} filed {row['filingDate']} on {day}: {words}"
        said = [event(kind, day, f"{text_} (item {item})", score=_EVENT.get(kind, 0.8))
                for text_, kind, item in named]  # fmt: skip
    return Line(text=text, said=tuple(said), under=("Filings",))


def read_facts(body: bytes) -> Record:
    """Revenue and net income of the last five fiscal years with their periods, and of the last four quarters."""
    data = parse_json(body, SOURCE)
    need(data, "facts", dict, SOURCE)
    cik = cik_of(data)
    lines = [line for field in _FIGURES for line in _figure_lines(data, field)]
    if not lines:
        raise ChangedError("EDGAR's figures hold neither revenue nor net income under the concepts that are read")
    return Record(
        title=f"EDGAR figures: {text_at(data, 'entityName')}",
        lines=tuple(lines),
        about=(("cik", cik),),
        published=max((row["filed"] for field in _FIGURES for row in _rows(data, field)), default=None),
    )


def _rows(data: object, field: str) -> list[dict[str, Any]]:
    """The figures of a field, each with its unit, of the concept that holds the newest year's."""
    best: list[dict[str, Any]] = []
    for concept in _FIGURES[field][1]:
        taxonomy, _, name = concept.partition(".")
        units = dig(data, f"facts.{taxonomy}.{name}.units")
        rows = [
            {**row, "unit": unit, "concept": name}
            for unit, group in (units.items() if isinstance(units, dict) else ())
            for row in rows_at(group, "")
            if {"start", "end", "val", "accn", "filed", "form", "fy"} <= row.keys()
            and all(isinstance(row[key], str) for key in ("start", "end", "accn", "filed", "form"))
            and isinstance(row["val"], int | float)
        ]
        if max((r["end"] for r in rows), default="") > max((r["end"] for r in best), default=""):
            best = rows
    return best


def _figure_lines(data: object, field: str) -> Iterator[Line]:
    label, rows = _FIGURES[field][0], _rows(data, field)
    annual = [row for row in rows if row["form"] in _ANNUAL and _lasts(row, _YEAR_DAYS)]
    named = _years(annual)
    for end in sorted({row["end"] for row in annual}, reverse=True)[:_YEARS]:
        row = max((r for r in annual if r["end"] == end), key=lambda r: r["filed"])
        amount = _amount(row)
        said = fact(field, amount, normal=float(row["val"]), unit=row["unit"], period=f"FY{named[end]}", score=_SURE)
        text = (
            f"{label} of fiscal year {named[end]}, {row['start']} to {end}: {amount} ({row['form']} of {row['filed']})"
        )
        yield Line(text=text, said=(said,), under=(label,))
    quarters = [row for row in rows if _lasts(row, _QUARTER_DAYS)]
    for end in sorted({row["end"] for row in quarters}, reverse=True)[:_QUARTERS]:
        row = max((r for r in quarters if r["end"] == end), key=lambda r: r["filed"])
        text = f"{label} of the quarter {row['start']} to {end}: {_amount(row)} ({_report(row)})"
        yield Line(text=text, under=(label,))


def _years(rows: list[dict[str, Any]]) -> dict[str, int]:
    """The fiscal year's name of each closing date. `fy` names the year of the filing, so that it is right for the
    newest year in it alone; the years before count back from there by their dates."""
    newest: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["accn"] not in newest or row["end"] > newest[row["accn"]]["end"]:
            newest[row["accn"]] = row
    named = {row["end"]: int(row["fy"]) for row in sorted(newest.values(), key=lambda r: r["filed"])}
    shift = max(named.items())[1] - int(max(named)[:4]) if named else 0
    return {row["end"]: named.get(row["end"], int(row["end"][:4]) + shift) for row in rows}


def _lasts(row: Mapping[str, Any], days: tuple[int, int]) -> bool:
    try:
        length = (date.fromisoformat(row["end"]) - date.fromisoformat(row["start"])).days
    except (TypeError, ValueError):
        return False
    return days[0] <= length <= days[1]


def _amount(row: Mapping[str, Any]) -> str:
    return f"{row['unit']} {row['val']:,}"


def _report(row: Mapping[str, Any]) -> str:
    return f"{row['form']} of {row['filed']}"
