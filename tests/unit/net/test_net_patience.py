"""How often a host is asked, when it is asked no more, and what a site may cost."""

from __future__ import annotations

import pytest

from research.net.breaker import COOL_SECONDS, FAILURES_IN_A_ROW, Breaker, Patience
from research.net.guard import resolve_in_time
from research.net.pacing import Pacer
from research.net.pinned import Deadline
from research.net.refused import Unreachable


class Clock:
    """Time that passes only when somebody sleeps."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_a_host_is_given_up_after_failures_in_a_row_and_tried_again_later(clock):
    breaker = Breaker(clock=clock)
    for _ in range(FAILURES_IN_A_ROW):
        breaker.check("a.example")
        breaker.failed("a.example", "no answer in time")
    with pytest.raises(Unreachable, match="failed 5 times in a row: no answer in time"):
        breaker.check("a.example")
    breaker.check("b.example")
    clock.sleep(COOL_SECONDS)
    breaker.check("a.example")  # one may try
    with pytest.raises(Unreachable):
        breaker.check("a.example")  # and the others wait for what comes of it
    breaker.answered("a.example")
    breaker.check("a.example")


def test_one_answer_among_failures_keeps_a_host_open(clock):
    breaker = Breaker(clock=clock)
    for number in range(4 * FAILURES_IN_A_ROW):
        (breaker.answered if number % 4 == 3 else lambda host: breaker.failed(host, "HTTP 500"))("a.example")
        breaker.check("a.example")


def test_failures_cost_all_their_time_and_answers_what_is_beyond_the_usual():
    patience = Patience(50.0)
    patience.answered("a.example", 4.9, 10_000)
    assert patience.left("a.example") == 50.0
    patience.answered("a.example", 15.0, 0)
    patience.failed("a.example", 20.0)
    assert patience.left("a.example") == 20.0
    assert patience.grants("a.example", 19.0)
    assert not patience.grants("a.example", 20.0)
    assert patience.left("b.example") == 50.0
    patience.failed("a.example", 20.0)
    with pytest.raises(Unreachable, match="not asked, as the site cost 50 s"):
        patience.left("a.example")


def test_a_large_body_is_no_loss_of_time():
    patience = Patience(50.0)
    patience.answered("a.example", 55.0, 50 << 20)  # a report over a slow line
    assert patience.left("a.example") == 50.0


def test_clients_that_share_a_pacer_wait_for_one_another(clock):
    pacer = Pacer(clock=clock, sleep=clock.sleep)
    moments = []
    for _ in range(4):
        pacer.wait("a.example", 2.0)
        moments.append(clock.now)
    pacer.wait("b.example", 2.0)
    assert moments == [0.0, 2.0, 4.0, 6.0]
    assert clock.now == 6.0
    clock.sleep(1.5)
    pacer.done("a.example")
    pacer.wait("a.example", 2.0)
    assert clock.now == 9.5  # two seconds from the end of the last one, which took longer


def test_slow_bytes_end_an_exchange_after_a_while_and_headers_count(clock):
    deadline = Deadline(60.0, clock, floor=1024, floor_after=10.0)
    deadline.begin(60.0)
    clock.sleep(9.0)
    deadline.received(100)  # thinking is not yet slowness
    clock.sleep(9.9)
    deadline.received(1)
    clock.sleep(0.2)
    with pytest.raises(Unreachable, match="slower than 1024 bytes a second"):
        deadline.received(1)
    deadline.begin(60.0)
    clock.sleep(10.0)
    deadline.received(1)
    with pytest.raises(Unreachable, match="256 KB of headers"):
        deadline.received(300_000)


def test_an_exchange_may_not_take_more_than_is_left_of_patience(clock):
    deadline = Deadline(60.0, clock)
    deadline.begin(5.0)
    assert deadline.left() == 5.0
    clock.sleep(6.0)
    with pytest.raises(Unreachable, match="took longer"):
        deadline.left()


def test_a_name_that_is_never_resolved_is_given_up():
    import threading

    never = threading.Event()

    def stuck(host: str, port: int) -> tuple[str, ...]:
        never.wait(60)
        return ("192.0.2.1",)

    with pytest.raises(Unreachable, match="no answer from the name service"):
        resolve_in_time(stuck, 0.05)("slow.example", 80)
    never.set()


def test_what_a_resolver_raises_comes_to_who_asked():
    def broken(host: str, port: int) -> tuple[str, ...]:
        raise Unreachable("no name service")

    with pytest.raises(Unreachable, match="no name service"):
        resolve_in_time(broken, 1.0)("a.example", 80)
