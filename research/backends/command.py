"""A model behind a command of the user's own: the prompt on its standard input, the answer on its standard output."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence

from research.draft.answers import LONGEST_ANSWER
from research.draft.prompting import Request
from research.errors import DossierError


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
        try:
            done = subprocess.run(  # noqa: S603  (the command that the user set, without a shell)  # nosec B603
                self._command, input=asked, capture_output=True, timeout=self._seconds, check=False
            )
        except subprocess.TimeoutExpired as error:
            raise DossierError(f"no answer within {self._seconds:g} seconds") from error
        except OSError as error:
            raise DossierError(f"cannot be started ({error.strerror}): check `drafter` in settings.toml") from error
        if done.returncode or len(done.stdout) > 4 * LONGEST_ANSWER:
            raise DossierError(f"it ended with code {done.returncode} and {len(done.stdout):,} bytes")
        return done.stdout.decode("utf-8", "replace")
