"""The desk killed while it is written to, and many analysts at once beside a refresh: no judgement is lost or doubled."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from research.errors import DossierError
from research.model.judgement import Judgement
from research.store.connect import open_store
from research.store.findings import load_findings, replace_findings
from research.store.judgements import judgements_of, judgements_since
from tests.desk.reviewing import API, Program
from tests.desk.serving import free_port, start_process
from tests.desk.stored import ACCOUNT

WRITES = 200
KILLS = 5
SOAK_SECONDS = float(os.environ.get("DOSSIER_SOAK_SECONDS", "12"))
"""How long four analysts and a refresh are at it; `make soak-desk` sets five minutes."""


def stored(home: Path) -> tuple[Judgement, ...]:
    with open_store(home) as store:
        return judgements_of(store, ACCOUNT.id)


def test_of_200_writes_none_that_was_confirmed_is_lost_and_none_is_doubled_by_kills(home: Path) -> None:
    """Five times the process is killed outright in the middle of writes; what was not confirmed is sent again."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = start_process(home, port)
    confirmed: dict[str, str] = {}
    with Program(address) as first:
        findings = [row["id"] for row in first.queue(limit=20)]
    sent = {f"write-{n:04}": findings[n % len(findings)] for n in range(WRITES)}
    kill_at = {WRITES * (n + 1) // (KILLS + 1) for n in range(KILLS)}
    asked = 0
    ada = Program(address)
    try:
        for key, target in sent.items():
            asked += 1
            if asked in kill_at:  # in the middle of this very write
                threading.Timer(0.004 * (asked % 5), process.send_signal, [signal.SIGKILL]).start()
            while key not in confirmed:
                try:
                    answer = ada.decide(key, "note", target, note=f"note {key}")
                except httpx.HTTPError:
                    process.wait()
                    process = start_process(home, port)
                    continue
                assert answer.status_code in (200, 201), answer.text
                confirmed[key] = answer.json()["judgement"]["id"]
    finally:
        ada.http.close()
        process.kill()
        process.wait()
    kept = stored(home)
    assert Counter(j.id for j in kept) == Counter(list(sent))
    assert all(j.note == f"note {j.id}" and j.target_ids == (sent[j.id],) for j in kept)
    assert sorted(j.at for j in kept) == [j.at for j in kept]


@dataclass
class Tally:
    """What happened in a soak."""

    saved: dict[str, int] = field(default_factory=dict)  # the token that each saved decision had seen
    stale: int = 0
    refreshed: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


def review_for_a_while(address: str, analyst: str, until: float, tally: Tally) -> None:
    """Looks at the queue, decides on one of its first few findings, and keeps count of every answer."""
    with Program(address, analyst) as ada:
        _review_on(ada, until, tally)


def _review_on(ada: Program, until: float, tally: Tally) -> None:
    number = 0
    while time.monotonic() < until:
        rows = ada.queue(limit=5)
        if not rows:
            rows = [ada.get(f"{API}/findings/{j['target_ids'][0]}") for j in ada.judgements()[-3:]]
        row = rows[number % len(rows)]
        number += 1
        verdict = ("accept", "edit", "reject")[number % 3]
        more: dict[str, Any] = {"edit": f"{ada.analyst} {number}"} if verdict == "edit" else {}
        more |= {"reason": "noise", "scope": "finding"} if verdict == "reject" else {}
        key = f"{ada.analyst}-{number:06}-key"
        started = time.monotonic()
        answer = ada.decide(key, verdict, row["id"], seen=row["seen"], **more)
        tally.slowest = max(tally.slowest, time.monotonic() - started)
        if answer.status_code == 201:
            tally.saved[key] = row["seen"]
        elif answer.status_code == 409:
            tally.stale += 1
        else:
            tally.wrong.append(f"{answer.status_code} {answer.text[:200]}")


def refresh_for_a_while(home: Path, until: float, tally: Tally) -> None:
    """What a refresh writes: the account's findings again, some changed, some gone and back, over and over."""
    number = 0
    while time.monotonic() < until:
        number += 1
        with open_store(home) as store:
            found = load_findings(store, ACCOUNT.id, include_lapsed=True)
            kept = [f for place, f in enumerate(found) if (place + number) % 7]
            try:
                replace_findings(
                    store, ACCOUNT.id, kept, f"2024-06-01T08:{number // 60 % 60:02}:{number % 60:02}+00:00"
                )
            except DossierError as error:
                tally.wrong.append(f"refresh: {error}")
        tally.refreshed += 1
        time.sleep(0.05)


def test_four_analysts_and_a_refresh_lose_no_update_and_see_no_locked_database(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    process = start_process(home, port)
    tally, until = Tally(), time.monotonic() + SOAK_SECONDS
    work = [threading.Thread(target=review_for_a_while, args=(address, f"analyst{n}", until, tally)) for n in range(4)]
    work.append(threading.Thread(target=refresh_for_a_while, args=(home, until, tally)))
    try:
        for thread in work:
            thread.start()
        for thread in work:
            thread.join()
    finally:
        process.kill()
        process.wait()
    with open_store(home) as store:
        numbered = judgements_since(store, ACCOUNT.id)
    with capsys.disabled():
        print(  # noqa: T201 (the figures of a soak are what it is run for)
            f"\n{SOAK_SECONDS:.0f} s: {len(tally.saved)} saved, {tally.stale} refused as unseen, "
            f"{tally.refreshed} refreshes, slowest decision {tally.slowest:.2f} s, {len(tally.wrong)} other answers"
        )
    assert tally.wrong == []
    assert Counter(j.id for _, j in numbered) == Counter(list(tally.saved))
    assert lost_updates(numbered, tally.saved) == []
    assert tally.saved
    assert tally.refreshed > 1


def lost_updates(numbered: Sequence[tuple[int, Judgement]], seen: Mapping[str, int]) -> list[str]:
    """Decisions that were saved over one on the same finding that their analyst had not seen."""
    wrong, last = [], dict[str, int]()
    for number, judgement in numbered:
        for target in judgement.target_ids:
            if last.get(target, 0) > seen[judgement.id]:
                wrong.append(judgement.id)
            last[target] = number
    return wrong
