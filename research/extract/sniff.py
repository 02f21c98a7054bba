"""What a body is, told from its bytes, its media type and its name."""

from __future__ import annotations

import re
from typing import Final

_MARKUP: Final = re.compile(
    rb"<!doctype html|<html[\s>]|<head[\s>]|<body[\s>]|<(div|p|table|title|meta|article|section|span|h1|br|ul|a)[\s>/]",
    re.IGNORECASE,
)
_DOCUMENT: Final = re.compile(rb"<!doctype html|<html[\s>]", re.IGNORECASE)
_HEAD: Final = 4096  # bytes
_PREAMBLE: Final = 65_536  # bytes in which a body that is called HTML must come to it, whatever precedes
_BINARY: Final = re.compile(r"^(image|audio|video|font)/|zip|octet-stream|msword|ms-|opendocument|gzip|tar\b")
_COMMISSION: Final = re.compile(rb"exchange(?:\s|&[#\w]{2,8};|<[^>]{0,300}>){1,20}commission", re.IGNORECASE)
FILING_HEAD: Final = 600_000
"""Bytes of a page that are shown to the reader of filings: a cover page may follow much style and hidden data."""
_WORD_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def may_be_filing(body: bytes) -> bool:
    """Whether a page names the Commission near its start, as each filing's cover does; cheap to ask of every page."""
    return bool(_COMMISSION.search(body, 0, FILING_HEAD))


def form_of(body: bytes, media_type: str, url: str) -> str:
    """`html`, `pdf`, `word`, `mail`, `text`, `markdown`, or an empty string for what nobody here reads."""
    head = body[:_HEAD]
    name = url.partition("?")[0].partition("#")[0].lower()
    if media_type == "message/rfc822" or name.endswith(".eml"):
        return "mail"
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "word" if name.endswith(".docx") or media_type == _WORD_TYPE or b"word/" in body[:100_000] else ""
    if "pdf" in media_type:
        return "pdf"
    return _form_of_text(body, media_type, name)


def _form_of_text(body: bytes, media_type: str, name: str) -> str:
    head = body[:_HEAD]
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    flat = head.replace(b"\x00", b"") if wide else head
    marked = bool(_MARKUP.search(flat))
    if not marked and "html" in media_type:
        marked = bool(_DOCUMENT.search(body, 0, _PREAMBLE))
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


def without_preamble(body: bytes) -> bytes:
    """The page of a body that opens with something else: what a copying tool keeps of its own before each page."""
    if b"\x00" not in body[:64]:
        return body
    match = _DOCUMENT.search(body, 0, _PREAMBLE)
    return body[match.start() :] if match else body
