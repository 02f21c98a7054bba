"""`dossier doctor`: whether the home folder, its disk and its store are sound, and what to do where they are not."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from research.errors import DossierError
from research.store.connect import FILE_NAME, open_store
from research.store.diagnosis import RESTORE, Check, diagnose
from research.store.lock import lock_owner
from research.store.unfinished import unfinished

MIN_FREE: Final = 200_000_000  # bytes; a first run over 200 pages keeps some 30 MB, an index and a backup as much again


def examine(home: Path) -> tuple[Check, ...]:
    """Every check of a home folder; one that cannot be opened is a check that failed."""
    return tuple(_checks(home))


def _checks(home: Path) -> Iterator[Check]:
    yield _disk(home)
    yield _lock(home)
    if not (home / FILE_NAME).exists():
        yield Check(name="store", ok=True, detail=f"{home / FILE_NAME} is not there yet: there is nothing to check")
        return
    try:
        with open_store(home) as store:
            yield from diagnose(store)
            yield _visits(unfinished(store))
    except DossierError as error:
        yield Check(name="store", ok=False, detail=str(error), remedy=RESTORE)


def _disk(home: Path) -> Check:
    place = next(folder for folder in (home, *home.resolve().parents) if folder.exists())
    free, size = shutil.disk_usage(place).free, _size(home / FILE_NAME)
    detail = f"{free / 1e9:,.1f} GB free, the store has {size / 1e6:,.1f} MB"
    ok = free >= max(MIN_FREE, size)
    return Check(name="disk", ok=ok, detail=detail, remedy="" if ok else "free some space before the next run")


def _size(file: Path) -> int:
    return file.stat().st_size if file.exists() else 0


def _lock(home: Path) -> Check:
    owner = lock_owner(home)
    if owner is None:
        return Check(name="lock", ok=True, detail="no run is under way")
    if owner.alive:
        return Check(name="lock", ok=True, detail=f"process {owner.pid} is at work")
    broken = f"process {owner.pid} was broken off; the next run takes its lock over"
    return Check(name="lock", ok=True, detail=broken)


def _visits(accounts: tuple[str, ...]) -> Check:
    detail = (
        f"{len(accounts)} were broken off; `dossier refresh` goes on with them" if accounts else "none is unfinished"
    )
    return Check(name="visits", ok=True, detail=detail)
