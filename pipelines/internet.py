"""The network as the commands share it: who resolves names, on what terms services are asked, and one limiter."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from research.net.breaker import Breaker
from research.net.guard import Resolve, system_resolve
from research.net.limits import HostRule, Limiter
from research.net.pacing import Pacer
from research.settings import Settings
from research.sources.policy import Policy, load_policies

if TYPE_CHECKING:
    from research.net.client import Client
    from research.net.robots import Load


def _limiter() -> Limiter:
    return Limiter(clock=time.monotonic, sleep=time.sleep)


def _breaker() -> Breaker:
    return Breaker(clock=time.monotonic)


def _pacer() -> Pacer:
    return Pacer(clock=time.monotonic, sleep=time.sleep)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Hosts beyond the public web that a run may ask, as `NetSettings` describes them: servers of one's own."""

    allowed: tuple[tuple[str, int], ...] = ()
    played: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Internet:
    """The real one by default; a test or a demo hands in its own names, terms and permitted hosts.

    Limiter, pacer and breaker are shared by every client that is made here, so that terms and politeness hold over all
    accounts at once, and a service that is down is not waited for by each.
    """

    policies: Mapping[str, Policy] = field(default_factory=load_policies)
    resolve: Resolve = system_resolve
    allowed_hosts: tuple[tuple[str, int], ...] = ()
    limiter: Limiter = field(default_factory=_limiter)
    breaker: Breaker = field(default_factory=_breaker)
    pacer: Pacer = field(default_factory=_pacer)

    def client(
        self,
        settings: Settings,
        now: Callable[[], str],
        reach: Reach,
        remember: Callable[[Load], Load] = lambda load: load,
    ) -> Client:
        """A client under these terms; servers of one's own (the demo's) are fetched from without delay. `remember` is
        what `Client` takes."""
        from research.net.client import Client  # httpx: commands that read the store alone do without
        from research.net.settings import NetSettings

        permitted = (*self.allowed_hosts, *reach.allowed)
        net = NetSettings(
            user_agent=settings.user_agent,
            contact=settings.contact or "",
            delay_seconds=0.0 if permitted or reach.played else settings.delay_seconds,
            allowed_hosts=permitted,
            played_hosts=reach.played,
            rules=host_rules(self.policies, settings),
        )
        return Client(
            net,
            now=now,
            resolve=self.resolve,
            limiter=self.limiter,
            remember=remember,
            breaker=self.breaker,
            pacer=self.pacer,
        )


def host_rules(policies: Mapping[str, Policy], settings: Settings) -> tuple[tuple[str, HostRule], ...]:
    """The policies' terms by host, as the client keeps them."""
    return tuple((host, _rule(policy, settings)) for policy in policies.values() for host in policy.hosts)


def _rule(policy: Policy, settings: Settings) -> HostRule:
    agent = policy.agent.format(product=settings.user_agent, contact=settings.contact or "") if policy.agent else ""
    return HostRule(
        group=policy.name,
        requests=policy.requests,
        seconds=policy.seconds,
        serial=policy.serial,
        agent=agent,
        offered=tuple(policy.endpoints.values()) if policy.robots == "api" else (),
    )
