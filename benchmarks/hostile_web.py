"""Hostile servers: what a visit to each costs, what they cost the others, and what a bomb costs."""

from __future__ import annotations

import gzip
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from itertools import cycle, islice
from typing import Final

from benchmarks.figure import Figure, Row, data_folder, p99
from benchmarks.memory import peak, reset_peak
from research.collect.feeds import read_feed
from research.collect.sitemaps import read_sitemap
from research.model.capture import Fetched, Request, Skipped
from research.net.client import Client
from research.net.settings import NetSettings
from tests.hostile.farm import farm
from tests.hostile.faults import HOPELESS, PARTLY, TRAPS
from tests.hostile.faulty_server import Answer, Asked, serve, whole
from tests.hostile.visits import NOW, Visited, visit

_FAULTY: Final = {**HOPELESS, **PARTLY}
_GOOD: Final = 800
_BAD: Final = 200
_PAGES: Final = 4  # of a good site
_BUDGET: Final = 200  # pages of a visit by default
_WORKERS: Final = 256  # visits at once: those that wait for a bad server must not keep the others out
_BAD_SECONDS: Final = 60.0
_SLOWER: Final = 1.10
_BOMB_BYTES: Final = 64 << 20
_BOMB_SECONDS: Final = 1.0


def _each_fault() -> Figure:
    """Every faulty server by itself, under the limits of real visits, all at once."""
    with farm() as port:
        visits = list(_visit_all([f"{name}-0.example" for name in _FAULTY], port))
    wrong = [v.host for v in visits if v.seconds > _BAD_SECONDS or (v.host.rpartition("-")[0] in HOPELESS and v.kept)]
    told = [v for v in visits if v.error or v.skipped]
    note = f"each ≤ {_BAD_SECONDS:.0f} s and no page of what has none; {len(told)} say why in words"
    return _figure(visits, wrong, note)


def _each_trap() -> Figure:
    """Every site without end, one after the other: it ends within the budget and says why."""
    with farm() as port:
        visits = [visit(f"{name}-0.example", port) for name in TRAPS]
    wrong = [v.host for v in visits if v.seconds > _BAD_SECONDS or v.error or len(v.kept) > _BUDGET]
    kept = ", ".join(f"{v.host.rpartition('-')[0]} {len(v.kept)}" for v in visits)
    return _figure(visits, wrong, f"pages that were read of each (budget {_BUDGET}): {kept}")


def _among_good_ones() -> Figure:
    """The good sites alone and among the bad ones, twice each, with the pause between pages that real visits make; the
    better time of each counts."""
    good = [f"good-{number}.example" for number in range(_GOOD)]
    bad = [f"{name}-{number}.example" for number, name in enumerate(islice(cycle(_FAULTY), _BAD))]
    mixed = [host for four, one in zip(zip(*[iter(good)] * 4, strict=True), bad, strict=True) for host in (*four, one)]
    with farm() as port:
        _run(good[:40], port)  # warms up caches on both sides
        alone, among = [], []
        for _ in range(2):
            alone.append(_run(good, port))
            among.append(_run(mixed, port))
    ratio = min(run.good_seconds for run in among) / min(run.good_seconds for run in alone)
    visits = [v for run in among for v in run.visits]
    slow = [v.host for v in visits if not _is_good(v) and v.seconds > _BAD_SECONDS]
    short = [v.host for v in visits if _is_good(v) and len(v.kept) != _PAGES]
    worst = max(v.seconds for v in visits if not _is_good(v))
    cpu = min(run.cpu for run in among) / min(run.cpu for run in alone)
    note = f"good ones whole: {_GOOD * 2 - len(short)}/{_GOOD * 2}; their time among bad ones is {ratio:.3f} of alone "
    note += f"(goal ≤ {_SLOWER}; CPU time {cpu:.3f}; alone {min(run.good_seconds for run in alone):.1f} s); "
    note += f"the worst bad one took {worst:.1f} s (goal ≤ {_BAD_SECONDS:.0f})"
    wrong = [*slow, *short, *(["the ratio"] if ratio > _SLOWER else [])]
    return _figure(visits, wrong, note)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    visits: tuple[Visited, ...]
    good_seconds: float
    cpu: float


def _run(hosts: Sequence[str], port: int) -> _Run:
    """Visits all; the seconds until the last good one was done, on the clock and of this process."""
    start, used, done, last, cpu = time.perf_counter(), time.process_time(), [], 0.0, 0.0
    for visited in _visit_all(hosts, port, delay=1.0):
        done.append(visited)
        if _is_good(visited):
            last, cpu = time.perf_counter() - start, time.process_time() - used
    return _Run(visits=tuple(done), good_seconds=last, cpu=cpu)


