"""Numbers with their units, as companies print them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_SCALES = {
    "thousand": 1_000, "thousands": 1_000, "k": 1_000,
    "million": 1_000_000, "millions": 1_000_000, "mn": 1_000_000, "mm": 1_000_000, "m": 1_000_000, "mio": 1_000_000,
    "billion": 1_000_000_000, "billions": 1_000_000_000, "bn": 1_000_000_000, "b": 1_000_000_000, "mrd": 1_000_000_000,
    "trillion": 1_000_000_000_000, "tn": 1_000_000_000_000,
}  # fmt: skip
_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP",
    "¥": "JPY", "chf": "CHF", "a$": "AUD", "au$": "AUD", "aud$": "AUD", "c$": "CAD", "ca$": "CAD", "cad$": "CAD",
    "nz$": "NZD", "nzd$": "NZD", "hk$": "HKD", "hkd$": "HKD", "s$": "SGD", "sg$": "SGD", "sgd$": "SGD", "nt$": "TWD",
    "twd$": "TWD", "r$": "BRL", "brl$": "BRL", "mx$": "MXN", "mxn$": "MXN",
}  # fmt: skip
# Letters before a dollar sign name its currency where a word begins with them; one letter alone only as a capital, and
# not behind a full stop or an apostrophe ("U.S$", "Quay's$" with a lost blank).
_DOLLARS = r"(?<![\w.'’])(?:(?:usd?|aud?|cad?|nzd?|hkd?|sgd?|nt|twd|brl|mxn?)|(?-i:[ACSR]))\$"
# At most three blanks between the parts: without a bound, a long run of blanks takes cubic time.
_AMOUNT = re.compile(
    r"(?P<open>\()?(?P<minus>(?<![\w\d])[-−])?\s{0,3}(?P<cur>"
    + _DOLLARS
    + r"|[$€£¥]|\b(?:usd|eur|gbp|chf)(?![^\W\d]))?\s{0,3}(?P<open2>\()?"
    r"(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<close2>\))?\s{0,3}(?P<scale>thousands?|millions?|billions?|trillion|bn|mn|mm|tn|mio|mrd|[kmb](?![a-z0-9]))?"
    r"\s{0,3}(?P<cur2>\b(?:usd|eur|euros?|gbp|chf|dollars|pounds)\b)?(?P<close>\))?",
    re.IGNORECASE,
)
_WORD_CURRENCY = {"euro": "EUR", "euros": "EUR", "dollars": "USD", "pounds": "GBP"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in full units: `$(1.5) million` is -1,500,000 USD; `text` is what was printed, `scale` what its own word
    for thousands, millions or billions made of it (1 where it has none)."""

    value: float
    currency: str | None
    start: int
    end: int
    text: str
    scale: int = 1


def amounts(text: str) -> list[Amount]:
    """Every number of `text` in order; a number in parentheses is negative only where it carries a currency or
    stands alone in them, as in accounts."""
    return [_amount(match) for match in _AMOUNT.finditer(text)]


def _in_brackets(match: re.Match[str]) -> bool:
    """Whether an amount stands in brackets as accounts write losses: `(123)`, `$(1.5) million`, `($13.0) million`; a
    bracket that closes behind the unit is prose."""
    opened, closed = match["open"] or match["open2"], match["close"] or match["close2"]
    if not opened or not closed:
        return False
    alone = match[0].strip() == match.string.strip()
    return alone or (bool(match["cur"]) and (bool(match["close2"]) or not match["scale"]))


def _amount(match: re.Match[str]) -> Amount:
    scale = _SCALES.get((match["scale"] or "").lower(), 1)
    value = float(Decimal(match["num"].replace(",", "")) * Decimal(scale))  # 8.2m is 8,200,000 to the last digit
    currency = (match["cur"] or match["cur2"] or "").lower()
    negative = bool(match["minus"]) or _in_brackets(match)
    return Amount(
        value=-value if negative else value,
        currency=_CURRENCIES.get(currency) or _WORD_CURRENCY.get(currency),
        start=match.start(),
        end=match.end(),
        text=match[0].strip(),
        scale=scale,
    )
