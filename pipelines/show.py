"""What the store holds, in words: a finding with its evidence in context, a document's text, an account."""

from __future__ import annotations

from collections.abc import Iterator

from pipelines.accounts import describe_account
from pipelines.bootstrap import Workspace
from pipelines.changes import say
from research.errors import UsageError
from research.model.document import Document
from research.model.finding import Admission, Evidence, Finding
from research.store.accounts import find_account, list_accounts, load_account
from research.store.documents import documents_of, load_document
from research.store.drafts import load_draft
from research.store.findings import load_finding
from research.store.search import search

_CONTEXT = 120  # code points shown on either side of a quote


def describe(what: str, workspace: Workspace) -> str:
    """The finding, document or account that `what` names; UsageError where nothing has that id or address."""
    finding = load_finding(workspace.store, what)
    if finding is not None:
        return _finding(finding, workspace)
    document = load_document(workspace.store, what) or _by_address(what, workspace)
    if document is not None:
        return _document(document, workspace)
    if load_account(workspace.store, what) or find_account(workspace.store, what):
        return describe_account(workspace, what)
    raise UsageError(
        f"nothing here is called {what!r}: give the id of a finding, a document's id or address, or an account"
    )


def _by_address(url: str, workspace: Workspace) -> Document | None:
    for account in list_accounts(workspace.store):
        found = next((d for d in documents_of(workspace.store, account.id) if d.url == url), None)
        if found is not None:
            return found
    return None


def _finding(finding: Finding, workspace: Workspace) -> str:
    lines = [f"{finding.kind} {finding.id}: {say(finding)}", f"account: {finding.account_id}"]
    lines += [f"{name}: {value}" for name, value in finding.attributes if value not in (None, "")]
    lines += [f"confidence: {finding.confidence:.2f}", f"status: {finding.status}"]
    lines += [f"first seen {finding.first_seen}, last seen {finding.last_seen}", "evidence:"]
    lines += [_in_context(e, workspace) for e in finding.evidence]
    return "\n".join(lines)


def _in_context(evidence: Evidence, workspace: Workspace) -> str:
    document = load_document(workspace.store, evidence.document_id)
    if document is None:
        return f"  (document {evidence.document_id} is missing from the store)"
    before = document.text[max(0, evidence.start - _CONTEXT) : evidence.start]
    after = document.text[evidence.end : evidence.end + _CONTEXT]
    words = f"…{before}[[{document.text[evidence.start : evidence.end]}]]{after}…".replace("\n", " / ")
    where = f"{document.url} ({document.published or 'undated'}) {evidence.start}-{evidence.end}"
    return f"  {where}\n    {words}\n    identity: {_identity(document, workspace)}"


def _identity(document: Document, workspace: Workspace) -> str:
    """Why the identity gate let a document in or kept it out, and whether "we" in it is the account."""
    admissions = load_draft(workspace.store, document.account_id, Admission) or ()
    found = next((a for a in admissions if a.document_id == document.id), None)
    if found is None:
        return "not decided yet"
    verdict = ("admitted as its own word" if found.own else "admitted") if found.admitted else "kept out"
    return f"{verdict}: {found.reason}"


def _document(document: Document, workspace: Workspace) -> str:
    reason = _identity(document, workspace)
    head = [
        f"{document.title} ({document.id})",
        f"address: {document.url}",
        f"published: {document.published or 'not stated'}",
        f"language: {document.language or 'not known'}",
        f"page type: {document.page_type}, trust: {document.trust}",
        f"identity: {reason}",
        "",
    ]
    return "\n".join(head) + document.text


def find(query: str, account: str | None, limit: int, workspace: Workspace) -> Iterator[str]:
    """One line a hit: the document's address and the words around."""
    for hit in search(workspace.store, query, account, limit):
        yield f"{hit.url}\t{' '.join(hit.snippet.split())}"
