"""Which entry of a register is the account: chosen with its reason, or not chosen at all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from research.sources.kind import Candidate, Subject
from research.text.names import company_key, fold, legal_form
from research.text.typed import read_typed
from research.text.urls import registrable_domain

State = Literal["resolved", "ambiguous", "failed"]
_GROUP: Final = re.compile(r"\s+(?:holdings?|group|groupe|gruppe)$")
# Tiers, not probabilities: an entry is chosen only where it stands alone on the highest tier that anybody reached. All
# tiers by name below the full one are one: `Acme` is as well Acme Inc., what is also called Acme, and the Acme Group.
_BY_IDENTIFIER: Final = 1.0
BY_DOMAIN: Final = 0.98
BY_FULL_NAME: Final = 0.92
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
    """The answer to "who is that?": `picked` only where it is resolved; `rated` are all that came up, best first, and
    `denied` those among them of that very name whose website is another."""

    state: State
    reason: str
    picked: Candidate | None
    rated: tuple[Rated, ...]
    denied: tuple[Rated, ...] = ()


def choose(subject: Subject, candidates: Iterable[Candidate]) -> Choice:
    """The one candidate that identifier, website or name make the subject; two that do so equally are ambiguous, and
    one whose website is another than the subject's is no candidate, whatever its name."""
    unique = {candidate.identifier: candidate for candidate in candidates}
    rated = tuple(sorted((_rate(subject, c) for c in unique.values()), key=lambda r: (-r.score, r.candidate.name)))
    best = _best(subject, rated)
    named = {r.candidate.identifier: name_score(subject, r.candidate) for r in rated if r.score == 0}
    denied = tuple(r for r in rated if named.get(r.candidate.identifier, 0.0) >= CHOSEN_FROM)
    state, reason = _verdict(subject, rated, best, max(named.values(), default=0.0))
    picked = best[0].candidate if state == "resolved" else None
    return Choice(state=state, reason=reason, picked=picked, rated=rated, denied=denied)


def _verdict(subject: Subject, rated: Sequence[Rated], best: Sequence[Rated], other: float) -> tuple[State, str]:
    """The state and its reason; `other` is how well the name fits an entry that has another website."""
    if best and best[0].score <= other:  # the one of that very name is another company, by its website
        return "ambiguous", (
            f"it may be {describe(best)}, but one of that name has another website than {subject.domains[0]}"
        )
    if len(best) == 1:
        return "resolved", best[0].reason
    if best:
        return "ambiguous", f"{len(best)} are called so: {describe(best)}"
    if rated and rated[0].score >= _BY_REGION:
        return "ambiguous", f"it may be {describe([r for r in rated if r.score >= _BY_REGION])}"
    near = f"; the nearest are {describe(rated)}" if rated else ""
    return "failed", f"none is surely {subject.name}{near}"


def _best(subject: Subject, rated: Sequence[Rated]) -> list[Rated]:
    """Those that nothing distinguishes from the best; of several on one website, those that are called so."""
    top = rated[0].score if rated else 0.0
    if top < CHOSEN_FROM:
        return []
    if top >= BY_FULL_NAME:
        best = [r for r in rated if r.score == top]
        named = [r for r in best if name_score(subject, r.candidate) >= CHOSEN_FROM] if top == BY_DOMAIN else []
        return named or best
    grouped = any(_GROUP.search(company_key(name)) for name in subject.names)
    least = _BY_ALIAS if grouped and top >= _BY_ALIAS else CHOSEN_FROM  # who says `Group` does not mean its daughter
    return [r for r in rated if r.score >= least]


def name_score(subject: Subject, candidate: Candidate) -> float:
    """How well the name alone fits, whatever the website."""
    return _by_name(subject, candidate)[0]


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
        return BY_DOMAIN, f"its website is on {site}"
    if site and subject.domains:
        return 0.0, f"its website is on {site}, not on {subject.domains[0]}"
    return _by_name(subject, candidate)


def _by_name(subject: Subject, candidate: Candidate) -> tuple[float, str]:
    names = [name for name in subject.names if fold(name)]
    ticker = dict(candidate.also).get("ticker", "")
    if ticker and subject.name.strip() == ticker:  # as it is written: `Meta` is a name, `META` may be a ticker
        return _BY_ALIAS, f"its ticker is {ticker}"
    keys = {company_key(name) for name in names}
    form = legal_form(candidate.name)
    # Who leaves the legal form out does not say that there is none.
    if form and (company_key(candidate.name), form) in {(company_key(name), legal_form(name)) for name in names}:
        return BY_FULL_NAME, f"its name is {candidate.name}"
    score, reason = _by_core(subject, candidate, names, keys)
    if score >= CHOSEN_FROM and _of_other_form(candidate, names):
        return _BY_REGION, f"{reason}, but {subject.name!r} states another legal form"
    if score:
        return score, reason
    alike = any(fold(candidate.name).startswith(f"{key} ") for key in keys)
    return (_ALIKE if alike else 0.0), f"it is called {candidate.name}"


def _of_other_form(candidate: Candidate, names: Sequence[str]) -> bool:
    """Whether every name states a legal form that the candidate has not, or it is the group where none says so: `Acme
    Ltd` is as often a daughter of Acme plc or of Acme Group."""
    forms = set(map(legal_form, names))
    if "" in forms:
        return False
    groups = _GROUP.search(company_key(candidate.name)) and not any(_GROUP.search(company_key(n)) for n in names)
    mine = set(legal_form(candidate.name).split())
    return bool(groups) or all(mine - set(form.split()) and set(form.split()) - mine for form in forms)


def _by_core(subject: Subject, candidate: Candidate, names: Sequence[str], keys: set[str]) -> tuple[float, str]:
    """How well the name fits, legal forms aside."""
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
    return 0.0, ""
