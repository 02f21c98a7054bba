"""The collect stage's way with source kinds: whom to ask in which order, and what the account learns from each."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from pipelines.bootstrap import Workspace
from pipelines.gather_kind import KindReport, gather_kind
from pipelines.internet import Reach
from pipelines.keys import how_to_set, key_for, without_key
from pipelines.resuming import Memory, Remembering
from research.model.account import Account, Source
from research.model.capture import Capture, Fetched, Skipped
from research.model.draft import SourceState, SourceStateName
from research.sources.kind import Kind, Subject
from research.sources.policy import Policy
from research.sources.registry import KINDS
from research.store.accounts import save_account, save_source, sources_of
from research.store.bodies import body
from research.store.captures import current_captures
from research.store.documents import documents_of
from research.store.unfinished import OpenVisit, known_before
from research.text.hashing import short_id
from research.text.urls import registrable_domain

_REFUSALS: Final = ("robots.txt", "blocked")
_DOWN: Final = (
    "no such host", "no connection", "no answer", "the server", "the connection", "took longer", "HTTP 5",
    "slower than", "not asked, as the",
)  # fmt: skip


class Tally(Protocol):
    """What keeps answers and counts them."""

    visit: OpenVisit

    def keep(self, source: Source, answers: Sequence[Fetched], known: Mapping[str, Capture]) -> None: ...
    def touch(self, source: Source, url: str) -> None: ...
    def skip(self, skipped: Skipped) -> None: ...


def in_order(sources: Sequence[Source], kinds: Sequence[str]) -> list[tuple[str, Source | None]]:
    """What is read in turn: sites whose address is known, archives and files first, then kinds in the registry's order;
    a site that is asked for without an address waits until the first kinds have been asked for one. The team's own
    files come last, since they are found by the account's name."""
    plain: list[tuple[str, Source | None]] = [(s.kind, s) for s in sources if s.kind not in (*KINDS, "own")]
    own: list[tuple[str, Source | None]] = [(s.kind, s) for s in sources if s.kind == "own"]
    stored = [s.kind for s in sources if s.kind in KINDS]
    wanted = {*kinds, *stored}
    later: list[tuple[str, Source | None]] = [(name, None) for name in KINDS if name in wanted]
    if "site" in wanted and not any(name == "site" for name, _ in plain):
        return [*plain, ("site", None), *later, *own]
    return [*plain, *later, *own]


def read_kind(
    name: str, account: Account, workspace: Workspace, tally: Tally, reach: Reach
) -> tuple[Account, SourceState]:
    """Asks one kind for an account; the account with what was learned, and how it went."""
    kind, policy = KINDS[name], workspace.internet.policies[name]
    refusal = why_not(policy, workspace)
    if refusal:
        tally.skip(Skipped(url=policy.title, reason=refusal))
        return account, SourceState(kind=name, title=policy.title, state="not_asked", reason=refusal)
    source = _source_of(kind, policy, account, workspace)
    reasons: list[str] = []
    report = _gather(kind, policy, source, account, workspace, tally, reasons, reach)
    learned = _taught(account, report)
    if learned != account:
        save_account(workspace.store, learned)
    state = _state(report, reasons)
    unknown = policy.note or "nothing on the account's own pages leads to it"
    reason = "" if state in ("read", "unchanged") else next(iter(reasons), unknown)
    return learned, SourceState(
        kind=name, title=policy.title, state=state, reason=reason, answers=report.kept + report.unchanged
    )


def why_not(policy: Policy, workspace: Workspace) -> str:
    """Why a kind cannot be asked with these settings, empty where it can."""
    if policy.contact and not workspace.settings.contact:
        return "asks who is calling: set `contact` in settings.toml to a name and an e-mail address"
    if policy.key and not key_for(policy.key):
        return f"needs a free key: {how_to_set(policy.key)}"
    return ""


def authorization_of(policy: Policy, key: str) -> str | None:
    """The header by which a key is shown, None where there is none (RFC 7617: the key is the user, without a word)."""
    if not key:
        return None
    return f"Basic {b64encode(f'{key}:'.encode()).decode()}" if policy.key_as == "basic" else f"Bearer {key}"


def _source_of(kind: Kind, policy: Policy, account: Account, workspace: Workspace) -> Source:
    place = next(iter(policy.endpoints.values()), policy.title)
    source = Source(id=short_id(account.id, kind.name), account_id=account.id, kind=kind.name, url=place)
    save_account(workspace.store, account)
    save_source(workspace.store, source)
    return source


