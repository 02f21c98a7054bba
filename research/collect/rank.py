"""What to read first when not everything can be read."""

from __future__ import annotations

import heapq
import re
from dataclasses import dataclass
from typing import Final

from research.collect.scope import ending
from research.text.pages import page_type

# Shares of a page budget by kind of page: with 200 pages and plenty of each, a kind gets about weight / 3 of them.
# Few about, leadership and contact pages exist, so their weight is an order: they come first. Chosen so that all
# kinds that a brief draws on are read before any one of them fills the budget.
WEIGHTS: Final = {
    "start": 1e6,
    "about": 90.0,
    "leadership": 90.0,
    "press_release": 60.0,
    "product": 50.0,
    "newsroom": 40.0,
    "report": 40.0,
    "investor": 40.0,
    "filing": 40.0,
    "comparison": 35.0,
    "case_study": 35.0,
    "customers": 35.0,
    "contact": 30.0,
    "partners": 25.0,
    "careers": 25.0,
    "other": 20.0,
    "blog": 15.0,
    "home": 15.0,
    "job": 12.0,
    "pdf": 6.0,
    "legal": 4.0,
}
_DATED: Final = frozenset({"press_release", "newsroom", "blog", "case_study", "report", "filing"})
_REPORT: Final = re.compile(
    r"annual|report|result|investor|earning|financial|10-?[kq]\b|proxy|shareholder", re.IGNORECASE
)
_PATH_DATE: Final = re.compile(r"/((?:19|20)\d\d)(?:[/-](\d\d))?(?:[/-](\d\d))?(?=[/-]|$)")
_ISO_DATE: Final = re.compile(r"^((?:19|20)\d\d)(?:-(\d\d))?(?:-(\d\d))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be asked for; `dated` is the date that a feed, a sitemap or its path states, or empty."""

    url: str
    kind: str
    depth: int
    dated: str = ""
    origin: str = "link"


def kind_of(url: str, label: str = "") -> str:
    """One of WEIGHTS' kinds but `start`, from the address and the words of a link to it."""
    kind = page_type(url, label)
    if ending(url) != "pdf":
        return kind
    return "report" if kind in ("investor", "filing") or _REPORT.search(f"{url} {label}") else "pdf"


class Frontier:
    """The waiting candidates; what comes out next keeps the kinds in the proportion of their weights."""

    def __init__(self) -> None:
        self._heaps: dict[str, list[tuple[tuple[int, ...], Candidate]]] = {}
        self._taken: dict[str, int] = {}
        self._count = 0

    def __len__(self) -> int:
        return sum(map(len, self._heaps.values()))

    def push(self, candidate: Candidate) -> None:
        """Adds a candidate; the same address twice is two candidates."""
        self._count += 1
        key = (*_order(candidate), self._count)
        heapq.heappush(self._heaps.setdefault(candidate.kind, []), (key, candidate))

    def pop(self) -> tuple[float, Candidate] | None:
        """The next candidate with its priority, None where none is left; the kind is the one whose quotient of weight
        and places taken is the highest (D'Hondt's rule), within it news by date and the rest by depth."""
        waiting = [kind for kind in WEIGHTS if self._heaps.get(kind)]
        if not waiting:
            return None
        kind = max(waiting, key=self._quotient)
        priority = self._quotient(kind)
        self._taken[kind] = self._taken.get(kind, 0) + 1
        return priority, heapq.heappop(self._heaps[kind])[1]

    def _quotient(self, kind: str) -> float:
        return WEIGHTS[kind] / (1 + self._taken.get(kind, 0))


def _order(candidate: Candidate) -> tuple[int, ...]:
    age = -_days(candidate)
    return (age, candidate.depth) if candidate.kind in _DATED else (candidate.depth, 0)


def _days(candidate: Candidate) -> int:
    """A number that grows with the date, 0 where none is known."""
    match = _ISO_DATE.match(candidate.dated) or _PATH_DATE.search(candidate.url)
    if match is None:
        return 0
    year, month, day = (int(part or 0) for part in match.groups())
    return (year * 13 + month) * 32 + day
