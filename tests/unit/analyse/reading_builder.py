"""Readings of a fictional account's pages, made from a few lines of text and without a language model.

Sentences and shaped entities (roles, phones, e-mail addresses) come from the project's own rules; names that a model
would find are given by the test, as lists of strings to mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from research.analyse.annotate import Annotation, compose, mend_sentences
from research.analyse.patterns import pattern_mentions
from research.analyse.read import Reading
from research.model.account import Account
from research.model.document import Document, Passage, Role
from research.model.finding import Mention, Observation
from research.text.hashing import sha256_text

ACCOUNT = Account(id="harrowgate", name="Harrowgate Systems", domains=("harrowgate.example",), aliases=("Harrowgate",))

Part = tuple[Role, str] | tuple[Role, str, tuple[str, ...]]
"""A passage: its role, its text, and its heading path where that is not simply the heading above it."""


def read(
    *parts: Part | str,
    page: str = "about",
    title: str = "",
    url: str = "https://www.harrowgate.example/page",
    published: str | None = None,
    own: bool = True,
    account: Account = ACCOUNT,
    metadata: Mapping[str, str] | None = None,
    **marked: Sequence[str],
) -> Reading:
    """A reading of these passages; a plain string is a paragraph, `company=["Quillon"]` marks names as mentions."""
    document = _document([_whole(part) for part in parts], page, title, url, published, metadata or {})
    annotations = [_annotation(p.of(document.text), marked) for p in document.passages]
    return compose(document, account, annotations, own=own)


def _whole(part: Part | str) -> Part:
    return ("paragraph", part) if isinstance(part, str) else part


def _document(
    parts: Sequence[Part], page: str, title: str, url: str, published: str | None, metadata: Mapping[str, str]
) -> Document:
    text = "\n".join(part[1] for part in parts)
    return Document(
        id="document", account_id=ACCOUNT.id, capture_id="capture", url=url, title=title, published=published,
        language="en", page_type=page, media_type="text/html", text=text, text_sha256=sha256_text(text),
        extractor="builder", extractor_version="1", passages=tuple(_passages(parts)), metadata=tuple(metadata.items()),
    )  # fmt: skip


def _passages(parts: Iterable[Part]) -> Iterator[Passage]:
    start, above = 0, ()
    for ordinal, part in enumerate(parts):
        role, text = part[0], part[1]
        path = part[2] if len(part) == 3 else () if role in ("heading", "metadata", "footer") else above
        above = (text,) if role == "heading" else above
        end = start + len(text)
        yield Passage(ordinal=ordinal, start=start, end=end, role=role, heading_path=path, main=role != "metadata")
        start = end + 1


def _annotation(text: str, marked: Mapping[str, Sequence[str]]) -> Annotation:
    named = [
        Mention(label=label, text=name, start=match.start(), end=match.end())
        for label, names in marked.items()
        for name in names
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    ]
    sentences = mend_sentences(text, [(0, len(text))])
    return Annotation(
        sentences=tuple(span for start, end in sentences if (span := _trimmed(text, start, end))),
        mentions=tuple(sorted([*named, *pattern_mentions(text)], key=lambda m: (m.start, m.end, m.label))),
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    return (left, left + len(piece.strip())) if piece.strip() else None


def quote(reading: Reading, observation: Observation) -> str:
    """The words that an observation stands on."""
    return reading.document.text[observation.start : observation.end]


def facts(observations: Iterable[Observation], field: str) -> list[tuple[object, object, object]]:
    """Normal value, unit and period of every fact of a field, in order."""
    return [
        (o.get("normal"), o.get("unit"), o.get("period"))
        for o in observations
        if o.kind == "fact" and o.get("field") == field
    ]


def values(observations: Iterable[Observation], field: str) -> list[object]:
    """The printed values of a field's facts, in order."""
    return [o.get("value") for o in observations if o.kind == "fact" and o.get("field") == field]
