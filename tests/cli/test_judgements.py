"""`dossier judgements`: out of one home folder and into another, with errors in one line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from test_commands import dossier, one_line

LINE = {
    "schema": "dossier.judgement/1",
    "judgement": {
        "id": "j1", "account_id": "acme", "target_kind": "finding", "target_ids": ["f1"], "verdict": "accept", "analyst": "Ada",
        "at": "2026-01-02T03:04:05+00:00",
    },
    "findings": [],
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert dossier("accounts", "add", "Acme", home=tmp_path / "home").returncode == 0
    return tmp_path / "home"


def test_judgements_travel_as_lines(home: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text(json.dumps(LINE) + "\n", encoding="utf-8")
    first = dossier("judgements", "import", str(tmp_path / "in.jsonl"), home=home)
    again = dossier("judgements", "import", "-", home=home, stdin=json.dumps(LINE))
    assert (first.returncode, again.returncode) == (0, 0)
    assert "1 judgements added, 0 were here already" in first.stderr
    assert "0 judgements added, 1 were here already" in again.stderr
    exported = dossier("judgements", "export", "--account", "Acme", home=home)
    assert exported.stderr.strip() == "1 judgements"
    (line,) = exported.stdout.splitlines()
    assert json.loads(line)["judgement"]["analyst"] == "Ada"


@pytest.mark.parametrize(
    ("arguments", "stdin", "code", "words"),
    [
        (("import", "-"), "nonsense", 2, "line 1: this is no JSON"),
        (("import", "-"), json.dumps(LINE).replace("acme", "nobody"), 2, "line 1: there is no account 'nobody'"),
        (("import", "nowhere.jsonl"), "", 1, "cannot be read"),
        (("export", "--account", "nobody"), "", 2, "no account"),
        (("move", "Acme", "nobody"), "", 2, "no account"),
    ],
)
def test_errors_are_one_line(home: Path, arguments: tuple[str, ...], stdin: str, code: int, words: str) -> None:
    answer = dossier("judgements", *arguments, home=home, stdin=stdin)
    assert answer.returncode == code
    assert words in one_line(answer.stderr)


def test_training_refuses_what_are_no_judgements(home: Path, tmp_path: Path) -> None:
    (tmp_path / "in.jsonl").write_text("{}\n", encoding="utf-8")
    answer = dossier(
        "train", "signals", "--data", str(tmp_path), "--with-judgements", str(tmp_path / "in.jsonl"), home=home
    )
    assert answer.returncode == 2
    assert "line 1: this is no dossier.judgement/1" in one_line(answer.stderr)
    readers = dossier(
        "train", "readers", "--data", str(tmp_path), "--with-judgements", str(tmp_path / "in.jsonl"), home=home
    )
    assert readers.returncode == 2
