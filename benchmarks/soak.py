"""Refreshes again and again while a tenth of the servers misbehave and pages change: memory and descriptors stay flat.

`python -m benchmarks.soak --minutes 30`; the first sixth of the samples is warming up and is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
from pathlib import Path
from typing import Any

from benchmarks.measure import run
from benchmarks.pages import edited, made_up_site
from benchmarks.serve import serve

_EDIT_SECONDS = 10.0
_KEPT = 40  # samples that are written; the growth is of all of them


def soak(minutes: float, accounts: int, pages: int) -> dict[str, Any]:
    """The samples of a soak and how far they grew, in per cent."""
    sites = [made_up_site(number, pages) for number in range(accounts)]
    over = threading.Event()
    with serve(sites, faulty=0.1) as server, tempfile.TemporaryDirectory() as folder:

        def edit() -> None:
            seed = 0
            while not over.wait(_EDIT_SECONDS):
                seed += 1
                site = sites[seed % accounts]
                server.sites = {**server.sites, site.host: edited(site, 0.3, seed)}

        threading.Thread(target=edit, daemon=True).start()
        job = {"home": f"{folder}/home", "port": server.server_port, "hosts": [s.host for s in sites], "new": True}
        path = Path(folder) / "job.json"
        path.write_text(json.dumps({**job, "minutes": minutes, "parts": 2}))
        cost = run(
            [sys.executable, "-m", "benchmarks.refreshing", str(path)], {"PYTHONPATH": ".", "PYTHONHASHSEED": "0"}
        )
        over.set()
    samples = cost.said["samples"]
    thinned = samples[:: max(1, len(samples) // _KEPT)]
    said = {**cost.said, "samples": thinned}
    return {"minutes": minutes, "requests": server.asked, "cpu": round(cost.cpu, 1), **said, **growth(samples)}


def growth(samples: list[dict[str, float]]) -> dict[str, float]:
    """How much the last third of the samples, warming up aside, lies above the first, in per cent."""
    settled = samples[max(1, len(samples) // 6) :]
    third = max(1, len(settled) // 3)
    found = {}
    for name in ("rss_mb", "descriptors"):
        first = sum(s[name] for s in settled[:third]) / third
        last = sum(s[name] for s in settled[-third:]) / third
        found[f"{name}_growth_percent"] = round(100 * (last / first - 1), 2)
    return found


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--accounts", type=int, default=20)
    parser.add_argument("--pages", type=int, default=5)
    parser.add_argument("--out", type=Path, default=Path("benchmarks/soak.json"))
    given = parser.parse_args()
    told = soak(given.minutes, given.accounts, given.pages)
    given.out.write_text(json.dumps(told, indent=1) + "\n")
    sys.stdout.write(json.dumps({k: v for k, v in told.items() if k != "samples"}, indent=1) + "\n")


if __name__ == "__main__":
    main()
