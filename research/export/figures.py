"""Coordinates of the two drawings: a timeline of events and a treemap of themes. No markup here."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from research.model.finding import Finding

_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
# Width of a letter in units of the view box, measured: the labels' sans-serif at 12.5 (its size on a phone,
# the widest), the tiles' semibold at 11. Labels are placed by it.
LETTER, BOLD_LETTER = 7.3, 7.3
TIMELINE_WIDTH, TIMELINE_YEARS, MARGIN = 420.0, 5, 12.0
LANES = (18.0, 32.0, 46.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One event: its place on the axis, its words, and the height of its label where one found room."""

    x: float
    label: str
    anchor: str
    lane: float | None
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Events of at most five years; `older` counts those before, `years` are the ticks; x in units of the view box."""

    marks: tuple[Mark, ...]
    years: tuple[tuple[float, int], ...]
    older: int
    today: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One theme's rectangle with its wrapped label, empty where it has no room."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[str, ...]
    label: str
    count: int
    customers: bool


def timeline(events: Sequence[tuple[Finding, str]], as_of: str) -> Timeline | None:
    """The drawing of dated events, each with its label; None where there are none of the last five years."""
    end = date.fromisoformat(as_of[:10]).toordinal()
    placed = ((_ordinal(event.text("date")), event.id, label, event) for event, label in events)
    dated = sorted((place, key, label, event) for place, key, label, event in placed if place is not None)
    first = end - TIMELINE_YEARS * 365
    shown = [item for item in dated if item[0] >= first]
    if not shown:
        return None
    begin = min(shown[0][0], end - 365) - 45
    finish = max(shown[-1][0], end) + 20
    scale = (TIMELINE_WIDTH - 2 * MARGIN) / (finish - begin)
    ends = [-1e9] * len(LANES)
    marks = [
        _mark(MARGIN + (place - begin) * scale, label, f"{event.text('date')}: {event.text('summary')}", ends)
        for place, _, label, event in shown
    ]
    years = range(date.fromordinal(begin).year + 1, date.fromordinal(finish).year + 1)
    ticks = tuple((MARGIN + (date(year, 1, 1).toordinal() - begin) * scale, year) for year in years)
    return Timeline(
        marks=tuple(marks), years=ticks, older=len(dated) - len(shown), today=MARGIN + (end - begin) * scale
    )


def _mark(x: float, label: str, title: str, ends: list[float]) -> Mark:
    """A mark with its label on the lowest lane that has room left of it; `ends` are the lanes' right edges so far."""
    width = len(label) * LETTER
    anchor = "end" if x + width > TIMELINE_WIDTH else "start"
    left = x - width if anchor == "end" else x
    lane = next((index for index in reversed(range(len(LANES))) if ends[index] + LETTER < left), None)
    if lane is not None:
        ends[lane] = left + width
    return Mark(x=round(x, 1), label=label, anchor=anchor, lane=None if lane is None else LANES[lane], title=title)


def _ordinal(iso: str) -> int | None:
    """The day number of a date, a month or a year without more by its middle; None where it is no date."""
    if not _ISO.fullmatch(iso):
        return None
    whole = iso + {4: "-07-01", 7: "-15"}.get(len(iso), "")
    try:
        return date.fromisoformat(whole).toordinal()
    except ValueError:
        return None


def treemap(themes: Sequence[tuple[str, int, bool]], width: float = 420.0, height: float = 190.0) -> tuple[Tile, ...]:
    """Rectangles that fill the view box, their areas as the counts of (label, count, is the customers'), largest first.

    Squarified: each row takes themes as long as its worst ratio of sides gets better (Bruls, Huizing, van Wijk 2000).
    """
    rest = sorted((t for t in themes if t[1] > 0), key=lambda theme: (-theme[1], theme[0]))
    area = width * height / max(1, sum(count for _, count, _ in rest))
    tiles: list[Tile] = []
    x = y = 0.0
    while rest:
        side = min(width - x, height - y)
        row = _row(rest, area, side)
        tiles += _lay(row, area, (x, y), side, upright=width - x >= height - y)
        depth = sum(count for _, count, _ in row) * area / side
        x, y = (x + depth, y) if width - x >= height - y else (x, y + depth)
        rest = rest[len(row) :]
    return tuple(tiles)


def _row(rest: Sequence[tuple[str, int, bool]], area: float, side: float) -> Sequence[tuple[str, int, bool]]:
    size = 1
    while size < len(rest) and _worst(rest[: size + 1], area, side) <= _worst(rest[:size], area, side):
        size += 1
    return rest[:size]


def _worst(row: Sequence[tuple[str, int, bool]], area: float, side: float) -> float:
    areas = [count * area for _, count, _ in row]
    depth = sum(areas) / side
    return max(max(depth * depth / one, one / (depth * depth)) for one in areas)


def _lay(
    row: Sequence[tuple[str, int, bool]], area: float, corner: tuple[float, float], side: float, *, upright: bool
) -> list[Tile]:
    depth = sum(count for _, count, _ in row) * area / side
    tiles, along = [], 0.0
    for label, count, customers in row:
        length = count * area / depth
        x, y = (corner[0], corner[1] + along) if upright else (corner[0] + along, corner[1])
        wide, high = (depth, length) if upright else (length, depth)
        tiles.append(
            Tile(
                x=round(x, 1), y=round(y, 1), width=round(wide, 1), height=round(high, 1),
                lines=_wrap(label, wide, high), label=label, count=count, customers=customers,
            )
        )  # fmt: skip
        along += length
    return tiles


def _wrap(label: str, width: float, height: float) -> tuple[str, ...]:
    """The label in lines that fit a tile; none where even one line of it has no room."""
    room, rows = int((width - 14) / BOLD_LETTER), int((height - 22) / 13)
    lines: list[str] = []
    for word in label.split():
        if lines and len(lines[-1]) + 1 + len(word) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    fits = rows >= 1 and all(len(line) <= room for line in lines[:rows])
    if not fits:
        return ()
    return tuple(lines[:rows]) if len(lines) <= rows else (*lines[: rows - 1], lines[rows - 1][: room - 1] + "…")
