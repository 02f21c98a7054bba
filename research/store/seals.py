"""Checksums of rows: SQLite keeps none, so that a flipped bit in a text that still reads would show nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from research.errors import DossierError
from research.text.hashing import sha256_text

LENGTH: Final = 16  # hex digits: 64 bits, against chance and not against forgers


def seal_of(*values: object) -> str:
    """The checksum of a row's values (text, numbers, None)."""
    return sha256_text(repr(values))[:LENGTH]


def require_seal(seal: str | None, what: str, *values: object) -> None:
    """DossierError where a row called `what` is not what was written; rows of the first versions have no seal."""
    if seal is not None and seal != seal_of(*values):
        raise DossierError(f"the stored {what} is damaged: put a backup in its place with `dossier restore`")


def require_seals(rows: Sequence[Sequence[object]], what: str) -> None:
    """The same for rows whose last value is the seal of the others."""
    for *values, seal in rows:
        require_seal(str(seal) if seal is not None else None, what, *values)
