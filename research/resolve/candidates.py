"""Which entry of a register is the account: chosen with its reason, or not chosen at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from research.sources.kind import Candidate, Subject
from research.text.names import company_key, fold
from research.text.typed import read_typed
from research.text.urls import registrable_domain

State = Literal["resolved", "ambiguous", "failed"]
_GROUP: Final = re.compile(r"\s+(?:holdings?|group|groupe|gruppe)$")
# Tiers, not probabilities: an entry is chosen only where it stands alone on the highest tier that anybody reached.
_BY_IDENTIFIER: Final = 1.0
_BY_DOMAIN: Final = 0.98
_BY_FULL_NAME: Final = 0.92
_BY_NAME: Final = 0.85
_BY_ALIAS: Final = 0.8
_BY_GROUP: Final = 0.79
_BY_GUESS: Final = 0.79  # what was typed holds more than the name: a note, a second name
_BY_REGION: Final = 0.6  # `Acme India` is as often a company of its own as it is Acme
_ALIKE: Final = 0.4
CHOSEN_FROM: Final = 0.78
_LISTED: Final = 8  # candidates that a reason names


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A candidate with its tier (0..1) and why it has it."""

    candidate: Candidate
    score: float
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The answer to "who is that?": `picked` only where it is resolved; `rated` are all that came up, best first."""

    state: State
    reason: str
    picked: Candidate | None
    rated: tuple[Rated, ...]


def choose(subject: Subject, candidates: Iterable[Candidate]) -> Choice:
    """The one candidate that identifier, website or name make the subject; two that do so equally are ambiguous, and
    one whose website is another than the subject's is no candidate, whatever its name."""
    unique = {candidate.identifier: candidate for candidate in candidates}
    rated = sorted((_rate(subject, c) for c in unique.values()), key=lambda r: (-r.score, r.candidate.name))
    best = [r for r in rated if r.score >= CHOSEN_FROM and r.score == rated[0].score]
    other = max((_by_name(subject, r.candidate)[0] for r in rated if r.score == 0), default=0.0)
    if best and best[0].score <= other:  # the one of that very name is another company, by its website
        reason = f"it may be {describe(best)}, but one of that name has another website than {subject.domains[0]}"
        return Choice(state="ambiguous", reason=reason, picked=None, rated=tuple(rated))
    if len(best) == 1:
        return Choice(state="resolved", reason=best[0].reason, picked=best[0].candidate, rated=tuple(rated))
    if best:
        reason = f"{len(best)} are called so: {describe(best)}"
        return Choice(state="ambiguous", reason=reason, picked=None, rated=tuple(rated))
    if rated and rated[0].score >= _BY_REGION:
        reason = f"it may be {describe([r for r in rated if r.score >= _BY_REGION])}"
        return Choice(state="ambiguous", reason=reason, picked=None, rated=tuple(rated))
    near = f"; the nearest are {describe(rated)}" if rated else ""
    return Choice(state="failed", reason=f"none is surely {subject.name}{near}", picked=None, rated=tuple(rated))


def describe(rated: Sequence[Rated]) -> str:
    """Candidates in a line: name, what it is, and the identifier by which it can be chosen."""
    listed = [
        f"{r.candidate.name} ({', '.join(filter(None, (r.candidate.about, '='.join(r.candidate.identifier))))})"
        for r in rated[:_LISTED]
    ]
    rest = len(rated) - len(listed)
    return "; ".join(listed) + (f"; and {rest} more" if rest else "")


def _rate(subject: Subject, candidate: Candidate) -> Rated:
    score, reason = _tier(subject, candidate)
    return Rated(candidate=candidate, score=score, reason=reason)


def _tier(subject: Subject, candidate: Candidate) -> tuple[float, str]:
    stated = dict((candidate.identifier, *candidate.also))
    for key, value in subject.identifiers:
        if stated.get(key) == value:
            return _BY_IDENTIFIER, f"it has the {key} {value}"
    site = registrable_domain(candidate.website) if candidate.website else ""
    if site and site in subject.domains:
        return _BY_DOMAIN, f"its website is on {site}"
    if site and subject.domains:
        return 0.0, f"its website is on {site}, not on {subject.domains[0]}"
    return _by_name(subject, candidate)


def _by_name(subject: Subject, candidate: Candidate) -> tuple[float, str]:
    names = [name for name in subject.names if fold(name)]
    ticker = dict(candidate.also).get("ticker", "")
    if ticker and subject.name.strip() == ticker:  # as it is written: `Meta` is a name, `META` may be a ticker
        return _BY_ALIAS, f"its ticker is {ticker}"
    if fold(candidate.name) in set(map(fold, names)):
        return _BY_FULL_NAME, f"its name is {candidate.name}"
    keys = {company_key(name) for name in names}
    if company_key(candidate.name) in keys:
        return _BY_NAME, f"its name is {candidate.name}, the legal form aside"
    other = next((alias for alias in candidate.aliases if company_key(alias) in keys), None)
    if other is not None:
        return _BY_ALIAS, f"it is also called {other}"
    typed = [read_typed(name) for name in names]
    spelled = {company_key(name) for name in (candidate.name, *candidate.aliases)}
    if spelled & {company_key(form) for one in typed for form in (one.name, *one.variants)}:
        return _BY_GUESS, f"its name is {candidate.name}, which is {subject.name!r} without a note"
    heads = {_GROUP.sub("", key) for key in spelled}
    if heads & {_GROUP.sub("", company_key(form)) for one in typed for form in (one.name, *one.variants)}:
        return _BY_GROUP, f"its name is {candidate.name}, holding or group aside"
    if spelled & {company_key(form) for one in typed for form in one.regional}:
        return _BY_REGION, f"its name is {candidate.name}; {subject.name!r} may be its branch, or a company of its own"
    alike = any(fold(candidate.name).startswith(f"{key} ") for key in keys)
    return (_ALIKE if alike else 0.0), f"it is called {candidate.name}"
