"""Which extractor reads a capture: by what its bytes are first, by what they are called second."""

from __future__ import annotations

import re
from typing import Final

from research.model.capture import Capture, Skipped
from research.model.document import Document

_MARKUP: Final = re.compile(
    rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<(div|p|table|title|meta|article|section|span|h1|br|ul|a)[\s>/]",
    re.IGNORECASE,
)
_HEAD: Final = 4096  # bytes
_BINARY: Final = re.compile(r"^(image|audio|video|font)/|zip|octet-stream|msword|ms-|opendocument|gzip|tar\b")
_COMMISSION: Final = re.compile(rb"exchange(?:\s|&[#\w]{2,8};|<[^>]{0,300}>){1,20}commission", re.IGNORECASE)
FILING_HEAD: Final = 600_000
"""Bytes of a page that are shown to the reader of filings: a cover page may follow much style and hidden data."""
_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def extract_capture(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of a capture, or why there is none; never raises for what the bytes hold."""
    if not capture.url.startswith("file:") and not 200 <= capture.status < 300:
        return Skipped(url=capture.final_url, reason=f"the server answered with status {capture.status}")
    if not body.strip():
        return Skipped(url=capture.final_url, reason="the answer is empty")
    form = form_of(body, capture.media_type, capture.final_url)
    if form == "html":
        return _extract_markup(capture, body, account_id)
    if form:
        return _extract_file(form, capture, body, account_id)
    kind = "what it holds" if capture.media_type.startswith("text/") else capture.media_type or "what it holds"
    return Skipped(url=capture.final_url, reason=f"no reader for {kind}")


def _extract_file(form: str, capture: Capture, body: bytes, account_id: str) -> Document | Skipped:
    if form == "pdf":
        from research.extract.pdf import extract_pdf

        return extract_pdf(capture, body, account_id=account_id)
    if form == "word":
        from research.extract.word import extract_word

        return extract_word(capture, body, account_id=account_id)
    from research.extract.plain import extract_plain

    return extract_plain(capture, body, account_id=account_id, markdown=form == "markdown")


def _extract_markup(capture: Capture, body: bytes, account_id: str) -> Document | Skipped:
    if may_be_filing(body):
        from research.extract.filing import extract_filing, is_filing

        if is_filing(body[:FILING_HEAD]):
            return extract_filing(capture, body, account_id=account_id)
    from research.extract.html import extract_html

    return extract_html(capture, body, account_id=account_id)


def may_be_filing(body: bytes) -> bool:
    """Whether a page names the Commission near its start, as each filing's cover does; cheap to ask of every page."""
    return bool(_COMMISSION.search(body, 0, FILING_HEAD))


def form_of(body: bytes, media_type: str, url: str) -> str:
    """`html`, `pdf`, `word`, `text`, `markdown`, or an empty string for what nobody here reads."""
    head = body[:_HEAD]
    name = url.partition("?")[0].partition("#")[0].lower()
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "word" if name.endswith(".docx") or media_type == _WORD_TYPE or b"word/" in body[:100_000] else ""
    if "pdf" in media_type:
        return "pdf"
    return _form_of_text(head, media_type, name)


def _form_of_text(head: bytes, media_type: str, name: str) -> str:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    flat = head.replace(b"\x00", b"") if wide else head
    marked = bool(_MARKUP.search(flat))
    if not wide and head.count(b"\x00") > len(head) // 100 and not marked:
        return ""
    if name.endswith((".md", ".markdown")) or media_type == "text/markdown":
        return "markdown"
    if name.endswith(".txt") or media_type == "text/plain":
        return "html" if re.match(rb"\s*(<!doctype html|<html)", flat, re.IGNORECASE) else "text"
    if "html" in media_type or marked:
        return "html"
    if _BINARY.search(media_type) or media_type.startswith(("application/", "text/css", "text/javascript")):
        return ""
    return "text" if media_type.startswith("text/") or not media_type else ""
