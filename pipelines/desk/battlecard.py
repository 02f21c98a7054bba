"""The battlecard of one of OUR rivals in one account: what the store shows of it, what our people say of it, and what
nobody has said yet. Nothing is made up; the account's own competitors are another list."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.desk.evidence import Shown, documents_behind, present_findings, show
from research.draft.market import openings
from research.draft.material import Material
from research.draft.sources import Sources
from research.errors import DossierError
from research.model.account import Account, Rival, Seller
from research.model.finding import Finding
from research.store.accounts import find_account
from research.store.close_up import PastEvent, past_of
from research.store.search import Hit, search
from research.store.sellers import KeptEdit, seller_edits
from research.text.names import company_key, fold, slug

QUOTES: Final = 3
MOVES: Final = 8  # events of a rival, the latest
MENTIONS: Final = 6  # passages that name it
OPENINGS: Final = 8
LOG: Final = 30
UNSURE: Final = 0.6  # below it, what was seen of a rival is no fact to say aloud (the words of notes.in_words: low)
_LIVE: Final = frozenset({"new", "accepted", "edited"})
_TIES: Final = ("customer", "partner", "supplier", "investor", "acquired", "subsidiary", "parent", "product", "other")

PARTS: Final = {
    "strategy": ("Strategy", "what they are after, and how they sell"),
    "strengths": ("Strengths", "what they are good at"),
    "weaknesses": ("Weaknesses", "where they fall short"),
    "customers_say": ("Customers' words", "what their customers say of them, with where it was said"),
    "where_we_win": ("Where we win", "the cases in which customers chose us over them"),
    "landmines": ("Landmine questions", "questions that make their weak points show"),
    "do_not_claim": ("Do not claim", "what must not be said of them"),
}
"""The lists that our people fill, with what is asked of them where a list is empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A rival as an account's pages show it, for the list of rivals."""

    rival: Rival
    key: str
    traces: int
    ties: int
    sure: float
    last: str
    competitor: bool
    filled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """Everything on a battlecard; `own` is the rival as an account of the store, where it is one."""

    rival: Rival
    key: str
    seller: Seller
    presence: Sequence[Shown]
    ties: Sequence[Shown]
    competitor: Finding | None
    moves: Sequence[Shown]
    mentions: tuple[Hit, ...]
    own: Account | None
    own_moves: Sequence[Shown]
    own_goals: Sequence[Shown]
    own_pains: Sequence[Shown]
    own_customers: Sequence[Shown]
    openings: Sequence[tuple[Shown, str]]
    cautions: tuple[str, ...]
    edits: tuple[KeptEdit, ...]
    history: tuple[tuple[PastEvent, str], ...]


def rivals_of(seller: Seller | None) -> dict[str, Rival]:
    """Our rivals by the key that stands in addresses; two of one key are told apart by a number."""
    found: dict[str, Rival] = {}
    for rival in seller.rivals if seller else ():
        key, number = slug(rival.name), 2
        while key in found:
            key, number = f"{slug(rival.name)}-{number}", number + 1
        found[key] = rival
    return found


def live_findings(account: Account, workspace: Workspace) -> list[Finding]:
    """The account's findings that were neither rejected nor lost."""
    return [f for f in present_findings(account.id, workspace) if f.status in _LIVE]


def seen_rivals(findings: Sequence[Finding], seller: Seller | None) -> tuple[Seen, ...]:
    """Our rivals with what an account's findings show of each, those with traces first."""
    named = _named(findings)
    seen = [_seen(key, rival, named) for key, rival in rivals_of(seller).items()]
    return tuple(sorted(seen, key=lambda s: (-s.traces, -s.ties, s.rival.name.casefold())))


def competitors_of(findings: Sequence[Finding]) -> list[Finding]:
    """The account's own competitors, the surest first: never our rivals' list."""
    return sorted((f for f in findings if _relates(f, "competitor")), key=lambda f: (-f.confidence, f.id))


def battlecard(account: Account, key: str, rival: Rival, seller: Seller, workspace: Workspace) -> Card:
    """The card from the store and our profile."""
    store = workspace.store
    findings = live_findings(account, workspace)
    presence, ties, competes = _split(_named(findings), rival)
    own, theirs = _own_account(account, rival, workspace)
    touched = {f.id: f.text("product") or f.text("company") for f in (*presence, *ties)}
    return Card(
        rival=rival,
        key=key,
        seller=seller,
        presence=show(_best(presence), QUOTES, workspace),
        ties=show(_best(ties), QUOTES, workspace),
        competitor=next(iter(competes), None),
        moves=show(
            _latest(f for f in findings if f.kind == "event" and _names(rival, f.text("summary"))), 1, workspace
        ),
        mentions=search(store, f'"{rival.name}"', account.id, MENTIONS),
        own=own,
        own_moves=show(_latest(f for f in theirs if f.kind == "event"), 1, workspace),
        own_goals=show(_signals(theirs, "goal", "account"), 1, workspace),
        own_pains=show(_signals(theirs, "pain", "account"), 1, workspace),
        own_customers=show(_signals(theirs, "pain", "customer"), 1, workspace),
        openings=_openings(account, findings, seller, workspace),
        cautions=_cautions(account, rival, presence, ties),
        edits=seller_edits(store, rival.name, limit=LOG),
        history=tuple((event, touched[event.finding_id]) for event in past_of(store, list(touched), LOG)),
    )


