"""Sites that are read ahead of their turn, so that a refresh of many accounts never waits for one slow server."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from research.model.account import Source
from research.run.executor import Pending
from research.store.bodies import body
from research.store.captures import latest_by_url
from research.text.urls import host

if TYPE_CHECKING:
    from pipelines.bootstrap import Workspace
    from pipelines.internet import Reach
    from pipelines.tasks import Visit, Visited

_REMOTE: Final = 16  # sites whose answers may wait for a cluster's writer; of 200 pages each they are some 100 MB


class Ahead:
    """Visits under way, by source; at no time two of one host."""

    def __init__(self) -> None:
        self._waiting: list[Source] = []
        self._going: dict[str, tuple[str, Pending[Visited]]] = {}

    def plan(self, sources: Iterable[Source]) -> None:
        """The sites that a run will ask for, in the order in which it will."""
        self._waiting = [source for source in sources if source.kind == "site"]

    def take(self, source: Source, workspace: Workspace, reach: Reach) -> Pending[Visited] | None:
        """The visit of a site, started now where it was not before; None where it is better read as it comes: one site
        alone on this machine is stored page by page."""
        planned = bool(self._waiting or self._going)
        self._waiting = [s for s in self._waiting if s.id != source.id]
        if source.id not in self._going and (workspace.executor.remote or planned):
            self._start(source, workspace, reach)
        found = self._going.pop(source.id, None)
        self._refill(workspace, reach)
        return found[1] if found else None

    def _refill(self, workspace: Workspace, reach: Reach) -> None:
        busy = {name for name, _ in self._going.values()}
        most = max(workspace.settings.sites_at_once, _REMOTE if workspace.executor.remote else 1)
        for source in list(self._waiting):
            if len(self._going) >= most:
                return
            if host(source.url) not in busy:
                self._start(source, workspace, reach)
                busy.add(host(source.url))
                self._waiting.remove(source)

    def _start(self, source: Source, workspace: Workspace, reach: Reach) -> None:
        from pipelines.tasks import visit_site, visit_with

        remote = workspace.executor.remote
        task = visit_site if remote else partial(visit_with, workspace.internet)
        visit = _visit(source, workspace, reach)
        self._going[source.id] = (host(source.url), workspace.executor.visit(task, visit, host(source.url)))


def _visit(source: Source, workspace: Workspace, reach: Reach) -> Visit:
    from pipelines.tasks import Visit

    known = tuple(latest_by_url(workspace.store, source.id).values())
    internet = workspace.internet
    return Visit(
        source=source,
        known=known,
        bodies={sha: zlib.compress(body(workspace.store, sha), 1) for sha in {c.body_sha256 for c in known}},
        settings=workspace.settings,
        policies=internet.policies,
        resolve=internet.resolve,
        allowed=internet.allowed_hosts,
        reach=reach,
        clock=workspace.clock,
    )
