"""An account's id or name never leads an export out of its folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.accounts import add_account
from pipelines.bootstrap import open_workspace
from research.text.names import slug

HOSTILE = (
    "../../etc/passwd",
    "..\\..\\x",
    "/etc/passwd",
    "a/../../b",
    "..",
    ".",
    "C:\\x",
    "x\x00y",
    "~root",
    "con",
    "",
)


@pytest.mark.parametrize("name", [name for name in HOSTILE if name])
def test_a_brief_named_to_leave_its_folder_stays_there(tmp_path: Path, name: str) -> None:
    with open_workspace(tmp_path / "home", lambda: "2026-11-20T10:00:00+00:00") as workspace:
        account = add_account(workspace, name)
    folder = (tmp_path / "out" / account.id).resolve()
    assert folder.parent == (tmp_path / "out").resolve()
    assert account.id == slug(name)
