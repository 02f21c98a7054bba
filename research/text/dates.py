"""Dates as pages print them, read to the exactness that is stated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan januar janvier", "february feb februar février", "march mar märz mars", "april apr avril",
            "may mai", "june jun juni juin", "july jul juli juillet", "august aug août",
            "september sep sept septembre", "october oct oktober octobre", "november nov novembre",
            "december dec dezember décembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"\b(?P<m1>{_MONTH})\.?\s+(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y1>(?:19|20)\d\d)\b"
    rf"|\b(?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\.?\s+(?:of\s+)?(?P<m2>{_MONTH})\.?,?\s+(?P<y2>(?:19|20)\d\d)\b"
    rf"|\b(?P<m3>{_MONTH})\.?,?\s+(?:of\s+)?(?P<y3>(?:19|20)\d\d)\b"
    rf"|\b(?P<y4>(?:19|20)\d\d)-(?P<m4>\d\d)-(?P<d4>\d\d)\b"
    rf"|\b(?P<d5>\d\d)\.(?P<m5>\d\d)\.(?P<y5>(?:19|20)\d\d)\b"
    rf"|\b(?P<y6>(?:19|20)\d\d)\b(?![-,.]?\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class StatedDate:
    """A date as exact as it is stated (`2019-04-02`, `2019-04`, `2019`) and where it stands."""

    iso: str
    start: int
    end: int


def dates(text: str) -> list[StatedDate]:
    """Every date of `text` in order; impossible ones (31 February) are left out."""
    found = (_stated(match) for match in _DATE.finditer(text))
    return [stated for stated in found if stated is not None]


def _stated(match: re.Match[str]) -> StatedDate | None:
    groups = {key: value for key, value in match.groupdict().items() if value is not None}
    year, month, day = (next((v for k, v in groups.items() if k[0] == part), None) for part in "ymd")
    if year is None:
        return None
    number = (
        MONTHS.get(month.lower(), 0) or int(month) if month and month.isdigit() else MONTHS.get((month or "").lower())
    )
    iso = _iso(int(year), number, int(day) if day else None)
    return StatedDate(iso=iso, start=match.start(), end=match.end()) if iso else None


def _iso(year: int, month: int | None, day: int | None) -> str | None:
    try:
        checked = date(year, month or 1, day or 1)
    except ValueError:
        return None
    return checked.isoformat()[: 10 if day else 7 if month else 4]
