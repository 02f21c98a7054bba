"""The stage runner: does what is pending, commits it unit by unit, and goes on past what fails for a named reason."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from research.errors import DossierError
from research.model.capture import Skipped

Input = TypeVar("Input")
Output = TypeVar("Output")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit(Generic[Input]):
    """One piece of work: `id` is unique within its stage, `fingerprint` covers all that its outcome depends on, and
    `label` (an address, a title) names it to the user."""

    id: str
    fingerprint: str
    label: str
    value: Input


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage(Generic[Input, Output]):
    """A stage as the runner sees it.

    `work` takes values and yields one outcome each, in order, lazily, without touching the store: a result, or a
    Skipped with its reason. `save` writes one result inside the unit's transaction and gives its sha256. `batch` units
    share a transaction.
    """

    name: str
    work: Callable[[Iterator[Input]], Iterator[Output | Skipped]]
    save: Callable[[Unit[Input], Output], str]
    batch: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StageReport:
    """What became of a stage's units: worked on now, found done, and failed (now, or before with nothing changed)."""

    name: str
    done: int
    reused: int
    failed: tuple[Skipped, ...]
    seconds: float


class Ledger(Protocol):
    """What was done before; a row is only as good as the transaction that wrote it together with its result."""

    def known(self, stage: str, input_ids: Sequence[str]) -> Mapping[str, tuple[str, str | None]]:
        """By input id, the fingerprint of the last run and the error that it ended in (None: done)."""
        ...

    def record(self, stage: str, input_id: str, fingerprint: str, output_sha256: str | None, error: str | None) -> None:
        """Put a unit's outcome in the place of its former one."""
        ...

    def transaction(self) -> AbstractContextManager[None]:
        """All that the block writes, or nothing."""
        ...


class Progress(Protocol):
    """Who wants to know how far a stage is."""

    def advanced(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` pending units are committed; called with 0 before the first."""
        ...


def each(
    work: Callable[[Input], Output], *errors: type[Exception]
) -> Callable[[Iterator[Input]], Iterator[Output | Skipped]]:
    """`work` on one value as a stage's work on many; DossierError and `errors` become the reason of that one unit."""
    kinds: tuple[type[Exception], ...] = (DossierError, *errors)

    def stream(values: Iterator[Input]) -> Iterator[Output | Skipped]:
        for value in values:
            try:
                yield work(value)
            except kinds as error:
                yield Skipped(url="", reason=str(error) or type(error).__name__)

    return stream


def pending(
    stage: str, units: Iterable[Unit[Input]], ledger: Ledger, *, retry_failed: bool = False
) -> tuple[Unit[Input], ...]:
    """The units without a row, or with one of another fingerprint; with `retry_failed`, those that failed as well."""
    todo, _ = _split(stage, units, ledger, retry_failed=retry_failed)
    return todo


def run_stage(
    stage: Stage[Input, Output],
    units: Iterable[Unit[Input]],
    ledger: Ledger,
    progress: Progress | None = None,
    *,
    retry_failed: bool = False,
    clock: Callable[[], float] = time.perf_counter,
) -> StageReport:
    """Work on what is pending and commit it batch by batch.

    A unit that failed is not tried again until its fingerprint changes, but is reported by every run. What breaks off
    the run (Ctrl-C, an error of no named kind) leaves what was committed and passes on.
    """
    start = clock()
    units = tuple({unit.id: unit for unit in units}.values())
    todo, old = _split(stage.name, units, ledger, retry_failed=retry_failed)
    failed = list(old)
    worked = 0
    _tell(progress, stage.name, 0, len(todo))
    for batch in _batches(_outcomes(stage, todo), stage.batch):
        with ledger.transaction():
            for unit, outcome in batch:
                _commit(stage, unit, outcome, ledger)
        failed += [
            Skipped(url=unit.label, reason=outcome.reason) for unit, outcome in batch if isinstance(outcome, Skipped)
        ]
        worked += len(batch)
        _tell(progress, stage.name, worked, len(todo))
    return StageReport(
        name=stage.name,
        done=worked - (len(failed) - len(old)),
        reused=len(units) - len(todo) - len(old),
        failed=tuple(failed),
        seconds=clock() - start,
    )


def _split(
    stage: str, units: Iterable[Unit[Input]], ledger: Ledger, *, retry_failed: bool
) -> tuple[tuple[Unit[Input], ...], tuple[Skipped, ...]]:
    """The pending units, and the earlier failures that still hold."""
    distinct = {unit.id: unit for unit in units}
    known = ledger.known(stage, tuple(distinct))
    todo, failed = [], []
    for unit in distinct.values():
        fingerprint, error = known.get(unit.id, (None, None))
        if fingerprint != unit.fingerprint or (error is not None and retry_failed):
            todo.append(unit)
        elif error is not None:
            failed.append(Skipped(url=unit.label, reason=error))
    return tuple(todo), tuple(failed)


def _outcomes(
    stage: Stage[Input, Output], units: Sequence[Unit[Input]]
) -> Iterator[tuple[Unit[Input], Output | Skipped]]:
    return zip(units, stage.work(unit.value for unit in units), strict=True)


def _batches(items: Iterator[Any], size: int) -> Iterator[list[Any]]:
    while batch := list(islice(items, max(1, size))):
        yield batch


def _commit(stage: Stage[Input, Output], unit: Unit[Input], outcome: Output | Skipped, ledger: Ledger) -> None:
    if isinstance(outcome, Skipped):
        ledger.record(stage.name, unit.id, unit.fingerprint, None, outcome.reason)
    else:
        ledger.record(stage.name, unit.id, unit.fingerprint, stage.save(unit, outcome), None)


def _tell(progress: Progress | None, stage: str, done: int, total: int) -> None:
    if progress is not None:
        progress.advanced(stage, done, total)
