"""A model behind a command of the user's own: the prompt on its standard input, the answer on its standard output."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from tempfile import TemporaryFile
from threading import Event, Timer
from typing import IO, Final

from research.draft.answers import LONGEST_ANSWER
from research.draft.prompting import Request
from research.errors import DossierError

_MOST_BYTES: Final = 4 * LONGEST_ANSWER  # an answer at its limit, each character in four bytes


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
        late = Event()

        def stop() -> None:
            late.set()
            _end(process)

        timer = Timer(self._seconds, stop)
        timer.start()
        try:
            said = process.stdout.read(_MOST_BYTES + 1) if process.stdout else b""
            if len(said) > _MOST_BYTES:
                _end(process)
            return said, process.wait(), late.is_set()
        finally:
            timer.cancel()
            _end(process)
            if process.stdout:
                process.stdout.close()
            process.wait()


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the command and what it started, unless it has ended: its number may be another's by then."""
    if process.returncode is not None:
        return
    with suppress(ProcessLookupError, PermissionError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
