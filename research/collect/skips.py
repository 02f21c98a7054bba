"""What was left out, told without drowning the reader."""

from __future__ import annotations

from typing import Final

from research.model.capture import Skipped

MAX_LISTED: Final = 50  # addresses that are named for one reason; the others are counted


class SkipLog:
    """Collects reasons; for each, the first MAX_LISTED addresses are named and the rest counted under `place`."""

    def __init__(self, place: str) -> None:
        self._place = place
        self._by_reason: dict[str, list[str]] = {}
        self._counts: dict[str, int] = {}

    def add(self, url: str, reason: str, *, once: bool = False) -> None:
        """Notes one address; with `once` only if it is the first, as where the reason names a place with all in it."""
        if once and reason in self._counts:
            return
        self._counts[reason] = self._counts.get(reason, 0) + 1
        listed = self._by_reason.setdefault(reason, [])
        if len(listed) < MAX_LISTED:
            listed.append(url)

    def all(self) -> tuple[Skipped, ...]:
        """Every note, grouped by reason in the order in which the reasons came up."""
        told: list[Skipped] = []
        for reason, urls in self._by_reason.items():
            told += [Skipped(url=url, reason=reason) for url in urls]
            rest = self._counts[reason] - len(urls)
            if rest:
                told.append(Skipped(url=self._place, reason=f"{rest:,} more addresses: {reason}"))
        return tuple(told)
