"""Before a brief is written: what addresses a model is taken out of every field and listed, quoted as just that."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from research.model.capture import Skipped
from research.model.document import SUSPICIOUS_TITLE, Document
from research.model.draft import Brief, SourceState
from research.model.finding import Admission, Theme
from research.text.hashing import short_id
from research.text.suspicion import suspicion, suspicious_address

WITHHELD = "withheld, it addresses a model"
SHOWN = 20  # suspicious texts on a page; brief.json has them all
LONGEST = 300  # characters of one in print


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """One text that addresses a model: where it stands (`part`: text, title or address), and which pattern it meets."""

    document: str
    url: str
    part: str
    reason: str
    quote: str
    start: int = 0
    end: int = 0


def shield(brief: Brief) -> tuple[Brief, tuple[Flagged, ...]]:
    """The brief without any such text outside its findings' evidence, which has none, and all of it as a list."""
    flagged = tuple(dict.fromkeys(_flagged(brief)))
    return replace(
        brief,
        account=replace(brief.account, aliases=tuple(a for a in brief.account.aliases if suspicion(a) is None)),
        documents=tuple(_document(document) for document in brief.documents),
        skipped=tuple(Skipped(url=address(s.url), reason=_words(s.reason)) for s in brief.skipped),
        admissions=tuple(_admission(admission) for admission in brief.admissions),
        conflicts=tuple(replace(c, explanation=_words(c.explanation)) for c in brief.conflicts),
        themes=tuple(_theme(theme) for theme in brief.themes),
        sources=tuple(_state(state) for state in brief.sources),
    ), flagged


def address(url: str) -> str:
    """An address as it may be shown: of one whose words address a model, its host and a mark that tells it apart."""
    if not suspicious_address(url):
        return url
    try:
        parts = urlsplit(url)
        place = f"{parts.scheme}://{parts.hostname}/" if parts.hostname else f"{parts.scheme or 'file'}:"
    except ValueError:
        place = ""
    return f"{place}withheld-{short_id(url)[:8]}"


def _words(text: str) -> str:
    return text if suspicion(text) is None else f"({WITHHELD})"


def _document(document: Document) -> Document:
    return replace(document.harmless(), url=address(document.url), title=_words(document.title))


def _admission(admission: Admission) -> Admission:
    return replace(admission, url=address(admission.url), reason=_words(admission.reason))


def _theme(theme: Theme) -> Theme:
    return replace(theme, label=_words(theme.label), terms=tuple(t for t in theme.terms if suspicion(t) is None))


def _state(state: SourceState) -> SourceState:
    title = address(state.title) if "://" in state.title else _words(state.title)
    return replace(state, title=title, reason=_words(state.reason))


def _flagged(brief: Brief) -> Iterator[Flagged]:
    for document in brief.documents:
        shown = address(document.url)
        if shown != document.url:
            yield Flagged(document=document.id, url=shown, part="address", reason="address", quote=document.url)
        if title := document.meta(SUSPICIOUS_TITLE):
            yield Flagged(document=document.id, url=shown, part="title", reason=suspicion(title) or "", quote=title)
        reasons = document.suspicious
        for passage in document.passages:
            if passage.ordinal in reasons:
                yield Flagged(
                    document=document.id,
                    url=shown,
                    part="text",
                    reason=reasons[passage.ordinal],
                    quote=passage.of(document.text),
                    start=passage.start,
                    end=passage.end,
                )
    known = {document.url for document in brief.documents}
    others = dict.fromkeys((*(s.url for s in brief.skipped), *(a.url for a in brief.admissions)))
    for url in others:
        if url not in known and address(url) != url:
            yield Flagged(document="", url=address(url), part="address", reason="address", quote=url)


def shortened(quote: str) -> str:
    """A flagged text on one line of print."""
    line = " ".join(quote.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST]} …"
