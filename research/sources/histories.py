"""Pages as they were: which addresses and moments of an archive's index are worth a look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from research.text.pages import page_type

PAGES: Final = 6  # addresses of one site
MOMENTS: Final = 3  # of one address: the first, the last and one between
_WANTED: Final = ("about", "leadership", "home", "investor", "customers", "partners", "product", "newsroom")
_STAMP: Final = re.compile(r"^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """One capture of an index: `stamp` is its moment in digits, `digest` is equal for equal bodies."""

    url: str
    stamp: str
    digest: str
    filename: str = ""
    offset: int = 0
    length: int = 0

    @property
    def moment(self) -> str:
        """The moment as an ISO date-time in UTC."""
        match = _STAMP.match(self.stamp)
        return "{}-{}-{}T{}:{}:{}+00:00".format(*match.groups()) if match else ""


def chosen(snapshots: Iterable[Snapshot]) -> Iterator[Snapshot]:
    """Of the telling pages, each in a few different states: what did not change between two moments counts once."""
    by_url: dict[str, dict[str, Snapshot]] = {}
    for snapshot in sorted(snapshots, key=lambda s: s.stamp):
        if snapshot.moment:
            by_url.setdefault(snapshot.url, {}).setdefault(snapshot.digest, snapshot)
    ranked = sorted(by_url, key=lambda url: (_rank(url), url.count("/"), url))
    for url in [u for u in ranked if _rank(u) < len(_WANTED)][:PAGES]:
        states = list(by_url[url].values())
        yield from dict.fromkeys((states[-1], states[0], states[len(states) // 2]))


def _rank(url: str) -> int:
    kind = page_type(url)
    return _WANTED.index(kind) if kind in _WANTED else len(_WANTED)
