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
from research.resolve.candidates import CHOSEN_FROM, Choice, Rated, State, choose
from research.sources.kind import Answer, Candidate, ChangedError, Kind, Subject
from research.sources.policy import Policy
from research.sources.registry import KINDS
from research.store.accounts import list_accounts
from research.text.names import company_key
from research.text.typed import read_typed

REGISTERS: Final = ("edgar", "gleif", "wikidata")
_LOOKUPS: Final = 6  # requests of one register for one name; a search and its entries are two


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
    """Each register chooses for itself; they must agree on the name, and none may be of two minds."""
    typed, site = read_typed(text), read_typed(website)
    if not company_key(typed.name):
        return Resolved(typed=text, state="failed", reason="there is no name in it")
    domain = site.domain or typed.domain
    subject = Subject(name=typed.name, today=workspace.today, domains=(domain,) if domain else ())
    choices = [choose(subject, _stored(workspace))]
    troubles = []
    for name in registers:
        kind, policy = KINDS[name], workspace.internet.policies[name]
        trouble = why_not(policy, workspace)
        found = [] if trouble else list(_candidates(kind, policy, subject, client))
        troubles += [f"{policy.title} {trouble}"] if trouble else []
        choices.append(choose(subject, found))
    return _agree(text, typed.domain or domain, choices, troubles)


def _stored(workspace: Workspace) -> Iterator[Candidate]:
    for account in list_accounts(workspace.store):
        yield Candidate(
            identifier=("account", account.id),
            name=account.name,
            aliases=account.aliases,
            website=f"https://{account.domains[0]}/" if account.domains else "",
            about="an account of yours",
        )


def _candidates(kind: Kind, policy: Policy, subject: Subject, client: Fetcher) -> Iterator[Candidate]:
    """What a register's search gives for a name; what it does not give is no candidate."""
    queue = deque(kind.plan(subject, policy))
    for _ in range(_LOOKUPS):
        if not queue:
            return
        ask = queue.popleft()
        fetched = client.fetch(Request(url=ask.url, origin="record", payload=ask.payload))
        if isinstance(fetched, Skipped):
            continue
        try:
            step = kind.follow(subject, policy, Answer(ask=ask, url=fetched.final_url, body=fetched.body))
        except ChangedError:
            continue
        queue.extend(step.asks)
        yield from step.candidates


def _agree(text: str, domain: str, choices: Sequence[Choice], troubles: Sequence[str]) -> Resolved:
    rated = tuple(sorted((r for c in choices for r in c.rated if r.score > 0), key=lambda r: -r.score))
    picked = [(c.picked, c.rated[0].score, c.reason) for c in choices if c.picked is not None]
    doubtful = [c for c in choices if c.state == "ambiguous"]
    best = max((score for _, score, _ in picked), default=0.0)
    if doubtful and doubtful[0].rated[0].score >= min(best, CHOSEN_FROM):
        return Resolved(typed=text, state="ambiguous", reason=doubtful[0].reason, domain=domain, rated=rated)
    names = {company_key(candidate.name) for candidate, _, _ in picked}
    if len(names) > 1:
        listed = "; ".join(f"{c.name} ({'='.join(c.identifier)})" for c, _, _ in picked)
        return Resolved(typed=text, state="ambiguous", reason=f"the registers differ: {listed}", rated=rated)
    if picked:
        first = max(picked, key=lambda item: item[1])
        pairs = dict(pair for candidate, _, _ in picked for pair in (*candidate.also, candidate.identifier))
        return Resolved(
            typed=text,
            state="resolved",
            reason=first[2],
            name=first[0].name,
            domain=domain or read_typed(first[0].website).domain,
            identifiers=tuple(sorted(pairs.items())),
            rated=rated,
        )
    reason = next((c.reason for c in choices if c.rated), "no register knows the name")
    return Resolved(typed=text, state="failed", reason="; ".join((reason, *troubles)), domain=domain, rated=rated)


def render_resolved(answer: Resolved) -> str:
    """One line: what was typed, the state, the name and its identifiers, and the reason."""
    known = " ".join(f"{key}={value}" for key, value in answer.identifiers)
    return f"{answer.typed}\t{answer.state}\t{answer.name}\t{known}\t{answer.reason}"
