"""Passages into a document: the one place where offsets are made."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from research.extract.clean import fold, fold_lines
from research.extract.limits import refuse_length
from research.model.capture import Capture
from research.model.document import Document, Passage, Role, Trust
from research.text.hashing import sha256_text, short_id

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
    texts, passages = _lay_out(_cleaned(blocks))
    text = "\n".join(texts)
    refuse_length(len(text))
    digest = sha256_text(text)
    return Document(
        id=short_id(account_id, capture.final_url, digest),
        account_id=account_id,
        capture_id=capture.id,
        url=capture.final_url,
        title=fold(title),
        published=published,
        language=language,
        page_type=page_type,
        media_type=capture.media_type,
        text=text,
        text_sha256=digest,
        extractor=extractor,
        extractor_version=version,
        passages=passages,
        metadata=tuple((key, fold(value)) for key, value in metadata),
        trust=trust,
    )


def main_text(document: Document) -> str:
    """The passages of the page's main text, one a line (a card or contact block on several)."""
    return "\n".join(passage.of(document.text) for passage in document.passages if passage.main)


def _cleaned(blocks: Iterable[RawBlock]) -> Iterator[RawBlock]:
    for block in blocks:
        text = fold_lines(block.text) if block.role in _LINED else fold(block.text)
        if text:
            path = tuple(map(fold, block.heading_path))
            yield RawBlock(text=text, role=block.role, heading_path=path, main=block.main)


def _lay_out(blocks: Iterable[RawBlock]) -> tuple[list[str], tuple[Passage, ...]]:
    texts: list[str] = []
    passages: list[Passage] = []
    start = 0
    for ordinal, block in enumerate(blocks):
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
