"""A store that is only looked at."""

from __future__ import annotations

from research.store.connect import Store


def forbid_writes(store: Store) -> None:
    """From now on a write through this open store is an error, whatever the code above it tries."""
    store.db.execute("PRAGMA query_only = ON")
