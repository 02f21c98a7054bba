"""Many accounts on a loopback server that knows 304: a first refresh, one with nothing changed, one with 5 % changed.

`python -m benchmarks.many --accounts 200 --pages 20` prints and writes what it took.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, run
from benchmarks.pages import Site, edited, made_up_site
from benchmarks.serve import serve

ROUNDS = ("first", "unchanged", "changed")
_PARTS = 20


def refresh_many(
    accounts: int, pages: int, *, paragraphs: int = 6, workers: int = 1, cluster: str | None = None
) -> dict[str, Any]:
    """The three rounds over `accounts` made-up sites; what each took."""
    sites = [made_up_site(number, pages, paragraphs) for number in range(accounts)]
    with serve(sites) as server, tempfile.TemporaryDirectory() as folder:
        job: dict[str, Any] = {
            "home": f"{folder}/home",
            "port": server.server_port,
            "hosts": [s.host for s in sites],
            "new": True,
            "parts": _PARTS,
        }
        job |= {"workers": workers, "cluster": cluster, "day": 0}
        told: dict[str, Any] = {"accounts": accounts, "pages": accounts * pages, "paragraphs": paragraphs}
        for name in ROUNDS:
            if name == "changed":
                server.sites = {s.host: s for s in map(_one_in_twenty, sites)}
            server.asked = 0
            cost = _run(job, Path(folder))
            told[name] = {"cpu": round(cost.cpu, 2), "wall": round(cost.wall, 1), "peak_mb": round(cost.peak_mb)}
            told[name] |= {"requests": server.asked, **cost.said}
            job |= {"new": False, "day": job.get("day", 0) + 1}
    for name in ROUNDS[1:]:
        told[name]["share_of_first"] = round(told[name]["said_cpu"] / told["first"]["said_cpu"], 4)
    told["growth"] = growth(told["first"]["samples"])
    return told


def growth(samples: list[dict[str, float]]) -> dict[str, float]:
    """How CPU grew with the number of accounts, as the exponent between a quarter of them and all, and how far resident
    memory spread, warming up aside, as a share of the least; empty for fewer than four samples."""
    if len(samples) < 4:
        return {}
    last = samples[-1]
    quarter = next(s for s in samples if s["accounts"] >= last["accounts"] / 4)
    exponent = math.log(last["cpu"] / quarter["cpu"]) / math.log(last["accounts"] / quarter["accounts"])
    memory = [s["rss_mb"] for s in samples[len(samples) // 4 :]]
    return {"exponent": round(exponent, 3), "memory_spread": round(max(memory) / min(memory) - 1, 3)}


def _one_in_twenty(site: Site) -> Site:
    return edited(site, 0.05)


def _run(job: dict[str, Any], folder: Path) -> Cost:
    path = folder / "job.json"
    path.write_text(json.dumps(job))
    cost = run([sys.executable, "-m", "benchmarks.refreshing", str(path)], {"PYTHONPATH": ".", "PYTHONHASHSEED": "0"})
    return Cost(
        cpu=cost.cpu, wall=cost.wall, peak_mb=cost.peak_mb, said={**cost.said, "said_cpu": round(cost.said["cpu"], 2)}
    )


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--accounts", type=int, default=200)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--paragraphs", type=int, default=6, help="of a page; fewer make a long run shorter")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--cluster")
    parser.add_argument("--out", type=Path, default=Path("benchmarks/many.json"))
    given = parser.parse_args()
    told = refresh_many(
        given.accounts, given.pages, paragraphs=given.paragraphs, workers=given.workers, cluster=given.cluster
    )
    given.out.write_text(json.dumps(told, indent=1) + "\n")
    sys.stdout.write(json.dumps(told, indent=1) + "\n")


if __name__ == "__main__":
    main()
