"""`python -m benchmarks.hostile [ROW…]`: what strangers' input costs, row by row, each in a process of its own.

A row is an entry of `ROWS` in a module `benchmarks/hostile_*.py`; `ROW` names one or the beginning of several.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import pkgutil
import resource
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

import benchmarks
from benchmarks.figure import AbsentError, Row

_PREFIX: Final = "hostile_"
_MARK: Final = "figure: "  # what a row's process writes before its result; all else that it writes is passed on
_HEAD: Final = ("row", "tried", "failures", "p99 s", "max s", "RSS MB", "CPU s", "note")


def rows() -> dict[str, Row]:
    """Every registered row by its name, in the order of modules and entries; raises ValueError for a name twice."""
    found: dict[str, Row] = {}
    for module in sorted(info.name for info in pkgutil.iter_modules(benchmarks.__path__, f"{benchmarks.__name__}.")):
        if not module.rpartition(".")[2].startswith(_PREFIX):
            continue
        for name, row in importlib.import_module(module).ROWS.items():
            if name in found:
                raise ValueError(f"two rows are called {name}; the second is in {module}")
            found[name] = row
    return found


def chosen(wishes: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """The known names that begin with one of the wishes, all for none; SystemExit where a wish names nothing."""
    for wish in wishes:
        if not any(name.startswith(wish) for name in known):
            raise SystemExit(f"no row begins with {wish!r}; there are: {', '.join(known)}")
    return tuple(name for name in known if not wishes or any(name.startswith(wish) for wish in wishes))


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the rows that are asked for and prints the table; 1 where one of them has failures or broke off."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.hostile", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help="names of rows or their beginnings; all where none")
    parser.add_argument("--list", action="store_true", help="name the rows and end")
    parser.add_argument("--json", metavar="FILE", help="write the figures there as well")
    parser.add_argument("--here", metavar="ROW", help=argparse.SUPPRESS)
    asked = parser.parse_args(arguments)
    if asked.here:
        return _run_here(asked.here)
    names = chosen(asked.rows, tuple(rows()))
    if asked.list:
        _say("\n".join(names))
        return 0
    results: dict[str, Mapping[str, Any]] = {}
    for line in _table(names, results):
        _say(line)
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as out:  # noqa: PTH123 - as the caller's shell means it
            json.dump(results, out, indent=1)
    return int(any(result.get("failures") or "error" in result for result in results.values()))


def _table(names: Sequence[str], results: dict[str, Mapping[str, Any]]) -> Iterator[str]:
    """The lines of the table as the rows end, each filed under its name in `results`."""
    yield f"| {' | '.join(_HEAD)} |"
    yield f"|{'---|' * len(_HEAD)}"
    for name in names:
        results[name] = _run_apart(name)
        yield _line(name, results[name])


def _line(name: str, result: Mapping[str, Any]) -> str:
    why = result.get("absent") or result.get("error")
    if why:
        return f"| {name} | {'left out' if 'absent' in result else 'BROKE OFF'} | | | | | | {why} |"
    cells = (
        name,
        f"{result['tried']:,}",
        f"{result['failures']:,}",
        _seconds(result["p99"]),
        _seconds(result["max"]),
        f"{result['rss'] / (1 << 20):.0f}",
        f"{result['cpu']:.1f}",
        result["note"],
    )
    return f"| {' | '.join(cells)} |"


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _run_apart(name: str) -> Mapping[str, Any]:
    """The row's figure from a fresh process, so that its memory is its own and a crash is one row's."""
    command = [sys.executable, "-m", "benchmarks.hostile", "--here", name]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False)  # noqa: S603  # nosec B603 # ourselves
    told = [line.removeprefix(_MARK) for line in done.stdout.splitlines() if line.startswith(_MARK)]
    if not told:
        return {"error": f"the row's process ended with {done.returncode} and without a figure"}
    result: Mapping[str, Any] = json.loads(told[-1])
    return result


def _run_here(name: str) -> int:
    try:
        figure = rows()[name]()
    except AbsentError as error:
        _say(_MARK + json.dumps({"absent": str(error)}))
        return 0
    used = resource.getrusage(resource.RUSAGE_SELF)
    peak = used.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    figure = replace(figure, rss=peak if figure.rss is None else figure.rss)
    times = os.times()
    cpu = times.user + times.system + times.children_user + times.children_system
    _say(_MARK + json.dumps(asdict(figure) | {"cpu": round(cpu, 2)}))
    return 0


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
