"""How the sources of a run went, as the brief tells it and as the store keeps it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from pipelines.bootstrap import Workspace
from research.draft.coverage import cover
from research.export.internal import is_internal
from research.model.capture import Skipped
from research.model.document import Document
from research.model.draft import Brief, Coverage, SourceState
from research.store.accounts import sources_of
from research.store.captures import load_capture
from research.store.drafts import load_draft, save_draft
from research.store.health import save_health
from research.store.visits import note_visits

_READ: Final = frozenset({"read", "unchanged"})
_REFUSED: Final = frozenset({"blocked", "down"})
_LOCAL: Final = frozenset({"warc", "file", "folder"})


def page_types_of(states: Sequence[SourceState], workspace: Workspace) -> tuple[frozenset[str], frozenset[str]]:
    """The page types whose like was read through source kinds, and those that refused or were down."""
    policies = workspace.internet.policies
    groups: tuple[set[str], set[str]] = (set(), set())
    for state in states:
        pages = policies[state.kind].pages if state.kind in policies else ()
        for group, wanted in zip(groups, (_READ, _REFUSED), strict=True):
            group.update(pages if state.state in wanted else ())
    return frozenset(groups[0]), frozenset(groups[1])


def with_sources(
    brief: Brief, states: Sequence[SourceState], workspace: Workspace, *, internal: bool = True, partial: bool = False
) -> Brief:
    """The brief with its sources and coverage map, both kept in the store beside each source's health; the team's own
    files are named only with `internal`. Of a `partial` visit the other sources stand as they went last."""
    note_health(brief.account.id, states, workspace)
    if partial:
        asked = {state.kind for state in states}
        former = load_draft(workspace.store, brief.account.id, SourceState) or ()
        states = (*states, *(state for state in former if state.kind not in asked))
    states = [state for state in states if internal or state.kind != "own"]
    store, account = workspace.store, brief.account
    may_fill = {policy.name: policy.fields for policy in workspace.internet.policies.values()}
    may_fill |= dict.fromkeys(_LOCAL, may_fill["site"])  # files and archives hold what pages hold
    coverage = cover(brief.findings, brief.conflicts, states, may_fill=may_fill, kind_of=_kinds(brief, workspace))
    save_draft(store, account.id, SourceState, tuple(states), "")
    save_draft(store, account.id, Coverage, coverage, "")
    return replace(brief, sources=tuple(states), coverage=coverage)


def note_health(account_id: str, states: Sequence[SourceState], workspace: Workspace) -> None:
    """Keep how an account's sources went."""
    save_health(workspace.store, account_id, states, workspace.clock())
    note_visits(workspace.store, account_id, states, workspace.clock())


def _kinds(brief: Brief, workspace: Workspace) -> dict[str, str]:
    """The source kind of each document: of the source that its capture came through."""
    sources = {source.id: source.kind for source in sources_of(workspace.store, brief.account.id)}
    captures = ((d.id, load_capture(workspace.store, d.capture_id)) for d in brief.documents)
    return {document_id: sources.get(c.source_id, "site") for document_id, c in captures if c is not None}


def internal_documents(documents: Iterable[Document]) -> frozenset[str]:
    """The ids of the team's own documents."""
    return frozenset(document.id for document in documents if is_internal(document))


def shown(skipped: tuple[Skipped, ...], internal: bool) -> tuple[Skipped, ...]:
    """What was left out, without the names of the team's own files where those are not meant to be seen."""
    return skipped if internal else tuple(s for s in skipped if not s.url.startswith("own:"))
