"""All sections of a brief, drafted from templates; pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from research.draft.contested import draft_contested
from research.draft.events import draft_why_now
from research.draft.facts import draft_profile, draft_snapshot
from research.draft.market import draft_market, draft_us_here
from research.draft.material import Drafted, Material, split_by_confidence
from research.draft.people import draft_people
from research.draft.questions import draft_questions, open_gaps
from research.draft.sentence import spoken_only
from research.draft.signals import draft_goals, draft_pains
from research.draft.sources import Sources
from research.draft.wording import Wording, wording
from research.model.account import Account, Seller
from research.model.document import Document
from research.model.draft import SECTION_TITLES, Section
from research.model.finding import Conflict, Finding, Theme, Value
from research.text.hashing import canonical_json, sha256_text

DRAFTER = "template/7"
_DRAFTERS: Mapping[str, Callable[[Material, Wording], Drafted]] = {
    "snapshot": draft_snapshot,
    "why_now": draft_why_now,
    "profile": draft_profile,
    "goals": draft_goals,
    "pains": draft_pains,
    "people": draft_people,
    "market": draft_market,
    "us_here": draft_us_here,
    "questions": draft_questions,
    "contested": draft_contested,
}


def draft_sections(
    account: Account,
    findings: Sequence[Finding],
    themes: Sequence[Theme],
    conflicts: Sequence[Conflict],
    documents: Mapping[str, Document],
    *,
    fetched_at: Mapping[str, str],
    as_of: str,
    seller: Seller | None,
    searched: frozenset[str],
    blocked: frozenset[str],
) -> tuple[Section, ...]:
    """The ten sections in the contract's order; every claim has passed `verify` and cites at least one finding.

    `fetched_at` gives the ISO date-time of each document's capture; `searched` and `blocked` are the page types that
    were captured and that were refused; `as_of` is an ISO day or date-time. Rejected and lapsed findings are left out;
    raises KeyError where evidence cites an unknown document.
    """
    sources = Sources(account=account, documents=documents, fetched_at=fetched_at, as_of=as_of)
    sure, doubtful = split_by_confidence(findings, sources)
    material = Material(
        sources=sources,
        sure=sure,
        doubtful=doubtful,
        themes=tuple(themes),
        conflicts=tuple(conflicts),
        seller=seller,
        searched=searched,
        blocked=blocked,
    )
    sections: list[Section] = []
    for name in SECTION_TITLES:
        sections.append(_section(name, material, sections))
    return tuple(sections)


def _section(name: str, material: Material, earlier: Sequence[Section]) -> Section:
    words = wording(name)
    drafted = _DRAFTERS[name](material, words)
    gaps = open_gaps(earlier, words.limits["gap_limit"]) if name == "questions" else drafted.gaps
    claims, left_out = spoken_only(drafted.claims)
    return Section(
        name=name,
        title=SECTION_TITLES[name],
        claims=claims,
        gaps=gaps,
        drafter=DRAFTER,
        prompt_sha256=words.sha256,
        inputs_sha256=_inputs(drafted, material),
        left_out=left_out,
    )


def _stated(finding: Finding) -> list[tuple[str, Value]]:
    """What a finding says; that somebody accepted or pinned it changes nothing of that."""
    return [(name, value) for name, value in finding.attributes if name != "pinned"]


def _inputs(drafted: Drafted, material: Material) -> str:
    """The hash of what the section stands on: another one means that a person should look again."""
    cited = {finding_id for claim in drafted.claims for finding_id in claim.finding_ids}
    used = [f for f in (*material.sure, *material.doubtful) if f.id in cited]
    rows = [[f.id, _stated(f), sorted(e.quote_sha256 for e in f.evidence)] for f in used]
    gaps = [[gap.field, gap.state] for gap in drafted.gaps]
    return sha256_text(canonical_json([sorted(rows, key=lambda row: str(row[0])), gaps]))
