"""Fetching from the live web, guarded: every failure comes back as a reason, none as an exception."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx

from research.model.capture import Fetched, Request, Skipped
from research.net.answer import REDIRECTS, Answer, read_answer, read_body
from research.net.guard import Resolve, Target, check_url, next_hop, public_addresses, system_resolve
from research.net.limits import HostRule, Limiter
from research.net.pacing import Pacer
from research.net.pinned import LOOPBACK, Deadline, PinnedTransport
from research.net.refused import Refused, Unreachable
from research.net.robots import Load, Robots
from research.net.settings import (
    MAX_REDIRECTS,
    MAX_RETRY_AFTER,
    MAX_ROBOTS_BYTES,
    MAX_ROBOTS_REDIRECTS,
    NetSettings,
)
from research.text.urls import host

for _name in ("httpx", "httpcore"):  # their lines name whole addresses and headers, with what may be secret in them
    logging.getLogger(_name).setLevel(logging.WARNING)
_ACCEPT = "text/html,application/xhtml+xml,application/pdf;q=0.9,application/xml;q=0.8,text/plain;q=0.8,*/*;q=0.1"


class Client:
    """Fetches requests one after the other; `now` gives the ISO date-time that is written on what was fetched.

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
    ) -> None:
        self._settings = settings
        self._now = now
        self._resolve = resolve
        self._clock = clock
        self._resolved: dict[tuple[str, int], tuple[str, ...]] = {}
        self._pacer = Pacer(clock=clock, sleep=sleep)
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
        """The answer at one hop, or where it redirects to; a busy server is asked twice."""
        self._permit(target, deadline)
        for last in (False, True):
            with self._turn(target, deadline), self._exchange(target, request, deadline) as answer:
                if answer.status in REDIRECTS:
                    if request.payload is not None:
                        raise Refused("redirects what was sent to it elsewhere")
                    return answer.header("location")
                wait = None if last else _retry_after(answer)
                if wait is None:
                    return read_answer(answer, request, self._settings)
            if rule := self._rules.get(target.host):
                self._limiter.hold(rule.group, wait)  # whoever else asks this service waits as well
            self._pacer.pause(wait)
            deadline.add(wait)
        raise AssertionError("the second attempt returns or raises")

    def _permit(self, target: Target, deadline: Deadline) -> None:
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
        self._transport.use(deadline)
        method, headers = self._headers(target, request)
        content = request.payload.encode() if request.payload is not None else None
        try:
            with self._http.stream(method, target.url, headers=headers, content=content) as response:
                yield self._answer(target, response)
        except (httpx.InvalidURL, httpx.HTTPError, UnicodeError) as error:
            raise Unreachable(f"the address or the answer is malformed: {error}") from None
        finally:
            self._pacer.done(target.host)

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
            chunks=self._brisk(response.iter_raw()),
        )

    def _brisk(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        """The chunks, as long as they come faster than the settings' floor."""
        start, total = self._clock(), 0
        for chunk in chunks:
            total += len(chunk)
            spent = self._clock() - start
            if spent > self._settings.floor_after_seconds and total < spent * self._settings.floor_bytes_per_second:
                raise Unreachable(f"slower than {self._settings.floor_bytes_per_second} bytes a second")
            yield chunk

    def _load_robots(self, url: str) -> tuple[int, bytes]:
        deadline = self._deadline()
        for _ in range(MAX_ROBOTS_REDIRECTS + 1):
            target = check_url(url, self._settings.reachable)
            asked = Request(url=url, origin="robots")
            with self._turn(target, deadline), self._exchange(target, asked, deadline) as answer:
                if answer.status not in REDIRECTS:
                    body = read_body(answer, MAX_ROBOTS_BYTES, cut=True) if answer.status < 300 else b""
                    return answer.status, body
                location = answer.header("location")
            url = next_hop(target, location)
        raise Refused(f"more than {MAX_ROBOTS_REDIRECTS} redirects")

    def _addresses(self, host: str, port: int) -> tuple[str, ...]:
        """The checked addresses of a host, looked up once a run, so that they cannot change after the check."""
        key = (host.strip("[]").lower(), port)
        if key[0] in dict(self._settings.played_hosts):
            return (LOOPBACK,)
        if key not in self._resolved:
            self._resolved[key] = public_addresses(*key, self._resolve, self._settings.allowed_hosts)
        return self._resolved[key]

    def _deadline(self) -> Deadline:
        return Deadline(self._settings.total_seconds, self._clock)


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
    except (ValueError, TypeError):
        return None
