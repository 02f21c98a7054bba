"""The stages again for stored accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Final

from pipelines.accounts import require_account
from pipelines.bootstrap import Workspace
from pipelines.brief import Order, brief_of
from pipelines.models import load_models
from pipelines.target import Target
from research.errors import DossierError, UsageError
from research.model.account import Account
from research.run.report import RunReport
from research.sources.registry import KINDS
from research.store.accounts import list_accounts, sources_of
from research.store.captures import last_seen
from research.store.lock import hold_lock
from research.store.runs import last_run

STANDS_DAYS: Final = 7  # what is told by age ("two weeks ago") is a week out at most; a change is written at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Refreshed:
    """What became of one account; `report` is None where it failed."""

    account_id: str
    message: str
    report: RunReport | None = None

    @property
    def failed(self) -> bool:
        """Whether the account could not be refreshed."""
        return self.report is None


def refresh_accounts(
    names: Sequence[str], workspace: Workspace, *, due: bool = False, every: bool = False, out: Path | None = None
) -> list[Refreshed]:
    """Refresh the named accounts, all, or those that are due; one that fails costs the others nothing."""
    if not names and not due and not every:
        raise UsageError("name the accounts to refresh, or give --due or --all")
    chosen = [require_account(workspace, name) for name in names] or list(list_accounts(workspace.store))
    wanted = [a for a in chosen if not due or is_due(a, workspace)]
    if len(wanted) > 1:
        workspace.ahead.plan(source for a in wanted for source in sources_of(workspace.store, a.id))
    with hold_lock(workspace.home):
        return list(_refresh_each(wanted, workspace, out))


def is_due(account: Account, workspace: Workspace) -> bool:
    """Whether some source of the account was last read longer ago than its cadence, or never.

    Of a site, its pages say when they were last seen. Captured traffic bears the date of its capture, however lately
    it was read: of that and of files, the account's last run counts.
    """
    today = date.fromisoformat(workspace.today)
    ran = last_run(workspace.store, account.id) or ""
    for source in sources_of(workspace.store, account.id):
        seen = max(last_seen(workspace.store, source.id).values(), default="")
        if seen and source.kind != "site":
            seen = max(seen[:10], ran[:10])
        if not seen and source.kind in KINDS:  # asked before, and had nothing: no reason to ask each day
            continue
        if not seen or date.fromisoformat(seen[:10]) + timedelta(days=source.cadence_days) <= today:
            return True
    return False


def unread(report: RunReport) -> str | None:
    """Why not one page of an account could be read again, None where at least one could."""
    collected = report.stages[0]
    if collected.done or collected.reused:
        return None
    first = next((f"; the first reason: {s.url}: {s.reason}" for s in report.skipped), "")
    return f"none of its pages could be read; the brief stands on what was read before{first}"


def _refresh_each(accounts: Sequence[Account], workspace: Workspace, out: Path | None) -> Iterator[Refreshed]:
    models = load_models(workspace)
    for account in accounts:
        sources = sources_of(workspace.store, account.id)
        if not sources:
            yield Refreshed(
                account_id=account.id, message="has no source: add its home page with `dossier accounts add`"
            )
            continue
        order = Order(target=account.name, out=(out / account.id) if out else None, stands_days=STANDS_DAYS)
        try:
            outcome = brief_of(Target(account=account, sources=sources), order, workspace, lambda _: models)
        except DossierError as error:
            yield Refreshed(account_id=account.id, message=str(error))
        else:
            if failure := unread(outcome.report):
                yield Refreshed(account_id=account.id, message=failure)
                continue
            done = sum(stage.done for stage in outcome.report.stages)
            message = "nothing had changed" if not done else f"{len(outcome.brief.findings)} findings"
            yield Refreshed(account_id=account.id, message=message, report=outcome.report)
