"""Addresses of the inside, by every carrier, through the real collect stage."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, Final

from benchmarks.figure import Figure, Row, data_folder, p99
from tests.hostile.ssrf_matrix import matrix, pairs, read_rows, rebinding

Pairs = list[tuple[Mapping[str, Any], str]]


def _measure(choose: Callable[[list[dict[str, Any]]], Pairs]) -> Figure:
    chosen = choose(read_rows(data_folder()))
    with matrix() as tested:
        results = [tested.run(row, carrier) for row, carrier in chosen]
        canary = tested.canary.connections
    failed = [result for result in results if not result.passed]
    allowed = [
        result for result in results if result.row["expect"] == "allow" and result.carrier in ("direct", "redirect")
    ]
    names = Counter(result.carrier for result in results)
    note = f"connections at the canary: {canary} (goal 0); must-allow {sum(r.passed for r in allowed)}/{len(allowed)}; "
    note += ", ".join(f"{name} {count}" for name, count in names.most_common(7))
    note += "".join(f"; FAILED {r.carrier} {r.row['url']!r}" for r in failed[:5])
    seconds = [result.seconds for result in results]
    return Figure(tried=len(results), failures=max(len(failed), canary), p99=p99(seconds), max=max(seconds), note=note)


ROWS: Final[Mapping[str, Row]] = {
    "ssrf": lambda: _measure(pairs),
    "ssrf-rebinding": lambda: _measure(rebinding),
}
