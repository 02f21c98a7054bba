"""The runner of the hostile measurements: rows are found, chosen, run apart, and failures are told by the exit code."""

from __future__ import annotations

import pytest

from benchmarks import hostile
from benchmarks.figure import Figure, p99


def test_p99_is_the_nearest_rank():
    assert p99([float(n) for n in range(1, 101)]) == 99.0
    assert p99([3.0, 1.0]) == 3.0
    assert p99([]) is None


def test_rows_are_chosen_by_the_beginnings_of_their_names():
    known = ("ssrf", "ssrf-carriers", "bombs")
    assert hostile.chosen((), known) == known
    assert hostile.chosen(("ssrf",), known) == ("ssrf", "ssrf-carriers")
    with pytest.raises(SystemExit, match="no row begins with 'x'; there are: ssrf, ssrf-carriers, bombs"):
        hostile.chosen(("x",), known)


@pytest.mark.parametrize(
    ("result", "code"),
    [
        (Figure(tried=3, failures=0, p99=0.1, max=0.2, rss=1 << 20, note="fine"), 0),
        (Figure(tried=3, failures=1, rss=1 << 20), 1),
    ],
)
def test_a_row_with_failures_fails_the_command(monkeypatch, capsys, result, code):
    monkeypatch.setattr(hostile, "rows", lambda: {"made-up": lambda: result})
    monkeypatch.setattr(hostile, "_run_apart", lambda name: {**_as_told(result), "cpu": 0.5})
    assert hostile.main([]) == code
    told = capsys.readouterr().out.splitlines()[-1]
    assert told.startswith(f"| made-up | 3 | {result.failures} |")


def test_a_row_that_breaks_off_fails_the_command_and_one_left_out_does_not(monkeypatch, capsys):
    told = {"broken": {"error": "ended with -9"}, "absent": {"absent": "no data"}}
    monkeypatch.setattr(hostile, "rows", lambda: dict.fromkeys(told))
    monkeypatch.setattr(hostile, "_run_apart", told.__getitem__)
    assert hostile.main(["absent"]) == 0
    assert hostile.main([]) == 1
    assert "BROKE OFF" in capsys.readouterr().out


def _as_told(figure: Figure) -> dict[str, object]:
    return {name: getattr(figure, name) for name in ("tried", "failures", "p99", "max", "rss", "note")}
