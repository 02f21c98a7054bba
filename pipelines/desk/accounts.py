"""The portfolio: every account of the store."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.desk.desk import Desk
from pipelines.desk.pages import page
from research.store.accounts import list_accounts


def routes(desk: Desk) -> Sequence[Route]:
    """The first page."""

    def portfolio(request: Request) -> Response:
        with desk.reading() as workspace:
            known = list_accounts(workspace.store)
        return page(desk, request, "accounts.html", accounts=known)

    return (Route("/", portfolio),)
