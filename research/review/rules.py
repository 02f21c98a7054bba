"""A rejection that holds for later findings: what it says, and what it hits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final, Literal

from research.model.finding import Finding, FindingKind
from research.model.judgement import Judgement, Rule
from research.review.alike import alike, subject
from research.text.names import company_key, fold

Scope = Literal["finding", "same", "like", "page"]

SCOPES: Final[dict[Scope, str]] = {
    "finding": "this finding only",
    "same": "whatever states the same",
    "like": "whatever is about the same",
    "page": "this kind of finding from this page",
}
"""How far a rejection reaches, in words for people."""

# The attributes that make two findings one statement; `words` beside them are compared loosely.
_STATED: Final[dict[FindingKind, tuple[str, ...]]] = {
    "fact": ("field", "value"),
    "person": ("name", "role"),
    "offering": ("name",),
    "office": ("place",),
    "relation": ("company", "relation"),
    "event": ("type",),
    "signal": ("type", "holder"),
    "presence": ("company",),
}
_ABOUT: Final[dict[FindingKind, tuple[str, ...]]] = {
    "fact": ("value",),
    "person": ("name",),
    "relation": ("company",),
    "event": (),
    "signal": (),
}
_LOOSE: Final = ("event", "signal")  # kinds whose subject is a phrase


def rule_for(finding: Finding, scope: Scope, url: str = "") -> Rule | None:
    """The rule that rejecting `finding` makes; None where the rejection is of this finding alone."""
    if scope == "finding":
        return None
    if scope == "page":
        return Rule(kind=finding.kind, url=url) if url else None
    named = _ABOUT.get(finding.kind, _STATED[finding.kind]) if scope == "like" else _STATED[finding.kind]
    where = tuple((name, finding.text(name)) for name in named if finding.text(name))
    return Rule(kind=finding.kind, where=where, words=subject(finding) if finding.kind in _LOOSE else "")


def hits(rule: Rule, finding: Finding, pages: Mapping[str, str]) -> bool:
    """Whether a rule rejects a finding; one that says nothing but its kind hits nothing. `pages` gives the address of
    each document: a rule for a page hits what stands on that page alone."""
    if finding.kind != rule.kind or not (rule.where or rule.words or rule.url):
        return False
    if any(_plain(name, finding.text(name)) != _plain(name, value) for name, value in rule.where):
        return False
    if rule.words and not alike(rule.words, subject(finding)):
        return False
    return not rule.url or all(pages.get(e.document_id) == rule.url for e in finding.evidence)


def live_rules(live: Iterable[Judgement]) -> tuple[Judgement, ...]:
    """The judgements among `live` that carry a rule, oldest first."""
    return tuple(j for j in live if j.verdict == "rule" and j.rule is not None)


def first_hit(rules: Sequence[Judgement], pages: Mapping[str, str]) -> Callable[[Finding], Judgement | None]:
    """A function that gives the oldest rule that rejects a finding, or None; it looks at the rules of a kind only."""
    by_kind: dict[str, list[tuple[Judgement, Rule]]] = {}
    for judgement in rules:
        if judgement.rule is not None:
            by_kind.setdefault(judgement.rule.kind, []).append((judgement, judgement.rule))

    def find(finding: Finding) -> Judgement | None:
        return next((j for j, rule in by_kind.get(finding.kind, ()) if hits(rule, finding, pages)), None)

    return find


def say_rule(rule: Rule) -> str:
    """A rule in words: `relation where company is "Acme" and relation is "competitor"`."""
    parts = [f"{name} is “{value}”" for name, value in rule.where]
    parts += [f"the words are nearly “{rule.words}”"] if rule.words else []
    parts += [f"it stands on {rule.url} alone"] if rule.url else []
    return f"{rule.kind} where {' and '.join(parts)}" if parts else f"{rule.kind}: nothing"


@lru_cache(maxsize=65536)  # the same few values are compared with every finding
def _plain(name: str, value: str) -> str:
    return company_key(value) if name == "company" else fold(value)
