"""HTML into documents: one parse, one walk, a verdict on each block."""

from __future__ import annotations

from typing import Final

from lxml.etree import _Element

from research.extract.build import RawBlock, assemble
from research.extract.charset import decode
from research.extract.furniture import Page, arrange
from research.extract.html_blocks import PageRefused, read_blocks
from research.extract.html_main import Judged, judge
from research.extract.html_parse import parse
from research.extract.language import language_of
from research.extract.limits import MAX_BYTES
from research.extract.publication import publication_date
from research.extract.sniff import without_preamble
from research.extract.structured import SelfDescription, describe, metadata_lines, metadata_pairs
from research.extract.title import page_title
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.text.pages import page_type
from research.text.urls import join

NAME: Final = "html"
VERSION: Final = "3"


def extract_html(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of a page: its main text and, marked as not main, what else a dossier needs of it."""
    if len(body) > MAX_BYTES:
        return Skipped(url=capture.final_url, reason=f"the page is larger than {MAX_BYTES // 1_000_000} MB")
    try:
        root = parse(decode(without_preamble(body), capture.charset))
        blocks, containers = read_blocks(root)
    except PageRefused as refusal:
        return Skipped(url=capture.final_url, reason=str(refusal))
    head = (root.findtext(".//title") or "").strip()
    judged = judge(blocks, containers, head)
    page = Page(blocks=blocks, containers=containers, hints=judged.hints, sizes=judged.sizes, main=judged.main)
    return _document(capture, root, head, judged, page, account_id)


def _document(
    capture: Capture, root: _Element, head: str, judged: Judged, page: Page, account_id: str
) -> Document | Skipped:
    said = describe(root)
    raw = [*arrange(page), *(RawBlock(text=line, role="metadata", main=False) for line in metadata_lines(said))]
    if not any(block.role != "metadata" for block in raw):
        return Skipped(url=capture.final_url, reason="the page shows no text (it may need a browser to fill it)")
    title = _title(said, head, page)
    sample = " ".join(block.text for block, main in zip(page.blocks, judged.main, strict=True) if main)[:2000]
    return assemble(
        raw,
        capture=capture,
        account_id=account_id,
        title=title,
        published=publication_date(
            root, said, page.blocks, url=capture.final_url, title=title, fetched_at=capture.fetched_at
        ),
        language=language_of(root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang"), sample),
        page_type=page_type(capture.final_url, title),
        extractor=NAME,
        version=VERSION,
        metadata=_absolute(metadata_pairs(said), capture.final_url),
    )


def _absolute(pairs: tuple[tuple[str, str], ...], base: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, (join(base, value) or value) if key == "canonical" else value) for key, value in pairs)


def _title(said: SelfDescription, head: str, page: Page) -> str:
    organization = said.first("Organization")
    headings = [block.text for block in page.blocks if block.level == 1]
    return page_title(
        open_graph=said.meta.get("og:title", ""),
        heading=headings[0] if headings else "",
        document=head,
        site=said.meta.get("og:site_name", "") or (organization.text("name") if organization else ""),
    )
