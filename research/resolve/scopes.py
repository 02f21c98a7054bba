"""What a figure or a form of ownership is said of, so that only like is held against like."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from research.model.document import Document
from research.model.finding import Finding
from research.text.patterns import load_patterns

_PATTERNS: Final = load_patterns("scopes")
_BEFORE: Final = 300  # code points before a quote in which a heading of its own (Segments) would stand
_OWNERS: Final = ("subsidiary", "private", "public")

Scope = Literal["whole", "part", "quarter"]


def scope_of(finding: Finding, documents: Mapping[str, Document]) -> Scope:
    """Whether a figure is the whole company's for a year, one part's, or a quarter's, as its best evidence shows."""
    best = finding.evidence[0]
    document = documents[best.document_id]
    quote = document.text[best.start : best.end]
    above = " / ".join(next((p.heading_path for p in document.passages if p.start <= best.start < p.end), ()))
    before = document.text[max(0, best.start - _BEFORE) : best.start]
    if _PATTERNS["part"].search(f"{above}\n{quote}") or _PATTERNS["part_heading"].search(before):
        return "part"
    nearest = next((text for text in (quote, above, document.title) if _is_timed(text)), "")
    return "quarter" if _PATTERNS["quarter"].search(nearest) and not _PATTERNS["year"].search(nearest) else "whole"


def _is_timed(text: str) -> bool:
    return any(_PATTERNS[name].search(text) for name in ("quarter", "year"))


def owner_of(finding: Finding) -> str:
    """`public`, `private` or `subsidiary`, as an ownership fact says in whatever words; empty where it says neither."""
    said = f"{finding.text('normal')} {finding.text('value')}"
    return next((name for name in _OWNERS if _PATTERNS[name].search(said)), "")
