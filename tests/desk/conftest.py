"""What the desk's tests share: one made-up home folder, copied for every test that may change it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.desk.stored import Client, make_home


@pytest.fixture(scope="session")
def made_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder that no test writes to."""
    return make_home(tmp_path_factory.mktemp("desk"))


@pytest.fixture
def home(made_home: Path, tmp_path: Path) -> Path:
    """A copy that a test may change."""
    return Path(shutil.copytree(made_home, tmp_path / "home"))


@pytest.fixture
def client(home: Path) -> Client:
    """A client of the desk over a home folder of its own."""
    return Client(home)
