"""What every page of the desk is handed: the store of one home folder, the clock, and this process's secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.bootstrap import Workspace, open_workspace
from research.store.reading import forbid_writes

HOST: Final = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """One desk: `token` must come with every write, `hosts` are the names under which it answers.

    SQLite connections belong to one thread, so each request opens its own.
    """

    home: Path
    clock: Callable[[], str]
    token: str
    hosts: tuple[str, ...] = (HOST, "localhost")

    @contextmanager
    def reading(self) -> Iterator[Workspace]:
        """The workspace for a page that is looked at: a write through it is an error."""
        with open_workspace(self.home, self.clock) as workspace:
            forbid_writes(workspace.store)
            yield workspace

    def writing(self) -> AbstractContextManager[Workspace]:
        """The workspace for a decision that is saved."""
        return open_workspace(self.home, self.clock)
