"""What a disk can do to a store, each fault in a forked child, and what the store says of it.

No library is replaced and no system call is faked: the faults are a file system that is full, limits of the process,
file descriptors that lead elsewhere, permissions, and bytes of the file itself.
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from research.errors import DossierError
from research.model.account import Account, Source
from research.model.capture import Fetched
from research.model.document import Document, Passage
from research.model.finding import Evidence, Finding, attributes
from research.model.judgement import Judgement
from research.store.accounts import list_accounts, save_account, save_source, sources_of
from research.store.bodies import body
from research.store.captures import current_captures, keep, latest_by_url
from research.store.check import check_store, verify_evidence
from research.store.connect import FILE_NAME, Store, open_store
from research.store.diagnosis import diagnose
from research.store.documents import documents_of, record_extraction
from research.store.findings import finding_history, load_findings, replace_findings
from research.store.judgements import add_judgement, all_judgements
from research.text.hashing import sha256_text, short_id

NOBODY: Final = 65_534  # the user that owns nothing, on every Unix
_AT: Final = "2026-03-01T08:00:00+00:00"
_PAGES: Final = 30

Fault = Callable[[Path], Store]
"""Brings the fault about in this process and gives the store to work with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`said` is the error's one line, empty where none came; `wrong` what else went wrong, empty where nothing did."""

    said: str
    wrong: str = ""


def fill(store: Store, pages: int = _PAGES) -> None:
    """Make an account with pages, documents, findings and decisions, by a fixed seed."""
    draw = random.Random("pages")
    save_account(store, Account(id="acme", name="Acme Works", domains=("acme.example",), aliases=("Acme",)))
    save_source(store, Source(id="acme-site", account_id="acme", kind="site", url="https://acme.example/"))
    findings = []
    for number in range(pages):
        words = " ".join(draw.choice(("pump", "valve", "order", "plant", "cost")) + str(number) for _ in range(200))
        text = f"Acme was founded in {1900 + number}. {words}"
        capture = keep(store, "acme-site", answer(number, text))
        made = _document(capture.id, capture.final_url, text)
        record_extraction(store, capture, "acme", "version", made)
        findings.append(_finding(made, f"founded in {1900 + number}"))
        add_judgement(store, _decision(number))
    replace_findings(store, "acme", findings, _AT)


def answer(number: int, text: str) -> Fetched:
    """A page of the account."""
    url = f"https://acme.example/{number}"
    page = text.encode()
    return Fetched(url=url, final_url=url, fetched_at=_AT, status=200, media_type="text/html", body=page, etag='"1"')


def everything(store: Store) -> tuple[object, ...]:
    """All that a run reads of a store, through the functions that it reads with; DossierError where that is damaged."""
    captures = current_captures(store, "acme")
    problems = verify_evidence(store, "acme")
    if problems:
        raise DossierError(problems[0])
    return (
        list_accounts(store),
        sources_of(store, "acme"),
        captures,
        latest_by_url(store, "acme-site"),
        [body(store, capture.body_sha256) for capture in captures],
        documents_of(store, "acme", current_only=False),
        load_findings(store, "acme", include_lapsed=True),
        finding_history(store, "acme"),
        all_judgements(store),
    )


def work(store: Store) -> None:
    """Read, then write more than fits into what is left anywhere."""
    everything(store)
    for number in range(_PAGES, _PAGES + 40):
        keep(store, "acme-site", answer(number, random.Random(number).randbytes(30_000).hex()))  # nosec B311
        add_judgement(store, _decision(number))


def suffer(home: Path, fault: Fault) -> Outcome:
    """What a store at `home` says when `fault` strikes it, from a child of its own; judged by the state it is left in
    as well: whole, with all that it held before."""
    with open_store(home) as store:
        before = everything(store)
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _suffer_here(home, fault, writing)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as told:
        said = told.read()
    os.waitpid(pid, 0)
    _mend(home)
    kind, _, line = said.partition(" ")
    if kind != "clear" or "\n" in line:
        return Outcome(said=line, wrong=f"no clear line: {said[:200]}")
    return Outcome(said=line, wrong="" if fault.__name__ in DESTROYING else _left(home, before))


