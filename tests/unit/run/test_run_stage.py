"""The stage runner over a real store: does what is pending, keeps what is done, goes on past what fails."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from research.errors import DossierError
from research.model.capture import Skipped
from research.run.stage import Stage, StageReport, Unit, each, pending, run_stage
from research.store.annotations import get_many, put_many
from research.store.connect import Store, open_store
from research.store.runs import StoreLedger, output_hashes

NOW = "2026-03-01T08:00:00+00:00"


class Upper:
    """A stage that turns words into upper case, counts its work and keeps its results in the store."""

    def __init__(self, store: Store, batch: int = 1) -> None:
        self.store = store
        self.worked: list[str] = []
        self.stage = Stage(name="upper", work=each(self.work, ZeroDivisionError), save=self.save, batch=batch)

    def work(self, word: str) -> str:
        self.worked.append(word)
        if word == "bad":
            raise DossierError("the word is bad")
        if word == "zero":
            raise ZeroDivisionError("division by zero")
        if word == "stop":
            raise KeyboardInterrupt
        if word == "fault":
            raise IndexError("a fault of ours")
        return word.upper()

    def save(self, unit: Unit[str], result: str) -> str:
        put_many(self.store, [(unit.id, result)], "upper")
        return f"sha of {result}"

    def saved(self) -> dict[str, str]:
        return get_many(self.store, [str(n) for n in range(50)], "upper")


def units(*words: str, version: str = "1") -> list[Unit[str]]:
    return [
        Unit(id=str(n), fingerprint=f"{version}:{word}", label=f"word {word}", value=word)
        for n, word in enumerate(words)
    ]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path) as opened:
        opened.rows("PRAGMA synchronous = OFF")
        yield opened


@pytest.fixture
def ledger(store: Store) -> StoreLedger:
    return StoreLedger(store=store, now=NOW)


@pytest.mark.parametrize("batch", [1, 2, 100])
def test_a_second_run_does_nothing_again(store: Store, ledger: StoreLedger, batch: int) -> None:
    upper = Upper(store, batch)
    ticks = iter([10.0, 12.5, 20.0, 20.0])
    first = run_stage(upper.stage, units("a", "b", "c"), ledger, clock=lambda: next(ticks))
    assert first == StageReport(name="upper", done=3, reused=0, failed=(), seconds=2.5)
    assert upper.saved() == {"0": "A", "1": "B", "2": "C"}
    assert output_hashes(store, "upper", ["0"]) == {"0": "sha of A"}
    again = run_stage(upper.stage, units("a", "b", "c"), ledger, clock=lambda: next(ticks))
    assert again == StageReport(name="upper", done=0, reused=3, failed=(), seconds=0.0)
    assert upper.worked == ["a", "b", "c"]


def test_only_what_changed_is_done_again(store: Store, ledger: StoreLedger) -> None:
    upper = Upper(store)
    run_stage(upper.stage, units("a", "b", "c"), ledger)
    report = run_stage(upper.stage, units("a", "new", "c", "more"), ledger)
    assert (report.done, report.reused) == (2, 2)
    assert upper.worked[3:] == ["new", "more"]
    assert upper.saved() == {"0": "A", "1": "NEW", "2": "C", "3": "MORE"}


def test_a_new_version_does_everything_again(store: Store, ledger: StoreLedger) -> None:
    upper = Upper(store)
    run_stage(upper.stage, units("a", "b"), ledger)
    assert [unit.value for unit in pending("upper", units("a", "b", version="2"), ledger)] == ["a", "b"]
    assert pending("upper", units("a", "b"), ledger) == ()
    assert run_stage(upper.stage, units("a", "b", version="2"), ledger).done == 2


def test_stages_do_not_share_their_ledger(ledger: StoreLedger, store: Store) -> None:
    run_stage(Upper(store).stage, units("a"), ledger)
    assert len(pending("lower", units("a"), ledger)) == 1


def test_a_unit_that_fails_is_a_reason_and_the_run_goes_on(store: Store, ledger: StoreLedger) -> None:
    upper = Upper(store, batch=2)
    report = run_stage(upper.stage, units("a", "bad", "zero", "b"), ledger)
    reasons = (Skipped(url="word bad", reason="the word is bad"), Skipped(url="word zero", reason="division by zero"))
    assert (report.done, report.reused, report.failed) == (2, 0, reasons)
    assert upper.saved() == {"0": "A", "3": "B"}
    again = run_stage(upper.stage, units("a", "bad", "zero", "b"), ledger)
    assert (again.done, again.reused, again.failed) == (0, 2, reasons)
    assert len(upper.worked) == 4


def test_what_failed_is_tried_again_when_asked_or_when_it_changed(store: Store, ledger: StoreLedger) -> None:
    upper = Upper(store)
    run_stage(upper.stage, units("a", "bad"), ledger)
    assert run_stage(upper.stage, units("a", "bad"), ledger, retry_failed=True).failed[0].url == "word bad"
    assert upper.worked == ["a", "bad", "bad"]
    repaired = run_stage(upper.stage, units("a", "good"), ledger)
    assert (repaired.done, repaired.reused, repaired.failed) == (1, 1, ())


@pytest.mark.parametrize(("word", "error"), [("stop", KeyboardInterrupt), ("fault", IndexError)])
def test_a_broken_off_run_keeps_what_it_committed_and_goes_on_from_there(store, ledger, word, error) -> None:
    upper = Upper(store, batch=2)
    with pytest.raises(error):
        run_stage(upper.stage, units("a", "b", "c", word, "d"), ledger)
    assert upper.saved() == {"0": "A", "1": "B"}
    report = run_stage(upper.stage, units("a", "b", "c", "fine", "d"), ledger)
    assert (report.done, report.reused) == (3, 2)
    assert upper.saved() == {"0": "A", "1": "B", "2": "C", "3": "FINE", "4": "D"}


def test_a_result_that_cannot_be_saved_leaves_neither_row_nor_result(store: Store, ledger: StoreLedger) -> None:
    upper = Upper(store, batch=2)

    def save(unit: Unit[str], result: str) -> str:
        sha = upper.save(unit, result)
        if result == "B":
            raise DossierError("the disk is full")
        return sha

    broken = Stage(name="upper", work=upper.stage.work, save=save, batch=2)
    with pytest.raises(DossierError, match="the disk is full"):
        run_stage(broken, units("a", "b"), ledger)
    assert upper.saved() == {}
    assert len(pending("upper", units("a", "b"), ledger)) == 2


def test_a_unit_named_twice_is_done_once(store: Store, ledger: StoreLedger) -> None:
    upper = Upper(store)
    report = run_stage(upper.stage, units("a") + units("a"), ledger)
    assert (report.done, report.reused, upper.worked) == (1, 0, ["a"])


def test_work_that_loses_a_unit_is_an_error(store: Store, ledger: StoreLedger) -> None:
    def lossy(values: Iterator[str]) -> Iterator[str | Skipped]:
        return (value for value in values if value != "b")

    stage = Stage(name="upper", work=lossy, save=Upper(store).save)
    with pytest.raises(ValueError, match="zip"):
        run_stage(stage, units("a", "b"), ledger)


def test_work_is_read_lazily_so_that_it_is_committed_as_it_comes(store: Store, ledger: StoreLedger) -> None:
    upper = Upper(store)
    seen: list[int] = []

    def watching(values: Iterator[str]) -> Iterator[str | Skipped]:
        for value in values:
            seen.append(len(upper.saved()))
            yield value.upper()

    run_stage(Stage(name="upper", work=watching, save=upper.save), units("a", "b", "c"), ledger)
    assert seen == [0, 1, 2]


def test_progress_is_told_from_nothing_to_all(store: Store, ledger: StoreLedger) -> None:
    class Told:
        def __init__(self) -> None:
            self.calls: list[tuple[str, int, int]] = []

        def advanced(self, stage: str, done: int, total: int) -> None:
            self.calls.append((stage, done, total))

    told = Told()
    run_stage(Upper(store, batch=2).stage, units("a", "bad", "c"), ledger, told)
    assert told.calls == [("upper", 0, 3), ("upper", 2, 3), ("upper", 3, 3)]


def test_no_units_are_no_work(store: Store, ledger: StoreLedger) -> None:
    assert run_stage(Upper(store).stage, [], ledger, clock=lambda: 0.0).done == 0
