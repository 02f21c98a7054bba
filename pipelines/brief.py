"""The main job: collect, extract, analyse, resolve, cluster, draft, export, for one account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipelines.bootstrap import Workspace
from pipelines.collecting import collect
from pipelines.internet import Reach
from pipelines.making import assemble, make
from pipelines.models import Models, load_models
from pipelines.reading import read_account
from pipelines.source_states import internal_documents, page_types_of, shown, with_sources
from pipelines.target import Target, find_target, identified, with_own
from research.errors import DossierError, StoreError
from research.export.write import write_brief
from research.model.capture import Skipped
from research.model.draft import Brief
from research.run.report import RunReport, summarise
from research.sources.choosing import named_kinds
from research.store.accounts import forget_unread, load_seller
from research.store.lock import hold_lock
from research.store.runs import finish_run, save_skipped, start_run
from research.store.unfinished import end_visit, forget_visit
from research.text.pages import page_type


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What the user asks for; `as_of` is an ISO date, today where it is None; `out` a folder."""

    target: str
    sources: tuple[str, ...] = ()
    out: Path | None = None
    formats: tuple[str, ...] = ("html", "md", "json")
    as_of: str | None = None
    max_pages: int | None = None
    allowed_hosts: tuple[tuple[str, int], ...] = ()
    played_hosts: tuple[tuple[str, int], ...] = ()
    kinds: tuple[str, ...] | None = None  # source kinds; None: the site of an address, the default kinds for a name
    identifiers: tuple[tuple[str, str], ...] = ()
    own: tuple[str, ...] = ()  # the team's own files and folders
    internal: bool = True  # whether the team's own documents may stand in the brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished brief, where it was written, and the report of the run."""

    brief: Brief
    paths: tuple[Path, ...]
    report: RunReport


def make_brief(order: Order, workspace: Workspace, models: Callable[[Workspace], Models] | None = None) -> Outcome:
    """Run every stage for `order.target` and write the brief; DossierError where there is nothing to make one of."""
    with hold_lock(workspace.home):
        pages = order.max_pages or workspace.settings.max_pages
        kinds = order.kinds or (named_kinds(workspace.settings.sources) if workspace.settings.sources else None)
        kinds = None if order.sources else kinds  # files are read instead of the network, never beside it
        target = find_target(workspace.store, order.target, order.sources, max_pages=pages, kinds=kinds)
        try:
            target = with_own(workspace.store, target, order.own)
            target = replace(target, account=identified(target.account, order.identifiers))
            return brief_of(target, order, workspace, models or load_models)
        finally:
            if target.new:  # of an account that could not be read at all, nothing stays
                forget_unread(workspace.store, target.account.id)


def brief_of(target: Target, order: Order, workspace: Workspace, models: Callable[[Workspace], Models]) -> Outcome:
    """`make_brief` for an account and sources that are known already; the caller holds the lock.

    A visit that was broken off goes on where it was; one that came to its end, or to nothing, is forgotten.
    """
    try:
        outcome = _brief_of(target, order, workspace, models)
    except StoreError:
        raise
    except DossierError:  # what the sources answered led nowhere: the next run asks them anew
        forget_visit(workspace.store, target.account.id)
        raise
    end_visit(workspace.store, target.account.id)
    return outcome


def _brief_of(target: Target, order: Order, workspace: Workspace, models: Callable[[Workspace], Models]) -> Outcome:
    started = workspace.clock()
    run_id = start_run(workspace.store, f"brief {order.target}", started)
    collected = collect(target, workspace, Reach(allowed=order.allowed_hosts, played=order.played_hosts))
    skipped = collected.skipped
    save_skipped(workspace.store, run_id, target.account.id, skipped)
    as_of = order.as_of or workspace.today
    seller = load_seller(workspace.store)
    read = read_account(collected.account, workspace, models(workspace), until=as_of, seller=seller)
    skipped = (*skipped, *read.later, *(s for report in read.reports for s in report.failed))
    _require_documents(read.admitted, read.admissions, skipped, order)
    hidden = frozenset() if order.internal else internal_documents(read.documents)
    searched, refused = page_types_of(collected.states, workspace)
    blocked = _blocked(skipped) | refused
    made = make(read, workspace, seller, as_of=as_of, blocked=blocked, searched=searched, hidden=hidden)
    left = shown(skipped, order.internal)
    brief = assemble(read.without(hidden), made, workspace, left, as_of=as_of, internal=order.internal)
    brief = with_sources(brief, collected.states, workspace, internal=order.internal)
    paths = write_brief(brief, order.out or Path("out") / read.account.id, order.formats)
    report = RunReport(
        command=f"brief {order.target}",
        started=started,
        ended=workspace.clock(),
        stages=(collected.report, *read.reports, *made.reports),
        skipped=brief.skipped,
    )
    finish_run(workspace.store, run_id, report.ended, summarise(report))
    return Outcome(brief=brief, paths=paths, report=report)


def _blocked(skipped: Sequence[Skipped]) -> frozenset[str]:
    """The page types that a site refused to show."""
    return frozenset(page_type(s.url) for s in skipped if s.reason.startswith(("robots.txt", "blocked")))


def _require_documents(
    admitted: Sequence[object], admissions: Sequence[object], skipped: Sequence[Skipped], order: Order
) -> None:
    if admitted:
        return
    if admissions:
        first = next(a.reason for a in admissions if not a.admitted)  # type: ignore[attr-defined]
        raise DossierError(
            f"none of the {len(admissions)} documents is about {order.target!r} ({first}): check the name, or the files"
        )
    first_skip = next((s for s in skipped if s.reason.startswith("ambiguous")), skipped[0] if skipped else None)
    why = f"; the first reason: {first_skip.url}: {first_skip.reason}" if first_skip else ""
    raise DossierError(f"nothing could be read for {order.target!r}{why}")
