"""What is due at the stored accounts: the store's view for `research.collect.due`, and the plan in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipelines.bootstrap import Workspace
from research.collect.due import AccountState, Held, Turn, Watched, choose, due, most_turns, next_turn
from research.model.account import Account, Source
from research.sources.registry import KINDS
from research.store.accounts import list_accounts, sources_of
from research.store.captures import last_seen
from research.store.findings import load_findings
from research.store.meetings import meetings_of
from research.store.runs import last_run
from research.store.visits import Visit, last_confirmed, visits_of
from research.text.topics import load_topics, topic_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What one run does, and what waits for the next one."""

    chosen: tuple[Turn, ...]
    waiting: tuple[Turn, ...]


def account_state(account: Account, workspace: Workspace) -> AccountState:
    """All that decides when an account is read again; claims are loaded only where they can: before a meeting, beside a
    cadence that is longer than the shortest shelf life, or to rank what is due."""
    store = workspace.store
    kinds: dict[str, list[Source]] = {}
    for source in sources_of(store, account.id):
        kinds.setdefault(source.kind, []).append(source)
    visits = visits_of(store, account.id)
    watched = (_watched(account, kind, sources, visits.get(kind), workspace) for kind, sources in kinds.items())
    meetings = tuple(m.day for m in meetings_of(store, account.id) if m.day >= workspace.today)
    state = AccountState(id=account.id, sources=tuple(w for w in watched if w), meetings=meetings)
    shortest = min(topic.days for topic in load_topics().values())
    long = any(w.cadence_days >= shortest for w in state.sources)
    return replace(state, claims=_claims(account, workspace)) if meetings or long or _ripe(state, workspace) else state


def _ripe(state: AccountState, workspace: Workspace) -> bool:
    return bool(due([state], workspace.clock()))


def _claims(account: Account, workspace: Workspace) -> tuple[Held, ...]:
    """What the store holds of an account, each claim with when a page that shows it was last seen."""
    seen = last_confirmed(workspace.store, account.id)
    found = ((f, topic_of(f)) for f in load_findings(workspace.store, account.id))
    return tuple(
        Held(topic=topic.name, seen=seen.get(f.id, f.last_seen), days=topic.days, weight=topic.weight * f.confidence)
        for f, topic in found
    )


def _watched(
    account: Account, kind: str, sources: Sequence[Source], visit: Visit | None, workspace: Workspace
) -> Watched | None:
    """How a kind's sources went. Stores of before visits were noted say it by their pages: those of a site by when they
    were last seen; captured traffic bears the date of its capture, so that the account's last run counts as well."""
    cadence = min(source.cadence_days for source in sources)
    if visit is not None:
        return Watched(
            kind=kind,
            cadence_days=cadence,
            tried=visit.tried,
            succeeded=visit.succeeded,
            failures=visit.failures,
            requests=max(1, visit.requests),
        )
    pages = [at for source in sources for at in last_seen(workspace.store, source.id).values()]
    seen = max(pages, default="")
    if not seen and kind in KINDS:  # asked before, and had nothing: no reason to ask each day
        return None
    if seen and kind != "site":
        seen = max(seen, last_run(workspace.store, account.id) or "")
    return Watched(kind=kind, cadence_days=cadence, succeeded=seen or None, requests=max(1, len(pages)))


def is_due(account: Account, workspace: Workspace) -> bool:
    """Whether some source of the account is to be read again by now."""
    return bool(due([account_state(account, workspace)], workspace.clock()))


def plan_of(accounts: Sequence[Account], workspace: Workspace, *, requests: int | None = None) -> Plan:
    """The turns that are due among the accounts, as far as the budget and a fair share of one run allow."""
    states = [account_state(account, workspace) for account in accounts]
    chosen, waiting = choose(due(states, workspace.clock()), requests=requests, at_most=most_turns(states))
    return Plan(chosen=chosen, waiting=waiting)


def timetable(workspace: Workspace) -> tuple[Turn, ...]:
    """The next turn of every account that has a source, the earliest first."""
    turns = [next_turn(account_state(a, workspace), workspace.clock()) for a in list_accounts(workspace.store)]
    return tuple(sorted((t for t in turns if t), key=lambda t: (t.at, t.rank, t.account_id)))


def turn_line(turn: Turn, now: str) -> str:
    """One turn as a line: when, who, what, why, and what hangs on it."""
    when = "now" if turn.at <= now else turn.at[:16].replace("T", " ")
    line = f"{when:<16} {turn.account_id}\t{','.join(turn.kinds)}\t{turn.why}"
    line += f"; about {turn.requests} requests" if turn.requests > 1 else ""
    return line + (f"; meeting on {turn.meeting}" if turn.meeting else "")


def turn_json(turn: Turn) -> dict[str, Any]:
    """One turn as a JSON object."""
    return {
        "account": turn.account_id,
        "at": turn.at,
        "kinds": list(turn.kinds),
        "why": turn.why,
        "meeting": turn.meeting or None,
        "value": turn.value,
        "requests": turn.requests,
    }
