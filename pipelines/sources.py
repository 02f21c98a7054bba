"""The source kinds as the user sees them: their terms and their health."""

from __future__ import annotations

from pipelines.bootstrap import Workspace
from pipelines.collecting_kinds import why_not
from research.errors import UsageError
from research.sources.policy import Policy


def list_sources(workspace: Workspace) -> list[str]:
    """A line a kind: name, whether it is read unless others are chosen, its title, and how it went last."""
    rows = []
    for policy in workspace.internet.policies.values():
        use = "default" if policy.default else "on request"
        rows.append("\t".join((policy.name, use, policy.title, _health(policy, workspace))))
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
        f"health: {_health(policy, workspace)}",
    ]
    return [*lines, f"note: {policy.note}"] if policy.note else lines


def _health(policy: Policy, workspace: Workspace) -> str:
    return why_not(policy, workspace) or "ready"
