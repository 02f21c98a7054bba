"""Turns: never more often than the terms allow, however many ask at once."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from research.net.limits import HostRule, Limiter


class Clock:
    """Time that passes only where somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


def moments_of(rule: HostRule, count: int, *, lasting: float = 0.0) -> list[float]:
    """When turns that each last so long begin, one after the other."""
    clock = Clock()
    limiter = Limiter(clock=clock, sleep=clock.sleep)
    moments = []
    for _ in range(count):
        with limiter.turn(rule):
            moments.append(clock.now)
            clock.now += lasting
    return moments


def test_as_many_turns_as_the_terms_allow_come_at_once_and_the_next_when_the_first_is_long_over() -> None:
    assert moments_of(HostRule(group="g", requests=2, seconds=5.0), 5) == [100.0, 100.0, 105.0, 105.0, 110.0]


def test_the_span_counts_from_the_end_of_a_request_for_it_may_arrive_late() -> None:
    assert moments_of(HostRule(group="g", requests=1, seconds=5.0), 3, lasting=2.0) == [100.0, 107.0, 114.0]


def test_a_serial_service_is_asked_at_the_pace_of_its_terms() -> None:
    assert moments_of(HostRule(group="g", requests=10, seconds=5.0, serial=True), 3) == [100.0, 100.5, 101.0]


def test_a_service_without_terms_is_not_waited_for() -> None:
    assert moments_of(HostRule(group="g"), 3) == [100.0, 100.0, 100.0]


def test_the_hosts_of_one_service_share_its_turns_and_others_do_not() -> None:
    clock = Clock()
    limiter = Limiter(clock=clock, sleep=clock.sleep)
    with (
        limiter.turn(HostRule(group="a", requests=1, seconds=5.0)),
        limiter.turn(HostRule(group="b", requests=1, seconds=5.0)),
    ):
        assert clock.now == 100.0
    with limiter.turn(HostRule(group="a", requests=1, seconds=5.0)) as waited:
        assert waited == 5.0


def test_an_overloaded_service_is_left_alone_by_all() -> None:
    clock = Clock()
    limiter = Limiter(clock=clock, sleep=clock.sleep)
    limiter.hold("a", 30.0)
    with limiter.turn(HostRule(group="a", requests=1, seconds=1.0)) as waited:
        assert waited == 30.0


def test_a_serial_service_never_has_two_at_once() -> None:
    limiter = Limiter(clock=time.monotonic, sleep=time.sleep)
    rule = HostRule(group="a", requests=9, seconds=0.01, serial=True)
    under_way, most = [0], [0]
    lock = threading.Lock()

    def ask(_: int) -> None:
        with limiter.turn(rule):
            with lock:
                under_way[0] += 1
                most[0] = max(most[0], under_way[0])
            time.sleep(0.002)
            with lock:
                under_way[0] -= 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(ask, range(40)))
    assert most == [1]


def test_a_turn_is_given_back_when_its_holder_fails() -> None:
    limiter = Limiter(clock=time.monotonic, sleep=time.sleep)
    rule = HostRule(group="a", requests=9, seconds=0.01, serial=True)
    with pytest.raises(ValueError, match="broken"), limiter.turn(rule):
        raise ValueError("broken")
    with limiter.turn(rule):
        pass
