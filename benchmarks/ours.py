"""One measured run of this project: `python -m benchmarks.ours JOB.json` does a job and prints what it took."""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

from pipelines.bootstrap import open_workspace
from pipelines.brief import Order, Outcome, brief_of
from pipelines.models import load_models
from pipelines.target import find_target
from pipelines.threads import one_thread_each
from research.store.lock import hold_lock


def main(job: Path) -> None:
    """Run every host of the job through all stages in one process; the job is a JSON object."""
    one_thread_each()
    wanted = json.loads(job.read_text())
    home = Path(wanted["home"])
    if workers := wanted.get("workers"):
        home.mkdir(parents=True, exist_ok=True)
        (home / "settings.toml").write_text(f"workers = {workers}\n")
    seconds: dict[str, float] = {}
    pages = findings = done = 0
    before = cpu_seconds()
    with open_workspace(home, lambda: wanted["now"], None, wanted.get("cluster")) as workspace, hold_lock(home):
        for host in wanted["hosts"]:
            outcome = _visit(host, wanted, workspace)
            stages = outcome.report.stages
            pages += stages[0].done + stages[0].reused
            done += sum(stage.done for stage in stages)
            findings += len(outcome.brief.findings) if wanted.get("count", True) else 0
            for stage in stages:
                seconds[stage.name] = round(seconds.get(stage.name, 0.0) + stage.seconds, 3)
    said = {"pages": pages, "findings": findings, "done": done, "stages": seconds, "start_cpu": before}
    sys.stdout.write(json.dumps(said) + "\n")


def _visit(host: str, wanted: dict[str, Any], workspace: Any) -> Outcome:
    order = Order(
        target=f"http://{host}/",
        out=Path(wanted["home"]) / "out" / host,
        formats=("json",),
        as_of=wanted["now"][:10],
        max_pages=wanted["pages"],
        played_hosts=tuple((name, wanted["port"]) for name in wanted["hosts"]),
    )
    target = find_target(workspace.store, order.target, (), max_pages=wanted["pages"])
    return brief_of(target, order, workspace, load_models)


def cpu_seconds() -> float:
    """The CPU seconds of this process and of its children that have ended."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return round(sum(one.ru_utime + one.ru_stime for one in used), 3)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
