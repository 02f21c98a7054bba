"""Regular expressions that live in corpora/patterns, one TOML file a subject."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

from research.text.hashing import canonical_json, sha256_bytes, sha256_text

_PLACE = re.compile(r"<<(\w+)>>")


class Patterns(Mapping[str, re.Pattern[str]]):
    """Patterns by name, each compiled at its first use: a command that needs three does not wait for fifty."""

    def __init__(self, sources: Mapping[str, str]) -> None:
        self._sources = sources
        self._compiled: dict[str, re.Pattern[str]] = {}

    def __getitem__(self, name: str) -> re.Pattern[str]:
        """The pattern; raises KeyError for an unknown name and re.error for a broken pattern, faults of the file."""
        found = self._compiled.get(name)
        if found is None:
            found = self._compiled[name] = re.compile(self._sources[name])
        return found

    def source(self, name: str) -> str:
        """The pattern as it is written, not compiled; KeyError for an unknown name."""
        return self._sources[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._sources)

    def __len__(self) -> int:
        return len(self._sources)


@cache
def load_patterns(subject: str) -> Patterns:
    """The patterns of `corpora/patterns/SUBJECT.toml`.

    A value is one string, or a list whose parts are joined; `<<name>>` stands for the entry of that name above it.
    Raises KeyError for an unknown `<<name>>`, a fault of the file.
    """
    raw = tomllib.loads((files("corpora") / "patterns" / f"{subject}.toml").read_text(encoding="utf-8"))
    sources: dict[str, str] = {}
    for name, value in raw.items():
        joined = "".join(value) if isinstance(value, list) else str(value)
        sources[name] = _PLACE.sub(lambda match: sources[match[1]], joined)
    return Patterns(sources)


@cache
def words_digest() -> str:
    """The sha256 over all lexicons and patterns: results that were read with other words are out of date."""
    folders = (files("corpora") / "lexicons", files("corpora") / "patterns")
    entries = sorted((entry.name, sha256_bytes(entry.read_bytes())) for folder in folders for entry in folder.iterdir())
    return sha256_text(canonical_json(entries))
