"""Which extractor reads a capture: by what its bytes are first, by what they are called second."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from research.extract.limits import TooLongError
from research.extract.sniff import FILING_HEAD, form_of, may_be_filing
from research.model.capture import Capture, Skipped
from research.model.document import Document
from research.sources.registry import kind_of

_OWN: Final = "own:"  # how the addresses of the team's own files begin


def extract_capture(capture: Capture, body: bytes, *, account_id: str) -> Document | Skipped:
    """The document of a capture, or why there is none; never raises for what the bytes hold. What is the team's own is
    marked as internal."""
    try:
        made = _extract(capture, body, account_id)
    except TooLongError as error:
        return Skipped(url=capture.final_url, reason=str(error))
    if isinstance(made, Skipped) or not capture.url.startswith(_OWN) or made.meta("internal"):
        return made
    return replace(made, metadata=(*made.metadata, ("internal", "yes")))


def _extract(capture: Capture, body: bytes, account_id: str) -> Document | Skipped:
    if not capture.url.startswith(("file:", _OWN)) and not 200 <= capture.status < 300:
        return Skipped(url=capture.final_url, reason=f"the server answered with status {capture.status}")
    if not body.strip():
        return Skipped(url=capture.final_url, reason="the answer is empty")
    if structured := kind_of(capture.final_url):
        from research.extract.record import extract_record

        return extract_record(capture, body, structured, account_id=account_id)
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
    if form == "mail":
        from research.extract.mail import extract_mail

        return extract_mail(capture, body, account_id=account_id)
    from research.extract.plain import extract_plain

    return extract_plain(capture, body, account_id=account_id, markdown=form == "markdown")


def _extract_markup(capture: Capture, body: bytes, account_id: str) -> Document | Skipped:
    if may_be_filing(body):
        from research.extract.filing import extract_filing, is_filing

        if is_filing(body[:FILING_HEAD]):
            return extract_filing(capture, body, account_id=account_id)
    from research.extract.html import extract_html

    return extract_html(capture, body, account_id=account_id)
