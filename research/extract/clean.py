"""One cleaning of extracted text, so that nothing after it meets a control character or an odd space."""

from __future__ import annotations

import re
import unicodedata

# Controls but tab and line ends; soft hyphen; zero-width and bidirectional marks; surrogates; noncharacters. Joiners
# (200C, 200D) stay: they change the words of Persian and Hindi.
_DROPPED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202c\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
# Overrides make letters be read in another order than they are stored in: what they turn is shown, and not obeyed.
_OVERRIDES = {0x202D: "[LRO]", 0x202E: "[RLO]"}
_BREAKS = re.compile(r"\s*[\n\r\x0b\x0c\x85\u2028\u2029]\s*")


def fold(text: str) -> str:
    """One line: marks and controls dropped, overrides of direction spelt out, every run of white space (NBSP and its
    kin too) one space, NFC."""
    if not text.isprintable():
        text = _DROPPED.sub("", text).translate(_OVERRIDES)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return " ".join(text.split())


def fold_lines(text: str) -> str:
    """As `fold`, a line at a time; empty lines are dropped."""
    return "\n".join(line for line in map(fold, _BREAKS.split(text)) if line)
