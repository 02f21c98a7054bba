"""Captured traffic, replayed as if it were the web."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from research.errors import DossierError, UsageError
from research.model.capture import Fetched, Request, Skipped
from research.net.answer import REDIRECTS, read_answer
from research.net.media import DOCUMENTS
from research.net.refused import Refused
from research.net.settings import MAX_REDIRECTS, NetSettings
from research.net.warc import BROKEN, Entry, is_single_gzip, open_record, scan
from research.text.inflate import InflateError, gunzip
from research.text.urls import join, normalise

_INDEX: Final = re.compile(r"/(index\.html?)?$")
_MAX_SINGLE_GZIP: Final = 256 << 20  # bytes held in memory of an archive that is one gzip stream


class Replay:
    """The answers of one archive by address; bodies stay in the file until they are asked for."""

    def __init__(
        self,
        open_stream: Callable[[], BinaryIO],
        entries: tuple[Entry, ...],
        problems: tuple[Skipped, ...],
        settings: NetSettings,
    ) -> None:
        self._open = open_stream
        self._settings = settings
        self._by_key: dict[str, Entry] = {}
        self._by_folder: dict[str, Entry] = {}
        self._by_digest = {entry.digest: entry for entry in entries if entry.digest and entry.kind != "revisit"}
        self.problems = problems
        for entry in entries:
            self._add(entry)

    def urls(self) -> tuple[str, ...]:
        """Every captured address once, in the order of capture."""
        return tuple(entry.url for entry in self._by_key.values())

    def pages(self) -> tuple[str, ...]:
        """The captured addresses that may hold text: documents, redirects, and what declares no type."""
        return tuple(entry.url for entry in self._by_key.values() if _may_hold_text(entry))

    def fetch(self, request: Request) -> Fetched | Skipped:
        """The captured answer after its captured redirects, or Skipped with the reason."""
        try:
            return self._read(request)
        except Refused as refused:
            return Skipped(url=request.url, reason=str(refused))
        except BROKEN:
            return Skipped(url=request.url, reason="the archive is damaged here")

    def _read(self, request: Request) -> Fetched:
        entry = self._final(request.url)
        source = self._payload(entry)
        with self._open() as stream, open_record(stream, source) as answer:
            fetched = read_answer(answer, request, self._settings)
        return _dated(fetched, request.url, entry)

    def _final(self, url: str) -> Entry:
        """The entry that `url` leads to within the archive; raises Refused where it leads nowhere."""
        seen: set[str] = set()
        entry = self._find(url, "not captured")
        while entry.status in REDIRECTS and entry.location:
            if entry.url in seen or len(seen) == MAX_REDIRECTS:
                raise Refused("redirects in a circle")
            seen.add(entry.url)
            target = join(entry.url, entry.location) or entry.location
            entry = self._find(target, f"redirects to {target[:200]}, which is not captured")
        return entry

    def _find(self, url: str, reason: str) -> Entry:
        entry = self._by_key.get(_key(url)) or self._by_folder.get(_folder_key(url))
        if entry is None:
            raise Refused(reason)
        return entry

    def _payload(self, entry: Entry) -> Entry:
        """The entry whose record holds the body: a revisit repeats an earlier one's."""
        if entry.kind != "revisit":
            return entry
        earlier = self._by_digest.get(entry.digest)
        if earlier is None:
            raise Refused("captured as unchanged, but what it repeats is not in this archive")
        return earlier

    def _add(self, entry: Entry) -> None:
        """A later capture of one address replaces an earlier one, unless it failed."""
        key = _key(entry.url)
        known = self._by_key.get(key)
        if known is None or entry.status == 200 or known.status != 200:
            self._by_key[key] = entry
            self._by_folder[_folder_key(entry.url)] = entry


def open_warc(path: Path, settings: NetSettings | None = None) -> Replay:
    """The archive at `path`; raises UsageError where there is none, DossierError where it holds no answer at all."""
    if not path.is_file():
        raise UsageError(f"there is no file {path}; give the path of a .warc or .warc.gz")
    open_stream = _opener(path)
    entries: list[Entry] = []
    problems: list[Skipped] = []
    with open_stream() as stream:
        for item in scan(stream, path.name):
            if isinstance(item, Entry):
                entries.append(item)
            else:
                problems.append(item)
    if not entries:
        raise DossierError(f"{path.name} holds no captured page; give a .warc or .warc.gz that does")
    return Replay(open_stream, tuple(entries), tuple(problems), settings or NetSettings())


def _opener(path: Path) -> Callable[[], BinaryIO]:
    with path.open("rb") as stream:
        single = is_single_gzip(stream)
    if not single:
        return lambda: path.open("rb")
    try:
        if path.stat().st_size > _MAX_SINGLE_GZIP:
            raise InflateError
        plain = gunzip(path.read_bytes(), _MAX_SINGLE_GZIP)
    except InflateError:
        raise DossierError(f"{path.name} is one gzip stream and too large; unpack it and give the .warc") from None
    return lambda: io.BytesIO(plain)


def _key(url: str) -> str:
    return normalise(url) or url


def _folder_key(url: str) -> str:
    """Equal for a folder with and without its closing slash or index file: a server answers all of them alike."""
    return _INDEX.sub("", _key(url))


def _may_hold_text(entry: Entry) -> bool:
    if entry.status in REDIRECTS or entry.kind == "revisit":
        return True
    return entry.media_type in DOCUMENTS or entry.media_type in ("", "application/octet-stream")


def _dated(fetched: Fetched, url: str, entry: Entry) -> Fetched:
    return Fetched(
        url=url,
        final_url=entry.url,
        fetched_at=entry.at,
        status=200,
        media_type=fetched.media_type,
        body=fetched.body,
        charset=fetched.charset,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
    )
