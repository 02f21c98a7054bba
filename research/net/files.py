"""Documents that lie in the file system, read as if they had been fetched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from research.errors import UsageError
from research.model.capture import Fetched, Skipped
from research.net import media
from research.net.settings import NetSettings
from research.text.inflate import InflateError, gunzip

MEDIA_TYPES: Final = {
    ".html": media.HTML,
    ".htm": media.HTML,
    ".xhtml": media.HTML,
    ".pdf": media.PDF,
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".docx": media.DOCX,
    ".eml": "message/rfc822",
}
WARC_ENDINGS: Final = (".warc", ".warc.gz", ".wacz")
READABLE: Final = "html, htm, pdf, txt, md, docx, eml (each also as .gz), warc, warc.gz"


def is_warc(path: Path) -> bool:
    """Whether the name says that the file is a web archive."""
    return path.name.lower().endswith(WARC_ENDINGS)


def list_files(path: Path) -> tuple[Path, ...]:
    """The file itself, or every visible file of the folder and its folders, by name; raises UsageError for neither."""
    if path.is_file():
        return (path,)
    if not path.is_dir():
        raise UsageError(f"there is no file or folder {path}")
    inside = (found for found in path.rglob("*") if found.is_symlink() or not found.is_dir())
    return tuple(sorted(found for found in inside if not _hidden(found.relative_to(path))))


def file_url(file: Path, root: Path) -> str:
    """`file:` and the name, or the path within `root` where that is the folder that holds it."""
    return f"file:{file.relative_to(root).as_posix()}" if file != root else f"file:{file.name}"


def read_file(file: Path, root: Path, *, fetched_at: str, settings: NetSettings | None = None) -> Fetched | Skipped:
    """One document; Skipped with the reason where it cannot be read."""
    url = file_url(file, root)
    media_type = MEDIA_TYPES.get(_ending(file))
    if file.is_symlink() and file != root:
        return Skipped(url=url, reason="this is a link to another place; give that place itself")
    if not file.is_file():
        return Skipped(url=url, reason="this is no regular file")
    if media_type is None:
        return Skipped(url=url, reason=f"files of this kind are not read; what is: {READABLE}")
    limit = media.limit(media_type, "file", settings or NetSettings())
    try:
        body = _read(file, limit)
    except InflateError as error:
        return Skipped(url=url, reason=f"the file is not read: {error}")
    except OSError as error:
        return Skipped(url=url, reason=f"the file cannot be read: {error.strerror or error}")
    return _fetched(url, media_type, body, fetched_at)


def read_path(path: Path, *, fetched_at: str, settings: NetSettings | None = None) -> Iterator[Fetched | Skipped]:
    """Every document of a file or folder in order of name; `fetched_at` is written on each."""
    for file in list_files(path):
        yield read_file(file, path, fetched_at=fetched_at, settings=settings)


def _fetched(url: str, media_type: str, body: bytes, fetched_at: str) -> Fetched | Skipped:
    if not body.strip():
        return Skipped(url=url, reason="the file is empty")
    return Fetched(
        url=url,
        final_url=url,
        fetched_at=fetched_at,
        status=200,
        media_type=media.settle(media_type, body),
        body=body,
    )


def _read(file: Path, limit: int) -> bytes:
    """The bytes without a gzip layer, at most `limit`; raises InflateError beyond it."""
    packed = file.suffix.lower() == ".gz"
    if file.stat().st_size > limit:
        raise InflateError(f"larger than {limit >> 20} MB")
    data = file.read_bytes()
    return gunzip(data, limit) if packed else data


def _ending(file: Path) -> str:
    """The ending that tells the kind: of `a.html.gz` it is `.html`."""
    plain = Path(file.stem) if file.suffix.lower() == ".gz" else file
    return plain.suffix.lower()


def _hidden(relative: Path) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in relative.parts)
