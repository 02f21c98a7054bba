"""E-mails into documents: who wrote to whom on which day, and the words of the text part."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from typing import Final

from research.extract.build import RawBlock, assemble
from research.extract.html_blocks import PageRefused, read_blocks
from research.extract.html_parse import parse
from research.extract.language import language_of
from research.extract.limits import MAX_BYTES
from research.extract.plain import read_plain
from research.model.capture import Capture, Skipped
from research.model.document import Document

NAME: Final = "mail"
VERSION: Final = "2"
_MAX_HEAD: Final = 256_000  # bytes; the reader of addresses takes a second for 100,000
_HEADERS: Final = ("From", "To", "Cc", "Date")


def extract_mail(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of an .eml: its subject as heading, its headers, its text; attachments are left out."""
    if len(body) > MAX_BYTES:
        return Skipped(url=capture.final_url, reason=f"the mail is larger than {MAX_BYTES // 1_000_000} MB")
    if len(body.partition(b"\n\n")[0].partition(b"\r\n\r\n")[0]) > _MAX_HEAD:
        return Skipped(url=capture.final_url, reason=f"the mail's headers are larger than {_MAX_HEAD // 1000} kB")
    message = message_from_bytes(body, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  (the default policy makes no other)  # nosec B101
    try:
        words = _words(message)
    except PageRefused as refusal:
        return Skipped(url=capture.final_url, reason=str(refusal))
    if not words.strip():
        return Skipped(url=capture.final_url, reason="the mail holds no text")
    subject = str(message.get("Subject", "")).strip() or "no subject"
    heads = [f"{name}: {message[name]}" for name in _HEADERS if message[name]]
    blocks = [
        RawBlock(text=subject, role="heading"),
        *(RawBlock(text=head, role="metadata", main=False) for head in heads),
        *read_plain(words),
    ]
    return assemble(
        blocks,
        capture=capture,
        account_id=account_id,
        title=subject,
        published=_day(message),
        language=language_of(None, words[:4000]),
        page_type="other",
        extractor=NAME,
        version=VERSION,
    )


def _words(message: EmailMessage) -> str:
    part = message.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    try:
        content = part.get_content()
    except (LookupError, ValueError):  # a charset that nobody knows
        payload = part.get_payload(decode=True)
        content = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    text = str(content)
    return _without_marks(text) if part.get_content_subtype() == "html" else text


def _without_marks(text: str) -> str:
    """The words that the mail shows; what it hides is none of them."""
    blocks, _ = read_blocks(parse(text)) if text.strip() else ([], [])
    return "\n\n".join(block.text for block in blocks)


def _day(message: EmailMessage) -> str | None:
    try:
        return parsedate_to_datetime(str(message.get("Date", ""))).date().isoformat()
    except (ValueError, TypeError):
        return None
