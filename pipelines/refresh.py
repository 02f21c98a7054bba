"""The stages again for stored accounts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

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
from research.store.unfinished import begin_round, end_round, is_under_way
from research.text.hashing import canonical_json


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
    asked = canonical_json([sorted(names), due, every])
    with hold_lock(workspace.home):
        done = begin_round(workspace.store, asked, [a.id for a in wanted], workspace.clock())
        results = [*map(_done_before, sorted(done))]
        results += _refresh_each([a for a in wanted if a.id not in done], workspace, out)
        end_round(workspace.store)
    return results


def _done_before(account_id: str) -> Refreshed:
    """An account that this same command was done with when it was broken off."""
    report = RunReport(command="", started="", ended="", stages=())
    return Refreshed(account_id=account_id, message="was refreshed before the run was broken off", report=report)


def is_due(account: Account, workspace: Workspace) -> bool:
    """Whether some source of the account was last read longer ago than its cadence, or never, or was broken off at it.

    Of a site, its pages say when they were last seen. Captured traffic bears the date of its capture, however lately
    it was read: of that and of files, the account's last run counts.
    """
    if is_under_way(workspace.store, account.id):
        return True
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
        order = Order(target=account.name, out=(out / account.id) if out else None)
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
