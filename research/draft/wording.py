"""The wording of sections, read from `prompts/<section>/prompt.toml` and `prompts/shared.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import Any

from research.model.draft import SECTION_TITLES
from research.text.hashing import sha256_text
from research.text.names import fold


@dataclass(frozen=True, slots=True, kw_only=True)
class GapWording:
    """The question that closes a gap, and the page types where the answer would stand."""

    where: frozenset[str]
    question: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """One section's templates; `words` are the folded words that templates bring in themselves."""

    section: str
    sentences: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]
    gaps: Mapping[str, GapWording]
    limits: Mapping[str, int]
    ranks: Mapping[str, tuple[str, ...]]
    words: frozenset[str]
    sha256: str

    def label(self, name: str) -> str:
        """The printed form of `name`; the name itself, underscores as spaces, where no label is given."""
        return self.labels.get(name, name.replace("_", " "))


def render(templates: Iterable[str], values: Mapping[str, str]) -> Iterator[str]:
    """Each template filled in, in order; one whose variable is missing or empty is passed over; what was cut with an
    ellipsis gets no full stop behind it."""
    for template in templates:
        if all(values.get(name) for name in _variables(template)):
            yield template.format_map(values).replace("….", "…")


@cache
def wording(section: str) -> Wording:
    """The wording of one section; raises FileNotFoundError where there is no such section."""
    folder = files("prompts")
    shared_text = folder.joinpath("shared.toml").read_text("utf-8")
    text = folder.joinpath(section, "prompt.toml").read_text("utf-8")
    prompt = folder.joinpath(section, "prompt.md").read_text("utf-8")
    shared, own = tomllib.loads(shared_text), tomllib.loads(text)
    sentences = {key: tuple(value) for key, value in {**shared["sentences"], **own["sentences"]}.items()}
    labels = {**shared["labels"], **own.get("labels", {})}
    return Wording(
        section=section,
        sentences=sentences,
        labels=labels,
        gaps={field: _gap(value) for field, value in own.get("gaps", {}).items()},
        limits={key: value for key, value in own.items() if isinstance(value, int)},
        ranks={key: tuple(value) for key, value in own.get("ranks", {}).items()},
        words=_own_words(sentences, labels),
        sha256=sha256_text(shared_text + text + prompt),
    )


@cache
def wordings_sha256() -> str:
    """The sha256 of every section's wording together: drafts depend on all of it."""
    return sha256_text("".join(wording(section).sha256 for section in SECTION_TITLES))


def _gap(value: Mapping[str, Any]) -> GapWording:
    return GapWording(where=frozenset(value["where"]), question=value["question"])


@cache
def _variables(template: str) -> tuple[str, ...]:
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def _own_words(sentences: Mapping[str, tuple[str, ...]], labels: Mapping[str, str]) -> frozenset[str]:
    literal = [part for group in sentences.values() for template in group for part, *_ in Formatter().parse(template)]
    return frozenset(word for text in (*literal, *labels.values()) for word in fold(text).split())
