"""Bytes into documents: HTML, filings, PDF, Word and plain text; structure kept, main text marked."""

from __future__ import annotations

from research.extract.build import main_text
from research.extract.dispatch import extract_capture

__all__ = ["extract_capture", "main_text"]
