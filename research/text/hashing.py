"""Content addresses."""

from __future__ import annotations

import hashlib
import json


def sha256_bytes(data: bytes) -> str:
    """The sha256 of `data` in lower-case hex."""
    return hashlib.sha256(data).hexdigest()


def sha256_text(text: str) -> str:
    """The sha256 of `text` as UTF-8 (lone surrogates kept) in lower-case hex."""
    return sha256_bytes(text.encode("utf-8", "surrogatepass"))


def canonical_json(value: object) -> str:
    """JSON with sorted keys and no spaces: equal values give equal strings."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def short_id(*parts: object) -> str:
    """A 16-hex-digit id of `parts`; 64 bits keep the chance of a clash in a million rows below 1e-7."""
    return sha256_text(canonical_json(parts))[:16]
