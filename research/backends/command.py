"""A model behind a command of the user's own: the prompt on its standard input, the answer on its standard output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from selectors import EVENT_READ, DefaultSelector
from tempfile import TemporaryFile
from time import monotonic, sleep
from typing import IO, Final

from research.draft.answers import LONGEST_ANSWER
from research.draft.prompting import Request
from research.errors import DossierError

_MOST_BYTES: Final = 4 * LONGEST_ANSWER  # an answer at its limit, each character in four bytes
_BLOCK: Final = 1 << 16  # bytes read at once: what a pipe holds
_PAUSE: Final = 0.01  # seconds between two looks whether a command that has said all has ended


class CommandDrafter:
    """Runs a command once a section; it is given `{"system", "user"}` as JSON and answers with the text alone."""

    def __init__(self, command: Sequence[str], *, seconds: float = 120.0) -> None:
        self._command = tuple(command)
        self._seconds = seconds

    @property
    def name(self) -> str:
        """The command's own name."""
        return f"command/{self._command[0].rpartition('/')[2]}"

    def draft(self, request: Request) -> str:
        """What the command answers; DossierError where it fails, takes too long or says too much."""
        asked = json.dumps({"system": request.system, "user": request.user}).encode()
        with TemporaryFile() as question:  # a file: a command may speak before it has read all of it
            question.write(asked)
            question.seek(0)
            said, code, late = self._run(question)
        if late:
            raise DossierError(f"no answer within {self._seconds:g} seconds")
        if len(said) > _MOST_BYTES:
            raise DossierError(f"it said more than {_MOST_BYTES:,} bytes")
        if code:
            raise DossierError(f"it ended with code {code} and {len(said):,} bytes")
        return said.decode("utf-8", "replace")

    def _run(self, question: IO[bytes]) -> tuple[bytes, int, bool]:
        """What the command says, up to a byte too much, how it ended, and whether its time ran out."""
        try:
            process = subprocess.Popen(  # noqa: S603  (the command that the user set, without a shell)  # nosec B603
                self._command, stdin=question, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
            )
        except OSError as error:
            raise DossierError(f"cannot be started ({error.strerror}): check `drafter` in settings.toml") from error
        late, deadline = True, monotonic() + self._seconds
        said = b""
        try:
            if process.stdout:
                said, late = _read(process.stdout.fileno(), deadline)
            if not late and len(said) <= _MOST_BYTES:
                late = not _ends(process, deadline)
        finally:
            _end(process)
            if process.stdout:
                process.stdout.close()
            code = process.wait()
        return said, code, late


def _read(pipe: int, deadline: float) -> tuple[bytes, bool]:
    """What comes through `pipe` until it is closed, a byte more than an answer may have at most, and whether the time
    ran out first; whoever keeps the pipe open is not waited for beyond that."""
    said = bytearray()
    with DefaultSelector() as ready:
        ready.register(pipe, EVENT_READ)
        while len(said) <= _MOST_BYTES:
            left = deadline - monotonic()
            if left <= 0:
                return bytes(said), True
            if ready.select(left):
                block = os.read(pipe, min(_BLOCK, _MOST_BYTES + 1 - len(said)))
                if not block:
                    break
                said += block
    return bytes(said), False


def _ends(process: subprocess.Popen[bytes], deadline: float) -> bool:
    """Whether the command ends by itself in time."""
    while not _has_ended(process):
        if monotonic() >= deadline:
            return False
        sleep(_PAUSE)
    return True


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether the command has ended. Its number stays its own until `wait`, so that its group can still be ended; a
    system without `waitid` (macOS before Python 3.13) gives the number away here, and what it left runs on."""
    if hasattr(os, "waitid"):
        return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT | os.WNOHANG) is not None
    return process.poll() is not None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and what runs in its group, also where it has ended itself but was not waited for: then its
    number is still its own. A process that made a group or session of its own escapes."""
    if process.returncode is None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