def _mend(home: Path) -> None:
    """Take the cause away, as the user is told to."""
    away = home.with_name("elsewhere")
    if away.exists():
        away.rename(home)
    home.chmod(0o755)
    if (home / FILE_NAME).exists():
        (home / FILE_NAME).chmod(0o644)
    journal = home / f"{FILE_NAME}-journal"
    if journal.is_dir():
        journal.rmdir()


def _suffer_here(home: Path, fault: Fault, writing: int) -> None:
    try:
        work(fault(home))
        said = "silent it went on as if nothing were the matter"
    except DossierError as error:
        said = f"clear {error}"
    except BaseException as error:  # noqa: BLE001  (whatever it is, it is what is looked for)
        said = f"crash {type(error).__name__}: {error}"
    os.write(writing, said.encode())
    os._exit(0)


def _left(home: Path, before: tuple[object, ...]) -> str:
    """What is wrong with a store after a fault that left its file whole."""
    with open_store(home) as store:
        problems = check_store(store, bodies=True)
        after = everything(store)
    if problems:
        return problems[0]
    kept = all(_begins(now, then) for now, then in zip(after, before, strict=True))
    return "" if kept else "something that was stored is gone"


def _begins(now: object, then: object) -> bool:
    """Whether a list or mapping still holds all that it held."""
    if isinstance(now, Mapping) and isinstance(then, Mapping):
        return dict(then).items() <= dict(now).items()
    if isinstance(now, tuple | list) and isinstance(then, tuple | list):
        return list(now[: len(then)]) == list(then)
    return now == then


def limit_of_size(home: Path) -> Store:
    """No file may grow: the system refuses the write (EFBIG)."""
    store = open_store(home)
    size = (home / FILE_NAME).stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    return store


def limit_of_pages(home: Path) -> Store:
    """SQLite itself says that the disk is full."""
    store = open_store(home)
    (pages,) = store.row("PRAGMA page_count") or (0,)
    store.rows(f"PRAGMA max_page_count = {pages + 3}")
    return store


def unreadable_disk(home: Path) -> Store:
    """Reading gives EIO, as from a broken sector: the descriptor leads to unmapped memory."""
    store = open_store(home)
    bad = os.open("/proc/self/mem", os.O_RDONLY)
    for handle in _handles(home / FILE_NAME):
        os.dup2(bad, handle)
    return store


def no_place_for_journal(home: Path) -> Store:
    """A folder stands where the rollback journal would be written."""
    store = open_store(home)
    (home / f"{FILE_NAME}-journal").mkdir()
    return store


def read_only_file(home: Path) -> Store:
    """Neither file nor folder may be written by this user."""
    (home / FILE_NAME).chmod(0o444)
    home.chmod(0o555)
    _become_nobody()
    return open_store(home)


def read_only_later(home: Path) -> Store:
    """The folder becomes read-only while the store is in use."""
    for place in (home, *home.iterdir()):
        os.chown(place, NOBODY if os.getuid() == 0 else -1, -1)
    _become_nobody()
    store = open_store(home)
    home.chmod(0o555)
    return store


def missing_disk(home: Path) -> Store:
    """The folder is gone from its place while the store is in use, as when a disk is unplugged."""
    store = open_store(home)
    home.rename(home.with_name("elsewhere"))
    return store


def missing_file(home: Path) -> Store:
    """The file is deleted while the store is in use."""
    store = open_store(home)
    (home / FILE_NAME).unlink()
    return store


def newer_schema(home: Path) -> Store:
    """A later version of the program wrote the file."""
    with open_store(home) as store:
        row = ("dossier", "m999_of_the_future", _AT)
        store.write("INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES (?, ?, ?)", [row])
    return open_store(home)


def lost_table(home: Path) -> Store:
    """A table is gone."""
    connection = sqlite3.connect(home / FILE_NAME)
    connection.execute("DROP TABLE sightings")
    connection.close()
    return open_store(home)


