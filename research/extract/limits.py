"""What a document may be at most; beyond it, it is skipped with the reason. docs/security/parsing.md lists them all."""

from __future__ import annotations

from typing import Final

MAX_TEXT: Final = 4_000_000  # characters of a document's text; the longest annual report that was seen has 610,000
MAX_PAGE_TEXT: Final = 1_000_000  # of a page, text, mail or Word file; the longest that was seen has 296,000
MAX_SOURCE_LINES: Final = 200_000  # of a text file: each is looked at alone
MAX_PARAGRAPHS: Final = 20_000  # of a Word file: asking each for its style takes 0.3 ms
MAX_NESTING: Final = 512  # elements within one another: browsers' own cap
MAX_BLOCKS: Final = 50_000  # passages of a document; the largest real one that was seen (a 10-K) has 9,000
MAX_LINES: Final = 60_000  # printed lines of a filing; the longest that was seen has 9,000
MAX_ATTRIBUTES: Final = 512  # of one tag; libxml2 compares each with all before it and needs seconds for 40,000
MAX_BYTES: Final = 20_000_000  # of a page, text, mail or Word file (docs/security/parsing.md: HTML and text decoded)


class TooLongError(Exception):
    """A document's text is beyond a limit; the message says which."""


def refuse_blocks(count: int) -> None:
    """Raises TooLongError for a document of more than MAX_BLOCKS passages."""
    if count > MAX_BLOCKS:
        raise TooLongError(f"it has more than {MAX_BLOCKS:,} blocks of text")


def refuse_length(length: int, limit: int = MAX_TEXT) -> None:
    """Raises TooLongError for a text of more than `limit` characters."""
    if length > limit:
        raise TooLongError(f"it has more than {limit:,} characters of text")


def refuse_lines(text: str) -> None:
    """Raises TooLongError for a text of more than MAX_SOURCE_LINES lines."""
    if text.count("\n") > MAX_SOURCE_LINES:
        raise TooLongError(f"it has more than {MAX_SOURCE_LINES:,} lines")
