"""What the desk shows, read from the store of a home folder; each request opens the store for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pipelines.bootstrap import Workspace, open_workspace
from research.model.account import Account
from research.model.draft import Brief
from research.store.accounts import list_accounts


@dataclass(frozen=True, slots=True)
class StoredBriefs:
    """Accounts and their latest briefs; SQLite connections belong to one thread, so none is kept."""

    home: Path
    clock: Callable[[], str]

    def accounts(self) -> tuple[Account, ...]:
        """Every account of the store."""
        with open_workspace(self.home, self.clock) as workspace:
            return list_accounts(workspace.store)

    def brief(self, account_id: str) -> Brief | None:
        """The account's brief as it was last drafted, None where there is no such account."""
        with open_workspace(self.home, self.clock) as workspace:
            return _brief(account_id, workspace)


def _brief(account_id: str, workspace: Workspace) -> Brief | None:
    from pipelines.making import stored_brief

    return stored_brief(account_id, workspace)
