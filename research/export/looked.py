"""Where was looked, in words: how each source went, and what became of each field."""

from __future__ import annotations

from collections.abc import Callable

from research.model.draft import Coverage, SourceState

STATES = {
    "read": "read",
    "unchanged": "as it was when it was last read",
    "nothing": "gave nothing",
    "ambiguous": "could be several companies, so none was chosen",
    "not_found": "has no entry that is surely this company",
    "blocked": "refused to be read",
    "down": "could not be reached",
    "not_asked": "was not asked",
}
FIELDS = {
    "filled": "filled",
    "undisclosed": "not disclosed",
    "not_searched": "not searched",
    "blocked": "blocked",
    "conflicting": "sources differ",
}


def source_words(state: SourceState, escape: Callable[[str], str] = str) -> str:
    """`GLEIF: could not be reached (no connection in time)`."""
    count = f", {state.answers} {'answer' if state.answers == 1 else 'answers'}" if state.answers else ""
    reason = f" ({escape(state.reason)})" if state.reason else ""
    return f"{escape(state.title)}: {STATES[state.state]}{count}{reason}"


def coverage_words(field: Coverage, escape: Callable[[str], str] = str) -> str:
    """`founded: sources differ (site, wikidata)`."""
    detail = field.reason or ", ".join(field.kinds)
    words = f"{escape(field.field.replace('_', ' '))}: {FIELDS[field.state]}"
    return f"{words} ({escape(detail)})" if detail else words
