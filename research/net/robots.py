"""robots.txt as RFC 9309 has it: read once a run and origin, and kept to."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from protego import Protego

from research.net.refused import Refused, Unreachable
from research.net.settings import MAX_CRAWL_DELAY

Load = Callable[[str], tuple[int, bytes]]
_LINE_END = re.compile(r"\r\n|\r|\n")
_AGENT_LINE = re.compile(r"^\s*user-?agent\s*:\s*([\w-]+)", re.IGNORECASE | re.MULTILINE)
_MAX_LINE = 16_664  # characters; what Google's parser reads of a line (8 times the longest usual address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one origin's robots.txt says: `closed` is the reason why nothing at all may be fetched, None if not so;
    `agents` are the robots that it names, in lower case."""

    parsed: Protego | None = None
    closed: str | None = None
    sitemaps: tuple[str, ...] = ()
    agents: frozenset[str] = frozenset()

    def allow(self, url: str, robot: str) -> bool:
        """Whether that robot may fetch the address."""
        return self.closed is None and (self.parsed is None or self.parsed.can_fetch(url, robot))

    def delay(self, robot: str) -> float:
        """The pause in seconds that the site asks of that robot, cut to MAX_CRAWL_DELAY; 0 where it asks none."""
        wish = self.parsed.crawl_delay(robot) if self.parsed else None
        return min(max(float(wish or 0), 0.0), MAX_CRAWL_DELAY)


class Robots:
    """The rules of every origin asked so far; `load` gives status and body of an address, or raises Refused."""

    def __init__(self, robot: str, load: Load) -> None:
        self._robot = robot
        self._load = load
        self._known: dict[str, Rules | Unreachable] = {}

    def check(self, origin: str, url: str, *, offered: bool = False) -> float:
        """The pause in seconds before `url` may be fetched; raises Refused where it may not be.

        What is `offered` to programs is not closed by rules for robots that have no name there; ours are kept.
        """
        rules = self.rules(origin)
        if rules.closed:
            raise Refused(rules.closed)
        spared = offered and self._robot.lower() not in rules.agents
        if not spared and not rules.allow(url, self._robot):
            raise Refused("robots.txt refuses this page to robots")
        return rules.delay(self._robot)

    def rules(self, origin: str) -> Rules:
        """The rules of an origin; raises Unreachable where its server cannot be reached at all."""
        if origin not in self._known:
            self._known[origin] = self._read(origin)
        known = self._known[origin]
        if isinstance(known, Unreachable):
            raise Unreachable(str(known))
        return known

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
        named = frozenset(name.lower() for name in _AGENT_LINE.findall(body.decode("utf-8", "replace")))
        return Rules(parsed=parsed, sitemaps=tuple(dict.fromkeys(parsed.sitemaps)), agents=named)
    if 400 <= status < 500 and status != 429:
        return Rules()
    return Rules(closed=f"robots.txt cannot be read (HTTP {status}), so nothing of the site may be")


def parse(body: bytes) -> Protego:
    """The parsed file; only CR and LF end a line, a byte-order mark is no part of the first."""
    text = body.decode("utf-8-sig", "replace")
    lines = (" ".join(line[:_MAX_LINE].splitlines()) for line in _LINE_END.split(text))
    return Protego.parse("\n".join(lines))
