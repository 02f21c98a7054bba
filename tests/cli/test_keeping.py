"""`dossier doctor`, `backup` and `restore` as a user meets them, and a keyed address that is refused."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.store_faults import fill
from research.store.connect import FILE_NAME, open_store
from research.store.lock import hold_lock


def dossier(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DOSSIER_HOME": str(home), "PYTHONHASHSEED": "0", "NO_COLOR": "1"}
    command = [sys.executable, "-m", "pipelines.cli", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=environment, check=False)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    with open_store(tmp_path / "home") as store:
        fill(store, 3)
    return tmp_path / "home"


def test_a_sound_store_is_well(home: Path) -> None:
    shown = dossier(home, "doctor")
    assert (shown.returncode, shown.stderr) == (0, "")
    assert all(line.startswith("ok ") for line in shown.stdout.splitlines())
    told = json.loads(dossier(home, "doctor", "--json").stdout)
    assert told["ok"] is True
    names = {check["name"] for check in told["checks"]}
    assert names >= {"disk", "lock", "SQLite", "schema", "integrity", "references", "orphaned rows", "captured bodies"}
    assert names >= {"rows", "evidence", "visits"}


def test_a_damaged_store_is_one_line_a_check_with_what_to_do(home: Path) -> None:
    data = bytearray((home / FILE_NAME).read_bytes())
    data[4096 * 3 :] = b"\xa5" * (len(data) - 4096 * 3)
    (home / FILE_NAME).write_bytes(data)
    shown = dossier(home, "doctor")
    assert shown.returncode == 1
    assert "WRONG" in shown.stdout
    assert "dossier restore FILE --overwrite" in shown.stdout
    assert "Traceback" not in shown.stderr
    assert len(shown.stderr.splitlines()) == 1
    told = json.loads(dossier(home, "doctor", "--json").stdout)
    assert told["ok"] is False
    assert all(check["remedy"] for check in told["checks"] if not check["ok"])


def test_a_backup_goes_out_and_comes_back(home: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    made = dossier(home, "backup", str(copy))
    assert (made.returncode, made.stdout.strip()) == (0, str(copy))
    again = dossier(home, "backup", str(copy))
    assert again.returncode == 2
    assert "is there already" in again.stderr
    assert dossier(home, "restore", str(copy)).returncode == 2
    assert dossier(home, "restore", str(copy), "--overwrite").returncode == 0
    assert dossier(tmp_path / "elsewhere", "restore", str(copy)).returncode == 0
    assert dossier(tmp_path / "elsewhere", "accounts", "list").stdout.startswith("acme")
    with hold_lock(home):
        refused = dossier(home, "restore", str(copy), "--overwrite")
    assert refused.returncode == 1
    assert f"process {os.getpid()} is at work" in refused.stderr


def test_a_first_opening_that_is_killed_leaves_a_store_that_opens(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from research.store.connect import open_store; print(1, flush=True); "
    code += "open_store(Path(sys.argv[1])).close()"
    for number in range(8):
        home = tmp_path / str(number)
        process = subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.004 * number)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        with open_store(home) as store:
            fill(store, 1)


def test_an_address_with_a_key_is_refused_without_it(home: Path) -> None:
    shown = dossier(home, "accounts", "add", "Other", "--site", "https://other.example/?api_key=s3cr3t-value")
    assert shown.returncode == 2
    assert "api_key" in shown.stderr
    assert "s3cr3t-value" not in shown.stderr + shown.stdout
