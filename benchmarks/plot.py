"""The rows as a picture: how far each figure is from its goal."""

from __future__ import annotations

import math
import re
from html import escape
from typing import Any

_LOOK = 'font-family="sans-serif" font-size="13" role="img" aria-label="Measured figures beside their goals"'
_LEFT, _WIDTH, _LINE, _TOP = 300, 420, 26, 44


def draw(rows: list[dict[str, Any]]) -> str:
    """An SVG with a bar a row: right of the middle line the goal is met, each doubling is one step."""
    height = _TOP + _LINE * len(rows) + 16
    middle = _LEFT + _WIDTH / 2
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_LEFT + _WIDTH + 110} {height}" {_LOOK}>',
        f'<text x="{middle}" y="18" text-anchor="middle">goal</text>',
        f'<line x1="{middle}" y1="24" x2="{middle}" y2="{height - 8}" stroke="#555"/>',
    ]
    for at, row in enumerate(rows):
        parts += _bar(row, _TOP + at * _LINE, middle)
    return "\n".join([*parts, "</svg>"]) + "\n"


def _bar(row: dict[str, Any], y: float, middle: float) -> list[str]:
    steps = max(-3.0, min(3.0, math.log2(_margin(row))))
    width = abs(steps) * _WIDTH / 6
    x = middle if steps >= 0 else middle - width
    colour = "#2a7f62" if row["met"] else "#b5541c"
    return [
        f'<text x="{_LEFT - 10}" y="{y + 4}" text-anchor="end">{escape(row["row"])}</text>',
        f'<rect x="{x:.1f}" y="{y - 8}" width="{max(width, 1):.1f}" height="16" fill="{colour}"/>',
        f'<text x="{_LEFT + _WIDTH + 8}" y="{y + 4}">{row["ratio"]} ({escape(row["goal"].split(",")[0])})</text>',
    ]


def _margin(row: dict[str, Any]) -> float:
    """How many times better than its goal a figure is."""
    goal = re.search(r"(<=|>=)\s*([\d.]+)(\s*%)?", row["goal"])
    if goal is None or not row["ratio"]:
        return 1.0
    wanted = float(goal[2]) / (100 if goal[3] else 1)
    found = float(row["ratio"])
    return wanted / found if goal[1] == "<=" else found / wanted
