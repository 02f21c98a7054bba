"""A limit of CPU time: breaks off loops and searches, leaves nothing behind, and does nothing where it cannot."""

from __future__ import annotations

import re
import signal
import threading
import time
from collections.abc import Callable

import pytest

from research.run.limit import OvertimeError, within

_ENDLESS = re.compile(r"(?:a|aa)+(?:a|aa)+(?:a|aa)+b")  # hours on 60 letters


def test_search_is_interrupted() -> None:
    began = time.process_time()
    with pytest.raises(OvertimeError, match=r"more than 0\.2 s of CPU time"), within(0.2):
        _ENDLESS.search("a" * 60)
    assert time.process_time() - began < 5


def spin() -> None:
    while True:
        pass


def spin_on_once() -> None:
    try:
        spin()
    except OvertimeError:
        spin()


@pytest.mark.parametrize("work", [spin, spin_on_once])
def test_loop_is_interrupted_again_where_the_first_was_swallowed(work: Callable[[], None]) -> None:
    with pytest.raises(OvertimeError), within(0.1):
        work()


def test_waiting_costs_nothing() -> None:
    with within(0.1):
        time.sleep(0.3)


def test_nothing_is_left_behind() -> None:
    before = signal.getsignal(signal.SIGVTALRM)
    with within(5):
        assert signal.getitimer(signal.ITIMER_VIRTUAL)[0] > 0
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGVTALRM) is before


def test_error_of_the_block_passes_and_nothing_is_left_behind() -> None:
    with pytest.raises(ZeroDivisionError), within(5):
        1 / 0  # noqa: B018
    assert signal.getitimer(signal.ITIMER_VIRTUAL) == (0.0, 0.0)


def test_thread_is_not_limited() -> None:
    done: list[float] = []

    def work() -> None:
        with within(0.05):
            until = time.thread_time() + 0.2
            while time.thread_time() < until:
                pass
            done.append(signal.getitimer(signal.ITIMER_VIRTUAL)[0])

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [0.0]
