"""Errors that a user can act on; each message is one line that says what to do."""

from __future__ import annotations


class DossierError(Exception):
    """Something failed that the user must know; the command line prints the message and exits with 1."""


class UsageError(DossierError):
    """The call itself is wrong; the command line exits with 2."""


class StoreError(DossierError):
    """The store or its disk failed, and not the work: what was under way can go on once that is mended."""
