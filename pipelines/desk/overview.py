"""What the overview of an account shows: coverage, events in time, themes, conflicts, and what is at hand."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.changes import say
from pipelines.desk.evidence import headline, present_findings
from pipelines.desk.portfolio import FILLED, meetings
from research.export.figures import Tile, Timeline, timeline, treemap
from research.export.looked import FIELDS
from research.model.account import Account
from research.model.draft import Coverage, Section
from research.model.finding import Conflict, Finding, Theme
from research.store.documents import current_document_ids
from research.store.drafts import load_draft
from research.store.runs import last_run

EVENTS_SHOWN: Final = 20
MEMBERS_SHOWN: Final = 6  # of a theme, below its label
SURE: Final = 0.4  # events that are less sure stay out of the drawing, as in the brief
_DAY: Final = re.compile(r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])", re.ASCII)
GLANCE: Final = (("snapshot", 6), ("why_now", 4))
"""Lines of the draft that the overview repeats, by section."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """A theme with its first members as (finding id, words), and whose pains it is of."""

    theme: Theme
    members: tuple[tuple[str, str], ...]
    customers: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disputed:
    """A conflict with the findings that differ as (id, words, confidence)."""

    conflict: Conflict
    sides: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """Everything on the page."""

    drafted: bool
    documents: int
    counts: tuple[tuple[str, int], ...]
    read: str
    last_meeting: str
    next_meeting: str
    glance: tuple[tuple[str, tuple[str, ...]], ...]
    coverage: tuple[tuple[Coverage, str], ...]
    filled: int
    timeline: Timeline | None
    recent: bool
    events: tuple[Finding, ...]
    undrawn: int
    tiles: tuple[Tile, ...]
    themes: tuple[Grouped, ...]
    conflicts: tuple[Disputed, ...]


def overview(account: Account, workspace: Workspace) -> Overview:
    """The account from the store, under the analysts' decisions; nothing is drafted anew."""
    store = workspace.store
    findings = present(account, workspace)
    known = {f.id: f for f in findings}
    coverage = load_draft(store, account.id, Coverage) or ()
    themes = tuple(_grouped(theme, known) for theme in load_draft(store, account.id, Theme) or ())
    events = sorted((f for f in findings if f.kind == "event"), key=lambda f: (f.text("date"), f.id), reverse=True)
    drawn = [(f, f.text("type").replace("_", " ")) for f in events if f.confidence >= SURE]
    last, coming = meetings(workspace, account.id)
    recent = timeline(drawn, workspace.today)
    sections = load_draft(store, account.id, Section)
    counts = Counter(f.kind for f in findings)
    return Overview(
        drafted=sections is not None,
        documents=len(current_document_ids(store, account.id)),
        counts=tuple(sorted(counts.items(), key=lambda item: -item[1])),
        read=(last_run(store, account.id) or "")[:10],
        last_meeting=last,
        next_meeting=coming,
        glance=_glance(sections or ()),
        coverage=tuple((c, FIELDS[c.state]) for c in coverage),
        filled=sum(c.state in FILLED for c in coverage),
        timeline=recent or _older(drawn),
        recent=recent is not None,
        events=tuple(events[:EVENTS_SHOWN]),
        undrawn=max(0, len(events) - EVENTS_SHOWN),
        tiles=treemap([(g.theme.label, len(g.theme.finding_ids), g.customers) for g in themes]),
        themes=themes,
        conflicts=tuple(_disputed(conflict, known) for conflict in load_draft(store, account.id, Conflict) or ()),
    )


def _older(events: Sequence[tuple[Finding, str]]) -> Timeline | None:
    """The drawing up to the newest dated event, for pages that are older than what the drawing reaches back."""
    newest = max((f.text("date") for f, _ in events if _DAY.fullmatch(f.text("date"))), default="")
    return timeline(events, newest) if newest else None


def present(account: Account, workspace: Workspace) -> tuple[Finding, ...]:
    """The account's findings that were not rejected."""
    return tuple(f for f in present_findings(account.id, workspace) if f.status != "rejected")


def _glance(sections: tuple[Section, ...]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    by_name = {section.name: section for section in sections}
    return tuple(
        (by_name[name].title, tuple(claim.text for claim in by_name[name].claims[:room]))
        for name, room in GLANCE
        if name in by_name and by_name[name].claims
    )


def _grouped(theme: Theme, known: dict[str, Finding]) -> Grouped:
    members = [known[finding_id] for finding_id in theme.finding_ids if finding_id in known]
    holders = [f.text("holder") for f in members]
    return Grouped(
        theme=theme,
        members=tuple((f.id, headline(f)) for f in members[:MEMBERS_SHOWN]),
        customers=2 * holders.count("customer") > len(holders),
    )


def _disputed(conflict: Conflict, known: dict[str, Finding]) -> Disputed:
    sides = [known[finding_id] for finding_id in conflict.finding_ids if finding_id in known]
    return Disputed(
        conflict=conflict,
        sides=tuple((f.id, " ".join(filter(None, (say(f), f.text("period")))), f"{f.confidence:.2f}") for f in sides),
    )
