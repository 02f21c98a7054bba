"""The collect stage of one account: every source read, every answer stored as it arrives."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.collect_warcs import READ_ONCE
from pipelines.collecting_kinds import in_order, name_now, read_kind, site_of_account, state_of
from pipelines.gather import GatherReport, HomeUnreadError, Keep, gather_files, gather_replay, gather_site
from pipelines.internet import Reach
from pipelines.known_readings import KnownReadings
from pipelines.own import known_to_crm, read_own
from pipelines.resuming import Memory, Remembering
from pipelines.target import Target
from pipelines.tasks import Visited
from research.errors import DossierError
from research.model.account import Account, Source
from research.model.capture import Capture, Fetched, Skipped
from research.model.draft import SourceState
from research.net.archive import open_archive
from research.run.stage import StageReport
from research.sources.registry import KINDS
from research.store.bodies import body
from research.store.captures import keep_many, latest_by_url, touch
from research.store.unfinished import OpenVisit, known_before, open_visit
from research.text.hashing import sha256_bytes
from research.text.urls import registrable_domain


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a run of the collect stage gave: the account with what sources taught of it, and how each source went."""

    account: Account
    report: StageReport
    skipped: tuple[Skipped, ...]
    states: tuple[SourceState, ...]


def collect(target: Target, workspace: Workspace, reach: Reach) -> Collected:
    """Read the target's sources into captures; what a source did not give is listed. A source that fails as a whole
    raises where it is the only one and nothing of it is stored yet, and is listed otherwise.

    The account learns as it goes: a register's identifiers lead to the next, its website to the site's own pages.
    """
    start = time.perf_counter()
    tally = _Tally(workspace, open_visit(workspace.store, target.account.id, workspace.clock()))
    account, states = target.account, []
    waiting = in_order(target.sources, target.kinds)
    while waiting:
        name, source = waiting.pop(0)
        if name in KINDS:
            account, state = read_kind(name, account, workspace, tally, reach)
            states.append(state)
            continue
        source = source or site_of_account(account, workspace)
        if source is None and any(later in KINDS for later, _ in waiting):
            waiting.insert(next(i for i, (later, _) in enumerate(waiting) if later in KINDS) + 1, (name, None))
            continue
        if source is None:
            unknown = "no address of a site is known; give it in place of the name"
            title = "The company's own site"
            tally.skip(Skipped(url=title, reason=unknown))
            states.append(SourceState(kind=name, title=title, state="not_found", reason=unknown))
            continue
        if source.kind == "site":
            account = replace(account, domains=account.domains or (registrable_domain(source.url),))
        account = known_to_crm(account) if source.kind == "own" else account
        states.append(_read_one(source, replace(target, account=account), workspace, tally, reach))
        if account.name in account.domains and waiting:
            account = name_now(account, workspace)
    report = StageReport(
        name="collect", done=tally.new, reused=tally.same, failed=(), seconds=time.perf_counter() - start
    )
    return Collected(account=account, report=report, skipped=tuple(tally.skipped), states=tuple(states))


def _read_one(source: Source, target: Target, workspace: Workspace, tally: _Tally, reach: Reach) -> SourceState:
    """One site, archive or folder; how it went."""
    before, left_out = tally.new + tally.same, len(tally.skipped)
    title = source.url if source.kind == "site" else f"{source.kind} {Path(source.url).name}"
    reason = ""
    try:
        _read_source(source, target, workspace, tally, reach)
    except DossierError as error:
        alone = len(target.sources) + len(target.kinds) == 1
        if alone and not latest_by_url(workspace.store, source.id):
            raise
        reason = error.reason if isinstance(error, HomeUnreadError) else str(error)
        tally.skip(Skipped(url=source.url, reason=reason))
    kept = tally.new + tally.same - before
    state = state_of(kept, [s.reason for s in tally.skipped[left_out:]])
    return SourceState(kind=source.kind, title=title, state=state, reason=reason, answers=kept)


_BUFFER: Final = 50  # answers of archives and files that share a commit: one each costs ten times as much


class _Tally:
    """Keeps what arrives and counts what of it was new."""

    def __init__(self, workspace: Workspace, visit: OpenVisit) -> None:
        self._workspace = workspace
        self.visit = visit
        self.new = 0
        self.same = 0
        self.skipped: list[Skipped] = []

    def keep(self, source: Source, answers: Sequence[Fetched], known: Mapping[str, Capture]) -> None:
        for capture in keep_many(self._workspace.store, source.id, answers, live=source.kind == "site"):
            self.count(known.get(capture.url), capture.body_sha256)

    def touch(self, source: Source, url: str) -> None:
        touch(self._workspace.store, source.id, url, self._workspace.clock())
        self.same += 1

    def count(self, before: Capture | None, body_sha256: str) -> None:
        """Count a page that is stored."""
        if before is not None and before.body_sha256 == body_sha256:
            self.same += 1
        else:
            self.new += 1

    def skip(self, skipped: Skipped) -> None:
        self.skipped.append(skipped)

    def tell(self, done: int, most: int, what: str) -> None:
        del what
        if self._workspace.progress is not None:
            self._workspace.progress.advanced("collect", done, most)


