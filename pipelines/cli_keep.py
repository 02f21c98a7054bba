"""`dossier doctor`, `dossier backup` and `dossier restore`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from pipelines.console import printer
from research.errors import DossierError

Home = Annotated[Path | None, typer.Option("--home", help="Folder of the store and settings (default: DOSSIER_HOME).")]
Overwrite = Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")]


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False, home: Home = None
) -> None:
    """Check store, disk and lock; exits with 1 where something is wrong, and says what to do."""
    from pipelines.doctor import examine

    place = _place(home)
    checks = examine(place)
    wrong = [check for check in checks if not check.ok]
    out = printer()
    if as_json:
        told = {"home": str(place), "ok": not wrong, "checks": [asdict(check) for check in checks]}
        out.line(json.dumps(told, ensure_ascii=False, indent=1))
    for check in () if as_json else checks:
        out.line(f"{'ok   ' if check.ok else 'WRONG'} {check.name}: {check.detail}")
        if check.remedy:
            out.line(f"      {check.remedy}")
    if wrong:
        raise DossierError(f"{place}: {len(wrong)} of {len(checks)} checks failed")


def backup(
    file: Annotated[Path, typer.Argument(help="Where the copy goes.")],
    overwrite: Overwrite = False,
    home: Home = None,
) -> None:
    """Copy the store into one file, also while it is in use; the copy is checked before it bears the name."""
    from research.store.backup import back_up

    _tell(file, back_up(_place(home), file, overwrite=overwrite))


def restore(
    file: Annotated[Path, typer.Argument(help="A copy that `dossier backup` made.")],
    overwrite: Overwrite = False,
    home: Home = None,
) -> None:
    """Put a copy in the place of the store, checked first; a store that is replaced is kept beside it."""
    from research.store.backup import restore as put_back
    from research.store.connect import FILE_NAME, make_home
    from research.store.lock import hold_lock

    place = _place(home)
    make_home(place)
    with hold_lock(place):
        counts = put_back(file, place, overwrite=overwrite)
    _tell(place / FILE_NAME, counts)


def _tell(file: Path, counts: Mapping[str, int]) -> None:
    shown = ("accounts", "captures", "documents", "findings", "judgements")
    printer().line(str(file))
    printer().note(", ".join(f"{counts.get(table, 0):,} {table}" for table in shown))


def _place(home: Path | None) -> Path:
    from pipelines.bootstrap import default_home

    return home or default_home()
