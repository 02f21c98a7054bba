"""What is written for people to review."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from research.model.account import Account
from research.model.capture import Skipped
from research.model.document import Document
from research.model.finding import Admission, Conflict, Finding, Theme

GapState = Literal["undisclosed", "not_searched", "blocked", "conflicting"]

SourceStateName = Literal["read", "unchanged", "nothing", "ambiguous", "not_found", "blocked", "down", "not_asked"]
CoverageState = Literal["filled", "undisclosed", "not_searched", "blocked", "conflicting"]

SECTION_TITLES: dict[str, str] = {
    "snapshot": "Snapshot",
    "why_now": "Why now",
    "profile": "Company profile",
    "goals": "Goals and initiatives",
    "pains": "Pains",
    "people": "People",
    "market": "Their competitors",
    "us_here": "Our position in this account",
    "questions": "Questions to ask",
    "contested": "Contested and uncertain",
}
"""The sections of a brief, in the order that the contract fixes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One sentence and the findings that it stands on: never none, unless an analyst wrote it.

    `analyst` wrote it, at the date-time `written`; empty: it was drafted. `unverified` says that no quote shows it: it
    is an analyst's word, and every export marks it as such.
    """

    text: str
    finding_ids: tuple[str, ...]
    analyst: str = ""
    written: str = ""
    unverified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something that the sources do not say, and the question that would close it."""

    field: str
    state: GapState
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One drafted section; `inputs_sha256` is of the findings that it was drafted from, `left_out` are the ids of those
    that its lines had no room for and that stand in brief.json only; `refused` says why a model's words do not stand.
    """

    name: str
    title: str
    claims: tuple[Claim, ...]
    gaps: tuple[Gap, ...]
    drafter: str
    prompt_sha256: str
    inputs_sha256: str
    left_out: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceState:
    """How one source went in a run: `answers` came from it; `reason` is why there are none, in words for the user."""

    kind: str
    title: str
    state: SourceStateName
    reason: str = ""
    answers: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """Whether one field of the template is filled, and by which source kinds; else why it is not."""

    field: str
    state: CoverageState
    kinds: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """Everything that an export needs: documents carry the text that evidence is sliced from."""

    account: Account
    as_of: str
    documents: tuple[Document, ...]
    fetched_at: tuple[tuple[str, str], ...]  # document id, ISO date-time of its capture
    body_sha256: tuple[tuple[str, str], ...]  # document id, sha256 of its capture's body
    skipped: tuple[Skipped, ...]
    admissions: tuple[Admission, ...]
    findings: tuple[Finding, ...]
    conflicts: tuple[Conflict, ...]
    themes: tuple[Theme, ...]
    sections: tuple[Section, ...]
    sources: tuple[SourceState, ...] = ()
    coverage: tuple[Coverage, ...] = ()