def _read_source(source: Source, target: Target, workspace: Workspace, tally: _Tally, reach: Reach) -> GatherReport:
    if source.kind == "site":
        return _read_site(source, workspace, tally, reach)
    known = latest_by_url(workspace.store, source.id)
    path = Path(source.url)
    if READ_ONCE in source.options and known:  # `dossier collect` read the file; it may be gone by now
        tally.same += len(known)
        return GatherReport(home=source.url, kept=0, unchanged=len(known), skipped=0)
    if not path.exists():
        raise DossierError(f"{source.url}: the file is no longer there; give its new place with --from")
    if source.kind == "own":
        return _read_own(source, path, target.account, workspace, tally)
    buffer: list[Fetched] = []

    def keep_some(fetched: Fetched) -> None:
        buffer.append(fetched)
        if len(buffer) >= _BUFFER:
            tally.keep(source, buffer, known)
            buffer.clear()

    try:
        return _read_local(source, path, target.account.domains, workspace, keep_some, tally)
    finally:
        tally.keep(source, buffer, known)


def _read_site(source: Source, workspace: Workspace, tally: _Tally, reach: Reach) -> GatherReport:
    store = workspace.store
    known = known_before(store, source.id, tally.visit)
    pending = workspace.ahead.take(source, workspace, reach)
    if pending is not None:
        return _keep_visit(source, pending.result(), tally, known)
    memory = Memory(store, tally.visit, source.id)
    making = workspace.internet.client(workspace.settings, workspace.clock, reach, memory.of_robots)
    readers = KnownReadings(workspace.children.readers, store, source.id)
    with making as internet:
        client = Remembering(internet, memory)

        def keep(fetched: Fetched) -> None:
            before = known.get(fetched.url)
            client.kept(
                lambda: tally.keep(source, (fetched,), known), lambda: tally.count(before, sha256_bytes(fetched.body))
            )

        def unchanged(url: str) -> None:
            client.kept(lambda: tally.touch(source, url), lambda: tally.count(known[url], known[url].body_sha256))

        report = gather_site(
            source,
            client,
            known=known,
            keep=keep,
            unchanged=unchanged,
            skip=tally.skip,
            progress=tally.tell,
            stored=lambda capture: body(store, capture.body_sha256),
            readers=readers,
        )
        memory.settle()
        readers.settle()
        return report


def _keep_visit(source: Source, visited: Visited, tally: _Tally, known: Mapping[str, Capture]) -> GatherReport:
    """Stores what a visit gave, some answers at a time."""
    before, left_out = tally.new + tally.same, len(tally.skipped)
    buffer: list[Fetched] = []
    for event in visited.events:
        if isinstance(event, Fetched):
            buffer.append(event)
        elif isinstance(event, Skipped):
            tally.skip(event)
        else:
            tally.touch(source, event)
        if len(buffer) >= _BUFFER:
            tally.keep(source, buffer, known)
            buffer.clear()
    tally.keep(source, buffer, known)
    if visited.error is not None:
        raise DossierError(visited.error)
    kept, skipped = tally.new + tally.same - before, len(tally.skipped) - left_out
    return GatherReport(home=source.url, kept=kept, unchanged=0, skipped=skipped)


def _read_own(source: Source, path: Path, account: Account, workspace: Workspace, tally: _Tally) -> GatherReport:
    known = latest_by_url(workspace.store, source.id)
    answers: list[Fetched] = []
    for answer in read_own(path, account, workspace):
        if isinstance(answer, Skipped):
            tally.skip(answer)
        else:
            answers.append(answer)
    tally.keep(source, answers, known)
    return GatherReport(home=source.url, kept=len(answers), unchanged=0, skipped=0)


def _read_local(
    source: Source, path: Path, domains: tuple[str, ...], workspace: Workspace, keep: Keep, tally: _Tally
) -> GatherReport:
    if source.kind == "warc":
        return gather_replay(
            source, open_archive(path), keep=keep, skip=tally.skip, domains=domains, progress=tally.tell
        )
    return gather_files(
        path, fetched_at=workspace.clock(), keep=keep, skip=tally.skip, domains=domains, progress=tally.tell
    )
