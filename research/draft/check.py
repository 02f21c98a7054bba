"""Whether one sentence holds: its numbers, names, dates, negation and modality must stand in its cited quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from research.draft.nearly import departures, exchanged
from research.draft.polarity import claimed, disagreements, turns
from research.draft.support import (
    Support,
    Word,
    numbers,
    squash,
    support,
    telling,
    without_amounts,
    without_dates,
    words,
)
from research.text.dates import dates

_SPOKEN = re.compile(r"“([^”]*)”")
_OURS = re.compile(r"\s*\[Ours: [^\[\]]*\]")  # the seller's own words, marked as such; no claim on the sources
_STAMP = re.compile(r"\d{4}(?:-\d\d){0,2}|\S+://\S*|file:\S*")
_MORE = re.compile(r"And (\d+) more in brief\.json\.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Why something does not hold: `kind` is a machine's word, `detail` a person's, `where` the place in the brief."""

    kind: str
    detail: str
    where: str = ""


def verify_claim(
    text: str,
    quotes: Sequence[str],
    *,
    context: Sequence[str] = (),
    own_words: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """What in `text` its quotes do not show.

    `context` are texts beside the quotes: the account's names and a document's title vouch for words, for numbers, and
    for the name that a sentence opens with before a colon; a document's dates and address for whole dates and plain
    words only, since a year that is not the quote's would pass for its. `own_words` are the template's folded words,
    which need no support.
    """
    return verify_groups(text, (quotes,), context=context, own_words=own_words)


def verify_groups(
    text: str,
    groups: Sequence[Sequence[str]],
    *,
    context: Sequence[str] = (),
    own_words: frozenset[str] = frozenset(),
) -> tuple[Problem, ...]:
    """As `verify_claim`, for a sentence on several findings: one group of quotes each, and of every group at least
    one quote must agree with the sentence on negation and modality."""
    if more := _MORE.fullmatch(text):
        return (
            () if int(more[1]) == len(groups) else (Problem(kind="number", detail=f"{more[1]} is not {len(groups)}"),)
        )
    if not any(quote for group in groups for quote in group):
        return (Problem(kind="uncited", detail="no quote stands behind this"),)
    quotes = [quote for group in groups for quote in group]
    shown, known = support(quotes), support([*quotes, *context])
    told = support([*quotes, *(text for text in context if not _STAMP.fullmatch(text))])
    stated = _OURS.sub("", text)
    found = (
        *_numbers(stated, told),
        *_dates(stated, known),
        *_words(stated, shown, known, own_words),
        *_spoken(stated, known),
        *_polarity(stated, groups, own_words),
    )
    return found or tuple(_exchanges(stated, groups))


def _numbers(text: str, known: Support) -> Iterator[Problem]:
    for number in numbers(text):
        if not known.has_number(number):
            yield Problem(kind="number", detail=f"{number.value:,.10g} {number.unit or ''}".strip() + " is in no quote")


def _dates(text: str, known: Support) -> Iterator[Problem]:
    for date in dates(text):
        if len(date.iso) > 4 and not known.has_date(date.iso):  # a bare year is checked as a number
            yield Problem(kind="date", detail=f"{date.iso} is in no quote")


def _words(text: str, shown: Support, known: Support, own_words: frozenset[str]) -> Iterator[Problem]:
    """Names stand in the quotes, together; other words in what is known besides, too."""
    for run in _runs(text, own_words):
        kind = "name" if run[0].name else "wording"
        opens = run[0].start == 0 and text[run[-1].end :].lstrip(".").startswith(":")
        vouching = shown if kind == "name" and not opens else known
        missing = [w.raw for w in run if not all(vouching.has_word(p, exact=w.name) for p in w.parts)]
        if missing:
            yield Problem(kind=kind, detail=f"“{' '.join(missing)}” is in no quote")
        elif run[0].name and not vouching.together([part for word in run for part in word.parts]):
            yield Problem(kind=kind, detail=f"“{' '.join(w.raw for w in run)}” stands together in no quote")


def _runs(text: str, own_words: frozenset[str]) -> Iterator[list[Word]]:
    """Names as runs of neighbouring capitalised words, every other word alone; the template's words left out."""
    cleared = without_amounts(without_dates(text))
    run: list[Word] = []
    for word in words(cleared):
        if run and not (word.name and cleared[run[-1].end : word.start] == " "):
            yield run
            run = []
        if not telling(word) or own_words.issuperset(word.parts):
            if run:
                yield run
            run = []
        elif word.name:
            run.append(word)
        else:
            yield [word]
    if run:
        yield run


def _spoken(text: str, known: Support) -> Iterator[Problem]:
    """Words in quotation marks stand there letter by letter; `…` marks what was left out."""
    for match in _SPOKEN.finditer(text):
        pieces = [squash(piece).strip(" .,;:'") for piece in match[1].split("…")]
        if not any(_in_order(pieces, source) for source in known.texts):
            yield Problem(kind="quote", detail=f"“{match[1][:60]}” is in no quote")


def _in_order(pieces: Sequence[str], source: str) -> bool:
    position = 0
    for piece in pieces:
        found = source.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return True


def _polarity(text: str, groups: Sequence[Sequence[str]], own_words: frozenset[str]) -> Iterator[Problem]:
    reported: set[str] = set()
    for group in groups:
        answers = (disagreements(text, quote, own_words=own_words) for quote in group)
        speaking = [answer for answer in answers if answer is not None]
        if speaking and all(speaking):
            reported |= min(speaking, key=len)
    yield from (Problem(kind=kind, detail=f"sentence and quote differ in {kind}") for kind in sorted(reported))


def _exchanges(text: str, groups: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """What was put in another's place in a sentence that otherwise repeats a quote; nothing where one quote agrees."""
    said = claimed(text)
    for group in groups:
        answers = [set(_exchanged(said, quote)) for quote in group]
        if answers and all(answers):
            fewest: set[tuple[str, str]] = min(answers, key=len)
            yield from (Problem(kind=kind, detail=detail) for kind, detail in sorted(fewest))


def _exchanged(said: str, quote: str) -> Iterator[tuple[str, str]]:
    for there, here in departures(said, quote):
        kind = exchanged(there, here) or turns(there, here)
        if kind:
            yield kind, f"“{here or '…'}” stands where the quote has “{there or '…'}”"
