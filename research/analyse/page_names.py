"""The names on a page, in two readings: a chain proposes spans line by line, a second weighs all places of a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np

from research.analyse.chain import (
    Chain,
    Floats,
    Sequences,
    best_path,
    emit,
    encode,
    line_up,
    load_chain,
    spans_of,
    sweep,
)
from research.analyse.page_features import features
from research.analyse.page_lines import Page, squash
from research.analyse.page_runs import name_runs, title_runs
from research.analyse.page_views import Place, surroundings, views
from research.model.finding import Mention
from research.text.names import company_key, fold

KINDS: Final = ("company", "person", "role", "place")
TAGS: Final = ("O", *(f"{part}-{kind}" for kind in (*KINDS, "street") for part in "BI"))
"""What the first chain says of a token; streets are told only so that nothing in them is taken for a name."""
VERDICTS: Final = ("no", "yes")
_DOUBTS: Final = (0.0, 2.0, 4.0)  # by how much the label O is handicapped: the last proposes nearly all that is right


@dataclass(frozen=True, slots=True)
class Candidate:
    """A name with all its places on the page, and what the second chain sees of it."""

    kind: str
    key: str
    places: tuple[Place, ...]
    names: tuple[str, ...]


def key_of_name(kind: str, text: str) -> str:
    """Equal for spellings of one name."""
    return company_key(text) if kind == "company" else fold(text)


def candidates(
    page: Page, text: str, others: Iterable[Mention], tagger: Chain, seen: Sequences | None = None
) -> list[Candidate]:
    """Every name that the chain, the rules (`others`) or the page's own address propose; `seen` are its features."""
    if not page.lines:
        return []
    places = _places(page, others, tagger, encode(features(page)) if seen is None else seen)
    grouped: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for place in places:
        key = key_of_name(place.kind, text[place.start : place.end])
        if key:
            grouped[place.kind, key].append(place)
    around = surroundings(page, grouped)
    return [
        Candidate(kind, key, tuple(found), tuple(views(around, kind, key, found)))
        for (kind, key), found in sorted(grouped.items())
    ]


def _places(page: Page, others: Iterable[Mention], tagger: Chain, sequences: Sequences) -> list[Place]:
    lengths = [len(tokens) for _, tokens in sequences]
    emitted = emit(tagger, sequences)
    steps = line_up(lengths)
    swept = sweep(emitted, tagger, steps)
    posterior = swept.ahead * swept.behind
    starts = np.cumsum([0, *lengths]).tolist()
    found: dict[tuple[str, int, int, int], set[str]] = defaultdict(set)
    for doubt in _DOUBTS:
        lowered = emitted.copy()
        lowered[:, 0] -= doubt
        path = best_path(lowered, tagger, steps)
        for number, begin in enumerate(starts[:-1]):
            labels = [tagger.labels[at] for at in path[begin : starts[number + 1]]]
            for first, end, kind in spans_of(labels):
                found[kind, number, first, end - 1].add(f"d{doubt:.0f}")
    for kind, number, first, last in _ruled(page, others):
        found[kind, number, first, last].add("rule")
    for number, first, last in _owned(page):
        found["company", number, first, last].add("own")
    for number, line in enumerate(page.lines):
        for first, last in title_runs(line):
            found["role", number, first, last].add("run")
        for first, last in name_runs(line):
            found["person", number, first, last].add("run")
    return [
        _place(page, span, frozenset(sources), posterior[starts[span[1]] :], tagger)
        for span, sources in sorted(found.items())
        if span[0] in KINDS
    ]


def _place(
    page: Page, span: tuple[str, int, int, int], sources: frozenset[str], posterior: Floats, tagger: Chain
) -> Place:
    kind, number, first, last = span
    begin, inside = tagger.labels.index(f"B-{kind}"), tagger.labels.index(f"I-{kind}")
    tokens = page.lines[number].tokens
    rest = posterior[first + 1 : last + 1, inside]
    chance = min(float(posterior[first, begin]), float(rest.min()) if len(rest) else 1.0)
    some = posterior[first : last + 1, begin] + posterior[first : last + 1, inside]
    return Place(kind, tokens[first].start, tokens[last].end, number, first, last, chance, float(some.mean()), sources)


def _ruled(page: Page, others: Iterable[Mention]) -> Iterator[tuple[str, int, int, int]]:
    """The rules' mentions as tokens of lines; those that end within a token or span lines are not proposed."""
    begins = {t.start: (n, i) for n, line in enumerate(page.lines) for i, t in enumerate(line.tokens)}
    ends = {t.end: (n, i) for n, line in enumerate(page.lines) for i, t in enumerate(line.tokens)}
    for mention in others:
        first, last = begins.get(mention.start), ends.get(mention.end)
        if mention.label in KINDS and first and last and first[0] == last[0] and first[1] <= last[1]:
            yield mention.label, first[0], first[1], last[1]


def _owned(page: Page) -> Iterator[tuple[int, int, int]]:
    """Where the page's own address, title or copyright holder stands spelled out."""
    for number, line in enumerate(page.lines):
        squashed = [squash(token.text) for token in line.tokens]
        for first, start in enumerate(squashed):
            whole = ""
            for last in range(first, min(first + 9, len(squashed)) if start else first):
                whole += squashed[last]
                if squashed[last] and page.names.get(whole, "T") != "T":
                    yield number, first, last


def weigh(found: Sequence[Candidate], chain: Chain) -> Floats:
    """The chance of each candidate that it is what its kind says."""
    if not found:
        return np.zeros(0)
    emitted = emit(chain, encode(((), (c.names,)) for c in found))
    swept = sweep(emitted, chain, line_up([1] * len(found)))
    return (swept.ahead * swept.behind)[:, VERDICTS.index("yes")]


@cache
def thresholds() -> Mapping[str, float]:
    """The chance from which on a name of each kind is told: the one of the greatest F1 out of fold."""
    import json

    card = json.loads((files("corpora") / "weights" / "page_names.json").read_text(encoding="utf-8"))
    return dict(card["thresholds"])


def page_names(
    page: Page,
    text: str,
    others: Sequence[Mention],
    *,
    tagger: Chain | None = None,
    judge: Chain | None = None,
    least: Mapping[str, float] | None = None,
) -> list[Mention]:
    """Companies, people, roles and places of a page, none overlapping another; the shipped weights by default."""
    found = candidates(page, text, others, tagger or load_chain("page_tags"))
    chances = weigh(found, judge or load_chain("page_names"))
    return choose(found, chances, text, least or thresholds())


def choose(found: Sequence[Candidate], chances: Floats, text: str, least: Mapping[str, float]) -> list[Mention]:
    """The candidates that are likely enough; where two overlap, the likelier."""
    good = [(c, float(chance)) for c, chance in zip(found, chances, strict=True) if chance >= least[c.kind]]
    good.sort(key=lambda pair: (-(pair[1] - least[pair[0].kind]) / (1 - least[pair[0].kind]), pair[0].key))
    taken: set[int] = set()
    told: list[Mention] = []
    for candidate, _ in good:
        for place in candidate.places:
            span = range(place.start, place.end)
            if taken.isdisjoint(span):
                taken.update(span)
                told.append(
                    Mention(label=place.kind, text=text[place.start : place.end], start=place.start, end=place.end)
                )
    return sorted(told, key=lambda m: (m.start, m.end))
