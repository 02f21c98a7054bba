"""When which source of which account is to be read again, and what a budget is spent on first: pure, without a clock.

Every moment is an ISO date-time and is compared in UTC, so that no change of the hour moves anything.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Final

LEAD: Final = timedelta(days=3)  # before a meeting: time to read what came, and to try again what failed
RETRY: Final = timedelta(hours=6)  # after a first failure; most outages of a site are over by then
LONGEST_RETRY: Final = timedelta(days=30)  # a site that has been away for months costs one request a month
RETRY_BEFORE_MEETING: Final = timedelta(days=1)
JITTER: Final = 0.1  # of the interval, always earlier: accounts added on one day drift apart within a few turns
DAY: Final = timedelta(days=1)  # a meeting may be at any hour of its day
SKEW: Final = timedelta(days=1)  # a moment further ahead than this was written by a clock that was wrong
SHARE: Final = 3.0  # days' worth of turns that one run makes at most: after an outage the work is spread over runs
FEWEST: Final = 20  # turns that every run may make, however few accounts there are


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """One source kind of an account: how often it is read, and how it went; `requests` is what a visit cost last."""

    kind: str
    cadence_days: int
    tried: str | None = None
    succeeded: str | None = None
    failures: int = 0
    requests: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A claim that the store holds: when a page was last seen to say it, its shelf life and its weight (0 to 1)."""

    topic: str
    seen: str
    days: int
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountState:
    """All that decides about one account's next visit; `meetings` are ISO dates."""

    id: str
    sources: tuple[Watched, ...]
    claims: tuple[Held, ...] = ()
    meetings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """The next visit of one account: when, of which kinds, why, at what cost, and for how much.

    `rank` is 0 where claims expire before a meeting, 1 where a whole turn was missed, 2 otherwise. `value` sums the
    weights of the claims that the visit would confirm in time. `limit` is how many pages a budget leaves, None: all.
    """

    account_id: str
    at: str
    kinds: tuple[str, ...]
    why: str
    rank: int
    meeting: str
    value: float
    requests: int
    limit: int | None = None


def due(accounts: Iterable[AccountState], now: str) -> tuple[Turn, ...]:
    """The turns whose time has come at `now`, the most urgent first."""
    moment = _moment(now)
    turns = (next_turn(account, now) for account in accounts)
    return tuple(sorted((t for t in turns if t and _moment(t.at) <= moment), key=_urgency))


def next_turn(account: AccountState, now: str) -> Turn | None:
    """The next visit of an account, with every kind that is due by then; None where it has no source."""
    if not account.sources:
        return None
    meeting = next((day for day in sorted(account.meetings) if day >= now[:10]), "")
    times = [(kind, *_next_visit(account, kind, meeting, _moment(now))) for kind in account.sources]
    first = min(at for _, at, _ in times)
    horizon = max(first, _moment(now))
    ripe = [(kind, at, why) for kind, at, why in times if at <= horizon]
    late = any(_missed(kind, at, _moment(now)) for kind, at, _ in ripe)
    expiring = _expiring(account, meeting, horizon)
    rank = 0 if meeting and expiring and first <= _moment(now) and _near(meeting, horizon) else 1 if late else 2
    return Turn(
        account_id=account.id,
        at=first.isoformat(timespec="seconds"),
        kinds=tuple(kind.kind for kind, _, _ in ripe),
        why=min(ripe, key=lambda item: item[1])[2],
        rank=rank,
        meeting=meeting,
        value=round(sum(c.weight for c in expiring), 3),
        requests=max(1, sum(kind.requests for kind, _, _ in ripe)),
    )


def choose(
    turns: Sequence[Turn], *, requests: int | None = None, at_most: int | None = None
) -> tuple[tuple[Turn, ...], tuple[Turn, ...]]:
    """The turns that a budget of requests and a number of accounts allow, in order of urgency, and those that wait.

    One that does not fit leaves its place to smaller ones behind it; where the first alone is larger than the budget,
    it gets as many pages as there are, since it would wait for ever otherwise.
    """
    chosen: list[Turn] = []
    waiting: list[Turn] = []
    left = requests
    for turn in turns:
        if at_most is not None and len(chosen) >= at_most:
            waiting.append(turn)
        elif left is None or turn.requests <= left:
            chosen.append(turn)
            left = None if left is None else left - turn.requests
        elif not chosen and left > 0:
            chosen.append(replace(turn, limit=left))
            left = 0
        else:
            waiting.append(turn)
    return tuple(chosen), tuple(waiting)


