"""Captures and pages to extract from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from research.extract import extract_capture
from research.model.capture import Capture
from research.model.document import Document

_CAPTURE = Capture(
    id="c1",
    source_id="s1",
    url="https://acme.example/about/",
    final_url="https://acme.example/about/",
    fetched_at="2024-05-06T07:08:09Z",
    status=200,
    media_type="text/html",
    body_sha256="0" * 64,
)


@pytest.fixture
def captured() -> Callable[..., Capture]:
    """A capture of an address; keywords change its other fields."""

    def make(url: str = _CAPTURE.url, **changes: object) -> Capture:
        return replace(_CAPTURE, url=url, final_url=url, **changes)  # type: ignore[arg-type]

    return make


@pytest.fixture
def read(captured: Callable[..., Capture]) -> Callable[..., Document]:
    """The document of a page's HTML."""

    def extract(html: str, url: str = _CAPTURE.url) -> Document:
        document = extract_capture(captured(url), html.encode(), account_id="acme")
        assert isinstance(document, Document), document
        return document

    return extract
