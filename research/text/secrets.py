"""Keys and passwords in addresses: told by where they stand and by what their parameter is called."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_plus

# What services call the parameter in which they take a key; a word that is a part of another one does not count.
_NAMES: Final = re.compile(
    r"(?:^|[-_.])(?:api[-_]?key|app[-_]?key|key|token|secret|password|passwd|pwd|pass|auth|authorization|apikey|"
    r"accesskey|access[-_]?token|client[-_]?secret|subscription[-_]?key|signature|sig|credential|credentials|bearer|jwt|"
    r"session[-_]?key|private[-_]?key)$",
    re.IGNORECASE,
)
MARK: Final = "***"
_USER: Final = re.compile(r"//[^/?#\s]*@")
_PAIR: Final = re.compile(r"([?&;#]|^)([^=&;#?\s]+)=([^&;#\s]*)")


def secret_in(url: str) -> str | None:
    """What in an address looks like a secret, in words that do not give it away; None where nothing does."""
    if _USER.search(url):
        return "a name or password before the host"
    pairs = ((unquote_plus(name), value) for _, name, value in _PAIR.findall(url))
    name = next((name for name, value in pairs if value and _NAMES.search(name)), None)
    return f"a key (`{name}`)" if name else None


def redacted(text: str) -> str:
    """A text whose addresses show no secret: its place stays, and a mark stands there."""
    bare = _USER.sub(f"//{MARK}@", text)
    return _PAIR.sub(lambda m: f"{m[1]}{m[2]}={MARK}" if _NAMES.search(unquote_plus(m[2])) and m[3] else m[0], bare)
