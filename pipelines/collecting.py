"""The collect stage of one account: every source read, every answer stored as it arrives."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from pipelines.bootstrap import Reach, Workspace, net_settings
from pipelines.gather import GatherReport, Keep, gather_files, gather_replay, gather_site
from pipelines.target import Target
from research.errors import DossierError
from research.model.account import Source
from research.model.capture import Capture, Fetched, Skipped
from research.net.client import Client
from research.net.replay import open_warc
from research.run.stage import StageReport
from research.store.bodies import body
from research.store.captures import keep_many, latest_by_url, touch


def collect(target: Target, workspace: Workspace, reach: Reach) -> tuple[StageReport, tuple[Skipped, ...]]:
    """Read the target's sources into captures; what a source did not give is listed. A source that fails as a whole
    raises where it is the only one and nothing of it is stored yet, and is listed otherwise."""
    start = time.perf_counter()
    tally = _Tally(workspace)
    for source in target.sources:
        try:
            _read_source(source, target, workspace, tally, reach)
        except DossierError as error:
            if len(target.sources) == 1 and not latest_by_url(workspace.store, source.id):
                raise
            tally.skip(Skipped(url=source.url, reason=str(error)))
    report = StageReport(
        name="collect", done=tally.new, reused=tally.same, failed=(), seconds=time.perf_counter() - start
    )
    return report, tuple(tally.skipped)


_BUFFER: Final = 50  # answers of archives and files that share a commit: one each costs ten times as much


class _Tally:
    """Keeps what arrives and counts what of it was new."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self.new = 0
        self.same = 0
        self.skipped: list[Skipped] = []

    def keep(self, source: Source, answers: Sequence[Fetched], known: Mapping[str, Capture]) -> None:
        for capture in keep_many(self._workspace.store, source.id, answers):
            before = known.get(capture.url)
            if before is not None and before.body_sha256 == capture.body_sha256:
                self.same += 1
            else:
                self.new += 1

    def touch(self, source: Source, url: str) -> None:
        touch(self._workspace.store, source.id, url, self._workspace.clock())
        self.same += 1

    def skip(self, skipped: Skipped) -> None:
        self.skipped.append(skipped)

    def tell(self, done: int, most: int, what: str) -> None:
        del what
        if self._workspace.progress is not None:
            self._workspace.progress.advanced("collect", done, most)


def _read_source(source: Source, target: Target, workspace: Workspace, tally: _Tally, reach: Reach) -> GatherReport:
    known = latest_by_url(workspace.store, source.id)
    if source.kind == "site":
        return _read_site(source, workspace, tally, known, reach)
    path = Path(source.url)
    if not path.exists():
        raise DossierError(f"{source.url}: the file is no longer there; give its new place with --from")
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


def _read_site(
    source: Source,
    workspace: Workspace,
    tally: _Tally,
    known: Mapping[str, Capture],
    reach: Reach,
) -> GatherReport:
    with Client(net_settings(workspace.settings, reach), now=workspace.clock) as client:
        return gather_site(
            source,
            client,
            known=known,
            keep=lambda fetched: tally.keep(source, (fetched,), known),
            unchanged=lambda url: tally.touch(source, url),
            skip=tally.skip,
            progress=tally.tell,
            stored=lambda capture: body(workspace.store, capture.body_sha256),
        )


def _read_local(
    source: Source, path: Path, domains: tuple[str, ...], workspace: Workspace, keep: Keep, tally: _Tally
) -> GatherReport:
    if source.kind == "warc":
        return gather_replay(source, open_warc(path), keep=keep, skip=tally.skip, domains=domains, progress=tally.tell)
    return gather_files(
        path, fetched_at=workspace.clock(), keep=keep, skip=tally.skip, domains=domains, progress=tally.tell
    )
