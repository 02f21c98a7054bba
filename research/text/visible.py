"""What cannot be seen in a text, spelt out: reasons quote what servers and files say, and a terminal obeys controls."""

from __future__ import annotations

import re
from typing import Final

# Controls (C0, DEL, C1), soft hyphen, marks and overrides of direction, line separators, what has no width, marks of
# annotation, of shorthand and of music, surrogates, tag characters. Joiners (200C, 200D) stay: they change the words of
# Persian and Hindi.
_UNSEEN: Final = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)


def visible(text: str, *, keep: str = "") -> str:
    """The text with an escape such as `\\x1b` in the place of each character that is not seen; those in `keep` stay."""
    if text.isprintable():
        return text
    return _UNSEEN.sub(lambda match: match[0] if match[0] in keep else _escape(match[0]), text)


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
