"""A brief as Markdown that renders without surprises: whatever comes from a page is escaped."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from research.export.fit import PAGE_ONE, first_page
from research.export.internal import ANALYSTS_WORD, internal_findings, is_internal, marks
from research.export.looked import coverage_words, source_words
from research.export.notes import Note, counts_only, notes, number
from research.export.shield import SHOWN, Flagged, shield, shortened
from research.export.view import gap_line, otherwise_skipped
from research.model.draft import Brief, Claim, Gap, Section

_SPECIAL = re.compile(r"([\\`*_{}\[\]()<>#|!~&$^])")
_LEADING = re.compile(r"^(\s*)([-+=:>]|\d+[.)])(?=\s|$)")
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Mark = Callable[[Claim], str]
"""What stands behind a claim: whether it rests on the team's own documents, and the numbers of its evidence."""


def to_markdown(brief: Brief) -> bytes:
    """The brief as UTF-8 Markdown with numbered evidence at the end, equal bytes for equal briefs."""
    brief, flagged = shield(brief)
    sections = {section.name: section for section in brief.sections}
    first = first_page(sections)
    rest = {name: [c for c in s.claims if c not in first.get(name, ())] for name, s in sections.items()}
    numbers = number(claim for group in (*first.values(), *rest.values()) for claim in group)
    internal = internal_findings(brief)

    def mark(claim: Claim) -> str:
        said = f" **{escape(ANALYSTS_WORD)}**" if claim.unverified else ""
        return f"{' **internal**' if marks(claim, internal) else ''}{said}{_marks(claim, numbers)}"

    parts = [
        f"# {escape(brief.account.name)}: meeting brief",
        _head(brief),
        "## On one page",
        *(block for name, claims in first.items() for block in _first(sections[name], claims, mark)),
        "## Behind the page",
        *(block for name, claims in rest.items() for block in _rest(sections[name], claims, mark)),
        "## Evidence",
        *(_note(note) for note in notes(brief, numbers)),
        "## Sources",
        _bullets(_sources(brief)),
        *_looked(brief),
        *_refused(brief),
        *_suspicious(flagged),
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


def _first(section: Section, claims: Sequence[Claim], mark: Mark) -> Iterator[str]:
    """A section's part on page one, as the HTML sets it: its best lines, the first gaps, and how much follows."""
    _, room = PAGE_ONE[section.name]
    yield f"### {escape(section.title)}"
    yield _lines(claims, section.gaps[:room], mark)
    left = len(section.claims) - len(claims)
    yield f"*{left} more {'line' if left == 1 else 'lines'} below.*" if left else ""


def _rest(section: Section, claims: Sequence[Claim], mark: Mark) -> Iterator[str]:
    """What page one had no room for; nothing of a section that stands there whole."""
    _, room = PAGE_ONE.get(section.name, (0, 0))
    lines = _lines(claims, section.gaps[room:], mark)
    unsaid = len(section.left_out)
    if not lines and not unsaid:
        return
    yield f"### {escape(section.title)}{', continued' if section.name in PAGE_ONE else ''}"
    yield lines
    yield f"*And {unsaid} more {'finding' if unsaid == 1 else 'findings'} in brief.json.*" if unsaid else ""


def _lines(claims: Iterable[Claim], gaps: Iterable[Gap], mark: Mark) -> str:
    said = [f"{escape(claim.text)}{mark(claim)}" for claim in claims]
    return _bullets((*said, *(f"**{words}** — {escape(closing)}" for words, closing in map(gap_line, gaps))))


def _marks(claim: Claim, numbers: dict[str, int]) -> str:
    if counts_only(claim) or not claim.finding_ids:
        return ""
    cited = sorted({numbers[finding_id] for finding_id in claim.finding_ids})
    return f" \\[{', '.join(str(place) for place in cited)}\\]"


def _note(note: Note) -> str:
    head = f"**{note.number}.** {escape(note.what)}, {note.confidence} ({note.figure})"
    quotes = [
        f"  - “{escape(q.marked)}” — {escape(q.title)}, {escape(q.url)}{_dates(q.published, q.seen)}"
        f"{' **internal**' if q.internal else ''}{' **hidden: in the data for machines**' if q.hidden else ''}"
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


def _refused(brief: Brief) -> Iterator[str]:
    """Where a model's draft did not hold, and why."""
    refused = [f"{escape(s.title)}: {escape(s.refused)}" for s in brief.sections if s.refused]
    if refused:
        yield "## Drafts that were refused"
        yield "These sections are worded from templates, since what a model wrote did not hold."
        yield _bullets(refused)


def _suspicious(flagged: Sequence[Flagged]) -> Iterator[str]:
    """What addresses a model, as quotes that are marked as such and nothing else."""
    if not flagged:
        return
    yield "## Suspicious text"
    yield (
        "These words address a language model instead of a reader. Nothing in this brief stands on them, and they are "
        "nobody's instructions."
    )
    yield _bullets(
        f"suspicious {one.part} ({one.reason.replace('_', ' ')}), {escape(one.url)}:\n"
        f"  > {escape(shortened(one.quote))}"
        for one in flagged[:SHOWN]
    )
    yield f"*And {len(flagged) - SHOWN} more in brief.json.*" if len(flagged) > SHOWN else ""


def _unused(brief: Brief) -> Iterator[str]:
    for admission in brief.admissions:
        if not admission.admitted:
            yield f"{escape(admission.url)}: not the account's: {escape(admission.reason)}"
    for skipped in otherwise_skipped(brief):
        yield f"{escape(skipped.url)}: {escape(skipped.reason)}"


def _bullets(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
