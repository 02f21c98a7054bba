"""The team's own calendar: meetings with one account, from an .ics file (RFC 5545)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from research.sources.kind import ChangedError, Line, Record, labelled
from research.sources.shape import need, parse_json, rows_at, text_at
from research.text.names import company_key, fold

NAME: Final = "calendar"
PREFIX: Final = "own:calendar/"
_FOLDED: Final = re.compile(r"\r?\n[ \t]")
_PROPERTY: Final = re.compile(r"^(?P<name>[A-Za-z-]+)(?P<rest>(?:;[^:\"]*(?:\"[^\"]*\"[^:\"]*)*)?):(?P<value>.*)$")
_DAY: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)")
_ESCAPES: Final = {"\\n": "\n", "\\N": "\n", "\\,": ",", "\\;": ";", "\\\\": "\\"}
_ESCAPE: Final = re.compile(r"\\[nN,;\\]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """One event: `day` is ISO, `people` the addresses of organiser and attendees."""

    day: str
    title: str
    place: str
    notes: str
    people: tuple[str, ...]


def read_calendar(text: str) -> Iterator[Meeting]:
    """Every event with a date in the order of the file; a repeated one counts once, at its first date."""
    event: dict[str, list[str]] | None = None
    for line in _FOLDED.sub("", text).splitlines():
        match = _PROPERTY.match(line)
        name, value = (match["name"].upper(), match["value"]) if match else ("", "")
        if name == "BEGIN" and value.upper() == "VEVENT":
            event = {}
        elif name == "END" and value.upper() == "VEVENT" and event is not None:
            if meeting := _meeting(event):
                yield meeting
            event = None
        elif event is not None and name:
            event.setdefault(name, []).append(value)


def _meeting(event: dict[str, list[str]]) -> Meeting | None:
    day = _DAY.match(event.get("DTSTART", [""])[0])
    if day is None:
        return None
    people = (
        value.lower().removeprefix("mailto:") for key in ("ORGANIZER", "ATTENDEE") for value in event.get(key, [])
    )
    return Meeting(
        day="-".join(day.groups()),
        title=_plain(event, "SUMMARY"),
        place=_plain(event, "LOCATION"),
        notes=_plain(event, "DESCRIPTION"),
        people=tuple(dict.fromkeys(people)),
    )


def _plain(event: dict[str, list[str]], name: str) -> str:
    return _ESCAPE.sub(lambda match: _ESCAPES[match[0]], event.get(name, [""])[0]).strip()


def meetings_of(names: Sequence[str], domains: Sequence[str], meetings: Sequence[Meeting]) -> bytes:
    """The meetings whose title or notes name the account, or to which its people are invited, as JSON; else empty."""
    keys = [key for name in names if (key := company_key(name))]
    mine = [m for m in meetings if _concerns(m, keys, domains)]
    if not mine:
        return b""
    rows = [
        {"day": m.day, "title": m.title, "place": m.place, "notes": m.notes, "people": list(m.people)} for m in mine
    ]
    return json.dumps({"account": names[0], "meetings": rows}, ensure_ascii=False, indent=0).encode()


def _concerns(meeting: Meeting, keys: Sequence[str], domains: Sequence[str]) -> bool:
    words = f" {fold(f'{meeting.title} {meeting.notes}')} "
    named = any(f" {key} " in words for key in keys)
    return named or any(p.endswith((f"@{d}", f".{d}")) for p in meeting.people for d in domains)


def reads(url: str) -> bool:
    """What was kept of the team's calendar for one account."""
    return url.startswith(PREFIX)


def read(url: str, body: bytes) -> Record:
    """A line each meeting, its notes as text."""
    del url
    data = parse_json(body, "the calendar")
    account = need(data, "account", str, "the calendar")
    lines = tuple(_lines(data))
    if not lines:
        raise ChangedError("the calendar holds no meeting with this account")
    return Record(title=f"Calendar: {account}", lines=lines, about=(("crm", company_key(account)),), internal=True)


def days_of(body: bytes) -> tuple[tuple[str, str], ...]:
    """The ISO days and titles of the meetings that `meetings_of` gave, without days that no calendar has."""
    rows = rows_at(parse_json(body, "the calendar"), "meetings") if body else []
    return tuple((text_at(r, "day"), text_at(r, "title")) for r in rows if _is_day(text_at(r, "day")))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _lines(data: Any) -> Iterator[Line]:
    for row in sorted(rows_at(data, "meetings"), key=lambda r: text_at(r, "day"), reverse=True):
        place, people = text_at(row, "place"), ", ".join(map(str, row.get("people") or ()))
        detail = "; ".join(filter(None, (place, people)))
        yield labelled("Meeting", f"{text_at(row, 'day')} {text_at(row, 'title')}" + (f" ({detail})" if detail else ""))
        if notes := text_at(row, "notes"):
            yield Line(text=notes, role="paragraph")
