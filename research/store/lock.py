"""One refresh at a time in one home folder."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from research.errors import DossierError


class BusyError(DossierError):
    """Another process holds the lock."""


_HELD: Final[set[Path]] = set()  # POSIX locks belong to the process and would let it in twice
_TAKEN: Final = (errno.EACCES, errno.EAGAIN)
_NO_LOCKS: Final = (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL, errno.ENOSYS)  # some network and user-space file systems
_START_FIELD: Final = 19  # of /proc/PID/stat behind the name in brackets: field 22 of proc(5), in ticks since the boot
_DEAD: Final = ("Z", "X", "x")  # killed, and not yet asked after by its parent
_SIZE: Final = 64  # bytes of the file that are read: an owner is far shorter


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """The process that signed a lock; `started` tells it from a later one that was given the same number, and is empty
    where the system does not say."""

    pid: int
    started: str

    @classmethod
    def of(cls, pid: int) -> Self:
        """The process that has this number now."""
        return cls(pid=pid, started=_state_of(pid)[1])

    @property
    def alive(self) -> bool:
        """Whether this very process runs, of whatever user."""
        if not is_alive(self.pid):
            return False
        state, now = _state_of(self.pid)
        return state not in _DEAD and (not (self.started and now) or self.started == now)


@contextmanager
def hold_lock(home: Path, name: str = "refresh") -> Iterator[None]:
    """Hold the lock `name` of `home` for the block; DossierError at once where another run holds it.

    The system drops the lock of a process that dies, whatever its file says. Where a file system knows no locks, the
    process in the file decides: while it lives it holds the lock, once it is dead its lock is taken over.
    """
    path = (home / f"{name}.lock").resolve()
    if path in _HELD:  # before the file is opened: closing a second handle would drop the first one's lock
        raise _busy(path, os.getpid())
    _HELD.add(path)
    try:
        handle = _open(path)
        try:
            _take(handle, path)
            try:
                yield
            finally:
                _sign_off(handle)
        finally:
            os.close(handle)
    finally:
        _HELD.discard(path)


def lock_owner(home: Path, name: str = "refresh") -> Owner | None:
    """Who signed the lock last and did not sign off: at work while it is alive, broken off where it is not."""
    try:
        stated = (home / f"{name}.lock").read_bytes()[:_SIZE]
    except OSError:
        return None
    return _owner(stated)


def is_alive(pid: int) -> bool:
    """Whether a process with this id runs, of whatever user."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _state_of(pid: int) -> tuple[str, str]:
    """A process's state and when it began, as the kernel has them; empty where there is no /proc or no such process."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return "", ""
    fields = stat.rpartition(b")")[2].decode("ascii").split()
    return (fields[0], fields[_START_FIELD]) if len(fields) > _START_FIELD else ("", "")


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
        owner = _owner(os.pread(handle, _SIZE, 0))
        taken = error.errno in _TAKEN
        if not taken and error.errno not in _NO_LOCKS:
            raise DossierError(f"{path}: cannot be locked ({error.strerror}): choose another home folder") from error
        if taken or (owner is not None and owner.pid != os.getpid() and owner.alive):
            raise _busy(path, owner.pid if owner else None) from error
    _sign(handle, path)


def _sign(handle: int, path: Path) -> None:
    """Write who we are: it stays where we are killed, and then says that a run was broken off."""
    me = Owner.of(os.getpid())
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{me.pid} {me.started}".strip().encode("ascii"), 0)
    except OSError as error:
        raise DossierError(f"{path}: cannot be written ({error.strerror}): free some space on the disk") from error


def _sign_off(handle: int) -> None:
    """Leave the file empty: nobody holds the lock, and nobody was broken off."""
    with suppress(OSError):  # the disk is gone: what happened to the run is the news, not this
        os.ftruncate(handle, 0)


def _owner(stated: bytes) -> Owner | None:
    """Who is named in a lock file, None where it names nobody; Linux counts processes to 4,194,304."""
    pid, _, started = stated.strip().partition(b" ")
    if not (pid.isdigit() and len(pid) < 9 and int(pid)):
        return None
    return Owner(pid=int(pid), started=started.decode("ascii") if started.isdigit() else "")
