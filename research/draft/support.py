"""What a set of texts can vouch for: its numbers, dates and words, in forms that can be compared."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import isclose

from research.text.dates import dates
from research.text.names import fold
from research.text.numbers import Amount, amounts

_CARDINALS = "zero one two three four five six seven eight nine ten eleven twelve"
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
NUMBER_WORDS = {word: float(value) for names in (_CARDINALS, _ORDINALS) for value, word in enumerate(names.split(" "))}
_BETWEEN = 2  # words that may stand inside a name
_SCALE_NOTES = (("thousand", 1e3), ("million", 1e6), ("billion", 1e9))
_SCALE_NOTE = re.compile(r"\b(?:in|of|dollars in|amounts in)\s+(thousand|million|billion)s\b", re.IGNORECASE)
_RAW_WORD = re.compile(r"[^\W_]+(?:['’&.+-][^\W_]+)*[+#]*")
_PERCENT = re.compile(r"\s*(?:%|per ?cent\b|percentage points?\b)", re.IGNORECASE)
# Currencies that `research.text.numbers` does not read: without them another one could be put in their place. Codes of
# ISO 4217 that are no English words, beside the number; a sign by the capitals before it; some full names.
_CODES = (
    "AED ARS AUD BRL CAD CHF CLP CNY CZK DKK EUR GBP HKD HUF IDR ILS INR ISK JPY KRW KWD MXN MYR NOK NZD PHP PKR PLN "
    "QAR RMB RUB SAR SEK SGD THB TWD UAH USD VND ZAR"
)
_SAME_MONEY = {
    "RMB": "CNY", "CN¥": "CNY", "JP¥": "JPY",
    "KRONOR": "SEK", "YEN": "JPY", "YUAN": "CNY", "RENMINBI": "CNY", "RUPEES": "INR",
}  # fmt: skip
_CODE = "|".join(_CODES.split())
# A sign behind capitals that nobody knows (J$, TT$) is a currency of its own: equal to itself alone.
_MONEY_BEFORE = re.compile(rf"(?<![^\W_])(?:({_CODE})\s?.|(?<![.'’])([A-Z]{{1,3}}[$¥]))\Z")
_MONEY_AFTER = re.compile(rf"\s?(?:({_CODE})|((?i:kronor|yen|yuan|renminbi|rupees)))(?![^\W_])")
# A digit that ends a name (Rapid7, Area51) or marks a footnote (Sales(1)) counts nothing; one behind FY, Q or H is a
# period's, one behind a code money.
_NAMED = re.compile(rf"(?<![^\W_])(?!(?:fy|q|h|(?-i:{_CODE}))\Z)[^\W\d_]+\Z", re.IGNORECASE)
_PERIOD = re.compile(r"(?:fy|q[1-4]|h[12])\d*")  # FY2023, Q3: their number is checked, their letters say nothing
# Words without content of their own: articles, prepositions, conjunctions, auxiliaries.
_FUNCTION_WORDS = (
    "a an the and or of in on at to for from by with as is are was were be been it its this that their our we they s "
    "und oder der die das ein eine in von mit"
)
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())


@dataclass(frozen=True, slots=True)
class Number:
    """A printed number, without its sign; `unit` is a currency code, `%`, or None where none is printed; `scaled` says
    that a word like "million" stands with it."""

    value: float
    unit: str | None
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class Word:
    """A word as printed, its folded parts, and whether it is written like a name."""

    raw: str
    parts: tuple[str, ...]
    name: bool
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """What texts vouch for; `texts` are their squashed forms, `bags` and `orders` their folded words, text by text."""

    texts: tuple[str, ...]
    bags: tuple[frozenset[str], ...]
    orders: tuple[tuple[str, ...], ...]
    numbers: frozenset[Number]
    dates: frozenset[str]
    scales: frozenset[float]

    def has_number(self, number: Number) -> bool:
        """Whether a text prints this number, or one that a scale note ("in thousands") makes equal to it; of money from
        a million up, one that rounds to it at four digits."""
        return any(
            _equals(number, known.value * scale)
            and (scale == 1 or known.unit != "%")
            and _units_agree(number.unit, known.unit)
            for known in self.numbers
            for scale in self._scales_of(number, known)
        )

    def _scales_of(self, number: Number, known: Number) -> tuple[float, ...]:
        """What a printed number may stand for: itself where it says its own scale; under a note "in thousands" a number
        that is told in millions stands there in thousands."""
        if known.scaled:
            return (1.0,)
        return tuple(self.scales) if number.scaled and self.scales else (1.0, *self.scales)

    def has_date(self, iso: str) -> bool:
        """Whether a text states this date at least as exactly."""
        return any(known.startswith(iso) for known in self.dates)

    def has_word(self, part: str, *, exact: bool) -> bool:
        """Whether a text has this folded word, or unless `exact` an inflected form of it."""
        return any(part in bag for bag in self.bags) or (
            not exact and len(part) >= 5 and any(_same_stem(part, word) for bag in self.bags for word in bag)
        )

    def together(self, parts: Sequence[str]) -> bool:
        """Whether one single text has all these words near one another: in an order that is theirs, but for two words
        (a middle name, a comma's "and") that may stand between."""
        wanted = frozenset(parts)
        return any(
            wanted <= bag and any(_within(parts, order[at : at + len(parts) + _BETWEEN]) for at in range(len(order)))
            for bag, order in zip(self.bags, self.orders, strict=True)
        )


def support(texts: Iterable[str]) -> Support:
    """What `texts` vouch for together."""
    each = [_of_one(text) for text in texts if text]
    return Support(
        texts=tuple(text for one in each for text in one.texts),
        bags=tuple(bag for one in each for bag in one.bags),
        orders=tuple(order for one in each for order in one.orders),
        numbers=frozenset().union(*(one.numbers for one in each)),
        dates=frozenset().union(*(one.dates for one in each)),
        scales=frozenset().union(*(one.scales for one in each)),
    )


@lru_cache(maxsize=4096)  # the same quotes and titles are asked for by several sections
def _of_one(text: str) -> Support:
    stated = frozenset(date.iso for date in dates(text))
    years = {Number(float(iso[:4]), None) for iso in stated}
    spelled = {Number(NUMBER_WORDS[word], None) for word in fold(text).split() if word in NUMBER_WORDS}
    order = tuple(part for word in words(text) for part in word.parts)
    return Support(
        texts=(squash(text),),
        bags=(frozenset(order),),
        orders=(order,),
        numbers=frozenset({*numbers(text), *years, *spelled}),
        dates=stated,
        scales=frozenset(dict(_SCALE_NOTES)[match[1].lower()] for match in _SCALE_NOTE.finditer(text)),
    )


def squash(text: str) -> str:
    """One spelling for comparing verbatim: white space folded, typographic quotes as plain ones, lower case."""
    plain = re.sub(r"[‘’‚‛′`]", "'", re.sub(r"[“”„‟″]", "'", text.replace('"', "'")))
    return re.sub(r"\s+", " ", plain).strip().casefold()


def numbers(text: str) -> list[Number]:
    """Every printed number of `text` in full units, those of full dates left out."""
    cleared = without_dates(text)
    return [
        Number(abs(a.value), "%" if _PERCENT.match(cleared, a.end) else _currency(cleared, a), a.scale > 1)
        for a in amounts(cleared)
        if not (cleared[a.start : a.end].lstrip("(")[0].isdigit() and _NAMED.search(cleared, 0, a.start))
    ]


def _currency(text: str, amount: Amount) -> str | None:
    """The currency that is printed with an amount, also one that only stands beside it."""
    start = amount.end - len(text[amount.start : amount.end].lstrip())
    found = _MONEY_BEFORE.search(text, max(0, start - 5), start + 1) or _MONEY_AFTER.match(text, amount.end)
    if found is None:
        return amount.currency
    printed = (found[1] or found[2]).upper()
    return _SAME_MONEY.get(printed, printed)


def without_dates(text: str) -> str:
    """`text` with spaces where a date with a month stands; a bare year stays, as a number."""
    for date in dates(text):
        if len(date.iso) > 4:
            text = text[: date.start] + " " * (date.end - date.start) + text[date.end :]
    return text


def without_amounts(text: str) -> str:
    """`text` with spaces where a number with its unit and scale stands; numbers inside words stay."""
    for amount in amounts(text):
        if not (amount.start and text[amount.start - 1].isalnum()):
            text = text[: amount.start] + " " * (amount.end - amount.start) + text[amount.end :]
    return text


def words(text: str) -> Iterator[Word]:
    """Every word of `text`; in a script without folded form its lower case stands for it."""
    for match in _RAW_WORD.finditer(text):
        raw = match[0]
        parts = tuple(fold(raw).split()) or (raw.casefold(),)
        yield Word(raw, parts, any(char.isupper() for char in raw), match.start(), match.end())


def telling(word: Word) -> bool:
    """Whether a word says something that a quote must show: no function word, no bare number, no period."""
    return any(p not in FUNCTION_WORDS and not p.isdigit() and not _PERIOD.fullmatch(p) for p in word.parts)


def scale_note(text: str, start: int) -> str:
    """The last "in thousands" or "in millions" within 4,000 characters before `start`, empty where there is none;
    tables of accounts carry it in their head, and 4,000 characters hold the longest statement of a 10-K."""
    notes = _SCALE_NOTE.findall(text[max(0, start - 4000) : start])
    return f"in {notes[-1].lower()}s" if notes else ""


def _within(parts: Sequence[str], window: Sequence[str]) -> bool:
    """Whether `window` begins with the first of `parts` and holds the others behind it in their order."""
    rest = iter(window)
    return window[:1] == tuple(parts[:1]) and all(part in rest for part in parts)


def _equals(number: Number, known: float) -> bool:
    money = number.unit not in (None, "%") and number.value >= 1e6
    return isclose(number.value, known, rel_tol=1e-9) or (money and isclose(number.value, float(f"{known:.4g}")))


def _units_agree(claimed: str | None, known: str | None) -> bool:
    return claimed == known or (claimed != "%" and known is None) or (claimed is None and known != "%")


def _same_stem(one: str, other: str) -> bool:
    size = max(5, min(len(one), len(other)) - 3)
    return one[:size] == other[:size] and abs(len(one) - len(other)) <= 4
