"""Passages into a document: the one place where offsets are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from research.extract.clean import fold, fold_lines
from research.extract.limits import MAX_PAGE_TEXT, MAX_TEXT, refuse_blocks, refuse_length
from research.model.capture import Capture
from research.model.document import SUSPICIOUS, SUSPICIOUS_TITLE, Document, Passage, Role, Trust
from research.text.hashing import canonical_json, sha256_text, short_id
from research.text.suspicion import suspicion

_LONG: Final = frozenset({"filing", "pdf"})  # what is long by nature
# Metadata that we made ourselves: what each line of a record states refers to passages, which are judged as such.
_OURS: Final = frozenset({"said", "internal", "own", "source_kind", "attribution"})
# Roles whose parts stand on lines of their own; every other passage is one line.
_LINED: Final[frozenset[Role]] = frozenset({"card", "contact"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RawBlock:
    """A block before its text is cleaned; `main` is False for what is no part of the page's main text."""

    text: str
    role: Role = "paragraph"
    heading_path: tuple[str, ...] = ()
    main: bool = True


def assemble(  # noqa: PLR0913  (one keyword for each field that only the caller knows)
    blocks: Iterable[RawBlock],
    *,
    capture: Capture,
    account_id: str,
    title: str,
    published: str | None,
    language: str | None,
    page_type: str,
    extractor: str,
    version: str,
    metadata: tuple[tuple[str, str], ...] = (),
    trust: Trust = "normal",
) -> Document:
    """The document of `blocks` in order: each cleaned, the empty ones dropped, joined by line ends; TooLongError."""
    limit = MAX_TEXT if extractor in _LONG else MAX_PAGE_TEXT
    texts, passages = _lay_out(_cleaned(blocks), limit)
    text = "\n".join(texts)
    refuse_length(len(text), limit)
    digest = sha256_text(text)
    flagged = _flagged(texts)
    plain = tuple((key, fold(value)) for key, value in metadata)
    heading = fold(title)
    return Document(
        id=short_id(account_id, capture.final_url, digest),
        account_id=account_id,
        capture_id=capture.id,
        url=capture.final_url,
        title=_honest_title(heading, texts, passages, flagged),
        published=published,
        language=language,
        page_type=page_type,
        media_type=capture.media_type,
        text=text,
        text_sha256=digest,
        extractor=extractor,
        extractor_version=version,
        passages=passages,
        metadata=(
            *(pair for pair in plain if pair[0] in _OURS or suspicion(pair[1]) is None),
            *(((SUSPICIOUS_TITLE, heading),) if suspicion(heading) else ()),
            *(((SUSPICIOUS, canonical_json(flagged)),) if flagged else ()),
        ),
        trust=trust,
    )


def _flagged(texts: Sequence[str]) -> list[tuple[int, str]]:
    """The passages that address a model instead of a reader, by ordinal, each with the pattern that it meets."""
    found = ((ordinal, suspicion(text)) for ordinal, text in enumerate(texts))
    return [(ordinal, reason) for ordinal, reason in found if reason is not None]


def _honest_title(
    title: str, texts: Sequence[str], passages: Sequence[Passage], flagged: Sequence[tuple[int, str]]
) -> str:
    """The title; where that addresses a model, the first heading that does not, else none."""
    if suspicion(title) is None:
        return title
    refused = {ordinal for ordinal, _ in flagged}
    headings = (p for p in passages if p.role == "heading" and p.ordinal not in refused)
    return next((texts[passage.ordinal] for passage in headings), "")


def main_text(document: Document) -> str:
    """The passages of the page's main text, one a line (a card or contact block on several), without what addresses a
    model."""
    flagged = document.suspicious
    main = (p for p in document.passages if p.main and p.ordinal not in flagged)
    return "\n".join(passage.of(document.text) for passage in main)


def _cleaned(blocks: Iterable[RawBlock]) -> Iterator[RawBlock]:
    for block in blocks:
        text = fold_lines(block.text) if block.role in _LINED else fold(block.text)
        if text:
            path = tuple(title for title in map(fold, block.heading_path) if suspicion(title) is None)
            yield RawBlock(text=text, role=block.role, heading_path=path, main=block.main)


def _lay_out(blocks: Iterable[RawBlock], limit: int) -> tuple[list[str], tuple[Passage, ...]]:
    texts: list[str] = []
    passages: list[Passage] = []
    start = 0
    for ordinal, block in enumerate(blocks):
        refuse_blocks(ordinal + 1)
        refuse_length(start, limit)
        end = start + len(block.text)
        passages.append(
            Passage(
                ordinal=ordinal,
                start=start,
                end=end,
                role=block.role,
                heading_path=block.heading_path,
                main=block.main,
            )
        )
        texts.append(block.text)
        start = end + 1
    return texts, tuple(passages)
