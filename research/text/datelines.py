"""Where a press release was sent from: the place in its dateline."""

from __future__ import annotations

from typing import Final

from research.model.document import Document
from research.text.patterns import load_patterns

_DATELINE: Final = load_patterns("datelines")["dateline"]
_OPENING: Final = 160  # code points of a block in which its dateline stands


def sent_from(text: str) -> str | None:
    """The place with which a block opens as a dateline does (`Boston, MA — March 30, 2015`), None where it does not."""
    match = _DATELINE.search(text[:_OPENING])
    if match is None:
        return None
    city, region = match["city"] or match["city2"], match["region"] or match["region2"]
    city = city.title() if city.isupper() else city
    return f"{city}, {region}" if region else city


def release_place(document: Document) -> str | None:
    """Where a press release says that it was sent from; None for other pages and where it does not say."""
    if document.page_type != "press_release":
        return None
    opening = (p.of(document.text) for p in document.passages if p.role == "paragraph")
    return next((place for text in opening if (place := sent_from(text))), None)
