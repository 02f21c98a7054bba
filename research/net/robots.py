"""robots.txt as RFC 9309 has it: read once a day and origin at most, and kept to."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from research.net.refused import Refused, Unreachable
from research.net.robots_file import Reading, RobotsFile, parse
from research.net.settings import MAX_CRAWL_DELAY

Load = Callable[[str], tuple[int, bytes]]
KEPT_SECONDS: Final = 24 * 3600.0  # RFC 9309, 2.4: no longer than 24 hours


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin's robots.txt says: `closed` is the reason why nothing at all may be fetched, None if not so;
    `agents` are the robots that it names, in lower case."""

    parsed: RobotsFile = field(default_factory=RobotsFile)
    closed: str | None = None
    sitemaps: tuple[str, ...] = ()
    agents: frozenset[str] = frozenset()

    def allow(self, url: str, robot: str) -> bool:
        """Whether that robot may fetch the address."""
        return self.closed is None and self.parsed.can_fetch(url, robot)

    def delay(self, robot: str) -> float:
        """The pause in seconds that the site asks of that robot, cut to MAX_CRAWL_DELAY; 0 where it asks none."""
        return min(self.parsed.crawl_delay(robot), MAX_CRAWL_DELAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What is known of an origin, until when, and what its file says to us."""

    until: float
    rules: Rules | Unreachable
    reading: Reading


class Robots:
    """The rules of every origin asked so far; `load` gives status and body of an address, or raises Refused."""

    def __init__(self, robot: str, load: Load, clock: Callable[[], float] = time.monotonic) -> None:
        self._robot = robot
        self._load = load
        self._clock = clock
        self._known: dict[str, _Known] = {}

    def check(self, origin: str, url: str, *, offered: bool = False) -> float:
        """The pause in seconds before `url` may be fetched; raises Refused where it may not be.

        What is `offered` to programs is not closed by rules for robots that have no name there; ours are kept.
        """
        rules = self.rules(origin)
        if rules.closed:
            raise Refused(rules.closed)
        reading = self._known[origin].reading
        spared = offered and self._robot.lower() not in rules.agents
        if not spared and not reading.allows(url):
            raise Refused("robots.txt refuses this page to robots")
        return min(reading.delay, MAX_CRAWL_DELAY)

    def rules(self, origin: str) -> Rules:
        """The rules of an origin; raises Unreachable where its server cannot be reached at all."""
        known = self._known.get(origin)
        if known is None or known.until <= self._clock():
            rules = self._read(origin)
            parsed = rules.parsed if isinstance(rules, Rules) else RobotsFile()
            until = self._clock() + KEPT_SECONDS
            known = self._known[origin] = _Known(until=until, rules=rules, reading=parsed.reading(self._robot))
        if isinstance(known.rules, Unreachable):
            raise Unreachable(str(known.rules))
        return known.rules

    def _read(self, origin: str) -> Rules | Unreachable:
        try:
            status, body = self._load(f"{origin}/robots.txt")
        except Unreachable as error:
            return error
        except Refused as error:
            return Rules(closed=f"robots.txt cannot be read ({error}), so nothing of the site may be")
        return rules_of(status, body)


def rules_of(status: int, body: bytes) -> Rules:
    """RFC 9309, 2.3.1: a missing file allows all, a failing or overloaded server nothing."""
    if 200 <= status < 300:
        parsed = parse(body)
        return Rules(parsed=parsed, sitemaps=parsed.sitemaps, agents=parsed.agents)
    if 400 <= status < 500 and status != 429:
        return Rules()
    return Rules(closed=f"robots.txt cannot be read (HTTP {status}), so nothing of the site may be")
