"""Which kinds a run reads."""

from __future__ import annotations

from research.errors import UsageError
from research.sources.policy import load_policies


def default_kinds() -> tuple[str, ...]:
    """The kinds that are read where none are named: those that need no key."""
    return tuple(policy.name for policy in load_policies().values() if policy.default)


def named_kinds(text: str) -> tuple[str, ...]:
    """The kinds of a comma-separated list; `default` stands for the default ones, the name of a group for those of its
    kinds that are read unless told otherwise. UsageError for an unknown one."""
    wanted = [part.strip().lower() for part in text.split(",") if part.strip()]
    policies = load_policies()
    groups = {policy.group: groups_of(policy.group) for policy in policies.values() if policy.group}
    known = {**{name: (name,) for name in policies}, **groups, "default": default_kinds()}
    unknown = [name for name in wanted if name not in known]
    if unknown or not wanted:
        raise UsageError(f"--sources {text}: use any of {', '.join(known)}, separated by commas")
    return tuple(dict.fromkeys(kind for name in wanted for kind in known[name]))


def groups_of(group: str) -> tuple[str, ...]:
    """The kinds of a group that need not be asked for one by one; all of a group that is off as a whole."""
    members = [policy for policy in load_policies().values() if policy.group == group]
    return tuple(policy.name for policy in members if policy.default) or tuple(policy.name for policy in members)
