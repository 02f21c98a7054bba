"""Work that is handed over comes back whole and in order, whatever happens to the workers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from research.errors import DossierError, UsageError
from research.run.executor import LocalExecutor


def double(value: int) -> int:
    return 2 * value


def die_once(job: tuple[str, int]) -> int:
    """Ends its process without a word the first time that the value 3 is worked on."""
    folder, value = job
    mark = Path(folder) / "died"
    if value == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return 2 * value


def die(value: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return value


def fail(value: int) -> int:
    raise ValueError(f"no {value}")


@pytest.fixture
def pool() -> Iterator[LocalExecutor]:
    executor = LocalExecutor(2, least_seconds=0.0)
    yield executor
    executor.close()


def test_one_worker_never_starts_a_process() -> None:
    assert not LocalExecutor(1).spreads(1e9)


def test_little_work_stays_here_until_the_pool_stands(pool: LocalExecutor) -> None:
    patient = LocalExecutor(2, least_seconds=10.0)
    assert not patient.spreads(9.0)
    assert patient.spreads(10.0)
    assert list(pool.map(double, [1])) == [2]
    assert pool.spreads(0.0)


def test_results_come_in_the_order_of_the_values(pool: LocalExecutor) -> None:
    assert list(pool.map(double, range(20))) == [2 * value for value in range(20)]


def test_values_are_taken_only_a_few_ahead(pool: LocalExecutor) -> None:
    taken: list[int] = []

    def values() -> Iterator[int]:
        for value in range(50):
            taken.append(value)
            yield value

    results = pool.map(double, values())
    assert next(results) == 0
    assert len(taken) <= 5
    assert list(results) == [2 * value for value in range(1, 50)]


def test_a_killed_worker_costs_a_retry_and_nothing_else(pool: LocalExecutor, tmp_path: Path) -> None:
    jobs = [(str(tmp_path), value) for value in range(8)]
    assert list(pool.map(die_once, jobs)) == [2 * value for value in range(8)]
    assert (tmp_path / "died").exists()
    assert list(pool.map(double, [5])) == [10]


def test_work_that_kills_every_worker_is_named(pool: LocalExecutor) -> None:
    with pytest.raises(DossierError, match="died 3 times"):
        list(pool.map(die, [1]))


def test_what_the_work_raises_comes_through(pool: LocalExecutor) -> None:
    with pytest.raises(ValueError, match="no 1"):
        list(pool.map(fail, [1]))


@pytest.mark.parametrize("where", ["local:", "local:0", "local:two", "http://127.0.0.1:1", "two"])
def test_a_cluster_that_cannot_be_meant_is_refused(where: str) -> None:
    pytest.importorskip("distributed")
    from research.run.cluster import DaskExecutor

    with pytest.raises(UsageError, match="--cluster"):
        DaskExecutor(where)
