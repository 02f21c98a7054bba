"""One document alone: its main text, its entities."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from research.errors import DossierError, UsageError
from research.model.account import Account
from research.model.capture import Capture, Fetched, Skipped
from research.model.document import Document
from research.text.hashing import sha256_bytes

if TYPE_CHECKING:
    from research.analyse.annotate import Annotator
    from research.analyse.read import Reading

_NOBODY = Account(id="document", name="")
UNDATED = "9999-12-30T00:00:00+00:00"  # of a file that is only looked at nobody knows the day: no date is too late


def read_document(path: Path, *, apart: bool = False) -> Document:
    """The extracted document of a local file; DossierError with the reason where there is none. `apart` reads it in a
    process that can be killed, as a stranger's file must be."""
    from research.net.files import read_path

    if not path.exists():
        raise UsageError(f"{path}: there is no such file")
    if path.is_dir():
        raise UsageError(f"{path}: is a folder; give one document")
    return document_of(next(iter(read_path(path, fetched_at=UNDATED))), str(path), apart=apart)


def document_of(fetched: Fetched | Skipped, name: str, *, apart: bool = False) -> Document:
    """The extracted document of one answer; DossierError, with its `name` and the reason, where there is none."""
    from research.extract.dispatch import extract_capture
    from research.extract.pool import extract_one

    if isinstance(fetched, Skipped):
        raise DossierError(f"{name}: {fetched.reason}")
    capture = Capture(
        id="file",
        source_id="file",
        url=fetched.url,
        final_url=fetched.final_url,
        fetched_at=fetched.fetched_at,
        status=fetched.status,
        media_type=fetched.media_type,
        body_sha256=sha256_bytes(fetched.body),
        charset=fetched.charset,
    )
    document = (extract_one if apart else extract_capture)(capture, fetched.body, account_id=_NOBODY.id)
    if isinstance(document, Skipped):
        raise DossierError(f"{name}: {document.reason}")
    return document


def main_text_of(path: Path, *, apart: bool = False) -> str:
    """The main text of a local document."""
    from research.extract.build import main_text

    return main_text(read_document(path, apart=apart))


def entities_of(name: str, stdin: BinaryIO = sys.stdin.buffer, *, apart: bool = False) -> Iterator[dict[str, Any]]:
    """The entities of a local document, or of UTF-8 text on standard input where `name` is `-`."""
    from research.analyse.annotate import Annotator
    from research.analyse.entities import entities

    document = (
        _typed(stdin.read().decode("utf-8", "replace")) if name == "-" else read_document(Path(name), apart=apart)
    )
    for mention in entities(reading_of(document, Annotator())):
        yield {"label": mention.label, "text": mention.text, "start": mention.start, "end": mention.end}


def reading_of(document: Document, annotator: Annotator) -> Reading:
    """A document that belongs to no account, as analysers see it."""
    from research.analyse.annotate import compose

    annotations = list(annotator.annotate(p.of(document.text) for p in document.passages))
    return compose(document, _NOBODY, annotations, own=False)


def _typed(text: str) -> Document:
    from research.extract.plain import extract_plain

    capture = Capture(
        id="stdin",
        source_id="stdin",
        url="stdin:",
        final_url="stdin:",
        fetched_at="",
        status=200,
        media_type="text/plain",
        body_sha256="",
        charset="utf-8",
    )
    document = extract_plain(capture, text.encode(), account_id=_NOBODY.id)
    if isinstance(document, Skipped):
        raise DossierError(f"standard input: {document.reason}")
    return document
