"""The accounts of a CRM export: who each is, and those that are sure as accounts of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipelines.accounts import add_account
from pipelines.bootstrap import Workspace
from pipelines.own import load_accounts
from pipelines.resolving import IDENTITY, Resolved
from research.errors import UsageError
from research.model.account import Account
from research.store.accounts import list_accounts, load_account, save_account
from research.text.hashing import short_id
from research.text.names import slug


def crm_rows(mapping: Path) -> list[tuple[str, str]]:
    """Name and website of each account of an export; UsageError where the mapping names no table of accounts."""
    rows = load_accounts(mapping)
    if rows is None:
        raise UsageError(f"{mapping.name}: there is no [accounts] with `file` and `name`")
    return [(row["name"], row.get("website", "")) for row in rows]


def keep_resolved(answers: Sequence[Resolved], workspace: Workspace) -> int:
    """Adds an account for each answer that is resolved, under the register's name with what was typed beside it."""
    kept = 0
    for answer in answers:
        if answer.state != "resolved":
            continue
        site = f"https://{answer.domain}/" if answer.domain else None
        typed = (answer.typed.strip(),) if answer.typed.strip() not in (answer.name, answer.domain) else ()
        account = add_account(workspace, answer.name, site=site, aliases=typed, base=_account_of(answer, workspace))
        known = dict(account.identifiers) | {key: value for key, value in answer.identifiers if key != "account"}
        save_account(workspace.store, replace(account, identifiers=tuple(sorted(known.items()))))
        kept += 1
    return kept


def _account_of(answer: Resolved, workspace: Workspace) -> Account:
    """The account that has an identifier of the answer, else a new one: a namesake is another company."""
    pairs = {pair for pair in answer.identifiers if pair[0] in IDENTITY}
    for account in list_accounts(workspace.store):
        if pairs & {("account", account.id), *account.identifiers}:
            return account
    wanted = slug(answer.name)
    taken = load_account(workspace.store, wanted) is not None
    return Account(id=f"{wanted}-{short_id(*map(str, sorted(pairs)))[:6]}" if taken else wanted, name=answer.name)