def _gather(
    kind: Kind,
    policy: Policy,
    source: Source,
    account: Account,
    workspace: Workspace,
    tally: Tally,
    reasons: list[str],
    reach: Reach,
) -> KindReport:
    known = known_before(workspace.store, source.id, tally.visit)

    def skip(skipped: Skipped) -> None:
        tally.skip(skipped)
        reasons.append(skipped.reason)

    memory = Memory(workspace.store, tally.visit, source.id)
    with workspace.internet.client(workspace.settings, workspace.clock, reach, memory.of_robots) as internet:
        key = key_for(policy.key) if policy.key else ""
        client = Remembering(internet, memory, lambda answer: without_key(answer, key))

        def note(save: Callable[[], None]) -> None:
            client.kept(save, save)  # a kind's answers are few: to store one again changes nothing

        report = gather_kind(
            kind,
            policy,
            subject_of(account, kind, workspace),
            client,
            known=known,
            keep=lambda fetched: note(lambda: tally.keep(source, (fetched,), known)),
            unchanged=lambda url: note(lambda: tally.touch(source, url)),
            skip=skip,
            stored=lambda capture: body(workspace.store, capture.body_sha256),
            authorization=authorization_of(policy, key),
        )
        memory.settle()
        return report


def subject_of(account: Account, kind: Kind, workspace: Workspace) -> Subject:
    """The account as a kind sees it, with the addresses on its own pages that this kind knows how to use."""
    return Subject(
        name=account.name,
        today=workspace.today,
        aliases=account.aliases,
        domains=account.domains,
        identifiers=account.identifiers,
        hints=_hints(account, kind, workspace),
    )


def _hints(account: Account, kind: Kind, workspace: Workspace) -> tuple[str, ...]:
    if kind.hint is None:
        return ()
    sites = {s.id for s in sources_of(workspace.store, account.id) if s.kind not in KINDS}
    found: dict[str, None] = {}
    for capture in current_captures(workspace.store, account.id):
        if capture.source_id in sites and "html" in capture.media_type:
            text = body(workspace.store, capture.body_sha256).decode("utf-8", "replace")
            found |= dict.fromkeys(match.group() for match in kind.hint.finditer(text))
    return tuple(found)


def _taught(account: Account, report: KindReport) -> Account:
    """The account with the identifiers that came up, and the domain of its website where it had none."""
    domain = registrable_domain(report.website) if report.website else ""
    known = dict(report.subject.identifiers) | ({"website": report.website} if report.website else {})
    picked = report.choice.picked if report.choice else None
    names = (picked.name,) if picked and picked.name != account.name else ()
    return replace(
        account,
        identifiers=tuple(sorted(known.items())),
        domains=account.domains or ((domain,) if domain else ()),
        aliases=tuple(dict.fromkeys((*account.aliases, *names))),
    )


def _state(report: KindReport, reasons: Sequence[str]) -> SourceStateName:
    if report.choice is not None and report.choice.picked is None:
        return "ambiguous" if report.choice.state == "ambiguous" else "not_found"
    if not report.asked:
        return "not_asked"
    if not report.kept and report.unchanged:
        return "unchanged"
    return state_of(report.kept, reasons)


def state_of(answers: int, reasons: Sequence[str]) -> SourceStateName:
    """How a source went, from how many answers it gave and why it did not give others."""
    if answers:
        return "read"
    if any(reason.startswith(_REFUSALS) for reason in reasons):
        return "blocked"
    if any(down in reason for reason in reasons for down in _DOWN):
        return "down"
    return "nothing"


def site_of_account(account: Account, workspace: Workspace) -> Source | None:
    """The site of an account whose website or domain is known by now, saved among its sources; else None."""
    stored = next((s for s in sources_of(workspace.store, account.id) if s.kind == "site"), None)
    address = dict(account.identifiers).get("website") or (f"https://{account.domains[0]}/" if account.domains else "")
    if stored or not address:
        return stored
    source = Source(
        id=short_id(account.id, "site", address),
        account_id=account.id,
        kind="site",
        url=address,
        max_pages=workspace.settings.max_pages,
    )
    save_account(workspace.store, account)
    save_source(workspace.store, source)
    return source


def name_now(account: Account, workspace: Workspace) -> Account:
    """The account under the name that its pages print, as far as they are read: registers are asked by name."""
    from pipelines.reading import extract, name_account  # loads the analysis; not needed where a name is known

    save_account(workspace.store, account)
    extract(account, workspace)
    return name_account(account, documents_of(workspace.store, account.id), workspace)
