"""Numbers with their units, as companies print them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_SCALES = {
    "thousand": 1e3, "thousands": 1e3, "k": 1e3,
    "million": 1e6, "millions": 1e6, "mn": 1e6, "mm": 1e6, "m": 1e6, "mio": 1e6,
    "billion": 1e9, "billions": 1e9, "bn": 1e9, "b": 1e9, "mrd": 1e9,
    "trillion": 1e12, "tn": 1e12,
}  # fmt: skip
_CURRENCIES = {
    "$": "USD", "us$": "USD", "usd": "USD", "€": "EUR", "eur": "EUR", "£": "GBP", "gbp": "GBP", "¥": "JPY",
    "a$": "AUD", "c$": "CAD", "nz$": "NZD", "chf": "CHF",
}  # fmt: skip
_AMOUNT = re.compile(
    r"(?P<open>\()?(?P<minus>[-−])?\s*(?P<cur>us\$|a\$|c\$|nz\$|[$€£¥]|\b(?:usd|eur|gbp|chf)\b)?\s*(?P<open2>\()?"
    r"(?P<num>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<close2>\))?\s*(?P<scale>thousands?|millions?|billions?|trillion|bn|mn|mm|tn|mio|mrd|[kmb](?![a-z0-9]))?"
    r"\s*(?P<cur2>\b(?:usd|eur|euros?|gbp|chf|dollars|pounds)\b)?(?P<close>\))?",
    re.IGNORECASE,
)
_WORD_CURRENCY = {"euro": "EUR", "euros": "EUR", "dollars": "USD", "pounds": "GBP"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A number in full units: `$(1.5) million` is -1,500,000 USD; `text` is what was printed."""

    value: float
    currency: str | None
    start: int
    end: int
    text: str


def amounts(text: str) -> list[Amount]:
    """Every number of `text` in order; a number in parentheses is negative only where it carries a currency or
    stands alone in them, as in accounts."""
    return [_amount(match) for match in _AMOUNT.finditer(text)]


def _amount(match: re.Match[str]) -> Amount:
    scale = _SCALES.get((match["scale"] or "").lower(), 1.0)
    value = float(match["num"].replace(",", "")) * scale
    currency = (match["cur"] or match["cur2"] or "").lower()
    bracketed = bool((match["open"] or match["open2"]) and (match["close"] or match["close2"]))
    negative = bool(match["minus"]) or (bracketed and (bool(match["cur"]) or len(match[0]) == len(match["num"]) + 2))
    return Amount(
        value=-value if negative else value,
        currency=_CURRENCIES.get(currency) or _WORD_CURRENCY.get(currency),
        start=match.start(),
        end=match.end(),
        text=match[0].strip(),
    )
