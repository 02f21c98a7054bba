"""Small filings for the tests of the filing analysers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from research.analyse.read import Block, Reading, Sentence
from research.model.account import Account
from research.model.document import Document, Passage, Role

COVER = ("Cover page",)
BUSINESS = ("Part I", "Item 1. Business")
RISKS = ("Part I", "Item 1A. Risk Factors")
STATEMENTS = ("Part II", "Item 8. Financial Statements and Supplementary Data")
SIGNATURES = ("Signatures",)

Line = tuple[str, Role, tuple[str, ...]]


def paragraphs(path: tuple[str, ...], *texts: str, role: Role = "paragraph") -> list[Line]:
    return [(text, role, path) for text in texts]


def rows(path: tuple[str, ...], *texts: str) -> list[Line]:
    return paragraphs(path, *texts, role="table_row")


def reading(
    lines: Iterable[Line], *, name: str = "Acme Widgets, Inc.", page_type: str = "filing", **metadata: str
) -> Reading:
    blocks: list[Block] = []
    texts: list[str] = []
    start = 0
    for ordinal, (text, role, path) in enumerate(lines):
        passage = Passage(ordinal=ordinal, start=start, end=start + len(text), role=role, heading_path=path)
        blocks.append(Block(passage=passage, text=text, sentences=tuple(_sentences(text, start)), mentions=()))
        texts.append(text)
        start += len(text) + 1
    document = Document(
        id="d",
        account_id="a",
        capture_id="c",
        url="file:a.html",
        title="",
        published=None,
        language="en",
        page_type=page_type,
        media_type="text/html",
        text="\n".join(texts),
        text_sha256="",
        extractor="filing",
        extractor_version="1",
        passages=tuple(block.passage for block in blocks),
        metadata=tuple({"form": "10-K", "registrant": "ACME WIDGETS, INC.", **metadata}.items()),
    )
    return Reading(document=document, account=Account(id="a", name=name), own=True, blocks=tuple(blocks))


def _sentences(text: str, offset: int) -> Sequence[Sentence]:
    """Sentences by full stops that no abbreviation precedes; enough for the samples."""
    stops = [m for m in re.finditer(r"[.!?]\s+(?=[A-Z“])", text) if not _ABBREVIATED.search(text[: m.start() + 1])]
    starts, ends = [0, *(m.end() for m in stops)], [*(m.start() + 1 for m in stops), len(text)]
    return [Sentence(start=offset + a, end=offset + b, text=text[a:b]) for a, b in zip(starts, ends, strict=True)]


_ABBREVIATED = re.compile(r"(?:Inc|Ltd|Corp|Co|Mr|Ms|Dr|\b[A-Z])\.$")
