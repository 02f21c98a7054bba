"""One measured run of this project: `python -m benchmarks.ours JOB.json` does a job and prints what it took."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from pipelines.bootstrap import open_workspace
from pipelines.brief import Order, brief_of
from pipelines.models import Models, load_models
from pipelines.target import find_target
from research.store.lock import hold_lock


def main(job: Path) -> None:
    """Run every host of the job through all stages in one process; the job is a JSON object."""
    wanted = json.loads(job.read_text())
    hosts, port = wanted["hosts"], wanted["port"]
    played = tuple((host, port) for host in hosts)
    seconds: dict[str, float] = {}
    pages = findings = 0
    loaded: list[Models] = []

    def models(workspace: object) -> Models:
        if not loaded:
            loaded.append(load_models(workspace))  # type: ignore[arg-type]
        return loaded[0]

    home = Path(wanted["home"])
    with open_workspace(home, lambda: wanted["now"]) as workspace, hold_lock(home):
        for host in hosts:
            order = Order(
                target=f"http://{host}/", out=home / "out" / host, formats=("json",), as_of=wanted["now"][:10],
                max_pages=wanted["pages"], played_hosts=played,
            )  # fmt: skip
            target = find_target(workspace.store, order.target, (), max_pages=wanted["pages"])
            outcome = brief_of(target, order, workspace, models)
            pages += len(outcome.brief.documents)
            findings += len(outcome.brief.findings)
            for stage in outcome.report.stages:
                seconds[stage.name] = seconds.get(stage.name, 0.0) + stage.seconds
    sys.stdout.write(
        json.dumps({"pages": pages, "findings": findings, "stages": seconds, "cpu_main": time.process_time()}) + "\n"
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
