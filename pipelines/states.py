"""States of a page: an archive gives what a page said once, and only its newest state speaks for the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipelines.bootstrap import Workspace
from research.collect.scope import page_key
from research.model.capture import Capture
from research.model.document import Document
from research.model.finding import Admission
from research.store.captures import current_captures, moment
from research.text.urls import host


def settle_states(
    documents: Sequence[Document], admissions: Sequence[Admission], account_id: str, workspace: Workspace
) -> tuple[Admission, ...]:
    """The admissions without earlier states of a page that is known in a later one: those are kept, and say nothing."""
    captures = {capture.id: capture for capture in current_captures(workspace.store, account_id)}
    if not any(map(is_archived, captures.values())):
        return tuple(admissions)
    newest: dict[str, str] = {}
    for document in documents:
        if capture := captures.get(document.capture_id):
            key = page_key(document.url)
            newest[key] = max(newest.get(key, ""), moment(capture.fetched_at))
    by_id = {document.id: document for document in documents}
    return tuple(_settled(a, by_id[a.document_id], captures, newest) for a in admissions)


def _settled(
    admission: Admission, document: Document, captures: dict[str, Capture], newest: dict[str, str]
) -> Admission:
    capture = captures.get(document.capture_id)
    if capture is None or not is_archived(capture) or moment(capture.fetched_at) == newest[page_key(document.url)]:
        return admission
    day, later = capture.fetched_at[:10], newest[page_key(document.url)][:10]
    return replace(admission, admitted=False, reason=f"it is the page as it was on {day}; it is known as of {later}")


def is_archived(capture: Capture) -> bool:
    """Whether an answer is an archive's: it came from another host than the page's own, under an address that names the
    moment or the file, which no redirect does."""
    asked, stands = host(capture.url), host(capture.final_url)
    return asked != stands and ("id_/" in capture.url or ".warc.gz#" in capture.url)
