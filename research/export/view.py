"""A brief as the page shows it: what stands on page one, what behind it, and the notes of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from research.export.figures import Tile, Timeline, timeline, treemap
from research.export.fit import PAGE_ONE, first_page
from research.export.internal import ANALYSTS_WORD, internal_findings, is_internal, marks
from research.export.lines import Line, set_line
from research.export.looked import coverage_words, source_words
from research.export.notes import Note, counts_only, notes, number, safe_link
from research.export.shield import Flagged, shield
from research.model.capture import Skipped
from research.model.document import Document
from research.model.draft import Brief, Claim, Gap, Section
from research.model.finding import Finding, Theme

GAP_WORDS = {
    "undisclosed": "Not found",
    "not_searched": "Not looked at, no such page was read",
    "blocked": "A page that may say it refused to be read",
    "conflicting": "Sources differ",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A section's part on one of the two places: lines by holder, and gaps with their state in words."""

    name: str
    title: str
    lines: tuple[Line, ...]
    customers: tuple[Line, ...]
    industry: tuple[Line, ...]
    gaps: tuple[tuple[str, str], ...]
    left: int
    unsaid: int  # findings that stand in brief.json only


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A document in the list of sources."""

    title: str
    url: str
    link: str
    published: str
    seen: str
    words: int
    page_type: str
    low_trust: bool
    reason: str
    attribution: str = ""
    internal: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything that the templates print."""

    brief: Brief
    first: Mapping[str, Block]
    rest: tuple[Block, ...]
    notes: tuple[Note, ...]
    timeline: Timeline | None
    tiles: tuple[Tile, ...]
    themes: tuple[tuple[Theme, str], ...]
    conflicts: tuple[tuple[str, str, str], ...]
    sources: tuple[Listed, ...]
    refused: tuple[Listed, ...]
    skipped: tuple[Skipped, ...]
    looked: tuple[str, ...]
    coverage: tuple[str, ...]
    flagged: tuple[Flagged, ...] = ()


def page(brief: Brief) -> Page:
    """The page of a brief; raises KeyError where a section of PAGE_ONE is missing from it."""
    brief, flagged = shield(brief)
    sections = {section.name: section for section in brief.sections}
    first = first_page(sections)
    rest = {name: [c for c in section.claims if c not in first.get(name, ())] for name, section in sections.items()}
    numbers = number(claim for group in (*first.values(), *rest.values()) for claim in group)
    setter = _Setter(brief, numbers)
    sources = {document.id: document for document in brief.documents}
    return Page(
        brief=brief,
        first={name: setter.block(sections[name], claims, first=True) for name, claims in first.items()},
        rest=tuple(setter.block(sections[name], claims, first=False) for name, claims in rest.items()),
        notes=notes(brief, numbers),
        timeline=timeline(_events(brief), brief.as_of),
        tiles=treemap([(t.label, len(t.finding_ids), _customers(t, setter.findings)) for t in brief.themes]),
        themes=tuple((theme, setter.typical(theme)) for theme in brief.themes),
        conflicts=tuple((c.field.replace("_", " "), c.kind, c.explanation) for c in brief.conflicts),
        sources=_listed(brief, sources, admitted=True),
        refused=_listed(brief, sources, admitted=False),
        skipped=otherwise_skipped(brief),
        looked=tuple(map(source_words, brief.sources)),
        coverage=tuple(map(coverage_words, brief.coverage)),
        flagged=flagged,
    )


def otherwise_skipped(brief: Brief) -> tuple[Skipped, ...]:
    """What was skipped for another reason than that it is not the account's, which is listed on its own."""
    refused = {(a.url, f"not admitted: {a.reason}") for a in brief.admissions if not a.admitted}
    return tuple(s for s in brief.skipped if (s.url, s.reason) not in refused)