def _is_good(visited: Visited) -> bool:
    return visited.host.startswith("good-")


def _visit_all(hosts: Sequence[str], port: int, delay: float = 0.0) -> Iterator[Visited]:
    with ThreadPoolExecutor(_WORKERS) as pool:
        for future in as_completed([pool.submit(visit, host, port, delay_seconds=delay) for host in hosts]):
            yield future.result()


def _figure(visits: Sequence[Visited], wrong: Sequence[str], note: str) -> Figure:
    seconds = [visited.seconds for visited in visits]
    note += f"; FAILED {', '.join(wrong[:8])}" if wrong else ""
    return Figure(tried=len(visits), failures=len(wrong), p99=p99(seconds), max=max(seconds), note=note)


_READERS: Final = {"sitemap": lambda body, url: read_sitemap(body), "feed": read_feed}  # noqa: ARG005 - as the other


def _bombs() -> Figure:
    """The gibibytes and Scrapy's bombs as page, feed, sitemap, PDF and robots.txt, and nested ones made here."""
    bombs = _read_bombs()
    cases = [(name, origin) for name in bombs for origin in ("link", "feed", "sitemap", "pdf", "robots")]

    def route(asked: Asked) -> Answer:
        name, _, origin = asked.path.strip("/").partition("/")
        if asked.path == "/robots.txt" and asked.host.startswith("bomb-"):
            name, origin = asked.host.partition(".")[0].removeprefix("bomb-"), "robots"
        if name not in bombs:
            return whole(404, {})
        encoding, body = bombs[name]
        kinds = {"pdf": "application/pdf", "link": "text/html", "robots": "text/plain"}
        return whole(200, {"Content-Type": kinds.get(origin, "application/xml"), "Content-Encoding": encoding}, body)

    results = []
    with serve(route) as served:
        _ask(served.port, "calm.example", "/nothing", "link")
        for name, origin in cases:
            host = f"bomb-{name}.example" if origin == "robots" else "calm.example"
            before, start = reset_peak(), time.process_time()
            answer = _ask(served.port, host, f"/{name}/{origin}", origin)
            if isinstance(answer, Fetched) and origin in _READERS:
                _READERS[origin](answer.body, answer.url)
            results.append((name, origin, answer, time.process_time() - start, peak() - before))
    over = max(grown for *_, grown in results)
    wrong = [
        f"{name} as {origin}: {seconds:.2f} s, {grown >> 20} MB"
        for name, origin, answer, seconds, grown in results
        if grown > _BOMB_BYTES or seconds > _BOMB_SECONDS or (isinstance(answer, Fetched) and name.startswith("gib"))
    ]
    seconds = [took for *_, took, _ in results]
    note = f"at most {over >> 20} MB over the baseline (goal ≤ {_BOMB_BYTES >> 20}), "
    note += f"each ≤ {_BOMB_SECONDS:.0f} s of CPU time; {len(bombs)} bombs, 1 GiB in four encodings among them"
    note += f"; FAILED {', '.join(wrong[:6])}" if wrong else ""
    return Figure(tried=len(results), failures=len(wrong), p99=p99(seconds), max=max(seconds), note=note)


def _this_machine(host: str, port: int) -> tuple[str, ...]:
    del host, port
    return ("127.0.0.1",)


def _ask(port: int, host: str, path: str, origin: str) -> Fetched | Skipped:
    settings = NetSettings(delay_seconds=0.0, allowed_hosts=((host, port),))
    with Client(settings, now=lambda: NOW, resolve=_this_machine) as client:
        return client.fetch(Request(url=f"http://{host}:{port}{path}", origin=origin.replace("pdf", "link")))


def _read_bombs() -> dict[str, tuple[str, bytes]]:
    hostile = data_folder() / "hostile"
    encodings = {"gzip": "gzip", "gzip2": "gzip, gzip", "br": "br", "zstd": "zstd"}
    bombs = {f"gib-{n}": (e, (hostile / "bombs" / f"zeros-1GiB.{n}").read_bytes()) for n, e in encodings.items()}
    for name in ("br", "deflate", "gzip", "zstd"):
        bombs[f"scrapy-{name}"] = (name, (hostile / "scrapy-bombs" / f"bomb-{name}.bin").read_bytes())
    once = gzip.compress(gzip.compress(bytes(200 << 20)))
    bombs["inner"] = ("gzip", once)  # the layer within is the body's own, as of a sitemap.xml.gz
    bombs["members"] = ("gzip", gzip.compress(bytes(1 << 20)) * 300)
    return bombs


ROWS: Final[Mapping[str, Row]] = {
    "faults": _each_fault,
    "traps": _each_trap,
    "servers": _among_good_ones,
    "bombs": _bombs,
}