def cut_short(home: Path) -> Store:
    """Half of the file is gone."""
    os.truncate(home / FILE_NAME, (home / FILE_NAME).stat().st_size // 2)
    return open_store(home)


def no_database(home: Path) -> Store:
    """Something else bears the file's name."""
    (home / FILE_NAME).write_bytes(b"<html>not found</html>" * 400)
    return open_store(home)


FAULTS: Final[Mapping[str, Fault]] = {
    fault.__name__: fault
    for fault in (
        limit_of_size,
        limit_of_pages,
        unreadable_disk,
        no_place_for_journal,
        read_only_file,
        read_only_later,
        missing_disk,
        missing_file,
        newer_schema,
        lost_table,
        cut_short,
        no_database,
    )
}
"""The faults that need nothing but this process; those in DESTROYING leave no whole file behind."""
DESTROYING: Final = frozenset({"missing_file", "newer_schema", "lost_table", "cut_short", "no_database"})


@contextmanager
def small_disk(folder: Path, kib: int) -> Iterator[Path]:
    """A file system of that size; OSError where this user may mount none."""
    place = folder / "disk"
    place.mkdir()
    made = subprocess.run(  # noqa: S603  # nosec B603
        ["/bin/mount", "-t", "tmpfs", "-o", f"size={kib}k", "tmpfs", str(place)], capture_output=True, check=False
    )
    if made.returncode:
        raise PermissionError("no file system can be mounted by this user")
    try:
        yield place
    finally:
        subprocess.run(["/bin/umount", "-l", str(place)], check=True)  # noqa: S603  # nosec B603


def flip(path: Path, draw: random.Random) -> None:
    """Change one to eight bytes of a file, somewhere."""
    with path.open("r+b") as file:
        size = path.stat().st_size
        for _ in range(draw.randint(1, 8)):
            place = draw.randrange(size)
            file.seek(place)
            old = file.read(1)[0]
            file.seek(place)
            file.write(bytes([old ^ draw.randint(1, 255)]))


def flipped(whole: Path, home: Path, draw: random.Random) -> str:
    """What becomes of a copy of a store whose bytes are changed: `clear` error, `same` content, something that
    only `doctor` sees, or what went wrong."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(whole, home)
    with open_store(whole) as store:
        before = everything(store)
    flip(home / FILE_NAME, draw)
    try:
        with open_store(home) as store:
            after = everything(store)
    except DossierError as error:
        return "clear" if "\n" not in str(error) else f"several lines: {error}"
    except Exception as error:  # noqa: BLE001  (whatever it is, it is what is looked for)
        return f"crash {type(error).__name__}: {error}"
    if after == before:
        return "same"
    return "doctor" if _ailing(home) else f"silently wrong: {_difference(before, after)}"


def _ailing(home: Path) -> bool:
    """Whether doctor finds fault with a store: a row that its index does not lead to is simply not there."""
    with open_store(home) as store:
        return any(not check.ok for check in diagnose(store))


def _difference(before: tuple[object, ...], after: tuple[object, ...]) -> str:
    place = next(number for number, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1])
    return f"part {place} of everything"


def _become_nobody() -> None:
    if os.getuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def _handles(path: Path) -> list[int]:
    """The file descriptors of this process that lead to `path`."""
    found = []
    for handle in Path("/proc/self/fd").iterdir():
        try:
            if handle.readlink() == path:
                found.append(int(handle.name))
        except FileNotFoundError:  # the one that listed the folder
            continue
    return found


def _document(capture_id: str, url: str, text: str) -> Document:
    passage = Passage(ordinal=0, start=0, end=len(text), role="paragraph", heading_path=(), main=True)
    return Document(
        id=short_id("acme", url, sha256_text(text)),
        account_id="acme",
        capture_id=capture_id,
        url=url,
        title="Acme",
        published=None,
        language="en",
        page_type="about",
        media_type="text/html",
        text=text,
        text_sha256=sha256_text(text),
        extractor="sample",
        extractor_version="1",
        passages=(passage,),
        metadata=(),
    )


def _finding(made: Document, quote: str) -> Finding:
    start = made.text.index(quote)
    identity = short_id("acme", "fact", quote)
    evidence = Evidence(
        finding_id=identity,
        document_id=made.id,
        start=start,
        end=start + len(quote),
        quote_sha256=sha256_text(quote),
        score=0.9,
    )
    return Finding(
        id=identity,
        account_id="acme",
        kind="fact",
        attributes=attributes(field="founded", value=quote[-4:]),
        confidence=0.8,
        status="new",
        first_seen=_AT,
        last_seen=_AT,
        evidence=(evidence,),
    )


def _decision(number: int) -> Judgement:
    return Judgement(
        id=f"judgement-{number}",
        account_id="acme",
        target_kind="section",
        target_ids=("overview",),
        verdict="note",
        analyst="anna",
        at=_AT,
        note=f"decision {number}",
    )
