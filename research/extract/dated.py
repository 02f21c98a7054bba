"""Days in short pieces of text: bylines, datelines, the values of machine-readable fields."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from research.text.dates import StatedDate, dates

CHANGED: Final = re.compile(
    r"\b(updated?|modified|revised|revision|edited|reviewed|changed|aktualisiert)\b", re.IGNORECASE
)
_ISO: Final = re.compile(r"(?<!\d)((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_NUMERIC: Final = re.compile(r"\b(\d{1,2})[/.](\d{1,2})[/.]((?:19|20)\d\d)\b")
_CUE: Final = re.compile(
    r"\b(posted|published|publication|released?|for immediate release|dated|written|created|veröffentlicht|publié)\b",
    re.IGNORECASE,
)
# Words that make a date one of something else than the page.
_OTHERWISE: Final = re.compile(
    r"\b(founded|established|incorporated|since|born|expires?|due|deadline|effective|until|through|starts?|begins?|ends?"
    r"|closes?|event|webinar|gegründet|seit)\b",
    re.IGNORECASE,
)
_RIGHTS: Final = re.compile(r"©|\bcopyright\b|\(c\)|all rights reserved", re.IGNORECASE)
_PLACE: Final = re.compile(r"^\W*(?:[A-Z][\w.'’-]*,?\s?){1,8}(?:\([^)]{1,40}\)\s*)?[-–—:,.(]*\s*$")
_BYLINE_WORDS: Final = 25
_LONGEST: Final = 1_000  # characters of a byline; more are no short text, however few their blanks
_BARE: Final = 60  # characters that may stand beside a date that nothing introduces


def iso(year: str, month: str, day: str) -> str | None:
    """The day in ISO form, or None where there is no such day."""
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def read_day(value: str, *, day_first: bool = False) -> str | None:
    """The day that a value states, in ISO form, in words or in numbers; None where it is none."""
    for match in _ISO.finditer(value):
        if day := iso(match[1], match[2], match[3]):
            return day
    exact = _days(value)
    return exact[0].iso if exact else _numeric(value, day_first=day_first)


def byline(text: str, *, day_first: bool) -> str | None:
    """The day of a short text that is little but a date, or introduces it as one of publication."""
    if len(text) > _LONGEST:
        return None
    sentence = text.endswith(".") and len(text.split()) > 4
    if sentence or len(text.split()) > _BYLINE_WORDS or _RIGHTS.search(text) or _OTHERWISE.search(text):
        return None
    found = _days(text)
    for stated in found:
        before = text[: stated.start]
        if CHANGED.search(before[-30:]):
            continue
        if _CUE.search(before) or len(text) - (stated.end - stated.start) < _BARE:
            return stated.iso
    if found or len(text) > _BARE or CHANGED.search(text):
        return None
    return _numeric(text, day_first=day_first)


def dateline(text: str) -> str | None:
    """`BOSTON, MA -- November 6, 2018 -- …`: the day in the first words, with nothing but a place before it."""
    opening = text[:140]
    exact = _days(opening)
    if not exact or _RIGHTS.search(opening):
        return None
    before = text[: exact[0].start]
    return exact[0].iso if not before.strip() or _PLACE.match(before) else None


def revision(text: str) -> str | None:
    """The day of a short text that calls it one of change: `Last updated: May 4, 2020`."""
    if len(text) > _LONGEST or len(text.split()) > _BYLINE_WORDS or _RIGHTS.search(text) or not CHANGED.search(text):
        return None
    return read_day(text)


def _days(text: str) -> list[StatedDate]:
    return [stated for stated in dates(text) if len(stated.iso) == 10]


def _numeric(text: str, *, day_first: bool) -> str | None:
    match = _NUMERIC.search(text)
    if match is None:
        return None
    first, second, year = match.groups()
    month_day, day_month = iso(year, first, second), iso(year, second, first)
    return (day_month or month_day) if day_first else (month_day or day_month)
