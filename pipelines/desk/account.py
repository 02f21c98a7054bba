"""One account: how it stands, its brief as it would be exported, and who is around it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pipelines.bootstrap import Workspace
from pipelines.changes import list_changes
from pipelines.desk.desk import Desk
from pipelines.desk.evidence import require_account
from pipelines.desk.forms import day
from pipelines.desk.guard import STYLE_HEADER
from pipelines.desk.network import draw, groups_of
from pipelines.desk.overview import overview, present
from pipelines.desk.pages import page
from pipelines.desk.portfolio import since_when
from pipelines.making import stored_brief
from research.export.as_html import style_source, to_html
from research.export.write import EXPORTERS
from research.model.draft import Brief

MEDIA: Final = {"html": "text/html", "md": "text/markdown", "json": "application/json"}
CHANGES_SHOWN: Final = 200


def routes(desk: Desk) -> Sequence[Route]:
    """The pages of one account."""

    def look(request: Request) -> Response:
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            found = overview(account, workspace)
        return page(desk, request, "account.html", {"account": account, "tab": "overview"}, view=found)

    def brief(request: Request) -> Response:
        with desk.reading() as workspace:
            found = _require_brief(workspace, request, with_passages=False)
        address = f"/accounts/{found.account.id}"
        links = (
            ("All accounts", "/"), ("Overview", address), ("Review", f"{address}/review"),
            ("Findings", f"{address}/findings"), ("The file as exported", f"{address}/brief.html"),
        )  # fmt: skip
        # The page brings its own style; its hash is the only style that may run beside the desk's.
        body = to_html(found, links=links, shelf=f"{address}/sources#pages")
        return HTMLResponse(body, headers={STYLE_HEADER: style_source()})

    def export(request: Request) -> Response:
        form = request.path_params["format"]
        if form not in EXPORTERS:
            raise HTTPException(404, f"No such format: there are {', '.join(EXPORTERS)}.")
        with desk.reading() as workspace:
            found = _require_brief(workspace, request)
        name = f'attachment; filename="{found.account.id}.{form}"'
        media = MEDIA.get(form, "application/octet-stream")
        return Response(EXPORTERS[form](found), media_type=media, headers={"content-disposition": name})

    def network(request: Request) -> Response:
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            groups = groups_of(present(account, workspace))
        head = {"account": account, "tab": "network"}
        return page(desk, request, "network.html", head, groups=groups, drawing=draw(groups))

    def changes(request: Request) -> Response:
        asked = day(request, "since")
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            since = asked or since_when(workspace, account.id)
            found = list_changes(account.id, since, workspace)
        head = {"account": account, "tab": "changes"}
        return page(desk, request, "changes.html", head, since=since, changes=found[:CHANGES_SHOWN], total=len(found))

    return (
        Route("/accounts/{account_id}", look),
        Route("/accounts/{account_id}/brief", brief),
        Route("/accounts/{account_id}/brief.{format}", export),
        Route("/accounts/{account_id}/network", network),
        Route("/accounts/{account_id}/changes", changes),
    )


def _require_brief(workspace: Workspace, request: Request, *, with_passages: bool = True) -> Brief:
    """The account's brief as it was last drafted, under the judgements; 404 where there is none."""
    found = stored_brief(request.path_params["account_id"], workspace, with_passages=with_passages)
    if found is None:
        raise HTTPException(404, "There is no brief of such an account yet: make one with `dossier brief`.")
    return found
