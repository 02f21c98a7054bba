"""What all tests share: the data folder beside the project, where it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# A slow machine is no failure: no example has a deadline.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data folder; the test is skipped, and says so, where there is none."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the shared data folder is not beside the project")
    return SHARED
