"""Text that was extracted from a capture, and its parts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

Role = Literal[
    "heading",
    "paragraph",
    "list_item",
    "table_row",
    "quote",
    "card",  # name and role of one person, or one address, kept together
    "contact",
    "footer",
    "metadata",  # JSON-LD and OpenGraph, one "key: value" a line
]
Trust = Literal["normal", "low"]
LONGEST_PASSAGE = 20_000  # characters that are looked at; the longest of 1,200 real documents has 5,200
SUSPICIOUS = "suspicious"
"""The metadata key under which a document keeps which of its passages address a model: a JSON list of pairs."""
SUSPICIOUS_TITLE = "suspicious_title"
"""The key of a title that addresses a model: it is kept here, to be quoted as such, and is no title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A block of a document: `text[start:end]`, code points; `heading_path` runs from the outermost heading in."""

    ordinal: int
    start: int
    end: int
    role: Role
    heading_path: tuple[str, ...] = ()
    main: bool = True  # False: kept for the dossier, but no part of the page's main text

    def of(self, text: str) -> str:
        """The passage's words."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The extracted text of one capture; passages cover it in order, without overlap.

    `published` is an ISO date or None; `page_type` is one of `research.text.pages.PAGE_TYPES`;
    `metadata` holds what the page says of itself (`site_name`, `canonical`, `author`, …);
    `trust` is low where the structure could not be made sure of (a filing whose items were not found in order).
    """

    id: str
    account_id: str
    capture_id: str
    url: str
    title: str
    published: str | None
    language: str | None
    page_type: str
    media_type: str
    text: str
    text_sha256: str
    extractor: str
    extractor_version: str
    passages: tuple[Passage, ...]
    metadata: tuple[tuple[str, str], ...] = ()
    trust: Trust = "normal"

    @property
    def suspicious(self) -> Mapping[int, str]:
        """By ordinal, the passages that address a model instead of a reader, each with the pattern that it meets."""
        stated = self.meta(SUSPICIOUS)
        return {int(ordinal): str(reason) for ordinal, reason in json.loads(stated)} if stated else {}

    @property
    def overlong(self) -> frozenset[int]:
        """The ordinals of the passages longer than LONGEST_PASSAGE: data that somebody packed, and no prose."""
        return frozenset(p.ordinal for p in self.passages if p.end - p.start > LONGEST_PASSAGE)

    @property
    def unread(self) -> frozenset[int]:
        """The ordinals of the passages in which nothing is looked for."""
        return self.overlong.union(self.suspicious)

    def harmless(self) -> Document:
        """The same document with blanks in the place of its unread passages, so that every offset holds."""
        unread = self.unread
        if not unread:
            return self
        parts, at = [], 0
        for passage in self.passages:
            if passage.ordinal in unread:
                parts += [self.text[at : passage.start], " " * (passage.end - passage.start)]
                at = passage.end
        return replace(self, text="".join((*parts, self.text[at:])))

    def meta(self, key: str) -> str | None:
        """The first metadata value under `key`, or None."""
        return next((value for name, value in self.metadata if name == key), None)
