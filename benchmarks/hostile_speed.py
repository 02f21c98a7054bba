"""What the guards cost: pages a second of the same run with all of them and with none."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol, Self
from unittest.mock import patch

import httpx

from benchmarks.figure import Figure, Row
from pipelines.bootstrap import Workspace, open_workspace
from pipelines.collecting import collect
from pipelines.internet import Internet, Reach
from pipelines.reading import extract
from pipelines.target import find_target
from research.model.capture import Fetched, Request, Skipped
from research.net.media import declared
from research.store.captures import latest_by_url
from tests.hostile.farm import farm
from tests.hostile.visits import NOW

_ROUNDS: Final = 3
_SHARE: Final = 0.9


class _Unguarded:
    """The client that a hurried programmer would write: it asks for what it is told to, and believes what it gets."""

    def __init__(self, host: str, port: int) -> None:
        self._http = httpx.Client(follow_redirects=True, timeout=60.0)
        self._names = (f"//{host}:{port}", f"//127.0.0.1:{port}")
        self._host = f"{host}:{port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *rest: object) -> None:
        self._http.close()

    def fetch(self, request: Request) -> Fetched | Skipped:
        answer = self._http.get(request.url.replace(*self._names), headers={"Host": self._host, "Connection": "close"})
        if answer.status_code != 200:
            return Skipped(url=request.url, reason=f"HTTP {answer.status_code}")
        media_type, charset = declared(answer.headers.get("content-type", ""))
        return Fetched(
            url=request.url, final_url=request.url, fetched_at=NOW, status=200, media_type=media_type,
            body=answer.content, charset=charset,
        )  # fmt: skip

    def sitemaps(self, url: str) -> tuple[str, ...]:
        del url
        return ()


class _Stage(Protocol):
    def __call__(self, workspace: Workspace, host: str, port: int) -> int: ...


def _measure(stage: _Stage) -> Figure:
    """Both in turn, the one that goes first too, since caches warm up; the better time of each counts."""
    guarded, bare, pages = [], [], 0
    with farm() as port:
        for number in range(_ROUNDS + 1):
            host = f"library-{number}.example"
            first = _timed(stage, host, port)
            with _without_guards(host, port):
                second = _timed(stage, host, port)
            pages = first[1]
            if number and first[1] == second[1]:
                guarded.append(first)
                bare.append(second)
    cpu = min(run[2] for run in bare) / min(run[2] for run in guarded)
    rate, plain = (pages / min(run[0] for run in runs) for runs in (guarded, bare))
    note = f"{rate:.1f} pages a second with all guards, {plain:.1f} with none: {rate / plain:.3f} (goal ≥ {_SHARE}); "
    note += f"by CPU time {cpu:.3f}"
    return Figure(tried=pages * _ROUNDS * 2, failures=int(rate / plain < _SHARE), note=note)


def _timed(stage: _Stage, host: str, port: int) -> tuple[float, int, float]:
    """Seconds, pages, and CPU seconds of this process, with a store that is thrown away."""
    with tempfile.TemporaryDirectory() as home, open_workspace(Path(home), lambda: NOW) as workspace:
        internet = Internet(policies={}, resolve=_this_machine, allowed_hosts=((host, port),))
        start, used = time.perf_counter(), time.process_time()
        pages = stage(replace(workspace, internet=internet), host, port)
        return time.perf_counter() - start, pages, time.process_time() - used


def _this_machine(host: str, port: int) -> tuple[str, ...]:
    del host, port
    return ("127.0.0.1",)


@contextmanager
def _without_guards(host: str, port: int) -> Iterator[None]:
    def client(*_: object) -> _Unguarded:
        return _Unguarded(host, port)

    with patch.object(Internet, "client", client):
        yield


def _collect(workspace: Workspace, host: str, port: int) -> int:
    target = find_target(workspace.store, f"http://{host}:{port}/", (), max_pages=200, kinds=("site",))
    collect(target, workspace, Reach())
    return len(latest_by_url(workspace.store, target.sources[0].id))


def _collect_and_extract(workspace: Workspace, host: str, port: int) -> int:
    target = find_target(workspace.store, f"http://{host}:{port}/", (), max_pages=200, kinds=("site",))
    collect(target, workspace, Reach())
    extract(target.account, workspace)
    return len(latest_by_url(workspace.store, target.sources[0].id))


ROWS: Final[Mapping[str, Row]] = {
    "speed-collect": lambda: _measure(_collect),
    "speed-run": lambda: _measure(_collect_and_extract),
}
