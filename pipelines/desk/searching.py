"""Search over everything: accounts, findings with their best quote, analysts' notes, and the pages themselves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.bootstrap import Workspace
from pipelines.changes import say
from pipelines.desk.desk import Desk
from pipelines.desk.forms import choice, page_number
from pipelines.desk.marking import Piece, mark_words
from pipelines.desk.pages import page
from research.export.notes import describe
from research.model.account import Account
from research.store.accounts import list_accounts
from research.store.documents import load_documents
from research.store.findings import load_finding
from research.store.search import SNIPPET, Hit, search, terms_of
from research.store.search_words import search_words

QUERY_LIMIT: Final = 300  # letters of a query
FEW, MANY = 6, 40  # hits of each sort on the page of all sorts, and of one sort a page
SORTS: Final = {"account": "Accounts", "finding": "Findings", "note": "Analysts' words", "page": "Pages"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One hit: where it leads, what it is, whose, and its words with those of the query marked."""

    link: str
    what: str
    account: str
    pieces: tuple[Piece, ...]
    context: tuple[Piece, ...] = ()
    source: str = ""


def routes(desk: Desk) -> Sequence[Route]:
    """The page of hits."""

    def find(request: Request) -> Response:
        query = request.query_params.get("q", "").strip()[:QUERY_LIMIT]
        sort = choice(request, "sort", tuple(SORTS))
        number = page_number(request)
        with desk.reading() as workspace:
            accounts = {account.id: account for account in list_accounts(workspace.store)}
            within = choice(request, "account", tuple(accounts)) or None
            limit = (MANY if sort else FEW) + 1  # one more than is shown says whether there are more
            skip = (number - 1) * MANY if sort else 0
            hits = {
                key: _hits(key, query, within, (limit, skip), accounts, workspace) if sort in ("", key) else ()
                for key in SORTS
            }
        shown = {key: (found[: limit - 1], len(found) >= limit) for key, found in hits.items()}
        return page(
            desk, request, "search.html", query=query, sort=sort, sorts=SORTS, hits=shown, within=within, number=number,
            accounts=tuple(accounts.values()), empty=not terms_of(query), total=sum(map(len, hits.values())),
        )  # fmt: skip

    return (Route("/search", find),)


def _hits(
    sort: str,
    query: str,
    within: str | None,
    window: tuple[int, int],
    accounts: dict[str, Account],
    workspace: Workspace,
) -> tuple[Line, ...]:
    limit, skip = window
    names = {account.id: account.name for account in accounts.values()}
    if sort == "page":
        pages = search(workspace.store, query, within, limit + skip)[skip:]
        return tuple(_page_line(hit, query, names) for hit in pages)
    found = search_words(workspace.store, query, within, limit=limit, skip=skip)
    if sort == "account":
        return tuple(_account_line(account, query) for account in found.accounts)
    if sort == "finding":
        lines = (_finding_line(finding_id, query, names, workspace) for finding_id, _ in found.findings)
        return tuple(line for line in lines if line is not None)
    return tuple(
        Line(
            link=f"/history?about={note.id}",
            what=f"{note.verdict} by {note.analyst}, {note.at[:10]}",
            account=names.get(note.account_id, note.account_id),
            pieces=mark_words(_bounded(" · ".join(filter(None, (note.edit, note.note)))), query),
        )
        for note in found.notes
    )


def _account_line(account: Account, query: str) -> Line:
    beside = ", ".join((*account.aliases, *account.domains, *([account.segment] if account.segment else [])))
    return Line(
        link=f"/accounts/{account.id}",
        what="account",
        account="",
        pieces=mark_words(account.name, query),
        context=mark_words(_bounded(beside), query),
    )


def _finding_line(finding_id: str, query: str, names: dict[str, str], workspace: Workspace) -> Line | None:
    finding = load_finding(workspace.store, finding_id)
    if finding is None:
        return None
    best = finding.evidence[0]
    document = next(iter(load_documents(workspace.store, (best.document_id,), with_passages=False)), None)
    quote = document.text[best.start : best.end] if document else ""
    return Line(
        link=f"/accounts/{finding.account_id}/findings/{finding.id}",
        what=describe(finding) + (", lapsed" if finding.status == "lapsed" else ""),
        account=names.get(finding.account_id, finding.account_id),
        pieces=mark_words(_bounded(say(finding)), query),
        context=mark_words(_bounded(quote), query),
        source=document.title or document.url if document else "",
    )


def _page_line(hit: Hit, query: str, names: dict[str, str]) -> Line:
    return Line(
        link=f"/accounts/{hit.account_id}/documents/{hit.document_id}?from={hit.start}&to={hit.end}#hit",
        what="page",
        account=names.get(hit.account_id, hit.account_id),
        pieces=((hit.title or hit.url, False),),
        context=mark_words(hit.snippet, query),
        source=hit.url,
    )


def _bounded(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= SNIPPET else flat[: SNIPPET - 1] + "…"
