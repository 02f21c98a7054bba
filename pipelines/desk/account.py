"""One account: its brief as it would be exported, and its findings with their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pipelines.bootstrap import Workspace
from pipelines.desk.desk import Desk
from pipelines.desk.forms import choice, page_number
from pipelines.desk.guard import STYLE_HEADER
from pipelines.desk.pages import page
from pipelines.making import stored_brief
from research.export.as_html import style_source, to_html
from research.export.as_json import KIND_ORDER
from research.export.notes import Quote, describe, in_words, quote_in_context
from research.model.draft import Brief
from research.model.finding import Finding

PAGE_SIZE = 100  # findings a page: about 150 KB of HTML with three quotes each
QUOTES_SHOWN = 3
_WHAT = ("name", "company", "value", "place", "phrase", "summary")
_DETAIL = tuple("field role relation period type holder date product basis description current".split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One finding in the table."""

    id: str
    kind: str
    described: str
    what: str
    details: tuple[tuple[str, str], ...]
    confidence: str
    figure: str
    status: str
    quotes: tuple[Quote, ...]
    more: int


def routes(desk: Desk) -> Sequence[Route]:
    """The pages of one account."""

    def brief(request: Request) -> Response:
        found = _read_brief(desk, request)
        address = f"/accounts/{found.account.id}"
        links = (("All accounts", "/"), ("Overview", address), ("Findings", f"{address}/findings"))
        # The page brings its own style; its hash is the only style that may run beside the desk's.
        return HTMLResponse(to_html(found, links=links), headers={STYLE_HEADER: style_source()})

    def findings(request: Request) -> Response:
        found = _read_brief(desk, request)
        kind, number = choice(request, "kind", KIND_ORDER), page_number(request)
        rows, total = _rows(found, kind, number)
        counts = {k: sum(f.kind == k for f in found.findings) for k in KIND_ORDER}
        pages = max(1, -(-total // PAGE_SIZE))
        head = {"account": found.account, "tab": "findings", "kind": kind, "counts": counts}
        return page(desk, request, "findings.html", head, rows=rows, number=number, pages=pages)

    return (
        Route("/accounts/{account_id}", brief),
        Route("/accounts/{account_id}/brief", brief),
        Route("/accounts/{account_id}/findings", findings),
    )


def require_brief(workspace: Workspace, account_id: str) -> Brief:
    """The account's brief as it was last drafted, under the judgements; 404 where there is none."""
    found = stored_brief(account_id, workspace)
    if found is None:
        raise HTTPException(404, "There is no brief of such an account yet: make one with `dossier brief`.")
    return found


def _read_brief(desk: Desk, request: Request) -> Brief:
    with desk.reading() as workspace:
        return require_brief(workspace, request.path_params["account_id"])


def _rows(brief: Brief, kind: str, number: int) -> tuple[list[Row], int]:
    chosen = [f for f in brief.findings if kind in ("", f.kind)]
    chosen.sort(key=lambda f: (KIND_ORDER.index(f.kind), -f.confidence, f.id))
    shown = chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return [_row(finding, brief) for finding in shown], len(chosen)


def _row(finding: Finding, brief: Brief) -> Row:
    documents = {document.id: document for document in brief.documents}
    fetched = dict(brief.fetched_at)
    known = [e for e in finding.evidence if e.document_id in documents][:QUOTES_SHOWN]
    return Row(
        id=finding.id,
        kind=finding.kind,
        described=describe(finding),
        what=next((finding.text(name) for name in _WHAT if finding.text(name)), finding.kind),
        details=tuple((name, finding.text(name)) for name in _DETAIL if finding.text(name)),
        confidence=in_words(finding),
        figure=f"{finding.confidence:.2f}",
        status=finding.status,
        quotes=tuple(quote_in_context(e, documents[e.document_id], fetched.get(e.document_id, "")) for e in known),
        more=len(finding.evidence) - len(known),
    )
