"""`python -m benchmarks`: measures the rows and writes `benchmarks/results.json` and a plot (`make bench`)."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from benchmarks.plot import draw
from benchmarks.rows import ROWS, Bench


def main() -> None:
    """Measure the rows that are asked for; rows that are not keep their former figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", default="", help=f"any of {', '.join(ROWS)}, separated by commas; all by default")
    parser.add_argument("--full", action="store_true", help="every page and 1,000 accounts: hours")
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--peers", type=Path, default=Path(".venv-bench/bin/python"))
    parser.add_argument("--out", type=Path, default=Path("benchmarks/results.json"))
    parser.add_argument("--plot", type=Path, default=Path("docs/performance.svg"))
    given = parser.parse_args()
    wanted = [name for name in given.rows.split(",") if name] or list(ROWS)
    if unknown := [name for name in wanted if name not in ROWS]:
        parser.error(f"no row {unknown[0]!r}: choose from {', '.join(ROWS)}")
    bench = Bench(data=given.data, peers=given.peers if given.peers.exists() else None, full=given.full)
    known = json.loads(given.out.read_text())["rows"] if given.out.exists() else []
    rows: dict[str, dict[str, Any]] = {row["row"]: row for row in known}
    for name in wanted:
        for row in ROWS[name](bench):
            rows[row["row"]] = {**row, "command": f"make bench ROWS={name}", "load": round(os.getloadavg()[0], 1)}
            sys.stdout.write(f"{'met ' if row['met'] else 'OPEN'} {row['row']}: {row['ratio']} (goal {row['goal']})\n")
            sys.stdout.flush()
            _write(given.out, list(rows.values()))
    given.plot.write_text(draw(list(rows.values())))


def _write(out: Path, rows: list[dict[str, Any]]) -> None:
    about = {"python": platform.python_version(), "machine": platform.machine(), "cores": os.cpu_count()}
    out.write_text(json.dumps({"about": about, "rows": rows}, indent=1) + "\n")


if __name__ == "__main__":
    main()
