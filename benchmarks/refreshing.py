"""Refreshes many accounts in one process, once or for some minutes, and says how memory and descriptors behave:
`python -m benchmarks.refreshing JOB.json` (`many.py` and `soak.py` start it)."""

from __future__ import annotations

import gc
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from benchmarks.ours import cpu_seconds
from pipelines.accounts import add_account
from pipelines.bootstrap import Workspace, open_workspace
from pipelines.internet import Internet
from pipelines.refresh import refresh_accounts
from pipelines.threads import one_thread_each


def here(host: str, port: int) -> tuple[str, ...]:
    """Every name is this machine's."""
    del host, port
    return ("127.0.0.1",)


def main(job: Path) -> None:
    """Do the job and print a JSON object."""
    one_thread_each()
    wanted = json.loads(job.read_text())
    home = Path(wanted["home"])
    home.mkdir(parents=True, exist_ok=True)
    (home / "settings.toml").write_text(f"workers = {wanted.get('workers', 1)}\n")
    clock = _Clock(wanted.get("day", 0))
    with open_workspace(home, clock, None, wanted.get("cluster")) as opened:
        internet = Internet(resolve=here, allowed_hosts=tuple((h, wanted["port"]) for h in wanted["hosts"]))
        workspace = replace(opened, internet=internet)
        for host in wanted["hosts"] if wanted.get("new") else ():
            add_account(workspace, host, site=f"http://{host}:{wanted['port']}/")
        said = _rounds(workspace, wanted, clock)
    sys.stdout.write(json.dumps(said) + "\n")


class _Clock:
    """A day passes between two rounds, so that each is a refresh of a later day."""

    def __init__(self, day: int) -> None:
        self.day = day

    def __call__(self) -> str:
        return time.strftime("%Y-%m-%dT08:00:00+00:00", time.gmtime(1_790_000_000 + 86_400 * self.day))


def _rounds(workspace: Workspace, wanted: dict[str, Any], clock: _Clock) -> dict[str, Any]:
    """Refresh everything, again and again until the minutes are over; a sample after each part of a round."""
    until = time.monotonic() + 60 * wanted.get("minutes", 0)
    names = sorted(name for name in wanted["hosts"])
    part = max(1, len(names) // wanted.get("parts", 4))
    samples: list[dict[str, float]] = []
    rounds = done = failed = 0
    before = cpu_seconds()
    while True:
        for at in range(0, len(names), part):
            for result in refresh_accounts(names[at : at + part], workspace, out=workspace.home / "out"):
                failed += result.failed
                done += sum(stage.done for stage in result.report.stages) if result.report else 0
            samples.append({**_sample(rounds), "accounts": min(at + part, len(names)), "cpu": cpu_seconds() - before})
        rounds += 1
        clock.day += 1
        if time.monotonic() >= until:
            break
    return {"rounds": rounds, "units": done, "failed": failed, "cpu": cpu_seconds() - before, "samples": samples}


def _sample(number: int) -> dict[str, float]:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return {
        "round": number,
        "rss_mb": round(pages * os.sysconf("SC_PAGE_SIZE") / 1e6, 1),
        "descriptors": len(os.listdir("/proc/self/fd")),  # noqa: PTH208
    }


if __name__ == "__main__":
    main(Path(sys.argv[1]))
