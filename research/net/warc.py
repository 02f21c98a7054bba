"""The records of a web archive file: where each answer lies, and its body when asked for."""

from __future__ import annotations

import logging
import re
import zlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import DecompressingBufferedReader
from warcio.exceptions import ArchiveLoadFailed
from warcio.statusandheaders import StatusAndHeadersParserException

from research.model.capture import Skipped
from research.net.answer import Answer
from research.net.media import declared
from research.net.settings import MAX_HEAD_BYTES
from research.text.inflate import MAX_RATIO

# All that warcio raises on damaged input; it checks little itself, hence the plain Python errors.
BROKEN: Final = (
    ArchiveLoadFailed, StatusAndHeadersParserException, EOFError, OSError, zlib.error, ValueError, TypeError,
    AttributeError, IndexError,
)  # fmt: skip
logging.getLogger("warcio.recordloader").setLevel(logging.CRITICAL)  # its lines hold a stranger's words as they stand
_STARTS: Final = (b"\x1f\x8b\x08", b"WARC/1.", b"WARC/0.")
_MAX_RESTARTS: Final = 1_000  # damaged places that are passed over before the rest of a file is given up
_MAX_ENTRIES: Final = 200_000  # answers of one file, each of which is kept in memory; a whole site's have some 10,000
_RATIO_FROM: Final = 64 << 20  # inflated bytes of a file, below which MAX_RATIO does not matter
_SIZE_LINE: Final = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r\n")  # of a chunk (RFC 9112, 7.1)
_SIZE_BYTES: Final = 64  # of such a line
_BLOCK: Final = 1 << 16
_STEP: Final = 8 << 10  # packed bytes that are inflated at once, up to 1,030-fold
_KINDS: Final = frozenset({"response", "resource", "revisit"})


class _Lines(DecompressingBufferedReader):
    """The library's reader within bounds: it reads lines of any length, and any number of them, into memory.

    `head` counts what was read in lines since it was set to 0; None where lines are no heads.
    """

    head: int | None = 0
    _raw = 0

    def readline(self, length: int | None = None) -> bytes:
        """The next line; ValueError where a record's head is longer than MAX_HEAD_BYTES."""
        most = MAX_HEAD_BYTES + 1 if length is None else min(length, MAX_HEAD_BYTES + 1)
        line = bytes(super().readline(most))
        if self.head is not None:
            self.head += len(line)
            if self.head > MAX_HEAD_BYTES:
                raise ValueError("a head without an end")
        return line

    def _process_read(self, data: bytes) -> None:
        self._raw += len(data)
        super()._process_read(data)
        if self.num_read > max(_RATIO_FROM, self._raw * MAX_RATIO):
            raise ValueError(f"inflates more than {MAX_RATIO}-fold")


