"""An empty store in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from research.store.connect import FILE_NAME, Store, open_store


@pytest.fixture(scope="session")
def empty_store_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that has been through its migrations once, to be copied."""
    home = tmp_path_factory.mktemp("empty")
    open_store(home).close()
    return home / FILE_NAME


@pytest.fixture
def store(tmp_path: Path, empty_store_file: Path) -> Iterator[Store]:
    (tmp_path / "home").mkdir()
    shutil.copy(empty_store_file, tmp_path / "home" / FILE_NAME)
    with open_store(tmp_path / "home") as opened:
        opened.rows("PRAGMA synchronous = OFF")  # these stores need not survive a power cut, and the disk is slow
        yield opened
