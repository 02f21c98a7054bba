"""The language of a page."""

from __future__ import annotations

import re
from typing import Final

_TAG: Final = re.compile(r"^\s*([a-zA-Z]{2,3})(?:[-_].*)?\s*$")
_SAMPLE: Final = 2000  # characters: more changes no answer
_SHORTEST: Final = 60  # characters: less is a guess


def language_of(declared: str | None, text: str) -> str | None:
    """The ISO 639 code that the page declares, else the one that its words show, else None."""
    match = _TAG.match(declared or "")
    if match:
        return match[1].lower()
    if len(text) < _SHORTEST:
        return None
    from py3langid import classify  # reads its model, which most pages do without

    language, _ = classify(text[:_SAMPLE])
    return str(language)
