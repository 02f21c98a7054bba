"""Web archives of our own: captures written as WARC, packed as WACZ, and opened again."""

from __future__ import annotations

import hashlib
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from research.errors import DossierError
from research.model.capture import Capture, Fetched, Request, Skipped
from research.net.replay import Replay, open_warc
from research.net.settings import NetSettings
from research.net.warc import Entry, scan
from research.text.inflate import InflateError, gunzip

_MAX_WACZ: Final = 256 << 20  # bytes of the archives within, which are read into memory, where they stand twice
_PACKINGS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)  # the others are inflated whole, whatever size is stated
# All that the standard library raises on a damaged file.
_BROKEN: Final = (zipfile.BadZipFile, OSError, RuntimeError, EOFError, ValueError, zlib.error)
_WITHIN: Final = re.compile(r"^archive/[^/]+\.warc(?:\.gz)?$")
_GZIP: Final = b"\x1f\x8b"
_DATA: Final = "archive/data.warc.gz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """Where a record lies in the archive that was written."""

    url: str
    at: str
    media_type: str
    digest: str
    offset: int
    length: int


def write_warc(captures: Iterable[tuple[Capture, bytes]]) -> tuple[bytes, tuple[Written, ...]]:
    """The captures as one gzip-packed WARC 1.1, a response record each, and where each lies; equal captures give equal
    bytes."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    written = []
    for capture, body in captures:
        start = out.tell()
        record = _record(writer, capture, body)
        writer.write_record(record)
        record.raw_stream.close()  # what the writer kept the body in while it took its digest
        digest = hashlib.sha256(body).hexdigest()
        length = out.tell() - start
        written.append(
            Written(
                url=capture.final_url,
                at=_instant(capture.fetched_at),
                media_type=capture.media_type,
                digest=f"sha256:{digest}",
                offset=start,
                length=length,
            )
        )
    return out.getvalue(), tuple(written)


def _record(writer: Any, capture: Capture, body: bytes) -> Any:
    charset = f"; charset={capture.charset}" if capture.charset else ""
    head = [("Content-Type", f"{capture.media_type}{charset}"), ("Content-Length", str(len(body)))]
    head += [("ETag", capture.etag)] if capture.etag else []
    head += [("Last-Modified", capture.last_modified)] if capture.last_modified else []
    name = hashlib.sha256(f"{capture.id}{capture.body_sha256}".encode()).hexdigest()
    return writer.create_warc_record(
        capture.final_url,
        "response",
        payload=io.BytesIO(body),
        http_headers=StatusAndHeaders(f"{capture.status} OK", head, protocol="HTTP/1.1"),
        warc_headers_dict={
            "WARC-Date": _instant(capture.fetched_at),
            "WARC-Record-ID": f"<urn:uuid:{name[:8]}-{name[8:12]}-{name[12:16]}-{name[16:20]}-{name[20:32]}>",
        },
    )


def _instant(iso: str) -> str:
    """`2026-11-20T10:00:00+00:00` as WARC has it: in UTC with a Z."""
    return iso.replace("+00:00", "Z")


def write_wacz(captures: Sequence[tuple[Capture, bytes]], title: str, created: str) -> bytes:
    """The captures as WACZ 1.1.1: the WARC, its CDXJ index, the list of pages and the hashes of all three."""
    data, written = write_warc(captures)
    index = "".join(sorted(_index_line(w) for w in written)).encode()
    pages = "\n".join((_PAGES_HEAD, *(json.dumps({"url": w.url, "ts": w.at}) for w in written))) + "\n"
    files = {_DATA: data, "indexes/index.cdx": index, "pages/pages.jsonl": pages.encode()}
    package = {
        "profile": "data-package",
        "wacz_version": "1.1.1",
        "title": title,
        "created": created,
        "software": "Account Dossier",
        "resources": [
            {
                "name": name.rpartition("/")[2],
                "path": name,
                "hash": f"sha256:{hashlib.sha256(body).hexdigest()}",
                "bytes": len(body),
            }
            for name, body in files.items()
        ],
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, body in (*files.items(), ("datapackage.json", json.dumps(package, indent=1).encode())):
            packed.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), body)  # no clock: equal captures, equal bytes
    return out.getvalue()


_PAGES_HEAD: Final = json.dumps({"format": "json-pages-1.0", "id": "pages", "title": "All pages"})


def _index_line(w: Written) -> str:
    stamp = re.sub(r"\D", "", w.at)[:14]
    row = {
        "url": w.url, "mime": w.media_type, "status": "200", "digest": w.digest, "length": str(w.length),
        "offset": str(w.offset), "filename": "data.warc.gz",
    }  # fmt: skip
    return f"{_surt(w.url)} {stamp} {json.dumps(row)}\n"


def _surt(url: str) -> str:
    """The address with its host turned round, as indexes sort it."""
    parts = urlsplit(url)
    host = ",".join(reversed((parts.hostname or "").removeprefix("www.").split(".")))
    return f"{host}){parts.path or '/'}" + (f"?{parts.query}" if parts.query else "")


def open_wacz(path: Path, settings: NetSettings | None = None) -> Replay:
    """The archives within a WACZ as one; DossierError where it is none, or holds more than is read into memory."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = [info for info in packed.infolist() if _WITHIN.match(info.filename)]
            if sum(info.file_size for info in names) > _MAX_WACZ:
                raise DossierError(f"{path.name} holds more than {_MAX_WACZ >> 20} MB of archives; unpack it")
            if any(info.compress_type not in _PACKINGS for info in names):
                raise DossierError(f"{path.name} is packed in a way that is not read; unpack it")
            bodies = [_part(packed, info) for info in names]
            whole = all(body.startswith(_GZIP) for body in bodies)
            data = b"".join(bodies if whole else [gunzip(body, _MAX_WACZ) for body in bodies])
    except (*_BROKEN, InflateError) as error:
        raise DossierError(f"{path.name} cannot be read as WACZ ({error})") from None
    if not bodies:
        raise DossierError(f"{path.name} holds no archive; give a .wacz that does")
    return open_bytes(data, path.name, settings)


def _part(packed: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    """A file within, no more than the size that is stated for it: without a size the library inflates all there is."""
    with packed.open(info) as part:
        return part.read(info.file_size)


def open_archive(path: Path, settings: NetSettings | None = None) -> Replay:
    """The archive at `path`, WARC or WACZ by its name; raises as their readers do."""
    return open_wacz(path, settings) if path.name.lower().endswith(".wacz") else open_warc(path, settings)


def open_bytes(data: bytes, name: str, settings: NetSettings | None = None) -> Replay:
    """An archive that is in memory: a record that was fetched by its range of bytes, or the whole of a WACZ."""
    found = list(scan(io.BytesIO(data), name))
    entries = tuple(item for item in found if isinstance(item, Entry))
    problems = tuple(item for item in found if isinstance(item, Skipped))
    return Replay(lambda: io.BytesIO(data), entries, problems, settings or NetSettings())


def unpack_record(fetched: Fetched, page: str) -> Fetched | Skipped:
    """The answer for `page` in a fetched piece of an archive, under the address at which the piece was asked for."""
    replay = open_bytes(fetched.body, fetched.url)
    answer = replay.fetch(Request(url=page, origin="replay"))
    if isinstance(answer, Skipped):
        return Skipped(url=fetched.url, reason=f"the piece of the archive does not hold {page}: {answer.reason}")
    return answer
