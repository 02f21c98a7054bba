"""Who is meant by what somebody typed: the own accounts and the registers are asked, nothing is picked silently."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.collecting_kinds import why_not
from pipelines.gather import Fetcher
from pipelines.internet import Reach
from research.errors import UsageError
from research.model.capture import Fetched, Request, Skipped
from research.resolve.candidates import (
    BY_DOMAIN,
    BY_FULL_NAME,
    CHOSEN_FROM,
    Choice,
    Rated,
    State,
    choose,
    describe,
    name_score,
)
from research.sources.kind import Answer, Candidate, ChangedError, Kind, Subject
from research.sources.policy import Policy
from research.sources.registry import KINDS
from research.store.accounts import list_accounts
from research.text.names import company_key, legal_form
from research.text.typed import read_typed

REGISTERS: Final = ("edgar", "gleif", "wikidata")
_LOOKUPS: Final = 12  # requests of one register for one name: four searches of up to three pages, or with their entries
IDENTITY: Final = frozenset({"lei", "cik", "wikidata", "account"})  # of these a company has one


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The answer for one text: `identifiers` only where it is resolved; `rated` all that came up, best first."""

    typed: str
    state: State
    reason: str
    name: str = ""
    domain: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    rated: tuple[Rated, ...] = ()


class Remembering:
    """A client that asks for the same address once: a list of all companies serves every name."""

    def __init__(self, client: Fetcher) -> None:
        self._client = client
        self._known: dict[str, Fetched | Skipped] = {}

    def fetch(self, request: Request) -> Fetched | Skipped:
        """The first answer of that address."""
        if request.url not in self._known:
            self._known[request.url] = self._client.fetch(request)
        return self._known[request.url]

    def sitemaps(self, url: str) -> tuple[str, ...]:
        """As the client has them."""
        return self._client.sitemaps(url)


def registers_of(names: Sequence[str]) -> tuple[str, ...]:
    """The registers among the kinds that are named; UsageError for a kind that identifies nobody."""
    for name in names:
        if name not in REGISTERS:
            raise UsageError(f"{name} is no register: use any of {', '.join(REGISTERS)}")
    return tuple(names)


def resolve_all(
    rows: Sequence[tuple[str, str]], workspace: Workspace, registers: Sequence[str] = REGISTERS
) -> list[Resolved]:
    """The answer for each pair of a typed name and a website (or ""), in their order."""
    with workspace.internet.client(workspace.settings, workspace.clock, Reach()) as client:
        asked = Remembering(client)
        return [resolve_one(name, website, workspace, asked, registers) for name, website in rows]


def resolve_one(
    text: str, website: str, workspace: Workspace, client: Fetcher, registers: Sequence[str] = REGISTERS
) -> Resolved:
    """Each register chooses for itself; none may be of two minds, and no two may mean different companies."""
    typed, site = read_typed(text), read_typed(website)
    if not company_key(typed.name):
        return Resolved(typed=text, state="failed", reason="there is no name in it")
    domain = site.domain or typed.domain
    subject = Subject(name=typed.name, today=workspace.today, domains=(domain,) if domain else ())
    found: list[list[Candidate]] = [list(_stored(workspace, domain))]
    troubles: list[str] = []
    for name in registers:
        kind, policy = KINDS[name], workspace.internet.policies[name]
        trouble = why_not(policy, workspace)
        troubles += [f"{policy.title} {trouble}"] if trouble else []
        found.append([] if trouble else list(_candidates(kind, policy, subject, client, troubles)))
    return _agree(text, subject, _choices(subject, found), troubles)


def _choices(subject: Subject, found: Sequence[Sequence[Candidate]]) -> list[Choice]:
    """What each register chooses. Where one has an entry of the subject's own website and name, the others, which may
    state no websites, choose by the identifiers that it has."""
    choices = [choose(subject, entries) for entries in found]
    sure = [c for c in choices if c.picked and c.rated[0].score >= BY_DOMAIN and _is_named(subject, c.picked)]
    if not sure or sure[0].picked is None:
        return choices
    knowing = subject.knowing(sure[0].picked.identifier, *sure[0].picked.also)
    pairs = zip(choices, found, strict=True)
    return [choice if choice is sure[0] else choose(knowing, entries) for choice, entries in pairs]


def _is_named(subject: Subject, candidate: Candidate) -> bool:
    """Whether an entry on the subject's website may bear its name; an address alone says no other name."""
    return subject.name in subject.domains or name_score(subject, candidate) > 0


def _stored(workspace: Workspace, domain: str) -> Iterator[Candidate]:
    for account in list_accounts(workspace.store):
        site = domain if domain in account.domains else next(iter(account.domains), "")
        yield Candidate(
            identifier=("account", account.id),
            name=account.name,
            aliases=account.aliases,
            website=f"https://{site}/" if site else "",
            about="an account of yours",
            also=tuple(pair for pair in account.identifiers if pair[0] in IDENTITY),
        )


def _candidates(
    kind: Kind, policy: Policy, subject: Subject, client: Fetcher, troubles: list[str]
) -> Iterator[Candidate]:
    """What a register's searches give for a name; what it does not give is no candidate, and why not is told."""
    queue = deque(kind.plan(subject, policy))
    for _ in range(_LOOKUPS):
        if not queue:
            return
        ask = queue.popleft()
        fetched = client.fetch(Request(url=ask.url, origin="record", payload=ask.payload))
        if isinstance(fetched, Skipped):
            troubles.append(f"{policy.title} did not answer ({fetched.reason})")
            continue
        try:
            step = kind.follow(subject, policy, Answer(ask=ask, url=fetched.final_url, body=fetched.body))
        except ChangedError as error:
            troubles.append(str(error))
            continue
        queue.extend(step.asks)
        yield from step.candidates
    if queue:
        troubles.append(f"{policy.title} has more entries of that name than are looked at")


