"""Regular expressions that live in corpora/patterns, one TOML file a subject."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from research.text.hashing import canonical_json, sha256_bytes, sha256_text

_PLACE = re.compile(r"<<(\w+)>>")


@cache
def load_patterns(subject: str) -> Mapping[str, re.Pattern[str]]:
    """The patterns of `corpora/patterns/SUBJECT.toml` by name.

    A value is one string, or a list whose parts are joined; `<<name>>` stands for the entry of that name above it.
    Raises KeyError for an unknown `<<name>>` and re.error for a broken pattern, both faults of the file.
    """
    raw = tomllib.loads((files("corpora") / "patterns" / f"{subject}.toml").read_text(encoding="utf-8"))
    sources: dict[str, str] = {}
    for name, value in raw.items():
        joined = "".join(value) if isinstance(value, list) else str(value)
        sources[name] = _PLACE.sub(lambda match: sources[match[1]], joined)
    return {name: re.compile(source) for name, source in sources.items()}


@cache
def words_digest() -> str:
    """The sha256 over all lexicons and patterns: results that were read with other words are out of date."""
    folders = (files("corpora") / "lexicons", files("corpora") / "patterns")
    entries = sorted((entry.name, sha256_bytes(entry.read_bytes())) for folder in folders for entry in folder.iterdir())
    return sha256_text(canonical_json(entries))
