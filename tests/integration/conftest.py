"""The main job on the sample company, run once for all tests that look at its result."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.brief import Outcome
from pipelines.demo import sample_folder
from pipelines.demo_run import run_demo

NOW = "2026-11-20T09:00:00+00:00"


@dataclass(frozen=True)
class SampleRun:
    """Where the sample was made, what came out of it, and what is known to be true of it."""

    home: Path
    out: Path
    outcome: Outcome
    brief: dict[str, Any]
    truth: dict[str, Any]

    def findings(self, kind: str, **attributes: object) -> list[dict[str, Any]]:
        """The findings of a kind with these attributes, surest first."""
        found = [
            f
            for f in self.brief["findings"]
            if f["kind"] == kind and all(f["attributes"].get(k) == v for k, v in attributes.items())
        ]
        return sorted(found, key=lambda f: -f["confidence"])


def workspace_of(home: Path, now: str = NOW) -> Any:
    return open_workspace(home, lambda: now)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> SampleRun:
    folder = tmp_path_factory.mktemp("sample")
    with workspace_of(folder / "home") as workspace:
        outcome = run_demo(workspace, folder / "out")
    brief = json.loads((folder / "out" / "brief.json").read_text(encoding="utf-8"))
    truth = json.loads((sample_folder() / "truth.json").read_text(encoding="utf-8"))
    return SampleRun(home=folder / "home", out=folder / "out", outcome=outcome, brief=brief, truth=truth)


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    with workspace_of(tmp_path / "home") as opened:
        yield opened
