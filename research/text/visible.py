"""What cannot be seen in a text, spelt out: reasons quote what servers and files say, and a terminal obeys controls."""

from __future__ import annotations

import re
from typing import Final

# Controls (C0, DEL, C1), marks and overrides of direction, line separators, surrogates, tag characters.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\U000e0000-\U000e007f]"
)


def visible(text: str, *, keep: str = "") -> str:
    """The text with an escape such as `\\x1b` in the place of each character that is not seen; those in `keep` stay."""
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda match: match[0] if match[0] in keep else _escape(match[0]), text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
