"""Our rivals in one account: the list, and the battlecard of each."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.desk.battlecard import PARTS, battlecard, competitors_of, live_findings, rivals_of, seen_rivals
from pipelines.desk.desk import Desk
from pipelines.desk.evidence import require_account
from pipelines.desk.pages import page
from research.store.accounts import load_seller


def routes(desk: Desk) -> Sequence[Route]:
    """The list and the cards."""

    def rivals(request: Request) -> Response:
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            seller = load_seller(workspace.store)
            findings = live_findings(account, workspace)
        seen, theirs = seen_rivals(findings, seller), competitors_of(findings)
        head = {"account": account, "tab": "rivals"}
        return page(desk, request, "rivals.html", head, seller=seller, seen=seen, competitors=theirs, parts=len(PARTS))

    def card(request: Request) -> Response:
        key = request.path_params["rival"]
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            seller = load_seller(workspace.store)
            rival = rivals_of(seller).get(key)
            if seller is None or rival is None:
                raise HTTPException(404, "We have no such rival: “Our side” lists those that we have.")
            found = battlecard(account, key, rival, seller, workspace)
        head = {"account": account, "tab": "rivals", "parts": PARTS}
        return page(desk, request, "battlecard.html", head, card=found)

    return (Route("/accounts/{account_id}/rivals", rivals), Route("/accounts/{account_id}/rivals/{rival}", card))
