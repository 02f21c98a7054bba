"""Every decision: who, when, on what, before and after; and every edit of our own side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, get_args

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.bootstrap import Workspace
from pipelines.changes import say as say_finding
from pipelines.desk.desk import Desk
from pipelines.desk.evidence import require_account
from pipelines.desk.forms import choice, page_number, query
from pipelines.desk.pages import page
from pipelines.desk.review_view import say
from research.model.draft import SECTION_TITLES
from research.model.judgement import Judgement, Verdict
from research.review.rules import say_rule
from research.store.accounts import list_accounts
from research.store.connect import Store
from research.store.decisions import Asked, Decision, analysts, count_decisions, decisions
from research.store.findings import load_finding
from research.store.sellers import seller_edits

ROWS: Final = 50  # decisions a page
TARGETS: Final = 3  # of a decision on many findings
_STANDS: Final = {
    "accept": "accepted",
    "edit": "worded anew",
    "reject": "rejected",
    "merge": "merged",
    "split": "split",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One decision: `targets` are (words, address), `before` and `after` how its target stood and stands."""

    id: str
    account: str
    account_id: str
    who: str
    when: str
    did: str
    targets: tuple[tuple[str, str], ...]
    more: int
    before: str
    words_before: str
    after: str
    words_after: str
    why: str
    later: str


def routes(desk: Desk) -> Sequence[Route]:
    """The history of all accounts, and of one."""

    def everything(request: Request) -> Response:
        return _history(desk, request, None)

    def of_account(request: Request) -> Response:
        return _history(desk, request, request.path_params["account_id"])

    return (Route("/history", everything), Route("/accounts/{account_id}/history", of_account))


def _history(desk: Desk, request: Request, account_id: str | None) -> Response:
    number = page_number(request)
    with desk.reading() as workspace:
        store = workspace.store
        account = require_account(workspace, request) if account_id else None
        who = analysts(store)
        asked = Asked(
            account=account_id,
            analyst=choice(request, "analyst", who) or None,
            verdict=choice(request, "verdict", get_args(Verdict)) or None,
            id=request.query_params.get("about") or None,
        )
        rows = _rows(store, asked, number, workspace)
        total = count_decisions(store, asked)
        edits = seller_edits(store, limit=ROWS) if account is None and number == 1 and asked == Asked() else ()
    pages = max(1, -(-total // ROWS))
    links = {step: query(request, page=number + step) for step in (-1, 1)}
    head = {"account": account, "tab": "history", "links": links, "pages": pages, "number": number, "total": total}
    return page(
        desk, request, "history.html", head, rows=rows, analysts=who, verdicts=get_args(Verdict), asked=asked,
        edits=edits,
    )  # fmt: skip


def _rows(store: Store, asked: Asked, number: int, workspace: Workspace) -> list[Row]:
    names = {account.id: account.name for account in list_accounts(workspace.store)}
    return [_row(one, names, store) for one in decisions(store, asked, ROWS, (number - 1) * ROWS)]


def _row(one: Decision, names: dict[str, str], store: Store) -> Row:
    judgement = one.judgement
    said = say(judgement)
    shown = judgement.target_ids[:TARGETS] if judgement.target_kind == "finding" else judgement.target_ids[:1]
    return Row(
        id=judgement.id,
        account=names.get(judgement.account_id, judgement.account_id),
        account_id=judgement.account_id,
        who=said.who,
        when=said.when,
        did=said.did,
        targets=tuple(_target(judgement, target, store) for target in shown),
        more=len(judgement.target_ids) - len(shown) if judgement.target_kind == "finding" else 0,
        before=_stood(one.before),
        words_before=" / ".join(judgement.base) if judgement.verdict == "edit" else "",
        after=_stands(judgement),
        words_after=_words(judgement),
        why=said.why,
        later=_since(one.later) if one.later else "",
    )


def _target(judgement: Judgement, target: str, store: Store) -> tuple[str, str]:
    home = f"/accounts/{judgement.account_id}"
    if judgement.target_kind == "section":
        return f"section “{SECTION_TITLES.get(target, target)}”", f"{home}/sections"
    finding = load_finding(store, target)
    return (say_finding(finding) if finding else "a finding that is gone", f"{home}/findings/{target}")


def _stood(before: Judgement | None) -> str:
    """How the target stood just before, in words."""
    if before is None or before.verdict == "undo":
        return "undecided"
    return f"{_STANDS.get(before.verdict, before.verdict)} by {before.analyst}"


def _since(later: Judgement) -> str:
    did = "taken back" if later.verdict == "undo" else _STANDS.get(later.verdict, later.verdict)
    return f"then {did} by {later.analyst}, {later.at[:10]}"


def _stands(judgement: Judgement) -> str:
    return "as it was before that decision" if judgement.verdict == "undo" else _STANDS.get(judgement.verdict, "")


def _words(judgement: Judgement) -> str:
    changed = [f"{name}: {value}" for name, value in judgement.changes]
    rule = [say_rule(judgement.rule)] if judgement.rule else []
    return " / ".join(filter(None, (judgement.edit or "", *changed, *rule)))
