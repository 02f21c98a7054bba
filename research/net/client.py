"""Fetching from the live web, guarded: every failure comes back as a reason, none as an exception."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx

from research.model.capture import Fetched, Request, Skipped
from research.net.answer import REDIRECTS, Answer, read_answer, read_body
from research.net.breaker import Breaker, Patience
from research.net.guard import (
    Resolve,
    Target,
    check_url,
    next_hop,
    public_addresses,
    resolve_in_time,
    system_resolve,
)
from research.net.limits import HostRule, Limiter
from research.net.pacing import Pacer
from research.net.pinned import LOOPBACK, Deadline, PinnedTransport
from research.net.refused import Excessive, Refused, Unreachable
from research.net.robots import Load, Robots
from research.net.settings import (
    MAX_REDIRECTS,
    MAX_RETRY_AFTER,
    MAX_ROBOTS_BYTES,
    MAX_ROBOTS_REDIRECTS,
    PAUSE_SECONDS,
    RESOLVE_SECONDS,
    NetSettings,
)
from research.text.urls import host, registrable_domain

for _name in ("httpx", "httpcore"):  # their lines name whole addresses and headers, with what may be secret in them
    logging.getLogger(_name).setLevel(logging.WARNING)
_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,application/xml;q=0.8,text/plain;q=0.8,*/*;q=0.1"


class Client:
    """Fetches requests one after the other; `now` gives the ISO date-time that is written on what was fetched, `chance`
    a number from 0 to 1. Clients that share a `breaker` learn from one another which hosts are down, those that
    share a `pacer` are as polite together as one.

    `remember` may put a memory of its own before the loading of robots.txt (RFC 9309, 2.4: for 24 hours at most).
    """

    def __init__(
        self,
        settings: NetSettings,
        *,
        now: Callable[[], str],
        resolve: Resolve = system_resolve,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        limiter: Limiter | None = None,
        remember: Callable[[Load], Load] = lambda load: load,
        breaker: Breaker | None = None,
        pacer: Pacer | None = None,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._settings = settings
        self._now = now
        self._resolve = resolve_in_time(resolve, RESOLVE_SECONDS)
        self._clock = clock
        self._breaker = breaker or Breaker(clock=clock)
        self._patience = Patience(settings.patience_seconds)
        self._chance = chance
        self._resolved: dict[tuple[str, int], tuple[str, ...]] = {}
        self._pacer = pacer or Pacer(clock=clock, sleep=sleep)
        self._limiter = limiter or Limiter(clock=clock, sleep=sleep)
        self._rules = dict(settings.rules)
        self._robots = Robots(settings.robot, remember(self._load_robots))
        self._transport = PinnedTransport(self._addresses, self._deadline(), dict(settings.played_hosts))
        self._http = httpx.Client(
            transport=self._transport,
            trust_env=False,
            follow_redirects=False,
            headers={"User-Agent": settings.identity, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate, br"},
            timeout=httpx.Timeout(settings.read_seconds, connect=settings.connect_seconds),
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()

    def fetch(self, request: Request) -> Fetched | Skipped:
        """The whole answer after redirects, robots.txt and pauses; Skipped with the reason where there is none."""
        try:
            return self._follow(request)
        except Refused as refused:
            return Skipped(url=request.url, reason=str(refused))

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """The sitemaps that robots.txt of the address's host names; none where it cannot be read."""
        try:
            return self._robots.rules(check_url(url, self._settings.reachable).origin).sitemaps
        except Refused:
            return ()  # the page itself will be refused for the same reason, and says so

    def _follow(self, request: Request) -> Fetched:
        deadline = self._deadline()
        self._http.cookies.clear()
        url = request.url
        seen: set[str] = set()
        for _ in range(MAX_REDIRECTS + 1):
            target = check_url(url, self._settings.reachable)
            if target.url in seen:
                raise Refused("redirects in a circle")
            seen.add(target.url)
            answer = self._ask(target, request, deadline)
            if isinstance(answer, Fetched):
                return answer
            url = next_hop(target, answer)
        raise Refused(f"more than {MAX_REDIRECTS} redirects")

    def _ask(self, target: Target, request: Request, deadline: Deadline) -> Fetched | str:
        """The answer at one hop, or where it redirects to; what is worth it is asked twice."""
        self._permit(target, deadline)
        first = self._try(target, request, deadline, last=False)
        if not isinstance(first, float):
            return first
        self._wait(target, first, deadline)
        second = self._try(target, request, deadline, last=True)
        if isinstance(second, float):
            raise AssertionError("the last attempt returns or raises")
        return second

    def _try(self, target: Target, request: Request, deadline: Deadline, *, last: bool) -> Fetched | str | float:
        """As `_ask`; or, unless it is the last attempt, the seconds after which to ask again: a busy server's own, or a
        moment where the connection broke and nothing was sent that must not be sent twice."""
        try:
            with self._turn(target, deadline), self._exchange(target, request, deadline) as answer:
                if answer.status in REDIRECTS:
                    if request.payload is not None:
                        raise Refused("redirects what was sent to it elsewhere")
                    return answer.header("location")
                wait = None if last else _retry_after(answer)
                if wait is not None and self._patience.grants(_site(target), wait):
                    return wait
                return read_answer(answer, request, self._settings)
        except Unreachable as failure:
            if last or not failure.broken or request.payload is not None or self._breaker.gives_up(target.host):
                raise
            return self._moment()

    def _wait(self, target: Target, seconds: float, deadline: Deadline) -> None:
        if rule := self._rules.get(target.host):
            self._limiter.hold(rule.group, seconds)  # whoever else asks this service waits as well
        self._patience.failed(_site(target), seconds)
        self._pacer.pause(seconds)
        deadline.add(seconds)

    def _moment(self) -> float:
        return PAUSE_SECONDS * (1.0 + self._chance())

    def _permit(self, target: Target, deadline: Deadline) -> None:
        self._breaker.check(target.host)  # before any pause: what is not asked is not waited for either
        self._patience.left(_site(target))
        before = self._clock()
        rule = self._rules.get(target.host)
        offered = rule is not None and target.url.startswith(rule.offered)
        delay = self._robots.check(target.origin, target.url, offered=offered)
        self._pacer.wait(target.host, delay if rule else max(delay, self._settings.delay_seconds))
        deadline.add(self._clock() - before)

    def _rule(self, target: Target) -> HostRule:
        """The terms of a host; one that has none is a service of its own, without a limit but the pacer's."""
        return self._rules.get(target.host) or HostRule(group=target.host)

    @contextmanager
    def _turn(self, target: Target, deadline: Deadline) -> Iterator[None]:
        with self._limiter.turn(self._rule(target)) as waited:
            deadline.add(waited)
            yield

    @contextmanager
    def _exchange(self, target: Target, request: Request, deadline: Deadline) -> Iterator[Answer]:
        """One request and its answer; what it took and how it ended is noted against the host and the site."""
        deadline.begin(self._patience.left(_site(target)))
        self._transport.use(deadline)
        method, headers = self._headers(target, request)
        content = request.payload.encode() if request.payload is not None else None
        start, failure = self._clock(), ""
        try:
            with self._http.stream(method, target.url, headers=headers, content=content) as response:
                if response.status_code == 429 or response.status_code >= 500:
                    failure = f"HTTP {response.status_code}"
                yield self._answer(target, response)
        except (Unreachable, Excessive) as error:
            failure = str(error)
            raise
        except (httpx.InvalidURL, httpx.HTTPError, UnicodeError) as error:
            failure = f"the address or the answer is malformed: {error}"
            raise Unreachable(failure) from None
        finally:
            self._pacer.done(target.host)
            self._note(target, failure, self._clock() - start, deadline.size)

    def _note(self, target: Target, failure: str, seconds: float, size: int) -> None:
        if failure:
            self._breaker.failed(target.host, failure)
            self._patience.failed(_site(target), seconds)
        else:
            self._breaker.answered(target.host)
            self._patience.answered(_site(target), seconds, size)

    def _headers(self, target: Target, request: Request) -> tuple[str, dict[str, str]]:
        """The method, and the headers beside the usual ones."""
        headers = {
            "If-None-Match": request.etag,
            "If-Modified-Since": request.last_modified,
            "User-Agent": self._rule(target).agent or None,
            "Accept": "application/json, */*;q=0.5" if request.origin == "record" else None,
            "Content-Type": "application/json" if request.payload is not None else None,
            "Authorization": request.authorization if target.host == host(request.url) else None,
            "Range": request.range,
        }
        return "GET" if request.payload is None else "POST", {k: v for k, v in headers.items() if v}

    def _answer(self, target: Target, response: httpx.Response) -> Answer:
        return Answer(
            url=target.url,
            at=self._now(),
            status=response.status_code,
            header=lambda name: str(response.headers.get(name, "")),
            chunks=response.iter_raw(),
        )

    def _load_robots(self, url: str) -> tuple[int, bytes]:
        deadline = self._deadline()
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            target = check_url(url, self._settings.reachable)
            try:
                answered = self._robots_at(target, deadline)
            except Unreachable as failure:
                if not failure.broken:
                    raise
                self._wait(target, self._moment(), deadline)
                answered = self._robots_at(target, deadline)
            if not isinstance(answered, str):
                return answered
            url = next_hop(target, answered)
        raise Refused(f"more than {MAX_ROBOTS_REDIRECTS} redirects")

    def _robots_at(self, target: Target, deadline: Deadline) -> tuple[int, bytes] | str:
        """Status and body at one hop, or where it redirects to."""
        asked = Request(url=target.url, origin="robots")
        with self._turn(target, deadline), self._exchange(target, asked, deadline) as answer:
            if answer.status in REDIRECTS:
                return answer.header("location")
            return answer.status, read_body(answer, MAX_ROBOTS_BYTES, cut=True) if answer.status < 300 else b""

    def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The checked addresses of a host, looked up once a run, so that they cannot change after the check."""
        key = (host.strip("[]").lower(), port)
        if key[0] in dict(self._settings.played_hosts):
            return (LOOPBACK,)
        if key not in self._resolved:
            self._resolved[key] = public_addresses(*key, self._resolve, self._settings.allowed_hosts)
        return self._resolved[key]

    def _deadline(self) -> Deadline:
        settings = self._settings
        return Deadline(
            settings.total_seconds, self._clock, settings.floor_bytes_per_second, settings.floor_after_seconds
        )


def _site(target: Target) -> str:
    return registrable_domain(target.host)


def _retry_after(answer: Answer) -> float | None:
    """The seconds that a busy server asks for, None where it asks none or more than is granted."""
    wish = answer.header("retry-after").strip()
    if answer.status not in (429, 503) or not wish:
        return None
    seconds = float(wish) if wish.isascii() and wish.isdigit() else _seconds_until(wish, answer.header("date"))
    return seconds if seconds is not None and 0 <= seconds <= MAX_RETRY_AFTER else None


def _seconds_until(moment: str, served: str) -> float | None:
    """From the server's own date to the moment that it names: its clock need not be ours."""
    try:
        return (parsedate_to_datetime(moment) - parsedate_to_datetime(served)).total_seconds()
    except (ValueError, TypeError, OverflowError):  # a zone of twenty digits is the last one's
        return None