class _Archive(ArchiveIterator):
    """The library's iterator over bounded lines, and without its habit of writing to the terminal; it counts in
    `err_count` instead."""

    INC_RECORD = ""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream)
        self.reader = _Lines(self.fh, block_size=_STEP)

    def _next_record(self, next_line: bytes | None) -> Any:
        self.reader.head = 0
        return super()._next_record(next_line)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One captured answer: `offset` is where its record begins; `refers_to` names what a revisit repeats."""

    url: str
    offset: int
    at: str
    kind: str
    status: int
    media_type: str
    location: str
    digest: str
    refers_to: str


def scan(stream: BinaryIO, name: str) -> Iterator[Entry | Skipped]:
    """Every captured answer in order, up to _MAX_ENTRIES; what is damaged comes as Skipped, and reading goes on after
    it."""
    for number, item in enumerate(_scan(stream, name)):
        if number == _MAX_ENTRIES:
            yield Skipped(url=f"file:{name}", reason=f"only the first {number:,} answers of the archive are read")
            return
        yield item


def _scan(stream: BinaryIO, name: str) -> Iterator[Entry | Skipped]:
    offset = 0
    for _ in range(_MAX_RESTARTS):
        end = yield from _scan_from(stream, offset, name)
        if end is None:
            return
        found = _next_start(stream, max(end, offset) + 1)  # damaged lengths may lead back
        if found is None:
            return
        offset = found
    yield Skipped(url=f"file:{name}", reason="the archive is damaged in too many places; its rest is not read")


def is_single_gzip(stream: BinaryIO) -> bool:
    """Whether the whole file is one gzip stream, so that no record can be reached without all before it."""
    stream.seek(0)
    archive = _Archive(stream)
    try:
        for _, _record in zip(range(2), archive, strict=False):
            pass
    except ArchiveLoadFailed as error:
        return "non-chunked gzip" in str(error)
    except BROKEN:
        return False
    return False


@contextmanager
def open_record(stream: BinaryIO, entry: Entry) -> Iterator[Answer]:
    """The answer of an entry, its body read from the stream as it is consumed."""
    stream.seek(entry.offset)
    archive = _Archive(stream)
    record = next(archive)
    archive.reader.head = None  # the lines that follow are of chunks
    yield Answer(
        url=entry.url,
        at=entry.at,
        status=entry.status,
        header=lambda name: _header(record, name),
        chunks=_chunks(record),
    )


def _scan_from(stream: BinaryIO, offset: int, name: str) -> Generator[Entry | Skipped, None, int | None]:
    """Yields entries from `offset` on; returns where the last good record ended, None where the file did."""
    stream.seek(offset)
    archive = _Archive(stream)
    end = offset
    try:
        for record in archive:
            whole = _drain(record)
            start = archive.get_record_offset()
            end = start + archive.get_record_length()
            yield from _entries(record, start, whole=whole)
    except BROKEN:
        yield Skipped(url=f"file:{name}", reason=f"the archive is damaged at byte {end}; what follows is read on")
        return end
    if archive.err_count:
        yield Skipped(
            url=f"file:{name}", reason=f"{archive.err_count} records are longer than they say; the rest of them is lost"
        )
    stream.seek(end)
    if stream.read(_BLOCK).strip():
        yield Skipped(url=f"file:{name}", reason=f"the archive is cut off after byte {end}")
    return None


def _entries(record: Any, offset: int, *, whole: bool) -> Iterator[Entry | Skipped]:
    url = record.rec_headers.get_header("WARC-Target-URI") or record.rec_headers.get_header("uri") or ""
    if record.rec_type not in _KINDS or not url.startswith(("http://", "https://")):
        return
    if not whole:
        yield Skipped(url=url, reason="the archive is cut off within this page")
        return
    yield Entry(
        url=url,
        offset=offset,
        at=record.rec_headers.get_header("WARC-Date") or "",
        kind=record.rec_type,
        status=_status(record),
        media_type=declared(_header(record, "content-type"))[0],
        location=_header(record, "location"),
        digest=record.rec_headers.get_header("WARC-Payload-Digest") or "",
        refers_to=record.rec_headers.get_header("WARC-Refers-To-Target-URI") or "",
    )


def _status(record: Any) -> int:
    code = str(record.http_headers.get_statuscode() if record.http_headers else 200)
    return int(code) if code.isascii() and code.isdigit() else 0


def _header(record: Any, name: str) -> str:
    if record.http_headers is not None:
        return str(record.http_headers.get_header(name) or "")
    return str(record.rec_headers.get_header(name) or "") if name == "content-type" else ""


def _drain(record: Any) -> bool:
    """Reads a record to its end; False where the file ends first."""
    while record.raw_stream.read(_BLOCK):
        pass
    return not getattr(record.raw_stream, "limit", 0)


def _chunks(record: Any) -> Iterator[bytes]:
    if "chunked" in _header(record, "transfer-encoding").lower():
        yield from _unchunked(record.raw_stream)
    else:
        yield from _blocks(record.raw_stream)


def _unchunked(stream: Any) -> Iterator[bytes]:
    """A chunked body in blocks, whatever lengths it states; from where it is none it is given as it stands, since many
    archives keep the header of what they have put together."""
    while line := stream.readline(_SIZE_BYTES):
        stated = _SIZE_LINE.fullmatch(line)
        left = int(stated[1], 16) if stated else -1
        if left == 0:
            return
        block = stream.read(min(left, _BLOCK)) if stated else b""
        whole = len(block) == left
        end = stream.read(2) if whole else b""
        if not stated or (whole and end != b"\r\n"):  # a line that only looked like a length is a part of the body
            yield line + block + end
            yield from _blocks(stream)
            return
        yield block
        if not whole:
            yield from _rest_of_chunk(stream, left - len(block))


def _rest_of_chunk(stream: Any, left: int) -> Iterator[bytes]:
    while left and (block := stream.read(min(left, _BLOCK))):
        left -= len(block)
        yield block
    stream.read(2)


def _blocks(stream: Any) -> Iterator[bytes]:
    while block := stream.read(_BLOCK):
        yield block


def _next_start(stream: BinaryIO, offset: int) -> int | None:
    """Where the next record may begin, at or after `offset`."""
    stream.seek(offset)
    tail = b""
    while block := stream.read(1 << 20):
        window = tail + block
        hits = [hit for hit in (window.find(mark) for mark in _STARTS) if hit >= 0]
        if hits:
            return stream.tell() - len(window) + min(hits)
        tail = window[-8:]
    return None
