"""The account's own names, and the one role in which a company is listed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from research.model.account import Account
from research.model.document import Document
from research.model.finding import Finding
from research.text.names import company_key, fold, without_suffix

_SURE_OFFERING: Final = 0.65
_STATED: Final = 0.84  # a rival that a page states outright stays one, whatever else it is
_MARGIN: Final = 0.25  # a company may be partner and rival at once; this much surer a friend, it is no rival
_POSSESSED: Final = 2
_FRIENDLY: Final = frozenset({"customer", "partner", "acquired", "investor", "subsidiary", "parent", "supplier"})


def own_terms(findings: Sequence[Finding], account: Account, documents: Iterable[Document]) -> frozenset[str]:
    """Folded names that are the account's own: itself, its offerings, its subsidiaries, and what its own pages call
    "Account's X" more than once."""
    terms = {form for name in account.names for form in (fold(name), company_key(name))} | _possessed(
        account, documents
    )
    for finding in findings:
        if finding.kind == "offering" and finding.confidence >= _SURE_OFFERING:
            terms.add(fold(finding.text("name")))
        if finding.kind == "relation" and finding.get("relation") in ("subsidiary", "product"):
            terms.add(fold(finding.text("company")))
    return frozenset(terms)


def _possessed(account: Account, documents: Iterable[Document]) -> set[str]:
    forms = "|".join(re.escape(without_suffix(name)) for name in account.names)
    pattern = re.compile(rf"\b(?:{forms})[’']s\s+(?P<name>[A-Z][\w\-]*(?:\s[A-Z][\w\-]*){{0,2}})")
    counts: Counter[str] = Counter()
    for document in documents:
        for match in pattern.finditer(document.text):
            words = fold(match["name"]).split()
            counts.update(" ".join(words[:size]) for size in range(1, len(words) + 1))
    return {term for term, count in counts.items() if count >= _POSSESSED and len(term) > 3}


def settle_roles(findings: Sequence[Finding], account: Account, documents: Iterable[Document]) -> tuple[Finding, ...]:
    """Relations without the account's own names, and without rivals that are far better known as friends."""
    terms = own_terms(findings, account, documents)
    friends: dict[str, float] = defaultdict(float)
    for finding in findings:
        if finding.kind == "relation" and finding.get("relation") in _FRIENDLY:
            key = company_key(finding.text("company"))
            friends[key] = max(friends[key], finding.confidence)
    return tuple(f for f in findings if f.kind != "relation" or _stands(f, terms, friends))


def _stands(finding: Finding, terms: frozenset[str], friends: dict[str, float]) -> bool:
    name, key = fold(finding.text("company")), company_key(finding.text("company"))
    if finding.get("relation") not in ("subsidiary", "product", "acquired") and (
        name in terms or key in terms or _part_of_own(name, terms)
    ):
        return False
    if finding.get("relation") != "competitor":
        return True
    friend = friends[company_key(finding.text("company"))]
    return finding.confidence >= _STATED or friend < finding.confidence + _MARGIN


def _part_of_own(name: str, terms: frozenset[str]) -> bool:
    """Whether `name` is what an own product's name ends with: `Kafka` in `Managed Service for Kafka`."""
    return len(name) > 3 and any(re.search(rf"\bfor (?:\w+ )?{re.escape(name)}$", term) for term in terms)
