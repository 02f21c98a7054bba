"""What a unit of work depends on, as one hash."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from research.text.hashing import canonical_json, sha256_text


def fingerprint(input_sha: str, name: str, version: str, config: Mapping[str, object], *extra: str) -> str:
    """The sha256 of an input, the processor's name, version and configuration (JSON values), and `extra` hashes (a
    model's, a prompt's); any difference in any of them gives another one."""
    return sha256_text(canonical_json([input_sha, name, version, dict(config), list(extra)]))


def combined(parts: Iterable[str]) -> str:
    """The sha256 of a set of hashes in any order, for a stage that reads many inputs at once."""
    return sha256_text(canonical_json(sorted(set(parts))))
