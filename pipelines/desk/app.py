"""The read-only desk: accounts, an account's brief, and its findings with their evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Protocol

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from pipelines.desk.guard import Guard
from research.errors import DossierError
from research.export.as_html import style_source, to_html
from research.export.as_json import KIND_ORDER
from research.export.notes import Quote, describe, in_words, quote_in_context
from research.model.account import Account
from research.model.draft import Brief
from research.model.finding import Finding

HOST = "127.0.0.1"
PAGE_SIZE = 100  # findings a page: about 150 KB of HTML with three quotes each
QUOTES_SHOWN = 3
_WHAT = ("name", "company", "value", "place", "phrase", "summary")
_DETAIL = (
    "field",
    "role",
    "relation",
    "period",
    "type",
    "holder",
    "date",
    "product",
    "basis",
    "description",
    "current",
)


class StoreReader(Protocol):
    """What the desk reads; nothing here writes."""

    def accounts(self) -> Sequence[Account]:
        """Every account of the store, in the order to show them."""

    def brief(self, account_id: str) -> Brief | None:
        """The account's last brief, or None where there is no such account or no brief yet."""


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


def create_app(reader: StoreReader, *, allowed_hosts: Sequence[str] = (HOST, "localhost")) -> Starlette:
    """The desk over a store; answers GET and HEAD only, and only under the host names given."""

    def accounts(_: Request) -> Response:
        return _page("accounts.html", accounts=reader.accounts())

    def brief(request: Request) -> Response:
        found = _brief(reader, request)
        address = f"/accounts/{found.account.id}"
        page = to_html(found, links=(("All accounts", "/"), ("Findings", f"{address}/findings")))
        # The page brings its own style; its hash is the only style that may run beside the desk's.
        return HTMLResponse(page, headers={"x-style-source": style_source()})

    def findings(request: Request) -> Response:
        found = _brief(reader, request)
        kind = request.query_params.get("kind", "")
        number = _page_number(request)
        rows, total = _rows(found, kind, number)
        counts = {k: sum(f.kind == k for f in found.findings) for k in KIND_ORDER}
        pages = max(1, -(-total // PAGE_SIZE))
        return _page(
            "findings.html", brief=found, rows=rows, kind=kind, counts=counts, total=total, page=number, pages=pages
        )

    def style(_: Request) -> Response:
        return Response(_style(), media_type="text/css")

    app = Starlette(
        routes=[
            Route("/", accounts),
            Route("/desk.css", style),
            Route("/accounts/{account_id}", brief),
            Route("/accounts/{account_id}/findings", findings),
        ],
        exception_handlers={HTTPException: _refused, DossierError: _failed},
    )
    app.add_middleware(Guard, allowed_hosts=tuple(allowed_hosts))
    return app


def _brief(reader: StoreReader, request: Request) -> Brief:
    found = reader.brief(request.path_params["account_id"])
    if found is None:
        raise HTTPException(404, "There is no brief of such an account yet.")
    return found


def _page_number(request: Request) -> int:
    stated = request.query_params.get("page", "1")
    return max(1, int(stated)) if stated.isascii() and stated.isdigit() and len(stated) < 7 else 1


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


def _page(name: str, *, status: int = 200, **values: object) -> Response:
    return HTMLResponse(_environment().get_template(name).render(**values), status_code=status)


def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    detail = error.detail if isinstance(error, HTTPException) else ""
    return _page("message.html", status=status, title=f"{status}", message=detail)


def _failed(_: Request, error: Exception) -> Response:
    return _page("message.html", status=503, title="The store could not be read", message=str(error))


@cache
def _style() -> str:
    return files("pipelines.desk").joinpath("templates", "desk.css").read_text("utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("pipelines.desk"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
