"""What all tests share: the data folder beside the project, where it is there."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A slow machine is no failure: no example has a deadline.
_EXAMPLES = int(os.environ.get("DOSSIER_FUZZ_EXAMPLES", "0"))  # `make fuzz` sets it: more of them than a test needs
settings.register_profile(
    "untimed",
    deadline=None,
    max_examples=_EXAMPLES or settings.default.max_examples,
    suppress_health_check=list(HealthCheck) if _EXAMPLES else (),
)
settings.load_profile("untimed")


def _refuse_unpickling(event: str, arguments: tuple[object, ...]) -> None:
    """Nothing that the program stores or fetches is a pickle; one that is read all the same fails here. Libraries that
    pass objects between processes of one run are not the program's data: multiprocessing and dask use it so."""
    if event == "pickle.find_class" and not _between_processes():
        raise RuntimeError(f"unpickling of {arguments[0]}.{arguments[1]}: nothing here may read pickles")


def _between_processes() -> bool:
    frame = sys._getframe()
    while frame is not None:
        if frame.f_globals.get("__name__", "").partition(".")[0] in _PASSING:
            return True
        frame = frame.f_back
    return False


_PASSING = frozenset({"multiprocessing", "concurrent", "distributed", "dask", "cloudpickle", "copy"})
sys.addaudithook(_refuse_unpickling)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The shared data folder; the test is skipped, and says so, where there is none."""
    if not (SHARED / "gold").is_dir():
        pytest.skip("the shared data folder is not beside the project")
    return SHARED
