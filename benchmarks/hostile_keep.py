"""What is kept: a store whose disk fails, whose bytes change, and whose refreshes are killed; and keys that must not
come to lie anywhere."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from benchmarks.figure import Figure, Row
from benchmarks.kills import MEMORY, REPEATED, try_kills
from benchmarks.planted_secrets import ECHOES, KEYED, plant
from benchmarks.store_faults import FAULTS, fill, flipped, small_disk, suffer
from research.store.connect import FILE_NAME, open_store

KILLS: Final = int(os.environ.get("DOSSIER_KILLS", "1000"))
_EACH: Final = 20  # kills in one refresh: forty accounts take long enough for that, and fewer would only cost more time
_FLIPS: Final = 1000
_ROOM: Final = 1.2  # of a store's own size, on the disk that runs full: some more is written before it does


def kills() -> Figure:
    """Refreshes of forty accounts killed at random points, against one that nobody disturbed."""
    tally = try_kills(KILLS, each=_EACH)
    note = (
        f"{tally.refreshes} refreshes; of {tally.acknowledged:,} acknowledged rows {tally.lost} lost, "
        f"{tally.twice} twice; "
        f"{tally.different} differences from an undisturbed store; {tally.damaged} not whole; "
        f"{tally.repeated:.2%} of {tally.needed:,} requests repeated (goal ≤ {REPEATED:.0%})"
    )
    return Figure(tried=tally.kills, failures=tally.failures, note=note)


def disk() -> Figure:
    """Every fault of `store_faults`, and a file system that is full: one clear line, and what was stored is whole."""
    wrong: list[str] = []
    tried = 0
    with folder() as place, store_in(place / "whole") as whole:
        for name, fault in FAULTS.items():
            home = fresh(whole, place / "home")
            outcome = suffer(home, fault)
            tried += 1
            wrong += [f"{name}: {outcome.wrong}"] if outcome.wrong else []
        full = "a full file system, "
        try:
            size = (whole / FILE_NAME).stat().st_size
            with small_disk(place, int(size * _ROOM) // 1024) as small:
                outcome = suffer(fresh(whole, small / "home"), open_store)
                tried += 1
                wrong += [f"full: {outcome.wrong}"] if outcome.wrong else []
        except PermissionError:
            full = "(no full file system: this user may not mount one) "
    note = f"{full}{', '.join(FAULTS)}" if not wrong else "; ".join(wrong)
    return Figure(tried=tried, failures=len(wrong), note=note)


def corrupt() -> Figure:
    """Copies of a store with one to eight bytes changed: the same content, a clear line, or found by doctor."""
    draw = random.Random(11)
    with folder() as place, store_in(place / "whole") as whole:
        found = Counter(flipped(whole, place / "home", draw) for _ in range(_FLIPS))
    good = {kind: found.pop(kind, 0) for kind in ("clear", "same", "doctor")}
    note = f"{good['clear']} clear errors, {good['same']} without effect, {good['doctor']} seen by doctor alone"
    worst = "".join(f"; {count} × {kind[:200]}" for kind, count in found.most_common(3))
    return Figure(tried=_FLIPS, failures=found.total(), note=note + worst)


def secrets() -> Figure:
    """Keys and passwords by every way in, looked for in stores, files, exports, messages, tracebacks and logs."""
    with folder() as place:
        planted = plant(place)
        lying, told, taken = planted.lying(), planted.told(), planted.heard.taken
    wrong = [*lying, *(f"{key}: said" for key in told), *(f"{what}: taken" for what in taken)]
    kinds = ", ".join(KEYED)
    note = (
        f"{len(planted.received)} keys reached their service ({kinds}), which said {len(ECHOES)} of them again; 0 found"
    )
    return Figure(tried=len(planted.used), failures=len(wrong), note="; ".join(wrong[:3]) or note)


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that other users may enter, in memory where there is room for that."""
    with tempfile.TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else None, prefix="keep-") as name:
        place = Path(name)
        place.chmod(0o755)
        yield place


@contextmanager
def store_in(home: Path) -> Iterator[Path]:
    """A store with something of everything in it."""
    with open_store(home) as store:
        fill(store)
    home.chmod(0o755)
    yield home


def fresh(whole: Path, home: Path) -> Path:
    """A copy of a home folder in the place of what an earlier fault left."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(whole, home)
    return home


ROWS: Final[dict[str, Row]] = {"keep-disk": disk, "keep-corrupt": corrupt, "keep-secrets": secrets, "keep-kills": kills}
