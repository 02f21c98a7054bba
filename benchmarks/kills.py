"""Refreshes of forty accounts that are killed at random points, go on, and must end as one that nobody disturbed.

A parent that has imported and warmed everything forks each refresh, so that a restart costs the refresh alone. Half of
the kills come by the clock, from outside, and may fall into the middle of a write; the other half are counted in
instructions of SQLite's virtual machine, inside of a statement or between two. Both are drawn from one seed.
"""

from __future__ import annotations

import json
import os
import random
import select
import shutil
import signal
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Final

from benchmarks.kill_run import AGAIN, FIRST, Plan, fork, judge, make_store, run
from benchmarks.kill_sites import Server
from research.store.check import check_store, verify_evidence
from research.store.connect import FILE_NAME, open_store

MEMORY: Final = Path("/dev/shm")  # noqa: S108  (a kill needs no disk: what was written is the kernel's by then)  # nosec B108
REPEATED: Final = 0.01  # the goal: of all requests, how many may be made twice
_NEVER: Final = 1 << 60  # more points than any refresh has
_PATIENCE: Final = 600.0  # seconds after which a refresh that was not killed counts as hung
# What is compared by content: all but the reports of runs, which there is one of for each start, and the numbers that
# rows get in the order of their coming.
_CONTENT: Final = {
    "accounts": "SELECT * FROM accounts",
    "keys": "SELECT * FROM account_keys",
    "sources": "SELECT * FROM sources",
    "bodies": "SELECT sha256 FROM bodies",
    "captures": "SELECT id, account_id, source_id, url, final_url, fetched_at, status, body_sha256, etag FROM captures",
    "sightings": "SELECT * FROM sightings",
    "texts": "SELECT sha256 FROM texts",
    "documents": "SELECT id, account_id, capture_id, text_sha256, body FROM documents",
    "passages": "SELECT d.id, p.ordinal, p.start, p.stop, p.role, p.main, p.heading_path, x.sha256 "
    "FROM document_passages p JOIN documents d ON d.seq = p.document_seq JOIN passages x ON x.id = p.passage_id",
    "extractions": "SELECT * FROM extractions",
    "observations": "SELECT * FROM observations",
    "findings": "SELECT id, account_id, kind, attributes, confidence, first_seen, last_seen, lapsed_at FROM findings",
    "evidence": "SELECT * FROM evidence",
    "history": "SELECT account_id, finding_id, at, change, before FROM finding_events",
    "judgements": "SELECT id, account_id, body FROM judgements",
    "drafts": "SELECT * FROM drafts",
    # A brief's line names what it was made of, decisions too: people decide while the runs are under way.
    "ledger": "SELECT stage, input_id, CASE stage WHEN 'brief' THEN '' ELSE fingerprint END, output_sha256, status, "
    "error, at FROM runs",
    "unfinished": "SELECT account_id FROM unfinished_visits UNION ALL SELECT account_id FROM unfinished_round",
}
# What a refresh tells of is found again by these lines.
_HELD: Final = """
SELECT 'page ' || url || ' ' || body_sha256 FROM captures
UNION ALL SELECT 'page ' || url || ' unchanged' FROM sightings WHERE last_seen >= ?
UNION ALL SELECT 'judgement ' || id FROM judgements
"""
_TWICE: Final = "SELECT count(*) FROM (SELECT 1 FROM captures GROUP BY source_id, url, body_sha256 HAVING count(*) > 1)"


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of it; `refreshes` were brought to their end, `asked` are their requests and `needed` what as many
    undisturbed ones make."""

    kills: int = 0
    within: int = 0  # of them, inside of SQLite
    refreshes: int = 0
    acknowledged: int = 0
    lost: int = 0
    twice: int = 0
    damaged: int = 0
    different: int = 0
    half: int = 0  # files of briefs that cannot be read
    asked: int = 0
    needed: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def repeated(self) -> float:
        """The share of requests that were made again."""
        return (self.asked - self.needed) / self.needed if self.needed else 0.0

    @property
    def failures(self) -> int:
        """All that must be 0."""
        over = int(self.repeated > REPEATED)
        return self.lost + self.twice + self.damaged + self.different + self.half + over


@dataclass(frozen=True, slots=True, kw_only=True)
class Undisturbed:
    """A refresh that nobody killed: what its store holds, and what it took."""

    content: dict[str, Counter[str]]
    requests: int
    seconds: float
    points: int


def try_kills(kills: int, *, each: int = 10, seed: int = 1, accounts: int = 40) -> Tally:
    """`kills` kills, about `each` a refresh, drawn from `seed`."""
    tally = Tally()
    draw = random.Random(seed)
    with _folder() as folder, _serving(folder, accounts) as server:
        base = _first_visit(folder, server, accounts)
        server.turn(1)
        whole = _undisturbed(folder, base, server)
        while tally.kills < kills:
            server.turn(1)
            home = _copy(base, folder / "home")
            told = _kill_until_done(Plan(home=home, port=server.port), whole, tally, draw, each, kills)
            judge(home, told.append)
            _compare(home, told, whole, tally)
            tally.asked += len(server.asked())
            tally.needed += whole.requests
    return tally


def content(home: Path) -> dict[str, Counter[str]]:
    """All rows of a store that must not depend on how often it was interrupted."""
    connection = sqlite3.connect(f"file:{home / FILE_NAME}?mode=ro", uri=True)
    try:
        return {name: Counter(map(repr, connection.execute(sql))) for name, sql in _CONTENT.items()}
    finally:
        connection.close()


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, prefix="kills-") as name:
        yield Path(name)


@contextmanager
def _serving(folder: Path, accounts: int) -> Iterator[Server]:
    server = Server(folder, accounts)
    try:
        yield server
    finally:
        server.stop()


def _first_visit(folder: Path, server: Server, accounts: int) -> Path:
    """A store after a whole first visit, made in this process so that every later child finds all of it warm."""
    base = folder / "base"
    make_store(base, server.port, accounts)
    run(Plan(home=base, port=server.port, now=FIRST, judge=False))
    shutil.rmtree(base / "out")
    return base


def _copy(base: Path, home: Path) -> Path:
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(base, home)
    return home


def _undisturbed(folder: Path, base: Path, server: Server) -> Undisturbed:
    home = _copy(base, folder / "whole")
    start = time.monotonic()
    killed, told = _start_and_kill(Plan(home=home, port=server.port, points=_NEVER), _PATIENCE)
    if killed:
        raise AssertionError("the refresh that nobody disturbs does not end")
    seconds = time.monotonic() - start
    points = next(int(line.split()[1]) for line in told if line.startswith("points "))
    return Undisturbed(content=content(home), requests=len(server.asked()), seconds=seconds, points=points)


def _kill_until_done(
    plan: Plan, whole: Undisturbed, tally: Tally, draw: random.Random, each: int, kills: int
) -> list[str]:
    """Start and kill until one start comes to its end; all that was acknowledged."""
    told: list[str] = []
    while True:
        share, within = draw.random() * 2 / each, draw.random() < 0.5
        wanted = tally.kills < kills
        points = int(share * whole.points) + 1 if wanted and within else 0
        wait = share * whole.seconds if wanted and not within else _PATIENCE
        killed, lines = _start_and_kill(replace(plan, points=points), wait)
        told += lines
        if not killed:
            tally.refreshes += 1
            return told
        tally.kills += 1
        tally.within += within
        _inspect(plan.home, told, tally)


def _start_and_kill(plan: Plan, wait: float) -> tuple[bool, list[str]]:
    """Whether the refresh died of a kill, and what it told before; AssertionError where it fails by itself or hangs."""
    reading, writing = os.pipe()
    pid = fork(replace(plan, tell=writing))
    os.close(writing)
    told = _listen(reading, time.monotonic() + wait)
    os.kill(pid, signal.SIGKILL)  # to one that has ended it does nothing
    _, status = os.waitpid(pid, 0)
    told += _listen(reading, time.monotonic() + _PATIENCE)
    os.close(reading)
    if os.WIFSIGNALED(status) and wait >= _PATIENCE and not plan.points:
        raise AssertionError(f"a refresh that was not to be killed hung for {_PATIENCE:.0f} seconds")
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError("a refresh failed by itself")
    return os.WIFSIGNALED(status), told.decode().splitlines()


def _listen(reading: int, until: float) -> bytes:
    """What a child tells until it has ended or the time has come."""
    data = b""
    while (left := until - time.monotonic()) > 0:
        if select.select([reading], [], [], left)[0]:
            part = os.read(reading, 1 << 16)
            if not part:
                break
            data += part
    return data


def _inspect(home: Path, told: Sequence[str], tally: Tally) -> None:
    """What a killed refresh leaves behind: a sound file with all that was acknowledged, each once."""
    with open_store(home) as store:  # rolls back what was under way
        held = {line for (line,) in store.rows(_HELD, (AGAIN,))}
        problems = store.rows("PRAGMA integrity_check") + store.rows("PRAGMA foreign_key_check")
        (twice,) = store.row(_TWICE) or (0,)
    lost = {line for line in told if not line.startswith("points ")} - held
    tally.lost += len(lost)
    tally.twice += twice
    tally.damaged += problems != [("ok",)]
    tally.notes += [f"lost: {line}" for line in sorted(lost)[:3]]


def _compare(home: Path, told: Sequence[str], whole: Undisturbed, tally: Tally) -> None:
    """The end of a refresh that was killed on its way against one that was not."""
    _inspect(home, told, tally)
    tally.acknowledged += len(set(told))
    found = content(home)
    other = [name for name in _CONTENT if found[name] != whole.content[name]]
    tally.different += len(other)
    tally.notes += [f"{name}: {_first(found[name], whole.content[name])}" for name in other]
    with open_store(home) as store:
        problems = check_store(store, bodies=True)
        for (account_id,) in store.rows("SELECT id FROM accounts"):
            problems += verify_evidence(store, account_id)
    tally.damaged += len(problems)
    tally.notes += problems
    for brief in sorted(home.glob("out/*/brief.json")):
        try:
            json.loads(brief.read_text("utf-8"))
        except ValueError:
            tally.half += 1


def _first(found: Counter[str], wanted: Counter[str]) -> str:
    more, less = found - wanted, wanted - found
    return f"{more.total()} more ({next(iter(more), '')[:300]}), {less.total()} less ({next(iter(less), '')[:300]})"


def main() -> int:
    """`python -m benchmarks.kills KILLS [EACH] [SEED]`: the figures as JSON; 1 where one of them must not be."""
    numbers = [int(text) for text in sys.argv[1:]]
    tally = try_kills(*numbers[:1], **dict(zip(("each", "seed"), numbers[1:], strict=False)))
    told = {name: value for name, value in asdict(tally).items() if name != "notes"}
    cpu = os.times()
    spent = round(cpu.user + cpu.system + cpu.children_user + cpu.children_system, 1)
    told |= {"repeated": round(tally.repeated, 5), "cpu_seconds": spent, "notes": tally.notes[:10]}
    sys.stdout.write(json.dumps(told, indent=1) + "\n")
    return int(tally.failures > 0)


if __name__ == "__main__":
    sys.exit(main())