class _Setter:
    """Sets claims into lines; holds the look-ups that every line needs."""

    def __init__(self, brief: Brief, numbers: Mapping[str, int]) -> None:
        self.findings = {finding.id: finding for finding in brief.findings}
        self.numbers = numbers
        self.internal = internal_findings(brief)
        self.themes = {finding_id: theme.label for theme in reversed(brief.themes) for finding_id in theme.finding_ids}
        self.quotes = {document.id: document for document in brief.documents}

    def block(self, section: Section, claims: Sequence[Claim], *, first: bool) -> Block:
        lines = [self._line(section.name, claim) for claim in claims]
        _, room = PAGE_ONE.get(section.name, (0, 0))
        gaps = section.gaps[:room] if first else section.gaps[room:]
        return Block(
            name=section.name,
            title=section.title,
            lines=tuple(line for line in lines if line.holder not in ("customer", "industry")),
            customers=tuple(line for line in lines if line.holder == "customer"),
            industry=tuple(line for line in lines if line.holder == "industry"),
            gaps=tuple(gap_line(gap) for gap in gaps),
            left=len(section.claims) - len(claims) if first else 0,
            unsaid=0 if first else len(section.left_out),
        )

    def typical(self, theme: Theme) -> str:
        """The words of a theme's most typical member."""
        finding = self.findings.get(theme.medoid)
        return finding.text("phrase") or finding.text("summary") if finding else ""

    def _line(self, section: str, claim: Claim) -> Line:
        cited = [self.findings[finding_id] for finding_id in claim.finding_ids if finding_id in self.findings]
        themed = claim.finding_ids[:1] if section in ("pains", "goals") else ()
        theme = next((self.themes[finding_id] for finding_id in themed if finding_id in self.themes), "")
        shown = () if counts_only(claim) else claim.finding_ids
        line = set_line(section, claim, cited, theme, [self.numbers[finding_id] for finding_id in shown])
        word = ANALYSTS_WORD if claim.unverified else ""
        return replace(line, internal=marks(claim, self.internal), word=word)


def gap_line(gap: Gap) -> tuple[str, str]:
    """What is missing and why, and what closes it: a question to the account, or for our own profile what to do."""
    if gap.field == "seller":
        return "Our own profile is missing", gap.question
    return GAP_WORDS[gap.state], f"ask: {gap.question}"


def _events(brief: Brief) -> list[tuple[Finding, str]]:
    live = (f for f in brief.findings if f.kind == "event" and f.status not in ("rejected", "lapsed"))
    return [(finding, finding.text("type").replace("_", " ")) for finding in live if finding.confidence >= 0.4]


def _customers(theme: Theme, findings: Mapping[str, Finding]) -> bool:
    """Whether most of a theme is what the account solves for its customers."""
    holders = [findings[finding_id].text("holder") for finding_id in theme.finding_ids if finding_id in findings]
    return 2 * holders.count("customer") > len(holders)


def _listed(brief: Brief, documents: Mapping[str, Document], *, admitted: bool) -> tuple[Listed, ...]:
    fetched = dict(brief.fetched_at)
    reasons = {a.document_id: a for a in brief.admissions}
    chosen = [d for d in documents.values() if (d.id not in reasons or reasons[d.id].admitted) == admitted]
    listed = [_source(d, fetched.get(d.id, ""), reasons[d.id].reason if d.id in reasons else "") for d in chosen]
    unread = [a for a in brief.admissions if not a.admitted and a.document_id not in documents]
    return (*listed, *(_unread(a.url, a.reason) for a in unread)) if not admitted else tuple(listed)


def _source(document: Document, fetched_at: str, reason: str) -> Listed:
    return Listed(
        title=document.title or document.url,
        url=document.url,
        link=safe_link(document.url),
        published=(document.published or "")[:10],
        seen=fetched_at[:10],
        words=len(document.text.split()),
        page_type=document.page_type.replace("_", " "),
        low_trust=document.trust == "low",
        reason=reason,
        attribution=document.meta("attribution") or "",
        internal=is_internal(document),
    )


def _unread(url: str, reason: str) -> Listed:
    link = safe_link(url)
    return Listed(
        title=url, url=url, link=link, published="", seen="", words=0, page_type="", low_trust=False, reason=reason
    )  # fmt: skip
