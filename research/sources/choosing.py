"""Which kinds a run reads."""

from __future__ import annotations

from research.errors import UsageError
from research.sources.policy import load_policies


def default_kinds() -> tuple[str, ...]:
    """The kinds that are read where none are named: those that need no key."""
    return tuple(policy.name for policy in load_policies().values() if policy.default)


def named_kinds(text: str) -> tuple[str, ...]:
    """The kinds of a comma-separated list, `default` standing for the default ones; UsageError for an unknown one."""
    wanted = [part.strip().lower() for part in text.split(",") if part.strip()]
    known = load_policies()
    unknown = [name for name in wanted if name not in known and name != "default"]
    if unknown or not wanted:
        raise UsageError(f"--sources {text}: use any of {', '.join(known)}, or default, separated by commas")
    return tuple(dict.fromkeys(k for name in wanted for k in (default_kinds() if name == "default" else (name,))))
