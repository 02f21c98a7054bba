"""What a filing states about its registrant: cover page, statements, profile, people and competitors."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from research.analyse.filing_cover import Span, common_stock, headquarters, legal_name
from research.analyse.filing_people import observe_people
from research.analyse.filing_profile import Stated, description, employees, founded, industry
from research.analyse.filing_rivals import observe_rivals
from research.analyse.filing_statements import Money, Statement, income_statement, net_income, revenue
from research.analyse.read import Reading
from research.model.finding import Observation, Value, attributes

NAME: Final = "filing"
VERSION: Final = "1"


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Facts, people and competitors of a filing; nothing for any other page.

    A fact's `normal` is a signed number in full units, an ISO date or year, or a canonical string; `unit` is `USD` or
    `people`; money has the fiscal year as `period`. What a filing only incorporates by reference is not asserted.
    """
    if reading.document.page_type != "filing":
        return ()
    annual = (reading.document.meta("form") or "10-K").startswith("10-K")
    facts = [
        *_cover_facts(reading),
        *(_profile_facts(reading) if annual else ()),
        *(_money_facts(reading) if annual else ()),
    ]
    return (*facts, *observe_people(reading), *observe_rivals(reading))


def _cover_facts(reading: Reading) -> Iterator[Observation]:
    name, city, stock = legal_name(reading), headquarters(reading), common_stock(reading)
    if name:
        yield _of_span(reading, "legal_name", name, 0.97)
    if city:
        yield _of_span(reading, "headquarters", city, 0.95)
    if stock:
        span = (stock.start, stock.end)
        yield _fact(reading, "ticker", stock.symbol, stock.symbol, span, 0.97)
        listed = f"public ({stock.symbol}, {stock.exchange})" if stock.exchange else f"public ({stock.symbol})"
        yield _fact(reading, "ownership", listed, "public", span, 0.9)


def _profile_facts(reading: Reading) -> Iterator[Observation]:
    people = employees(reading)
    if people:
        period = people.as_of if people.as_of and len(people.as_of) == 10 else reading.document.meta("fiscal_year_end")
        yield _fact(
            reading,
            "employees",
            people.value,
            people.normal,
            (people.start, people.end),
            people.score,
            unit="people",
            period=period,
        )
    for field, stated in (
        ("founded", founded(reading)),
        ("industry", industry(reading)),
        ("description", description(reading)),
    ):
        if stated:
            yield _of_statement(reading, field, stated)


def _money_facts(reading: Reading) -> Iterator[Observation]:
    statement = income_statement(reading)
    if statement is None:
        return
    period = _fiscal_year(reading, statement)
    sure = 0.97 if statement.scale and statement.titled else 0.75
    amounts: tuple[tuple[str, Money | None], ...] = (
        ("revenue", revenue(statement)),
        ("net_income", net_income(statement)),
    )
    for field, money in amounts:
        if money:
            span = (money.row.start, money.row.end)
            yield _fact(
                reading, field, money.printed, money.value, span, sure, unit=_currency(money.printed), period=period
            )


def _fiscal_year(reading: Reading, statement: Statement) -> str | None:
    """`FY2025`: the column's own year where it is a bare one, else the year by which the filing calls its last one."""
    end = reading.document.meta("fiscal_year_end")
    if statement.year and not statement.dated:
        return f"FY{statement.year}"
    if end is None:
        return f"FY{statement.year}" if statement.year else None
    closing = int(end[:4])
    spoken = Counter(re.findall(r"\bfiscal\s+(?:year\s+)?(20\d\d)\b", reading.document.text, re.IGNORECASE))
    earlier = str(closing - 1)
    # A year that ends by May may be named after the year it began in.
    if int(end[5:7]) <= 5 and spoken[earlier] > spoken[str(closing)]:
        return f"FY{earlier}"
    return f"FY{closing}"


def _currency(printed: str) -> str:
    """The currency of an amount by its sign; filings in another than the dollar print that one's."""
    return next((code for sign, code in (("€", "EUR"), ("£", "GBP"), ("¥", "JPY")) if sign in printed), "USD")


def _of_span(reading: Reading, field: str, span: Span, score: float) -> Observation:
    return _fact(reading, field, span.value, span.value, (span.start, span.end), score)


def _of_statement(reading: Reading, field: str, stated: Stated) -> Observation:
    return _fact(reading, field, stated.value, stated.normal, (stated.start, stated.end), stated.score)


def _fact(
    reading: Reading,
    field: str,
    value: str,
    normal: Value,
    span: tuple[int, int],
    score: float,
    *,
    unit: str | None = None,
    period: str | None = None,
) -> Observation:
    return Observation(
        kind="fact",
        attributes=attributes(field=field, value=value, normal=normal, unit=unit, period=period),
        document_id=reading.document.id,
        start=span[0],
        end=span[1],
        score=score,
        analyser=NAME,
        version=VERSION,
    )
