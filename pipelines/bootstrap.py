"""Builds what the commands share: the home folder, its settings, its store, and the models that stages are handed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pipelines.ahead import Ahead
from pipelines.children import Children
from research.run.executor import Executor, LocalExecutor
from research.run.stage import Progress
from research.settings import Settings, load_settings
from research.store.connect import Store, open_store

if TYPE_CHECKING:
    from pipelines.internet import Internet
    from research.backends.drafter import Drafter

HOME_VARIABLE: Final = "DOSSIER_HOME"


def default_home() -> Path:
    """`DOSSIER_HOME`, or the platform's folder for user data."""
    named = os.environ.get(HOME_VARIABLE)
    if named:
        return Path(named).expanduser()
    import platformdirs

    return Path(platformdirs.user_data_dir("account-dossier", appauthor=False))


def _internet() -> Internet:
    from pipelines.internet import Internet  # httpx: commands that read the store alone do without

    return Internet()


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """An open home folder; `clock` gives ISO date-times in UTC, `today` is the date that briefs are made for."""

    home: Path
    settings: Settings
    store: Store
    clock: Callable[[], str]
    progress: Progress | None = None
    internet: Internet = field(default_factory=_internet)
    drafter: Drafter | None = None
    executor: Executor = field(default_factory=LocalExecutor)
    ahead: Ahead = field(default_factory=Ahead)
    children: Children = field(default_factory=Children)

    @property
    def today(self) -> str:
        """The date of the clock."""
        return self.clock()[:10]


@contextmanager
def open_workspace(
    home: Path, clock: Callable[[], str], progress: Progress | None = None, cluster: str | None = None
) -> Iterator[Workspace]:
    """The workspace of `home`, closed at the end of the block; DossierError where the folder cannot be used. Work is
    done by as many processes as the settings name, or by the `cluster` (`local:N`, or a scheduler's address)."""
    settings = load_settings(home)
    with open_store(home) as store, ExitStack() as ending:
        executor = executor_of(cluster, settings)
        ending.callback(executor.close)
        children = Children()
        ending.callback(children.close)
        yield Workspace(
            home=home,
            settings=settings,
            store=store,
            clock=clock,
            progress=progress,
            drafter=_drafter(settings),
            executor=executor,
            children=children,
        )


def _drafter(settings: Settings) -> Drafter | None:
    if settings.drafter is None:
        return None
    from research.backends.command import CommandDrafter

    return CommandDrafter(settings.drafter)


def executor_of(cluster: str | None, settings: Settings) -> Executor:
    """Who does the work of a run."""
    if cluster is None:
        return LocalExecutor(settings.workers, visits=settings.sites_at_once)
    from research.run.cluster import DaskExecutor

    return DaskExecutor(cluster)
