"""The stages again for stored accounts: those that are named, all, or those whose time has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace
from pipelines.brief import Order, brief_of
from pipelines.models import Models, load_models
from pipelines.schedule import account_state, is_due, plan_of
from pipelines.target import Target
from research.collect.due import Turn
from research.collect.due import due as due_turns
from research.errors import DossierError, UsageError
from research.model.account import Account, Source
from research.run.report import RunReport
from research.store.accounts import list_accounts, load_account, sources_of
from research.store.lock import hold_lock
from research.store.unfinished import begin_round, end_round
from research.store.visits import note_failure, visits_of
from research.text.hashing import canonical_json

__all__ = ["Budget", "Refreshed", "is_due", "refresh_accounts", "unread"]

STANDS_DAYS: Final = 7  # what is told by age ("two weeks ago") is a week out at most; a change is written at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What became of one account; `report` is None where it failed, or where its turn has to `wait`."""

    account_id: str
    message: str
    report: RunReport | None = None
    waits: bool = False

    @property
    def failed(self) -> bool:
        """Whether the account could not be refreshed."""
        return self.report is None and not self.waits


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """What one run may cost; None: no limit. The clock of `minutes` is read before each account."""

    requests: int | None = None
    minutes: float | None = None


def refresh_accounts(
    names: Sequence[str],
    workspace: Workspace,
    *,
    due: bool = False,
    every: bool = False,
    out: Path | None = None,
    budget: Budget | None = None,
    ticks: Callable[[], float] = time.monotonic,
) -> list[Refreshed]:
    """Refresh the named accounts, all, or those that are due; one that fails costs the others nothing.

    What is due is decided under the lock, and once more before each account: of two runs at once the second finds
    nothing left to do.
    """
    if not names and not due and not every:
        raise UsageError("name the accounts to refresh, or give --due or --all")
    with hold_lock(workspace.home):
        chosen = [require_account(workspace, name) for name in names] or list(list_accounts(workspace.store))
        spent = _Spent(budget or Budget(), ticks)
        if due:
            return list(_refresh_due(chosen, workspace, out, spent))
        return list(_refresh_round(chosen, canonical_json([sorted(names), every]), workspace, out))


def _refresh_round(
    accounts: Sequence[Account], asked: str, workspace: Workspace, out: Path | None
) -> Iterator[Refreshed]:
    """Every account once, even where the same command was broken off and is given again."""
    done = begin_round(workspace.store, asked, [a.id for a in accounts], workspace.clock())
    yield from map(_done_before, sorted(done))
    models = _loaded_once()
    left = [(a, sources_of(workspace.store, a.id)) for a in accounts if a.id not in done]
    _read_ahead((source for _, sources in left for source in sources), workspace)
    for account, sources in left:
        yield _refresh(account, sources, workspace, out, models)
    end_round(workspace.store)


def _read_ahead(sources: Iterable[Source], workspace: Workspace) -> None:
    """Several sites at once, where the settings or a cluster allow it: what is read ahead is stored at its turn."""
    if workspace.executor.remote or workspace.settings.sites_at_once > 1:
        workspace.ahead.plan(sources)


def _done_before(account_id: str) -> Refreshed:
    """An account that this same command was done with when it was broken off."""
    report = RunReport(command="", started="", ended="", stages=())
    return Refreshed(account_id=account_id, message="was refreshed before the run was broken off", report=report)


class _Spent:
    """What is left of a budget."""

    def __init__(self, budget: Budget, ticks: Callable[[], float]) -> None:
        self.requests = budget.requests
        self._end = None if budget.minutes is None else ticks() + 60 * budget.minutes
        self._ticks = ticks

    def pay(self, report: RunReport | None) -> None:
        """Takes off what a visit cost: its answers, new, known and refused."""
        if self.requests is not None and report is not None:
            collected = report.stages[0]
            self.requests -= max(1, collected.done + collected.reused + len(collected.failed))

    def refusal(self, turn: Turn) -> str | None:
        """Why a turn has to wait, None where there is enough left."""
        if self._end is not None and self._ticks() >= self._end:
            return "waits for the next run: the minutes of this one are spent"
        needed = turn.limit or turn.requests
        if self.requests is not None and needed > self.requests:
            return f"waits for the next run: it needs about {needed} requests, {max(0, self.requests)} are left"
        return None


def _refresh_due(
    accounts: Sequence[Account], workspace: Workspace, out: Path | None, spent: _Spent
) -> Iterator[Refreshed]:
    plan = plan_of(accounts, workspace, requests=spent.requests)
    models = _loaded_once()
    _read_ahead((s for turn in plan.chosen for s in _sources_of_turn(turn, workspace)), workspace)
    for turn in plan.chosen:
        account = load_account(workspace.store, turn.account_id)
        if account is None or not due_turns([account_state(account, workspace)], workspace.clock()):
            continue  # somebody else read it, or took it out, since the plan was made
        if refusal := spent.refusal(turn):
            yield Refreshed(account_id=account.id, message=refusal, waits=True)
            continue
        result = _refresh(account, _sources_of_turn(turn, workspace), workspace, out, models, partial=True)
        spent.pay(result.report)
        yield result
    for turn in plan.waiting:
        yield Refreshed(account_id=turn.account_id, message="waits for the next run: beyond the budget", waits=True)


def _loaded_once() -> Callable[[Workspace], Models]:
    """The models, loaded when the first account needs them: a run in which nothing is due loads none."""
    loaded: list[Models] = []

    def models(workspace: Workspace) -> Models:
        if not loaded:
            loaded.append(load_models(workspace))
        return loaded[0]

    return models


def _sources_of_turn(turn: Turn, workspace: Workspace) -> tuple[Source, ...]:
    """The sources of the kinds whose turn it is, with as many pages as the budget leaves."""
    sources = (s for s in sources_of(workspace.store, turn.account_id) if s.kind in turn.kinds)
    return tuple(replace(s, max_pages=min(s.max_pages, turn.limit)) if turn.limit else s for s in sources)


def unread(report: RunReport) -> str | None:
    """Why not one page of an account could be read again, None where at least one could."""
    collected = report.stages[0]
    if collected.done or collected.reused:
        return None
    first = next((f"; the first reason: {s.url}: {s.reason}" for s in report.skipped), "")
    return f"none of its pages could be read; the brief stands on what was read before{first}"


def _refresh(
    account: Account,
    sources: tuple[Source, ...],
    workspace: Workspace,
    out: Path | None,
    models: Callable[[Workspace], Models],
    *,
    partial: bool = False,
) -> Refreshed:
    if not sources:
        return Refreshed(account_id=account.id, message="has no source: add its home page with `dossier accounts add`")
    folder = (out / account.id) if out else None
    order = Order(target=account.name, out=folder, partial=partial, stands_days=STANDS_DAYS)
    try:
        outcome = brief_of(Target(account=account, sources=sources), order, workspace, models)
    except DossierError as error:
        note_failure(workspace.store, account.id, (s.kind for s in sources), workspace.clock())
        return Refreshed(account_id=account.id, message=str(error))
    visits = visits_of(workspace.store, account.id)
    away = any(visits[s.kind].failures for s in sources if s.kind in visits)
    if away and (failure := unread(outcome.report)):  # a register that has nothing new is no failure
        return Refreshed(account_id=account.id, message=failure)
    done = sum(stage.done for stage in outcome.report.stages)
    message = "nothing had changed" if not done else f"{len(outcome.brief.findings)} findings"
    return Refreshed(account_id=account.id, message=message, report=outcome.report)
