"""Captured traffic in bulk (segments of a web archive): a file is read once, its pages go to whose they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pipelines.bootstrap import Workspace
from pipelines.gather import gather_replay
from research.collect.scope import site_of
from research.errors import DossierError, UsageError
from research.model.account import Account, Source
from research.model.capture import Fetched, Skipped
from research.net.archive import open_archive
from research.net.replay import Replay
from research.run.stage import Stage, StageReport, Unit, each, run_stage
from research.store.accounts import find_account, load_account, save_account, save_source
from research.store.captures import keep_many
from research.store.runs import StoreLedger
from research.text.hashing import canonical_json, sha256_text, short_id
from research.text.names import slug

READ_ONCE: Final = ("read", "once")
"""The option of a source whose file was read to its end and need not lie there any more."""
_ANOTHER_SITE: Final = "another site"
_BUFFER: Final = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """What a file holds of accounts: answers by account id, and what of theirs could not be read."""

    accounts: tuple[Account, ...]
    answers: tuple[tuple[str, Fetched], ...]
    skipped: tuple[Skipped, ...]


def read_list(file: Path) -> tuple[Path, ...]:
    """The paths of a list, one a line; empty lines and those that begin with # are left out. UsageError where the list
    is missing or names a file that is not there, before anything is read."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--warc-list {file}: cannot be read as text ({error})") from error
    paths = [Path(line.strip()) for line in lines if line.strip() and not line.lstrip().startswith("#")]
    paths = [path if path.is_absolute() else file.parent / path for path in paths]
    if missing := [path for path in paths if not path.is_file()]:
        raise UsageError(f"--warc-list {file}: {missing[0]} is not there; fetch the file first, or mend the list")
    return tuple(dict.fromkeys(path.resolve() for path in paths))


def collect_warcs(paths: Sequence[Path], workspace: Workspace, *, least_pages: int | None = None) -> StageReport:
    """Store the pages of every known account that stand in these files; with `least_pages`, every site with so many
    pages in one file becomes an account. A file that was read is not read again; a broken one is named and left."""
    store = workspace.store
    fingerprint = sha256_text(canonical_json(["collect_warcs", "1", least_pages]))
    units = [Unit(id=str(path), fingerprint=fingerprint, label=path.name, value=path) for path in paths]

    def save(unit: Unit[Path], segment: Segment) -> str:
        for account in segment.accounts:
            save_account(store, account)
            own = [fetched for owner, fetched in segment.answers if owner == account.id]
            source = _source(account, unit.value)
            save_source(store, source)
            for at in range(0, len(own), _BUFFER):
                keep_many(store, source.id, own[at : at + _BUFFER])
        return sha256_text(canonical_json(sorted(fetched.url for _, fetched in segment.answers)))

    stage: Stage[Path, Segment] = Stage(
        name="collect", work=each(lambda path: _read(path, workspace, least_pages)), save=save
    )
    return run_stage(stage, units, StoreLedger(store=store, now=workspace.clock()), workspace.progress)


def _read(path: Path, workspace: Workspace, least_pages: int | None) -> Segment:
    replay = open_archive(path)
    sites = Counter(map(site_of, replay.pages()))
    accounts = tuple(_accounts(sites, workspace, least_pages))
    answers: list[tuple[str, Fetched]] = []
    skipped: list[Skipped] = []
    for account in accounts:
        answers += [(account.id, fetched) for fetched in _pages_of(account, path, replay, skipped)]
    return Segment(accounts=accounts, answers=tuple(answers), skipped=tuple(skipped))


def _accounts(sites: Counter[str], workspace: Workspace, least_pages: int | None) -> Iterator[Account]:
    """The accounts whose sites these are, each once, in order of the sites."""
    found: dict[str, Account] = {}
    for site in sorted(sites):
        account = find_account(workspace.store, site)
        if account is None and least_pages is not None and sites[site] >= least_pages:
            name = slug(site.split(".")[0])
            taken = name in found or load_account(workspace.store, name) is not None
            account = Account(id=slug(site.replace(".", " ")) if taken else name, name=site, domains=(site,))
        if account is not None:
            found.setdefault(account.id, account)
    yield from found.values()


def _pages_of(account: Account, path: Path, replay: Replay, skipped: list[Skipped]) -> list[Fetched]:
    kept: list[Fetched] = []

    def skip(one: Skipped) -> None:
        if one.reason != _ANOTHER_SITE:
            skipped.append(one)

    try:
        gather_replay(_source(account, path), replay, keep=kept.append, skip=skip, domains=account.domains)
    except DossierError as error:  # the account has domains, and none of them stands here after all
        skipped.append(Skipped(url=account.id, reason=str(error)))
    return kept


def _source(account: Account, path: Path) -> Source:
    return Source(
        id=short_id(account.id, "warc", str(path)),
        account_id=account.id,
        kind="warc",
        url=str(path),
        max_pages=100_000,
        options=(READ_ONCE,),
    )
