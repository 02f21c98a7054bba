"""Sentences with one thing changed, so that it can be tried whether the verifier notices."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from research.draft.polarity import claimed
from research.draft.support import squash, telling, without_amounts, without_dates, words
from research.draft.verify import Stated
from research.text.dates import dates
from research.text.numbers import amounts

Edit = tuple[int, int, str]  # what stands from here to there becomes this
Change = Literal["number", "name", "date", "negation", "modality"]
CHANGES: Final[tuple[Change, ...]] = ("number", "name", "date", "negation", "modality")

_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_MONTH: Final = re.compile(
    r"\b(Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|"
    r"Nov(?:ember)?|Dec(?:ember)?)\b"
)
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|leads?|competes?|depends?|relies|rely|faces?|remains?|needs?|makes?|"
    r"operates?|serves?|sells?|provides?|offers?|helps?|uses?|requires?|grows?|grew|fell|rose|increased|decreased|declined|"
    r"reported|opened|launched|acquired|announced|appointed|completed|signed|raised|named|joined)\b",
    re.IGNORECASE,
)
_NOT: Final = re.compile(
    r"\b(?:not(?! only| just| least| limited to)|never|cannot|no|neither|nor|none)\b\s?(?!\.)|n['’]t\b", re.IGNORECASE
)
_PERHAPS: Final = re.compile(
    r"\b(?:may|might|could|would|should|will|shall|likely|possibly|perhaps|potentially)\b\s?(?!\d)"
)
_FLAT: Final = re.compile(r"\b(?:is|are|was|were|has|have|had)\b")
_AUXILIARIES: Final = frozenset(("is", "are", "was", "were", "has", "have", "had"))
_GOAL: Final = re.compile(r"\b[Gg]oal\b")
_LABEL: Final = re.compile(r"\s*[A-Z][\w’' ,]{2,40}: (?=\S)")
_OPENS: Final = re.compile(r"(?:^|[.!?…:•“‘])\s*\Z")  # where any word is written large
_SPOKEN: Final = re.compile(r"“([^”]*)”")
_FEWEST_WORDS: Final = 3  # of a cut quotation: fewer say nothing that could be true or false
_STRANGERS: Final = ("Corvane", "Tessmark", "Ondrell", "Vayle", "Brinmoor")


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sentence of a brief in which one thing was changed, with what was changed."""

    change: Change
    text: str
    of: Stated


def mutants(stated: Stated, names: Sequence[str]) -> Iterator[Mutant]:
    """Every changed form of one sentence; `names` are other names of the same brief, which take the place of its own.

    Deterministic. Only what the sentence claims of its sources is changed, no question of ours; a form that its
    evidence would show as well, as a name that the quote also has, is left out.
    """
    text, sites = stated.text, claimed(stated.text)
    made: tuple[tuple[Change, Iterator[Edit]], ...] = (
        ("number", _numbers(sites)),
        ("name", _names(stated, sites, names)),
        ("date", _dates(sites)),
        ("negation", _polarised(sites, _NOT, ("not", "never"))),
        ("modality", _modalities(sites, goal=bool(_GOAL.search(text)))),
    )
    for change, edits in made:
        for changed in dict.fromkeys(text[:start] + other + text[end:] for start, end, other in edits):
            if squash(changed) != squash(text):
                yield Mutant(change, changed, stated)


def unquoted(stated: Stated) -> Stated | None:
    """The same sentence in reported speech: its longest quotation without the marks; None where it quotes nothing."""
    quoted = max(_SPOKEN.findall(stated.text), key=len, default="")
    if "…" in quoted or len(quoted.split()) < _FEWEST_WORDS or claimed(stated.text) != stated.text:
        return None
    return replace(stated, text=_SPOKEN.sub(lambda m: m[1] if m[1] == quoted else m[0], stated.text))


def names_of(stated: Stated) -> tuple[str, ...]:
    """The names that a sentence gives in words of its own, outside quotation marks."""
    outside = _SPOKEN.sub(lambda m: " " * len(m[0]), claimed(stated.text))
    return tuple(outside[start:end] for start, end in _name_runs(outside, stated.own_words))


