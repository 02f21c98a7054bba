"""What the desk's tests share: one made-up home folder, copied for every test that may change it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.desk import serving
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium; the test is skipped, and says so, where there is none."""
    with serving.browser() as opened:
        yield opened


@pytest.fixture
def address(home: Path) -> Iterator[str]:
    """The address of a desk that is served over the test's own home folder."""
    with serving.served(home) as found:
        yield found