def _seen(key: str, rival: Rival, named: Sequence[tuple[Finding, frozenset[str]]]) -> Seen:
    traces, ties, competes = _split(named, rival)
    return Seen(
        rival=rival,
        key=key,
        traces=len(traces),
        ties=len(ties),
        sure=max((f.confidence for f in (*traces, *ties)), default=0.0),
        last=max((f.last_seen[:10] for f in (*traces, *ties)), default=""),
        competitor=bool(competes),
        filled=sum(bool(getattr(rival, part)) for part in PARTS),
    )


def _relates(finding: Finding, relation: str) -> bool:
    return finding.kind == "relation" and finding.text("relation") == relation


def _named(findings: Iterable[Finding]) -> list[tuple[Finding, frozenset[str]]]:
    """What says that a company is there, with the keys of the names that it gives."""
    said = (f for f in findings if f.kind in ("presence", "relation"))
    return [(f, frozenset(company_key(name) for name in (f.text("company"), f.text("product")) if name)) for f in said]


def _split(
    named: Iterable[tuple[Finding, frozenset[str]]], rival: Rival
) -> tuple[list[Finding], list[Finding], list[Finding]]:
    """A rival's traces, its ties, and what says that the account competes with it."""
    keys = {company_key(name) for name in (rival.name, *rival.aliases)}
    found = [finding for finding, names in named if keys & names]
    traces = [f for f in found if f.kind == "presence"]
    ties = [f for f in found if f.kind == "relation" and f.text("relation") in _TIES]
    return traces, ties, [f for f in found if _relates(f, "competitor")]


def _names(rival: Rival, text: str) -> bool:
    said = f" {fold(text)} "
    return any(f" {fold(name)} " in said for name in (rival.name, *rival.aliases) if fold(name))


def _best(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (-f.confidence, f.id))


def _latest(findings: Iterable[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda f: (f.text("date"), f.confidence, f.id), reverse=True)[:MOVES]


def _signals(findings: Iterable[Finding], kind: str, holder: str) -> list[Finding]:
    fits = (f for f in findings if f.kind == "signal" and f.text("type") == kind and f.text("holder") == holder)
    return _best(fits)[:MENTIONS]


def _own_account(account: Account, rival: Rival, workspace: Workspace) -> tuple[Account | None, list[Finding]]:
    """The rival as a researched account of its own, and what is known of it; none where its name could be several."""
    try:
        found = find_account(workspace.store, rival.name)
    except DossierError:  # several accounts have that name: it is not for us to choose
        return None, []
    if found is None or found.id == account.id:
        return None, []
    return found, live_findings(found, workspace)


def _openings(
    account: Account, findings: Sequence[Finding], seller: Seller, workspace: Workspace
) -> list[tuple[Shown, str]]:
    """The account's own pains that an offering of ours solves, as the brief finds them."""
    pains = tuple(replace(f, evidence=f.evidence[:1]) for f in _signals_all(findings))
    documents = documents_behind((f.evidence[0].document_id for f in pains), workspace)
    material = Material(
        sources=Sources(account=account, documents=documents, fetched_at={}, as_of=workspace.today),
        sure=pains, doubtful=(), themes=(), conflicts=(), seller=seller, searched=frozenset(), blocked=frozenset(),
    )  # fmt: skip
    found = openings(material)[:OPENINGS]
    return list(zip(show([pain for pain, _ in found], 1, workspace), [offering for _, offering in found], strict=True))


def _signals_all(findings: Sequence[Finding]) -> list[Finding]:
    own = (f for f in findings if f.kind == "signal" and f.text("type") == "pain" and f.text("holder") == "account")
    return _best(f for f in own if f.confidence >= UNSURE - 0.2)


def _cautions(account: Account, rival: Rival, presence: Sequence[Finding], ties: Sequence[Finding]) -> tuple[str, ...]:
    """What the evidence does not carry, said as what not to say."""
    if not presence and not ties:
        return (f"that {account.name} uses {rival.name}: no page that was read shows it",)
    return tuple(
        f"that {account.name} uses {finding.text('product') or rival.name} as a fact: "
        f"{finding.text('basis') or 'one page'} is all that shows it ({finding.confidence:.2f})"
        for finding in _best(presence)
        if finding.confidence < UNSURE and finding.status == "new"
    )
