"""Findings with their evidence, and the stored text of the page that a quote stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pipelines.bootstrap import Workspace
from pipelines.changes import say
from pipelines.desk.desk import Desk
from pipelines.desk.forms import choice, page_number
from pipelines.desk.pages import page
from pipelines.words import judged
from research.export.as_json import KIND_ORDER
from research.export.notes import Quote, describe, in_words, quote_in_context
from research.model.account import Account
from research.model.document import Document
from research.model.finding import Admission, Finding
from research.model.judgement import Judgement
from research.store.accounts import load_account
from research.store.captures import load_capture
from research.store.close_up import PastEvent, past_of
from research.store.documents import load_documents
from research.store.drafts import load_draft
from research.store.findings import load_findings
from research.store.judgements import judgements_of

PAGE_SIZE: Final = 60  # findings a page: with three quotes each about 110 KB of HTML
QUOTES_SHOWN: Final = 3
QUOTES_OF_ONE: Final = 40  # a boilerplate may stand on hundreds of pages
_WHAT: Final = ("analyst_text", "name", "company", "value", "place", "phrase", "summary")
_DETAIL: Final = ("role", "period", "date", "product", "basis", "description", "current")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One finding as pages show it, each quote with the id of its document and where it stands there."""

    id: str
    kind: str
    described: str
    what: str
    details: tuple[tuple[str, str], ...]
    confidence: str
    figure: str
    status: str
    quotes: tuple[tuple[Quote, str, str], ...]
    more: int

    def detail(self, name: str) -> str:
        """One of the details, empty where there is none."""
        return dict(self.details).get(name, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class OneFinding:
    """Everything about one finding."""

    shown: Shown
    finding: Finding
    reasons: tuple[tuple[str, str], ...]
    history: tuple[tuple[PastEvent, str], ...]
    judgements: tuple[Judgement, ...]


def routes(desk: Desk) -> Sequence[Route]:
    """The list of findings, and one finding."""

    def findings(request: Request) -> Response:
        kind, number = choice(request, "kind", KIND_ORDER), page_number(request)
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            every = present_findings(account.id, workspace)
            chosen = sorted(
                (f for f in every if kind in ("", f.kind)),
                key=lambda f: (KIND_ORDER.index(f.kind), -f.confidence, f.id),
            )
            rows = show(chosen[(number - 1) * PAGE_SIZE : number * PAGE_SIZE], QUOTES_SHOWN, workspace)
        counts = {k: sum(f.kind == k for f in every) for k in KIND_ORDER}
        pages = max(1, -(-len(chosen) // PAGE_SIZE))
        head = {"account": account, "tab": "findings", "kind": kind, "counts": counts}
        return page(desk, request, "findings.html", head, rows=rows, number=number, pages=pages)

    def finding(request: Request) -> Response:
        with desk.reading() as workspace:
            account = require_account(workspace, request)
            one = _one(account.id, request.path_params["finding_id"], workspace)
        return page(desk, request, "finding.html", {"account": account, "tab": "findings"}, one=one)

    return (
        Route("/accounts/{account_id}/findings", findings),
        Route("/accounts/{account_id}/findings/{finding_id}", finding),
    )


def require_account(workspace: Workspace, request: Request) -> Account:
    """The account that the address names; 404 where there is none."""
    found = load_account(workspace.store, request.path_params["account_id"])
    if found is None:
        raise HTTPException(404, "There is no such account: the first page lists those that there are.")
    return found


def present_findings(account_id: str, workspace: Workspace, *, lapsed: bool = False) -> tuple[Finding, ...]:
    """An account's findings under the analysts' decisions, the lapsed ones if asked for."""
    store = workspace.store
    return judged(load_findings(store, account_id, include_lapsed=lapsed), account_id, store)


def show(findings: Sequence[Finding], quotes: int, workspace: Workspace) -> list[Shown]:
    """The findings with at most so many quotes each; only the documents of these are read."""
    documents = documents_behind((e.document_id for f in findings for e in f.evidence[:quotes]), workspace)
    fetched = fetched_at(documents.values(), workspace)
    return [_shown(finding, quotes, documents, fetched) for finding in findings]


def documents_behind(document_ids: Iterable[str], workspace: Workspace) -> dict[str, Document]:
    """These documents by id; unknown ones are left out."""
    found = load_documents(workspace.store, sorted(set(document_ids)), with_passages=False)
    return {d.id: d for d in found}


def fetched_at(documents: Iterable[Document], workspace: Workspace) -> dict[str, str]:
    """By document id, when the capture that it was read from was fetched."""
    captures = ((d.id, load_capture(workspace.store, d.capture_id)) for d in documents)
    return {document_id: capture.fetched_at for document_id, capture in captures if capture is not None}


def headline(finding: Finding) -> str:
    """The words that name a finding; an analyst's go before a page's."""
    return next((finding.text(name) for name in _WHAT if finding.text(name)), finding.kind)


def _shown(finding: Finding, quotes: int, documents: dict[str, Document], fetched: dict[str, str]) -> Shown:
    known = [e for e in finding.evidence if e.document_id in documents][:quotes]
    return Shown(
        id=finding.id,
        kind=finding.kind,
        described=describe(finding),
        what=headline(finding),
        details=tuple((name, finding.text(name)) for name in _DETAIL if finding.text(name)),
        confidence=in_words(finding),
        figure=f"{finding.confidence:.2f}",
        status=finding.status,
        quotes=tuple(
            (
                quote_in_context(e, documents[e.document_id], fetched.get(e.document_id, "")),
                e.document_id,
                f"?from={e.start}&to={e.end}#hit",
            )
            for e in known
        ),
        more=len(finding.evidence) - len(known),
    )


def _one(account_id: str, finding_id: str, workspace: Workspace) -> OneFinding:
    found = next((f for f in present_findings(account_id, workspace, lapsed=True) if f.id == finding_id), None)
    if found is None:
        raise HTTPException(404, "This account has no such finding; it may have been merged into another one.")
    behind = {e.document_id for e in found.evidence}
    admissions = load_draft(workspace.store, account_id, Admission) or ()
    return OneFinding(
        shown=show((found,), QUOTES_OF_ONE, workspace)[0],
        finding=found,
        reasons=tuple(dict.fromkeys((_verdict(a), a.reason) for a in admissions if a.document_id in behind)),
        history=tuple((event, say(event.before)) for event in past_of(workspace.store, (finding_id,))),
        judgements=tuple(j for j in judgements_of(workspace.store, account_id) if finding_id in j.target_ids),
    )


def _verdict(admission: Admission) -> str:
    if not admission.admitted:
        return "kept out"
    return "the account's own page" if admission.own else "about the account"
