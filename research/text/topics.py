"""Topics of claims: how long each holds before it should be looked at again, and how much a change of it matters."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any, Final

from research.errors import DossierError
from research.model.finding import Finding
from research.text.names import fold

FILE: Final = "claims.toml"
ROLES: Final = "roles_held.toml"
_DIVIDED_BY: Final = {"fact": "field", "event": "type", "signal": "type", "relation": "relation"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What claims of one sort have in common: a shelf life in `days`, a `weight` of 0 to 1, and the reason for both."""

    name: str
    days: int
    weight: float
    why: str


@cache
def load_topics() -> Mapping[str, Topic]:
    """Every topic of `corpora/claims.toml` by its name; DossierError for a key that is unknown or out of range."""
    raw = tomllib.loads((files("corpora") / FILE).read_text(encoding="utf-8"))
    found: dict[str, Topic] = {}
    for kind, table in raw.items():
        own = {key: value for key, value in table.items() if not isinstance(value, dict)}
        nested = {f"{kind}.{name}": values for name, values in table.items() if isinstance(values, dict)}
        for name, values in {**({kind: own} if own else {}), **nested}.items():
            found[name] = _topic(name, values)
    return found


def _topic(name: str, values: Mapping[str, Any]) -> Topic:
    known = {field.name for field in fields(Topic)} - {"name"}
    if known != values.keys():
        raise DossierError(f"{FILE}: [{name}] must have the keys {', '.join(sorted(known))} and no other")
    topic = Topic(name=name, days=int(values["days"]), weight=float(values["weight"]), why=str(values["why"]))
    if topic.days < 1 or not 0 <= topic.weight <= 1:
        raise DossierError(f"{FILE}: [{name}] needs days of 1 or more and a weight of 0 to 1")
    return topic


@cache
def role_patterns() -> Mapping[str, re.Pattern[str]]:
    """The patterns of `corpora/roles_held.toml` by name."""
    raw = tomllib.loads((files("corpora") / ROLES).read_text(encoding="utf-8"))
    return {name: re.compile(source) for name, source in raw.items()}


def topic_of(finding: Finding) -> Topic:
    """The narrowest topic that a finding falls under."""
    known = load_topics()
    return known.get(topic_name(finding)) or known.get(finding.kind) or known["fact"]


def topic_name(finding: Finding) -> str:
    """The name under which a finding's topic is looked up: its kind and what divides it, as in `person.leadership`."""
    if finding.kind == "person":
        return "person.leadership" if is_leader(finding.text("role")) else "person"
    divided = _DIVIDED_BY.get(finding.kind)
    return f"{finding.kind}.{finding.text(divided)}" if divided else finding.kind


def is_leader(role: str) -> bool:
    """Whether a role is one of those who lead the company."""
    return role_patterns()["leader"].search(fold(role)) is not None
