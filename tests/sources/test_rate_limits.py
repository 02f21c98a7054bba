"""The terms hold over all accounts at once: requests are counted where they arrive."""

from __future__ import annotations

import time
from bisect import bisect_right
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from pipelines.gather_kind import gather_kind
from pipelines.internet import Reach
from research.net.limits import Limiter
from research.settings import Settings
from research.sources.kind import Subject
from research.sources.registry import KINDS

from .example import NOW, load_example
from .small_internet import small_internet

ACCOUNTS = 8


def most_within(moments: Sequence[float], seconds: float) -> int:
    """The largest number of moments in any span of so many seconds."""
    ordered = sorted(moments)
    return max((bisect_right(ordered, moment + seconds) - place for place, moment in enumerate(ordered)), default=0)


@pytest.mark.parametrize(("name", "requests", "seconds"), [("gleif", 4, 0.2), ("wikidata", 1, 0.05)])
def test_eight_accounts_at_once_ask_no_service_more_often_than_its_policy(
    name: str, requests: int, seconds: float
) -> None:
    """The policy's own numbers in small, so that the test is quick: what is counted is what the server saw."""
    with small_internet() as net:
        internet = net.internet(Limiter(clock=time.monotonic, sleep=time.sleep))
        policy = replace(internet.policies[name], requests=requests, seconds=seconds)
        internet = replace(internet, policies={**internet.policies, name: policy})
        settings = Settings(contact="Test Desk desk@seller.example")
        subject = load_example(name).subject

        def account(number: int) -> int:
            with internet.client(settings, lambda: NOW, Reach()) as client:
                report = gather_kind(
                    KINDS[name],
                    policy,
                    Subject(name=subject.name, today=NOW[:10]),
                    client,
                    known={},
                    keep=lambda fetched: None,
                    unchanged=lambda url: None,
                    skip=lambda skipped: None,
                    stored=lambda capture: b"",
                )
            return report.kept

        with ThreadPoolExecutor(ACCOUNTS) as pool:
            kept = list(pool.map(account, range(ACCOUNTS)))
        moments = [asked.at for asked in net.asked]
    assert all(kept)
    assert len(moments) >= ACCOUNTS * 3
    assert most_within(moments, seconds) <= requests


def test_what_is_counted_would_show_a_breach() -> None:
    assert most_within([0.0, 0.1, 0.2, 0.9, 1.0, 1.05], 0.2) == 3


@pytest.mark.parametrize("name", sorted(KINDS))
def test_the_clients_rules_are_those_of_the_policy(name: str) -> None:
    from pipelines.internet import Internet, host_rules

    policy = Internet().policies[name]
    rules = dict(host_rules({name: policy}, Settings(contact="Test Desk desk@seller.example")))
    for host in policy.hosts:
        assert (rules[host].requests, rules[host].seconds) == (policy.requests, policy.seconds)
        assert rules[host].serial == policy.serial
        assert rules[host].group == name
