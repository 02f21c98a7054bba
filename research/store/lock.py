"""One refresh at a time in one home folder."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from research.errors import DossierError


class BusyError(DossierError):
    """Another process holds the lock."""


_HELD: Final[set[Path]] = set()  # POSIX locks belong to the process and would let it in twice
_TAKEN: Final = (errno.EACCES, errno.EAGAIN)
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)  # some network and user-space file systems


@contextmanager
def hold_lock(home: Path, name: str = "refresh") -> Iterator[None]:
    """Hold the lock `name` of `home` for the block; DossierError at once where another run holds it.

    The system drops the lock of a process that dies, whatever its file says. Where a file system knows no locks, the
    process id in the file decides: that of a live process holds the lock, that of a dead one is stale.
    """
    path = (home / f"{name}.lock").resolve()
    if path in _HELD:  # before the file is opened: closing a second handle would drop the first one's lock
        raise _busy(path, os.getpid())
    _HELD.add(path)
    try:
        handle = _open(path)
        try:
            _take(handle, path)
            yield
        finally:
            os.close(handle)
    finally:
        _HELD.discard(path)


def is_alive(pid: int) -> bool:
    """Whether a process with this id runs, of whatever user."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _busy(path: Path, pid: int | None) -> BusyError:
    holder = f"process {pid}" if pid else "another process"
    return BusyError(f"{path}: {holder} is at work on this home folder: wait until it is done, or stop it")


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise DossierError(f"{path}: cannot be written ({error.strerror}): choose another home folder") from error


def _take(handle: int, path: Path) -> None:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        pid = _holder(handle)
        taken = error.errno in _TAKEN
        if not taken and error.errno not in _NO_LOCKS:
            raise DossierError(f"{path}: cannot be locked ({error.strerror}): choose another home folder") from error
        if taken or (pid is not None and pid != os.getpid() and is_alive(pid)):
            raise _busy(path, pid) from error
    _sign(handle, path)


def _sign(handle: int, path: Path) -> None:
    """Write our process id; it stays when we go, and means nothing once no process has it."""
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, str(os.getpid()).encode("ascii"), 0)
    except OSError as error:
        raise DossierError(f"{path}: cannot be written ({error.strerror}): free some space on the disk") from error


def _holder(handle: int) -> int | None:
    stated = os.pread(handle, 9, 0).strip()  # Linux counts to 4,194,304; more digits would not fit the system call
    return int(stated) or None if stated.isdigit() else None
