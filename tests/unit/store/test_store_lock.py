"""Two refreshes never run at once, and a dead one stops nobody."""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from research.errors import DossierError
from research.store.lock import Owner, hold_lock, is_alive, lock_owner

_HOLDER = """
import sys, time
from pathlib import Path
sys.path[:0] = sys.argv[2:]
from research.store.lock import hold_lock
with hold_lock(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def _holder(home: Path) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLDER, str(home), *sys.path], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        try:
            yield process
        finally:
            process.kill()


def test_another_process_is_refused_by_name_until_the_holder_dies(tmp_path: Path) -> None:
    with _holder(tmp_path) as process:
        with (
            pytest.raises(DossierError, match=f"process {process.pid} is at work on this home folder"),
            hold_lock(tmp_path),
        ):
            pass
        process.send_signal(signal.SIGKILL)
        process.wait()
        with hold_lock(tmp_path):
            assert lock_owner(tmp_path) == Owner.of(os.getpid())


def test_the_same_process_is_refused_and_the_lock_is_free_afterwards(tmp_path: Path) -> None:
    with hold_lock(tmp_path):
        with pytest.raises(DossierError, match="is at work on this home folder"), hold_lock(tmp_path):
            pass
        with hold_lock(tmp_path, "desk"):
            pass
    with pytest.raises(ValueError, match="inside"), hold_lock(tmp_path):
        raise ValueError("inside")
    with hold_lock(tmp_path):
        pass


@pytest.mark.parametrize("content", ["", "0", "99999999999999999999", "no number", "-1", "\x00"])
def test_the_content_of_the_file_holds_nobody_up_where_locks_work(tmp_path: Path, content: str) -> None:
    (tmp_path / "refresh.lock").write_text(content)
    with hold_lock(tmp_path):
        pass


def test_where_there_are_no_locks_the_process_in_the_file_decides(tmp_path, monkeypatch) -> None:
    def unsupported(handle: int, operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "lockf", unsupported)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        owner = Owner.of(process.pid)
        for signed in (f"{owner.pid} {owner.started}", str(owner.pid)):  # with the start of the process, and without
            (tmp_path / "refresh.lock").write_text(signed)
            with pytest.raises(DossierError, match=f"process {process.pid} is at work"), hold_lock(tmp_path):
                pass
        (tmp_path / "refresh.lock").write_text(f"{owner.pid} {int(owner.started) - 1}")  # the number was given again
        with hold_lock(tmp_path):
            pass
        (tmp_path / "refresh.lock").write_text(f"{owner.pid} {owner.started}")
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)  # dead, while its parent has not asked after it
        assert is_alive(process.pid)
        with hold_lock(tmp_path):
            pass
    assert not is_alive(process.pid)
    with hold_lock(tmp_path):
        assert lock_owner(tmp_path) == Owner.of(os.getpid())
    with hold_lock(tmp_path):
        pass


def test_a_lock_file_says_who_was_broken_off_and_nothing_after_a_clean_end(tmp_path: Path) -> None:
    assert lock_owner(tmp_path) is None
    with pytest.raises(ValueError, match="inside"), hold_lock(tmp_path):
        raise ValueError("inside")
    assert lock_owner(tmp_path) is None
    with _holder(tmp_path) as process:
        owner = lock_owner(tmp_path)
        assert owner == Owner.of(process.pid)
        assert owner.alive
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert lock_owner(tmp_path) == owner
    assert not owner.alive


def test_a_home_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(DossierError, match="cannot be written"), hold_lock(tmp_path / "missing"):
        pass


def test_our_own_process_is_alive() -> None:
    assert is_alive(os.getpid())