def _numbers(text: str) -> Iterator[Edit]:
    cleared = without_dates(text)
    for amount in amounts(cleared):
        printed = text[amount.start : amount.end]
        digits = [at for at, char in enumerate(printed) if char.isdigit()]
        for at in sorted({digits[0], digits[-1]}):
            digit = str((int(printed[at]) + 1) % 10 or 2)
            yield amount.start + at, amount.start + at + 1, digit
        for scale, other in (("million", "billion"), ("billion", "million"), ("thousand", "million")):
            if scale in printed:
                yield amount.start, amount.end, printed.replace(scale, other)


def _dates(text: str) -> Iterator[Edit]:
    for date in dates(text):
        if len(date.iso) == 4:  # a bare year is a number, and is changed there
            continue
        printed, year = text[date.start : date.end], date.iso[:4]
        yield date.start, date.end, printed.replace(year, str(int(year) - 1))
        if month := _MONTH.search(printed):
            other = _MONTHS[(int(date.iso[5:7]) + 2) % 12]
            yield date.start, date.end, printed[: month.start()] + other + printed[month.end() :]
        if len(date.iso) == 10:
            day = int(date.iso[8:])
            other = str(day + 1 if day < 28 else day - 1)
            changed = re.sub(rf"(?<!\d)0?{day}(?!\d)", other.zfill(2) if "-" in printed else other, printed, count=1)
            yield date.start, date.end, changed


def _names(stated: Stated, text: str, names: Sequence[str]) -> Iterator[Edit]:
    """Another name of the brief in the place of each name, a stranger's, and the same with one letter changed."""
    shown = squash(" ".join(quote for group in stated.groups for quote in group))
    for number, (start, end) in enumerate(_name_runs(text, stated.own_words)):
        name = text[start:end]
        others = [n for n in names if squash(n) not in shown and not set(squash(n).split()) & set(squash(name).split())]
        if others:
            yield start, end, others[(number + len(name)) % len(others)]
        yield start, end, _STRANGERS[(number + len(name)) % len(_STRANGERS)]
        if len(name) > 3:
            yield start + 2, start + 3, "x" if name[2].lower() != "x" else "k"


def _name_runs(text: str, own_words: frozenset[str]) -> list[tuple[int, int]]:
    """Where neighbouring capitalised words stand that are neither the template's nor the first of a sentence alone."""
    cleared = without_amounts(without_dates(text))
    runs: list[tuple[int, int]] = []
    for word in words(cleared):
        if not word.name or not telling(word) or own_words.issuperset(word.parts) or not word.raw[0].isupper():
            continue
        if runs and cleared[runs[-1][1] : word.start] == " ":
            runs[-1] = (runs[-1][0], word.end)
        else:
            runs.append((word.start, word.end))
    return [(start, end) for start, end in runs if " " in text[start:end] or not _OPENS.search(text, 0, start)]


def _polarised(text: str, cue: re.Pattern[str], added: Sequence[str]) -> Iterator[Edit]:
    """The sentence without its one cue, or with its quotation cut to what stands behind it; where it has none, with one
    put in. With two cues the first may stand where it changes nothing."""
    found = list(cue.finditer(text))
    if not found:
        yield from (edit for word in added for edit in _inserted(word, text))
    if len(found) != 1:
        return
    start, end = found[0].span()
    yield start, end, ""
    spoken = next((m for m in _SPOKEN.finditer(text) if m.start() < start < m.end()), None)
    if spoken and len(text[end : spoken.end(1)].split()) >= _FEWEST_WORDS and not re.match(r"\s*[.,;:)]", text[end:]):
        yield spoken.start(1), end, ""


def _inserted(word: str, text: str) -> Iterator[Edit]:
    """The word at the first verb (after "is", before "leads"), else in front of what a label introduces."""
    if verb := _VERB.search(text):
        behind = verb[0].lower() in _AUXILIARIES
        at = verb.end() if behind else verb.start()
        yield (at, at, f" {word}") if behind else (at, at, f"{word} ")
    elif label := _LABEL.match(text):
        yield label.end(), label.end(), f"{word} "


def _modalities(text: str, *, goal: bool) -> Iterator[Edit]:
    """As `_polarised`, and what is as what will be; what is by its name a goal needs no "will", and may lose it."""
    if not (goal and _PERHAPS.search(text)):
        yield from _polarised(text, _PERHAPS, ("may", "could"))
    if not _PERHAPS.search(text) and (flat := _FLAT.search(text)):
        yield flat.start(), flat.end(), "will be"
