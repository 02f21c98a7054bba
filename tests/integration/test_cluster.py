"""A cluster gives the same bytes as one process; lost workers and a killed writer cost a retry and nothing else."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pipelines.bootstrap import open_workspace
from pipelines.brief import Order, make_brief
from pipelines.demo import serve_sample

pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # of the scheduler's own libraries
NOW = "2026-11-20T09:00:00+00:00"
SITE = "www.kelvarn.example"
WRITER = """
import sys
from pathlib import Path
from pipelines.bootstrap import open_workspace
from pipelines.brief import Order, make_brief
if __name__ == "__main__":
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    with open_workspace(home, lambda: "2026-11-20T09:00:00+00:00", None, "local:2") as workspace:
        make_brief(Order(target="http://www.kelvarn.example/", out=home / "out", formats=("json",),
                         played_hosts=(("www.kelvarn.example", port),)), workspace)
"""


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with serve_sample(origin=f"http://{SITE}") as address:
        yield int(address.rstrip("/").rsplit(":", 1)[1])


def brief_bytes(home: Path, port: int, cluster: str | None) -> bytes:
    order = Order(target=f"http://{SITE}/", out=home / "out", formats=("json",), played_hosts=((SITE, port),))
    with open_workspace(home, lambda: NOW, None, cluster) as workspace:
        return make_brief(order, workspace).paths[0].read_bytes()


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory, port: int) -> bytes:
    return brief_bytes(tmp_path_factory.mktemp("local"), port, None)


def counts(home: Path) -> dict[str, int]:
    with sqlite3.connect(home / "dossier.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert not db.execute("PRAGMA foreign_key_check").fetchall()
        tables = ("captures", "documents", "findings", "observations", "annotations")
        return {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables}


def test_two_workers_give_the_bytes_of_one_process_though_one_is_killed(
    tmp_path: Path, port: int, local: bytes
) -> None:
    order = Order(target=f"http://{SITE}/", out=tmp_path / "out", formats=("json",), played_hosts=((SITE, port),))
    with open_workspace(tmp_path, lambda: NOW, _Killer(), "local:2") as workspace:
        _Killer.cluster = workspace.executor
        assert make_brief(order, workspace).paths[0].read_bytes() == local
    assert _Killer.killed


class _Killer:
    """Ends one worker with SIGKILL while passages are annotated."""

    cluster: Any = None
    killed = 0

    def advanced(self, stage: str, done: int, total: int) -> None:
        if stage == "extract" and done == 0 and not _Killer.killed:
            workers = self.cluster._client.run(os.getpid)
            _Killer.killed = next(iter(workers.values()))
            os.kill(_Killer.killed, signal.SIGKILL)


def test_a_killed_writer_is_resumed_with_nothing_lost_and_nothing_twice(
    tmp_path: Path, port: int, local: bytes
) -> None:
    script, home = tmp_path / "writer.py", tmp_path / "home"
    script.write_text(WRITER)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path.cwd()), *filter(None, sys.path)])}
    writer = subprocess.Popen(
        [sys.executable, str(script), str(home), str(port)], env=environment, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 240
    while writer.poll() is None and time.monotonic() < deadline and not _documents(home):
        time.sleep(0.05)
    assert writer.poll() is None, "the writer had ended before it could be killed"
    writer.send_signal(signal.SIGKILL)
    writer.wait()
    kept = counts(home)
    assert kept["documents"]
    assert brief_bytes(home, port, None) == local
    assert json.loads(local)["findings"]
    once = counts(home)
    assert brief_bytes(home, port, None) == local
    assert counts(home) == once


def _documents(home: Path) -> int:
    try:
        with sqlite3.connect(f"file:{home / 'dossier.sqlite'}?mode=ro", uri=True) as db:
            return int(db.execute("SELECT count(*) FROM documents").fetchone()[0])
    except sqlite3.OperationalError:  # not made yet, or locked for a moment
        return 0