def most_turns(accounts: Iterable[AccountState]) -> int:
    """How many accounts one run visits at most: SHARE days' worth of their usual turns, FEWEST at least."""
    daily = sum(1 / max(1, min(s.cadence_days for s in a.sources)) for a in accounts if a.sources)
    return max(FEWEST, math.ceil(SHARE * daily))


def jitter(account_id: str, kind: str) -> float:
    """A number from 0 to 1 that belongs to this source of this account, the same in every run."""
    digest = hashlib.sha256(f"{account_id}\n{kind}".encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def back_off(failures: int, *, meeting_near: bool = False) -> timedelta:
    """How long to wait after so many failures in a row: RETRY, doubled each time, up to LONGEST_RETRY."""
    wait = RETRY * 2 ** min(max(failures - 1, 0), 16)
    return min(wait, RETRY_BEFORE_MEETING if meeting_near else LONGEST_RETRY)


def _next_visit(account: AccountState, source: Watched, meeting: str, now: datetime) -> tuple[datetime, str]:
    """When a source is to be read next, and why then."""
    tried, done = _believed(source.tried, now), _believed(source.succeeded, now)
    spread = 1 - JITTER * jitter(account.id, source.kind)
    if source.failures and tried is not None:
        wait = back_off(source.failures, meeting_near=bool(meeting) and _near(meeting, now))
        times = "once" if source.failures == 1 else f"{source.failures} times"
        return tried + wait * spread, f"failed {times}, tried again after {_spell(wait)}"
    if done is None:
        return now, _unread(source)
    usual = done + timedelta(days=source.cadence_days) * spread
    found = [(usual, f"read every {_spell(timedelta(days=source.cadence_days))}")]
    ends = [(end, claim) for claim in account.claims if (end := _expiry(claim, now)) is not None and end > done]
    if ends:
        end, claim = min(ends, key=lambda item: (item[0], item[1].topic))
        found.append((end, f"{claim.topic} goes stale after {claim.days} days"))
    if meeting:
        before = _day(meeting) - LEAD
        stale = [claim for end, claim in ends if end < _day(meeting) + DAY]
        if stale and done < before:
            many = "1 claim goes" if len(stale) == 1 else f"{len(stale)} claims go"
            found.append((before, f"{many} stale before the meeting on {meeting}"))
    return min(found, key=lambda item: item[0])


def _unread(source: Watched) -> str:
    if source.succeeded:
        return "its last visit lies in the future: the clock was wrong"
    return "its last visit was broken off" if source.tried else "never read"


def _expiring(account: AccountState, meeting: str, now: datetime) -> list[Held]:
    """The claims that are stale by the meeting, or by now where there is none."""
    until = max(_day(meeting) + DAY, now) if meeting else now
    return [c for c in account.claims if (end := _expiry(c, now)) is None or end <= until]


def _expiry(claim: Held, now: datetime) -> datetime | None:
    """When a claim goes stale; None where no believable look at it is known."""
    seen = _believed(claim.seen, now)
    return None if seen is None else seen + timedelta(days=claim.days)


def _missed(source: Watched, at: datetime, now: datetime) -> bool:
    return now - at >= timedelta(days=source.cadence_days)


def _near(meeting: str, now: datetime) -> bool:
    return _day(meeting) - now <= LEAD


def _urgency(turn: Turn) -> tuple[int, str, float, str, str]:
    """Sort key: claims that expire before the nearest meetings, then missed turns, then value a request, then age."""
    meeting = turn.meeting if turn.rank == 0 else ""
    return (turn.rank, meeting, -turn.value / turn.requests, turn.at, turn.account_id)


def _believed(iso: str | None, now: datetime) -> datetime | None:
    """The moment, `now` where it lies a little ahead, None where it lies far ahead or is no moment at all."""
    if not iso:
        return None
    try:
        stated = _moment(iso)
    except (ValueError, OverflowError):
        return None
    return None if stated - now > SKEW else min(stated, now)


def _moment(iso: str) -> datetime:
    stated = datetime.fromisoformat(iso)
    return (stated if stated.tzinfo else stated.replace(tzinfo=UTC)).astimezone(UTC)


def _day(iso: str) -> datetime:
    return datetime.combine(date.fromisoformat(iso[:10]), datetime.min.time(), tzinfo=UTC)


def _spell(time: timedelta) -> str:
    hours = round(time.total_seconds() / 3600)
    if hours % 24:
        return f"{hours} hours"
    return "day" if hours == 24 else f"{hours // 24} days"
