"""A brief to files: whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from research.errors import DossierError, UsageError
from research.export.as_html import to_html
from research.export.as_json import to_json
from research.export.as_markdown import to_markdown
from research.model.draft import Brief

EXPORTERS: Mapping[str, Callable[[Brief], bytes]] = {"html": to_html, "md": to_markdown, "json": to_json}


def write_brief(brief: Brief, out: Path, formats: Sequence[str] = tuple(EXPORTERS)) -> tuple[Path, ...]:
    """Writes `brief.html`, `brief.md`, `brief.json` into `out`, which is made where it is missing; gives their paths.

    All formats are made before the first file is touched, and each file is replaced in one step. Raises UsageError for
    a format that there is not, DossierError where the folder cannot be written.
    """
    if unknown := [name for name in formats if name not in EXPORTERS]:
        raise UsageError(f"no format {unknown[0]!r}: choose from {', '.join(EXPORTERS)}")
    bodies = [(out / f"brief.{name}", EXPORTERS[name](brief)) for name in dict.fromkeys(formats)]
    try:
        out.mkdir(parents=True, exist_ok=True)
        for path, body in bodies:
            _replace(path, body)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DossierError(f"cannot write into {out}: {reason}; choose another folder with --out") from error
    return tuple(path for path, _ in bodies)


def write_file(path: Path, body: bytes) -> None:
    """Writes one file whole or not at all, its folder made where it is missing; DossierError where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, body)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise DossierError(f"cannot write {path}: {reason}; choose another place with --out") from error


def _replace(path: Path, body: bytes) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(path)
    finally:
        Path(name).unlink(missing_ok=True)
