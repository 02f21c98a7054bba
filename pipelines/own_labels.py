"""Our own labels of public pages, and sentences that nobody labelled: where each stands, never the sentence itself.

`corpora/labels/sentences.jsonl` names documents of the data beside a checkout; a label is a span of the document's
extracted text, the first digits of the span's hash, a kind and a holder. `unlabelled.jsonl` names other sentences of
the same documents, which a teacher answers for (`corpora/labels/answers.npz`). The text is read anew whenever a model
is trained; a sentence whose text is no longer there is left out and counted.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from itertools import count
from pathlib import Path
from typing import Any, Final

from pipelines.single import document_of, read_document
from research.analyse.annotate import Annotator
from research.model.capture import Request, Skipped
from research.model.document import Document, Passage
from research.net.replay import open_warc
from research.text.hashing import sha256_text

Row = dict[str, Any]
Entry = Mapping[str, Any]
DIGITS: Final = 8  # of a sentence's hash: enough to tell whether it is still the same
_ROLES: Final = frozenset({"paragraph", "list_item", "quote"})
_SHORTEST: Final = 25  # characters of a passage that may hold a sentence
_CONTEXT: Final = 400  # characters of a neighbour that are kept
_FILING: Final = "10-K/"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLabels:
    """The rows that could be read, in the format of the gold labels, and how many labels have lost their text."""

    rows: tuple[Row, ...]
    lost: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlabelled:
    """Sentences that nobody labelled, in the format of the gold labels, each with its number among those of
    `unlabelled.jsonl`; how many have lost their text, and a digest of the places of all."""

    rows: tuple[Row, ...]
    numbers: tuple[int, ...]
    lost: int
    places_sha256: str


def read_own_labels(data: Path, entries: Sequence[Entry] | None = None) -> OwnLabels:
    """The rows of `entries` (default: the shipped labels) with sentences from those documents that are below `data`."""
    entries = label_entries() if entries is None else entries
    rows = [row | {"kind": kind, "holder": holder} for row, (kind, holder) in _read(data, entries, "labels")]
    wanted = sum(len(entry["labels"]) for entry in entries)
    return OwnLabels(rows=tuple(rows), lost=wanted - len(rows))


def read_unlabelled(data: Path, entries: Sequence[Entry] | None = None) -> Unlabelled:
    """The sentences of `entries` (default: the shipped ones) from those documents that are below `data`."""
    entries = _entries("unlabelled.jsonl") if entries is None else entries
    numbers = count()
    numbered = [
        dict(entry) | {"sentences": [[*place, next(numbers)] for place in entry["sentences"]]} for entry in entries
    ]
    read = [(row, number) for row, (number,) in _read(data, numbered, "sentences")]
    return Unlabelled(
        rows=tuple(row for row, _ in read),
        numbers=tuple(n for _, n in read),
        lost=next(numbers) - len(read),
        places_sha256=sha256_text(json.dumps([[entry["url"], entry["sentences"]] for entry in entries])),
    )


def label_entries() -> list[Entry]:
    """One entry a document: `file`, `url`, `account`, and `labels` as [start, end, hash, kind, holder or null]."""
    return _entries("sentences.jsonl")


def _entries(name: str) -> list[Entry]:
    text = (files("corpora") / "labels" / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _read(data: Path, entries: Sequence[Entry], field: str) -> Iterator[tuple[Row, list[Any]]]:
    """Each sentence of the entries whose text still stands, with what `field` says of it behind its hash."""
    annotator = Annotator()
    for document, entry in _documents(data, entries):
        yield from _rows(document, entry, field, annotator)


def _documents(data: Path, entries: Sequence[Entry]) -> Iterator[tuple[Document, Entry]]:
    for entry in entries:
        if entry["file"].startswith("warc/"):
            continue
        if (path := data / entry["file"]).is_file():
            yield read_document(path), entry
    for archive in sorted({entry["file"] for entry in entries if entry["file"].startswith("warc/")}):
        if not (data / archive).is_file():
            continue
        replay = open_warc(data / archive)
        for entry in (e for e in entries if e["file"] == archive):
            fetched = replay.fetch(Request(url=entry["url"]))
            if not isinstance(fetched, Skipped):
                yield document_of(fetched, entry["url"]), entry


def _rows(document: Document, entry: Entry, field: str, annotator: Annotator) -> Iterator[tuple[Row, list[Any]]]:
    passages = [p for p in document.passages if p.role in _ROLES and p.end - p.start >= _SHORTEST]
    found = {(start, end): said for start, end, *said in entry[field]}
    near = _neighbourhood(passages, [start for start, _ in found])
    sentences = list(_sentences(document.text, near, annotator))
    spans = [span for _, span in sentences]
    for at, (place, (start, end)) in enumerate(sentences):
        said = found.get((start, end))
        text = document.text[start:end]
        if said is None or sha256_text(text)[:DIGITS] != said[0]:
            continue
        before = spans[at - 1] if at and place - sentences[at - 1][0] <= 1 else (0, 0)
        after = spans[at + 1] if at + 1 < len(spans) and sentences[at + 1][0] - place <= 1 else (0, 0)
        row = {
            "account": entry["account"],
            "url": entry["url"],
            "title": "Form 10-K" if entry["url"].startswith(_FILING) else document.title,
            "prev": document.text[before[0] : before[1]][-_CONTEXT:],
            "sentence": text,
            "next": document.text[after[0] : after[1]][:_CONTEXT],
        }
        yield row, said[1:]


def _neighbourhood(passages: Sequence[Passage], starts: Sequence[int]) -> list[tuple[int, Passage]]:
    """The passages that hold one of `starts`, and those before and behind them, with their places in the order."""
    places: set[int] = set()
    ordered = sorted(starts)
    for place, passage in enumerate(passages):
        if any(passage.start <= start < passage.end for start in ordered):
            places |= {place - 1, place, place + 1}
    return [(place, passages[place]) for place in sorted(places) if 0 <= place < len(passages)]


def _sentences(
    text: str, passages: Sequence[tuple[int, Passage]], annotator: Annotator
) -> Iterator[tuple[int, tuple[int, int]]]:
    """(place of the passage, span in the document) of every sentence."""
    annotations = annotator.annotate(passage.of(text) for _, passage in passages)
    for (place, passage), annotation in zip(passages, annotations, strict=True):
        for start, end in annotation.sentences:
            yield place, (passage.start + start, passage.start + end)
