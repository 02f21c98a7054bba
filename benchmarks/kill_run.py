"""One refresh of made-up accounts that may be killed: run in a forked child, with models that cost next to nothing."""

from __future__ import annotations

import os
import re
import signal
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Self

import httpx

from benchmarks.kill_sites import HOST, companies
from pipelines import collecting, refresh
from pipelines.bootstrap import open_workspace
from pipelines.internet import Internet
from pipelines.models import Models
from pipelines.refresh import refresh_accounts
from pipelines.resuming import Remembering
from research.analyse.annotate import Annotation
from research.analyse.features_signals import SentenceContext, SignalAnswer
from research.analyse.patterns import pattern_mentions
from research.collect import readers as reading_apart
from research.collect.readers import Here
from research.extract import pool as extraction
from research.extract.dispatch import extract_capture
from research.model.account import Account, Source
from research.model.capture import Fetched, Skipped
from research.model.document import Document
from research.model.finding import Mention
from research.model.judgement import Judgement
from research.store.accounts import save_account, save_source
from research.store.connect import Store, open_store
from research.store.judgements import add_judgement, all_judgements
from research.text.hashing import sha256_bytes, short_id

FIRST: Final = "2026-11-01T08:00:00+00:00"  # the moment of the first visit, and of the refresh that is killed
AGAIN: Final = "2026-11-20T08:00:00+00:00"
JUDGEMENTS: Final = 60  # decisions that are taken while a refresh runs
_PAUSE: Final = 0.02  # seconds between two of them
STEPS: Final = 500  # SQLite's virtual machine: how many of its instructions make one point
_SENTENCE: Final = re.compile(r"\S[^.!?]*[.!?]?")
_NAME: Final = re.compile(r"\b[A-Z][a-z]+(?: [A-Z][a-z]+)+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Where a refresh runs, what it tells of what is committed (a file descriptor), and after how many points inside of
    SQLite it kills itself (0: never)."""

    home: Path
    port: int
    now: str = AGAIN
    tell: int = -1
    points: int = 0
    judge: bool = True


def make_store(home: Path, port: int, count: int = 40) -> None:
    """A home folder with the accounts and their sources, not visited yet."""
    with open_store(home) as store:
        for company in companies(count):
            account_id = f"account-{company.number:02}"
            site = f"http://{company.host}:{port}/"
            save_account(store, Account(id=account_id, name=company.name, domains=(company.host[4:],)))
            source = Source(id=short_id(account_id, "site"), account_id=account_id, kind="site", url=site, max_pages=40)
            save_source(store, source)


def run(plan: Plan) -> None:
    """A refresh of all accounts; raises where one of them fails."""
    with cheaply(plan), open_workspace(plan.home, lambda: plan.now) as opened:
        workspace = replace(opened, internet=_internet(plan.port))
        points = _kill_within(opened.store, plan.points) if plan.points else [0]
        with _judging(plan):
            results = refresh_accounts([], workspace, every=True, out=plan.home / "out")
    _tell(plan, f"points {plan.points - points[0]}")
    failed = [result.message for result in results if result.failed]
    if failed:
        raise AssertionError(failed[0])


def fork(plan: Plan) -> int:
    """The refresh in a child of its own; its process id. The child ends with 0, or 1 where it failed."""
    pid = os.fork()
    if pid:
        return pid
    try:
        run(plan)
        os._exit(0)
    except BaseException:  # noqa: BLE001  (a forked child must not return into its parent's code)
        import traceback

        traceback.print_exc()
        os._exit(1)


def decisions(account_ids: Sequence[str]) -> list[Judgement]:
    """The decisions that an analyst takes meanwhile."""
    return [
        Judgement(
            id=f"judgement-{number:03}",
            account_id=account_ids[number % len(account_ids)],
            target_kind="section",
            target_ids=("overview",),
            verdict="note",
            analyst="anna",
            at=AGAIN,
            note=f"decision {number}",
        )
        for number in range(JUDGEMENTS)
    ]


def judge(home: Path, tell: Callable[[str], None], pause: float = 0.0) -> None:
    """Take the decisions that are not in the store yet, one by one, each told of once it is committed."""
    with open_store(home) as store:
        known = {judgement.id for judgement in all_judgements(store)}
        accounts = [row[0] for row in store.rows("SELECT id FROM accounts ORDER BY id")]
        for judgement in decisions(accounts):
            if judgement.id not in known:
                add_judgement(store, judgement)
                tell(f"judgement {judgement.id}")
                time.sleep(pause)


def cheap_models() -> Models:
    """Models that answer by a rule each, in no time."""
    return Models(annotator=_Annotator(), signals=_Signals(), digest="cheap")  # type: ignore[arg-type]


def _internet(port: int) -> Internet:
    hosts = tuple((company.host, port) for company in companies())
    return Internet(resolve=lambda *_: (HOST,), allowed_hosts=hosts)


def _kill_within(store: Store, points: int) -> list[int]:
    """Kill this process after so many points of its work on the store; the list's one number says how many are left."""
    left = [points]

    def count() -> int:
        left[0] -= 1
        if left[0] <= 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return 0

    store.db.conn.set_progress_handler(count, STEPS)
    return left


@contextmanager
def _judging(plan: Plan) -> Iterator[None]:
    """An analyst at work beside the refresh, with a store of their own."""
    if not plan.judge:
        yield
        return
    thread = threading.Thread(target=judge, args=(plan.home, lambda what: _tell(plan, what), _PAUSE))
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _tell(plan: Plan, what: str) -> None:
    if plan.tell >= 0:
        os.write(plan.tell, f"{what}\n".encode())


@contextmanager
def cheaply(plan: Plan) -> Iterator[None]:
    """Cheap models, extraction in this process, and word of every page that is stored; all else is as it always is."""

    class Telling(Remembering):
        def kept(self, save: Callable[[], None], again: Callable[[], None]) -> None:
            asked = self._memory.pending[-1:]
            super().kept(save, again)
            for _, answer in asked:
                if isinstance(answer, Fetched):
                    what = "unchanged" if answer.status == 304 else sha256_bytes(answer.body)
                    _tell(plan, f"page {answer.url} {what}")

    models = cheap_models()
    context = httpx.create_ssl_context(trust_env=False)  # reading the authorities again for each account costs as much
    places: tuple[tuple[Any, str, Any], ...] = (
        (refresh, "load_models", lambda *_: models),
        (extraction, "ExtractionPool", _Here),
        (collecting, "Remembering", Telling),
        (reading_apart, "Apart", _ReadHere),
        (httpx, "create_ssl_context", lambda **_: context),
    )
    before = [getattr(module, name) for module, name, _ in places]
    try:
        for module, name, value in places:
            setattr(module, name, value)
        yield
    finally:
        for (module, name, _), value in zip(places, before, strict=True):
            setattr(module, name, value)


class _ReadHere(Here):
    """The reading of links without its process, for the same reason as below."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass


class _Here:
    """The extraction pool without its processes: they are the parsers' safety, and not what is tried here."""

    def __init__(self, **_: object) -> None:
        pass

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def map(self, jobs: Iterable[Any]) -> Iterator[Document | Skipped]:
        return (extract_capture(capture, body, account_id=account_id) for capture, body, account_id in jobs)


class _Annotator:
    """Sentences end at full stops, and what is capitalised is a company."""

    fingerprint_parts = ("cheap", "1", "none")

    def annotate(self, texts: Iterable[str]) -> Iterator[Annotation]:
        for text in texts:
            named = [Mention(label="company", start=m.start(), end=m.end(), text=m[0]) for m in _NAME.finditer(text)]
            mentions = sorted((*named, *pattern_mentions(text)), key=lambda m: (m.start, m.end, m.label))
            yield Annotation(sentences=tuple(m.span() for m in _SENTENCE.finditer(text)), mentions=tuple(mentions))


class _Signals:
    """A struggle is a pain of the account."""

    digest = "cheap"

    def __call__(self, contexts: Sequence[SentenceContext]) -> list[SignalAnswer]:
        pain = SignalAnswer(kinds={"pain": 0.9, "none": 0.1}, holders={"account": 0.9})
        nothing = SignalAnswer(kinds={"none": 1.0}, holders={})
        return [pain if "struggles" in context.sentence else nothing for context in contexts]
