"""A model words a section from findings; what it says is held against their quotes, and what fails is not used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Protocol

from research.draft.answers import AnswerRefusedError, claims_of
from research.draft.prompting import MODEL_SECTIONS, Request, request_of
from research.draft.sources import ANALYST_TEXT, Sources
from research.errors import DossierError
from research.model.draft import Section
from research.model.finding import Finding, Theme


class Drafter(Protocol):
    """What words a section: it is handed text and gives text; it has no tools, and sees no page, only quotes."""

    @property
    def name(self) -> str:
        """What the section says of who worded it, its version included."""
        ...

    def draft(self, request: Request) -> str:
        """The answer to a request, as JSON; DossierError where there is none."""
        ...


def redraft(
    sections: Sequence[Section],
    findings: Sequence[Finding],
    themes: Sequence[Theme],
    sources: Sources,
    drafter: Drafter,
) -> tuple[Section, ...]:
    """The sections in the model's words where these hold; else in the templates' words, with the reason."""
    known = {finding.id: finding for finding in findings}
    return tuple(_redrafted(section, known, themes, sources, drafter) for section in sections)


def _redrafted(
    section: Section, known: Mapping[str, Finding], themes: Sequence[Theme], sources: Sources, drafter: Drafter
) -> Section:
    if section.name not in MODEL_SECTIONS or not section.claims:
        return section
    request = request_of(section, known, themes, sources)
    if not request.findings:
        return section
    try:
        claims = claims_of(drafter.draft(request), request, sources)
    except (AnswerRefusedError, DossierError) as error:
        return replace(section, refused=f"{drafter.name}: {error}")
    kept = tuple(claim for claim in section.claims if any(known[i].text(ANALYST_TEXT) for i in claim.finding_ids))
    said = {finding_id for claim in (*kept, *claims) for finding_id in claim.finding_ids}
    before = [finding_id for claim in section.claims for finding_id in claim.finding_ids]
    left = tuple(i for i in dict.fromkeys((*before, *section.left_out)) if i not in said)
    return replace(section, claims=(*kept, *claims), drafter=drafter.name, left_out=left)