def _agree(text: str, subject: Subject, choices: Sequence[Choice], troubles: Sequence[str]) -> Resolved:
    rated = tuple(sorted((r for c in choices for r in c.rated if r.score > 0), key=lambda r: -r.score))
    picked = [r for c in choices for r in c.rated if r.candidate == c.picked]
    best = max(picked, key=lambda r: (r.score == BY_DOMAIN, r.score), default=None)
    domain = next(iter(subject.domains), "")
    state: State = "ambiguous"
    if doubt := _doubt(subject, choices, picked, best.score if best else 0.0):
        reason = doubt
    elif best is None:
        state, reason = "failed", next((c.reason for c in choices if c.rated), "no register knows the name")
    else:
        state, reason = "resolved", best.reason
        if domain and best.score < BY_DOMAIN:
            reason += f"; no register confirms the website {domain}"
    told = "; ".join(dict.fromkeys((reason, *troubles)))
    if best is None or state != "resolved":
        return Resolved(typed=text, state=state, reason=told, domain=domain, rated=rated)
    sure = [r.candidate for r in _deciding(picked)]
    pairs = dict(pair for candidate in sure for pair in (*candidate.also, candidate.identifier))
    website = next((read_typed(c.website).domain for c in (best.candidate, *sure) if c.website), "")
    return Resolved(
        typed=text,
        state=state,
        reason=told,
        name=best.candidate.name,
        domain=domain or website,
        identifiers=tuple(sorted(pairs.items())),
        rated=rated,
    )


def _doubt(subject: Subject, choices: Sequence[Choice], picked: Sequence[Rated], best: float) -> str:
    """Why nobody may be picked, empty where nothing speaks against it. Where a website decides, entries that only have
    the name decide nothing, and are left out."""
    if best >= BY_DOMAIN:
        return _doubt_of_website(subject, picked)
    unsure = [
        c
        for c in choices
        if c.state == "ambiguous" and (c.rated[0].score >= min(best, CHOSEN_FROM) or _doubts(c, picked))
    ]
    if unsure:
        return max(unsure, key=lambda c: c.rated[0].score).reason
    denied = [r for c in choices for r in c.denied]
    if denied:
        maybe = f"it may be {describe(picked)}, but " if picked else ""
        return f"{maybe}{describe(denied)} has another website than {subject.domains[0]}"
    sure = _deciding(picked) if picked else []
    pairs = ((a, b) for place, a in enumerate(sure) for b in sure[place + 1 :])
    return next((_differing([a, b]) for a, b in pairs if _differ(a.candidate, b.candidate)), "")


def _doubts(choice: Choice, picked: Sequence[Rated]) -> bool:
    """Whether a register is unsure of the very company that is picked: it has the legal name, others only a label."""
    return any(not _differ(choice.rated[0].candidate, r.candidate) for r in picked)


def _deciding(picked: Sequence[Rated]) -> list[Rated]:
    """The picks that say who it is: those by website where there are any, and where one has the full name with its
    legal form, none that differ from it."""
    best = max(picked, key=lambda r: r.score)
    if best.score >= BY_DOMAIN:
        return [r for r in picked if r.score >= BY_DOMAIN]
    if best.score >= BY_FULL_NAME:
        return [r for r in picked if r.score >= BY_FULL_NAME or not _differ(r.candidate, best.candidate)]
    return list(picked)


def _doubt_of_website(subject: Subject, picked: Sequence[Rated]) -> str:
    """Why the owner of the website is not who is meant: it is called otherwise, or another is called just so."""
    sure = [r for r in picked if r.score >= BY_DOMAIN]
    other = next((r for r in sure if not _is_named(subject, r.candidate)), None)
    if other is not None and not any(_is_named(subject, r.candidate) for r in sure):
        others = [r for r in picked if r.score < BY_DOMAIN]
        maybe = f"by name it is {describe(others)}, but " if others else ""
        return f"{maybe}the website is of {describe([other])}, which is not called {subject.name}"
    fits = max(name_score(subject, r.candidate) for r in sure)
    least = CHOSEN_FROM if fits < CHOSEN_FROM else BY_FULL_NAME
    rivals = [r for r in picked if r.score < BY_DOMAIN and r.score >= least and _differ(r.candidate, sure[0].candidate)]
    rivals += [r for r in sure[1:] if _differ(r.candidate, sure[0].candidate)]
    return _differing([sure[0], *rivals]) if rivals else ""


def _differing(rated: Sequence[Rated]) -> str:
    return f"the registers differ: {describe(rated)}"


def _differ(one: Candidate, other: Candidate) -> bool:
    """Whether two entries are two companies: by an identifier that both state, else by name or legal form."""
    mine, yours = dict((one.identifier, *one.also)), dict((other.identifier, *other.also))
    shared = [mine[key] == yours[key] for key in IDENTITY & mine.keys() & yours.keys()]
    if shared:
        return not all(shared)
    forms = {legal_form(one.name), legal_form(other.name)} - {""}
    return company_key(one.name) != company_key(other.name) or len(forms) > 1


def render_resolved(answer: Resolved) -> str:
    """One line: what was typed, the state, the name and its identifiers, and the reason."""
    known = " ".join(f"{key}={value}" for key, value in answer.identifiers)
    return f"{answer.typed}\t{answer.state}\t{answer.name}\t{known}\t{answer.reason}"
