"""The parent's side: one child at a time, started when it is first needed and again after each death."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from typing import Any, Final

from research.child.wire import pack, unpack
from research.errors import DossierError

MEMORY_MB: Final = 512
"""The memory of one child (docs/security/parsing.md): RLIMIT_AS in the child, set above what it starts with."""
MOST_ANSWERS: Final = 2_000
"""What one child answers before a new one takes its place, which costs 0.2 s: so what answers leave behind
in its memory is bounded, whatever the number of accounts."""
_START_SECONDS: Final = 60.0
_BOOT: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from research.child.serving import serve; serve(sys.argv[2], int(sys.argv[3]))"
)


class ChildError(Exception):
    """Why there is no answer, in words for the user; the next question is put to a child that is whole."""


class Child:
    """A process that answers questions by the function `answer` of a module, which is named by its dotted name."""

    def __init__(self, module: str, *, memory_mb: int = MEMORY_MB, most: int = MOST_ANSWERS) -> None:
        self._module = module
        self._memory = memory_mb
        self._most = most
        self._asked = 0  # of the running process
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, head: dict[str, Any], body: bytes, seconds: float) -> dict[str, Any]:
        """The child's answer; ChildError where it takes longer than `seconds`, dies, needs more memory or fails."""
        process = self._started()
        self._asked += 1
        try:
            _send(process, pack(head | {"seconds": seconds}, body))
            answer = _read(process, seconds)
        except (BrokenPipeError, EOFError, ValueError) as error:
            ended = _ending(process)
            self.stop()
            raise ChildError(f"reading it broke the parser{ended}") from error
        except TimeoutError as error:
            self.stop()
            raise ChildError(f"reading it took longer than {seconds:g} seconds") from error
        except BaseException:  # broken off: its answer may still come, and would be taken for that to the next question
            self.stop()
            raise
        if "greedy" in answer:
            self.stop()  # what it holds is in pieces: the next document gets a fresh one
            raise ChildError(f"reading it needs more than {self._memory} MB of memory")
        if "failed" in answer:
            raise ChildError(f"could not be read ({answer['failed']})")
        return answer

    def peak(self) -> int:
        """The most memory that the running child has held, in bytes; 0 where there is none or the system says nothing
        of it."""
        status = f"/proc/{self._process.pid}/status" if self._process is not None else ""
        try:
            with open(status, encoding="ascii") as lines:  # noqa: PTH123  (a file of the kernel's)
                return next((int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM:")), 0)
        except OSError:
            return 0

    def used(self) -> float:
        """The processor seconds that the running child has used; 0 where there is none or the system does not say."""
        if self._process is None:
            return 0.0
        try:
            with open(f"/proc/{self._process.pid}/stat", encoding="ascii") as lines:  # noqa: PTH123  (the kernel's)
                ticks = lines.read().rpartition(")")[2].split()[11:13]
        except OSError:
            return 0.0
        return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        """End the child, whatever it is doing."""
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                _close(stream)

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None or self._asked >= self._most:
            self.stop()
            self._asked = 0
            self._process = subprocess.Popen(  # noqa: S603  (this interpreter, with this program's own code)  # nosec B603
                [sys.executable, "-c", _BOOT, json.dumps(sys.path), self._module, str(self._memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is the parent's to handle
            )
            self._await_ready(self._process)
        return self._process

    def _await_ready(self, process: subprocess.Popen[bytes]) -> None:
        try:
            _read(process, _START_SECONDS)
        except (EOFError, TimeoutError, ValueError) as error:
            self.stop()
            raise DossierError("the process that reads documents does not start: check the installation") from error
        except BaseException:
            self.stop()
            raise


def _ending(process: subprocess.Popen[bytes]) -> str:
    """How a child ended that was not told to: by which signal, where it was one."""
    try:
        code = process.wait(timeout=1)
    except subprocess.TimeoutExpired:
        return ""
    try:
        return f" ({signal.Signals(-code).name})" if code < 0 else ""
    except ValueError:  # a signal without a name here
        return f" (signal {-code})"


def _close(stream: Any) -> None:
    try:
        stream.close()
    except BrokenPipeError:  # what was still to be written was for a child that is gone
        return


def _send(process: subprocess.Popen[bytes], message: bytes) -> None:
    stream = process.stdin
    if stream is None:
        raise BrokenPipeError
    stream.write(message)
    stream.flush()


def _read(process: subprocess.Popen[bytes], seconds: float) -> dict[str, Any]:
    """The head of the child's next message; raises TimeoutError, or EOFError where it died."""
    deadline = time.monotonic() + seconds
    stream = process.stdout
    if stream is None:
        raise EOFError
    descriptor = stream.fileno()
    return unpack(lambda size: _exactly(descriptor, size, deadline))[0]


def _exactly(descriptor: int, size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        left = deadline - time.monotonic()
        if left <= 0 or not select.select([descriptor], [], [], left)[0]:
            raise TimeoutError
        part = os.read(descriptor, min(size - len(data), 1 << 20))
        if not part:
            raise EOFError
        data += part
    return bytes(data)
