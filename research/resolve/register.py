"""The account's own names, and the one role in which a company is listed."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Final

from research.model.account import Account
from research.model.finding import Finding
from research.text.names import company_key, fold

_SURE_OFFERING: Final = 0.65
_STATED: Final = 0.84  # a rival that a page states outright stays one, whatever else it is
_FRIENDLY: Final = frozenset({"customer", "partner", "acquired", "investor", "subsidiary", "parent", "supplier"})


def own_terms(findings: Sequence[Finding], account: Account) -> frozenset[str]:
    """Folded names that are the account's own: itself, its offerings, its subsidiaries."""
    terms = {fold(name) for name in account.names}
    for finding in findings:
        if finding.kind == "offering" and finding.confidence >= _SURE_OFFERING:
            terms.add(fold(finding.text("name")))
        if finding.kind == "relation" and finding.get("relation") in ("subsidiary", "product"):
            terms.add(fold(finding.text("company")))
    return frozenset(terms)


def settle_roles(findings: Sequence[Finding], account: Account) -> tuple[Finding, ...]:
    """Relations without the account's own names, and without rivals that are better known as friends."""
    terms = own_terms(findings, account)
    friends: dict[str, float] = defaultdict(float)
    for finding in findings:
        if finding.kind == "relation" and finding.get("relation") in _FRIENDLY:
            key = company_key(finding.text("company"))
            friends[key] = max(friends[key], finding.confidence)
    return tuple(f for f in findings if f.kind != "relation" or _stands(f, terms, friends))


def _stands(finding: Finding, terms: frozenset[str], friends: dict[str, float]) -> bool:
    name = fold(finding.text("company"))
    if finding.get("relation") not in ("subsidiary", "product", "acquired") and (
        name in terms or _part_of_own(name, terms)
    ):
        return False
    if finding.get("relation") != "competitor":
        return True
    return finding.confidence >= _STATED or friends[company_key(finding.text("company"))] < finding.confidence


def _part_of_own(name: str, terms: frozenset[str]) -> bool:
    """Whether `name` is what an own product's name ends with: `Kafka` in `Managed Service for Kafka`."""
    return len(name) > 3 and any(re.search(rf"\bfor (?:\w+ )?{re.escape(name)}$", term) for term in terms)
