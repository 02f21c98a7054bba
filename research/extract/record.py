"""Structured answers of registers and boards into documents: the kind's own reader renders them to labelled lines."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from research.extract.build import RawBlock, assemble
from research.extract.clean import fold
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.sources.kind import ChangedError, Kind, Line, Record
from research.text.codec import dumps

NAME: Final = "record"
VERSION: Final = "1"


def extract_record(capture: Capture, body: bytes, kind: Kind, *, account_id: str) -> Document | Skipped:
    """The document of an answer of `kind`: one passage a line, with what each states kept beside it for the analysis;
    Skipped where the answer has not the documented shape."""
    try:
        record = kind.read(capture.final_url, body)
    except ChangedError as error:
        return Skipped(url=capture.final_url, reason=str(error))
    lines = [line for line in record.lines if fold(line.text)]
    if not lines:
        return Skipped(url=capture.final_url, reason="the answer states nothing")
    document = assemble(
        [RawBlock(text=line.text, role=line.role, heading_path=line.under) for line in lines],
        capture=capture,
        account_id=account_id,
        title=record.title,
        published=record.published,
        language=record.language,
        page_type=record.page_type,
        extractor=f"{NAME}:{kind.name}",
        version=VERSION,
        metadata=_metadata(kind, record, lines),
    )
    return replace(document, url=record.page) if record.page else document


def _metadata(kind: Kind, record: Record, lines: list[Line]) -> tuple[tuple[str, str], ...]:
    """What the gate, the analysis and the export need: the kind, of whom it speaks, what each line states."""
    said = [
        (ordinal, *_span(line.text, said.quote), said.kind, said.score, said.attributes)
        for ordinal, line in enumerate(lines)
        for said in line.said
    ]
    return (
        ("source_kind", kind.name),
        *((f"about:{key}", value) for key, value in record.about),
        *((("attribution", record.attribution),) if record.attribution else ()),
        *((("internal", "yes"),) if record.internal else ()),
        *((("own", "yes"),) if record.own else ()),
        ("said", dumps(said)),
    )


def _span(text: str, quote: str) -> tuple[int, int]:
    """Where a quote stands within its line, once both are cleaned; the whole line where it is not asked for."""
    whole = fold(text)
    start = whole.find(fold(quote)) if quote else 0
    return (start, start + len(fold(quote))) if quote and start >= 0 else (0, len(whole))
