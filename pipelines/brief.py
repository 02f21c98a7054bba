"""The main job: collect, extract, analyse, resolve, cluster, draft, export, for one account."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

from pipelines.bootstrap import Workspace
from pipelines.collecting import Collected, collect
from pipelines.internet import Reach
from pipelines.making import assemble, make, stored_brief
from pipelines.models import Models, load_models
from pipelines.news import with_news
from pipelines.reading import read_account
from pipelines.source_states import internal_documents, note_health, page_types_of, shown, with_sources
from pipelines.standing import note_standing, standing, still_stands, untouched_stages
from pipelines.target import Target, find_target, identified, with_own
from research.errors import DossierError, StoreError
from research.export.write import write_brief
from research.model.account import Seller
from research.model.capture import Skipped
from research.model.draft import Brief
from research.run.report import RunReport, summarise
from research.run.stage import StageReport
from research.sources.choosing import named_kinds
from research.store.accounts import forget_unread, load_seller
from research.store.lock import hold_lock
from research.store.meetings import MeetingDay, save_meetings
from research.store.runs import finish_run, save_skipped, start_run
from research.store.unfinished import end_visit, forget_visit
from research.store.visits import note_begun
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
    meeting: str | None = None  # the ISO date of a meeting with the account, past or to come
    partial: bool = False  # only some of the account's sources are read, the others stand as they were
    stands_days: int = 1  # for so many days a brief whose every input is as it was is left alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A finished brief, where it was written, and the report of the run; `load` gives the brief, which is only read
    from the store where it stands as it was."""

    load: Callable[[], Brief]
    paths: tuple[Path, ...]
    report: RunReport

    @property
    def brief(self) -> Brief:
        """The brief."""
        return self.load()


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
            save_meetings(workspace.store, target.account.id, [MeetingDay(day=d) for d in (order.meeting,) if d])
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
    run = _Run(order, workspace)
    note_begun(workspace.store, target.account.id, (s.kind for s in target.sources), workspace.clock())
    collected = collect(target, workspace, Reach(allowed=order.allowed_hosts, played=order.played_hosts))
    save_skipped(workspace.store, run.id, target.account.id, collected.skipped)
    loaded, seller = models(workspace), load_seller(workspace.store)
    out = order.out or Path("out") / collected.account.id
    state = standing(collected.account, collected, order, workspace, loaded, seller)
    paths = tuple(out / f"brief.{name}" for name in dict.fromkeys(order.formats))
    if still_stands(collected.account, state, paths, order, workspace):
        note_health(collected.account.id, collected.states, workspace)
        report = run.end((collected.report, *untouched_stages(collected.account, workspace)), collected.skipped)
        return Outcome(load=cache(partial(_stored, collected.account.id, workspace)), paths=paths, report=report)
    brief, reports = _made(collected, order, workspace, loaded, seller)
    paths = write_brief(brief, out, order.formats)
    state = standing(replace(brief.account, identifiers=collected.account.identifiers), collected, order, workspace,
                     loaded, seller)  # fmt: skip
    note_standing(brief.account, state, paths, order, workspace)
    return Outcome(load=lambda: brief, paths=paths, report=run.end((collected.report, *reports), brief.skipped))


def _made(
    collected: Collected, order: Order, workspace: Workspace, models: Models, seller: Seller | None
) -> tuple[Brief, tuple[StageReport, ...]]:
    """The brief of what was collected, and how the stages went."""
    as_of = order.as_of or workspace.today
    read = read_account(collected.account, workspace, models, until=as_of, seller=seller)
    skipped = (*collected.skipped, *read.later, *(s for report in read.reports for s in report.failed))
    _require_documents(read.admitted, read.admissions, skipped, order)
    hidden = frozenset() if order.internal else internal_documents(read.documents)
    searched, refused = page_types_of(collected.states, workspace)
    blocked = _blocked(skipped) | refused
    made = make(read, workspace, seller, as_of=as_of, blocked=blocked, searched=searched, hidden=hidden)
    left = shown(skipped, order.internal)
    brief = assemble(read.without(hidden), made, workspace, left, as_of=as_of, internal=order.internal)
    brief = with_sources(brief, collected.states, workspace, internal=order.internal, partial=order.partial)
    return with_news(brief, workspace, internal=order.internal), (*read.reports, *made.reports)


class _Run:
    """The stored report of one run."""

    def __init__(self, order: Order, workspace: Workspace) -> None:
        self._command, self._workspace, self._started = f"brief {order.target}", workspace, workspace.clock()
        self.id = start_run(workspace.store, self._command, self._started)

    def end(self, stages: tuple[StageReport, ...], skipped: tuple[Skipped, ...]) -> RunReport:
        """The report, closed and stored."""
        ended = self._workspace.clock()
        report = RunReport(command=self._command, started=self._started, ended=ended, stages=stages, skipped=skipped)
        finish_run(self._workspace.store, self.id, ended, summarise(report))
        return report


def _stored(account_id: str, workspace: Workspace) -> Brief:
    brief = stored_brief(account_id, workspace)
    if brief is None:
        raise DossierError(f"the brief of {account_id} is no longer in the store: make it again")
    return brief


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
