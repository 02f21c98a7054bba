"""The source kinds as the user sees them: their terms and their health."""

from __future__ import annotations

from pipelines.bootstrap import Workspace
from pipelines.collecting_kinds import why_not
from research.errors import UsageError
from research.sources.policy import Policy
from research.store.health import Health, health_of


def list_sources(workspace: Workspace) -> list[str]:
    """A line a kind: name, whether it is read unless others are chosen, its title, and how it went last."""
    health = health_of(workspace.store)
    rows = []
    for policy in workspace.internet.policies.values():
        use = "default" if policy.default else "on request"
        told = _health(policy, workspace, health.get(policy.name))
        rows.append(f"{policy.name}\t{use}\t{policy.title}\t{told}")
    return rows


def describe_source(name: str, workspace: Workspace) -> list[str]:
    """The whole policy of one kind, a line a term; UsageError for an unknown one."""
    policy = workspace.internet.policies.get(name)
    if policy is None:
        raise UsageError(f"no source kind {name!r}: there are {', '.join(workspace.internet.policies)}")
    rate = f"at most {policy.requests} requests in {policy.seconds:g} s over all accounts"
    lines = [
        f"{policy.title} ({policy.name})",
        *(f"endpoint {key}: {url}" for key, url in policy.endpoints.items()),
        f"documentation: {policy.documentation}",
        f"licence: {policy.licence}",
        f"attribution: {policy.attribution or 'none is asked for'}",
        f"rate: {rate}{', one at a time' if policy.serial else ''}",
        f"user agent: {policy.agent or 'the usual one'}{' (a contact is required)' if policy.contact else ''}",
        f"robots: {policy.robots_says}",
        f"key: {policy.key or 'none is needed'}",
        f"fills: {', '.join(policy.fields)}",
        f"verified: {policy.verified}",
        f"health: {_health(policy, workspace, health_of(workspace.store).get(name))}",
    ]
    return [*lines, f"note: {policy.note}"] if policy.note else lines


def _health(policy: Policy, workspace: Workspace, known: Health | None) -> str:
    """`last read 2026-11-20 (answers: 14, accounts: 3); last failed 2026-11-19: no connection in time`."""
    parts = [why_not(policy, workspace)]
    if known is None:
        return parts[0] or "not asked yet"
    if known.last_success:
        parts.append(f"last read {known.last_success[:10]} (answers: {known.answers}, accounts: {known.accounts})")
    if known.last_failure:
        parts.append(f"last failed {known.last_failure[:10]}: {known.failure}")
    return "; ".join(filter(None, parts)) or "asked, and had nothing"
