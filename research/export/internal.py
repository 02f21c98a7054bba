"""What is the team's own in a brief, and what no reader of a page sees: marked wherever it stands, or left out."""

from __future__ import annotations

from collections.abc import Iterable

from research.model.document import Document
from research.model.draft import Brief, Claim
from research.model.finding import Evidence

MARK = "internal"
ANALYSTS_WORD = "analyst's word"
"""The mark of a sentence that no quote shows: an analyst vouches for it in person."""


def is_internal(document: Document) -> bool:
    """Whether a document is the team's own, which is not meant for others' eyes."""
    return document.meta("internal") is not None


def is_hidden(evidence: Evidence, document: Document) -> bool:
    """Whether a quote stands in what a web page says to machines only (meta tags, JSON-LD), which no reader sees."""
    if document.meta("said") is not None or "html" not in document.media_type:
        return False
    spoken = (p for p in document.passages if p.start < evidence.end and evidence.start < p.end)
    return any(passage.role == "metadata" for passage in spoken)


def internal_findings(brief: Brief) -> frozenset[str]:
    """The findings that stand on some internal document."""
    inside = {document.id for document in brief.documents if is_internal(document)}
    return frozenset(f.id for f in brief.findings if any(e.document_id in inside for e in f.evidence))


def marks(claim: Claim, internal: Iterable[str]) -> bool:
    """Whether a line must be marked: one of its findings is internal."""
    return not set(internal).isdisjoint(claim.finding_ids)
