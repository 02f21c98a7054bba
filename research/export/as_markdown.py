"""A brief as Markdown that renders without surprises: whatever comes from a page is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from research.export.internal import internal_findings, is_internal, marks
from research.export.looked import coverage_words, source_words
from research.export.notes import Note, counts_only, notes, number
from research.export.view import GAP_WORDS
from research.model.draft import Brief, Claim, Section

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#|!~&$^])")
_LEADING = re.compile(r"^(\s*)([-+=:>]|\d+[.)])(?=\s|$)")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def to_markdown(brief: Brief) -> bytes:
    """The brief as UTF-8 Markdown with numbered evidence at the end, equal bytes for equal briefs."""
    numbers = number(claim for section in brief.sections for claim in section.claims)
    parts = [
        f"# {escape(brief.account.name)}: meeting brief",
        _head(brief),
        *(block for section in brief.sections for block in _section(section, numbers, internal_findings(brief))),
        "## Evidence",
        *(_note(note) for note in notes(brief, numbers)),
        "## Sources",
        _bullets(_sources(brief)),
        *_looked(brief),
        "## Not used",
        _bullets(_unused(brief)),
    ]
    return ("\n\n".join(part for part in parts if part) + "\n").encode("utf-8")


def _head(brief: Brief) -> str:
    counts = f"{len(brief.documents)} documents, {len(brief.findings)} findings"
    return f"As of {escape(brief.as_of[:10])}. {counts}. Numbers in brackets lead to the evidence below."


def escape(text: str) -> str:
    """Text on one line in which nothing is markup: no link, no HTML, no list, no heading."""
    line = " ".join(_UNSEEN.sub("", text).split())
    return _LEADING.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line))


def _section(section: Section, numbers: dict[str, int], internal: frozenset[str]) -> Iterator[str]:
    yield f"## {escape(section.title)}"
    yield _bullets(
        f"{escape(claim.text)}{' **internal**' if marks(claim, internal) else ''}{_marks(claim, numbers)}"
        for claim in section.claims
    )
    yield _bullets(f"**{GAP_WORDS[gap.state]}** — ask: {escape(gap.question)}" for gap in section.gaps)


def _marks(claim: Claim, numbers: dict[str, int]) -> str:
    if counts_only(claim):
        return ""
    cited = sorted({numbers[finding_id] for finding_id in claim.finding_ids})
    return f" \\[{', '.join(str(place) for place in cited)}\\]"


def _note(note: Note) -> str:
    head = f"**{note.number}.** {escape(note.what)}, {note.confidence} ({note.figure})"
    quotes = [
        f"  - “{escape(q.marked)}” — {escape(q.title)}, {escape(q.url)}{_dates(q.published, q.seen)}"
        f"{' **internal**' if q.internal else ''}"
        for q in note.quotes
    ]
    more = [f"  - and {note.more} more in brief.json"] if note.more > 0 else []
    return "\n".join([f"- {head}", *quotes, *more])


def _dates(published: str, seen: str) -> str:
    stated = [f"published {published}"] * bool(published) + [f"seen {seen}"] * bool(seen)
    return f" ({escape(', '.join(stated))})" if stated else ""


def _sources(brief: Brief) -> Iterator[str]:
    fetched = dict(brief.fetched_at)
    for document in brief.documents:
        dates = _dates((document.published or "")[:10], fetched.get(document.id, "")[:10])
        stated = document.meta("attribution")
        terms = f"; {escape(stated)}" if stated else ""
        own = " **internal**" if is_internal(document) else ""
        yield f"{escape(document.title or document.url)}: {escape(document.url)}{dates}{terms}{own}"


def _looked(brief: Brief) -> Iterator[str]:
    """How each source went, and every field of the template with its state."""
    if not brief.sources:
        return
    yield "## Where we looked"
    yield _bullets(source_words(state, escape) for state in brief.sources)
    yield _bullets(coverage_words(field, escape) for field in brief.coverage)


def _unused(brief: Brief) -> Iterator[str]:
    for admission in brief.admissions:
        if not admission.admitted:
            yield f"{escape(admission.url)}: not the account's: {escape(admission.reason)}"
    for skipped in brief.skipped:
        yield f"{escape(skipped.url)}: {escape(skipped.reason)}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
