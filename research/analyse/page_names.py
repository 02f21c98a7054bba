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
from research.analyse.page_lines import Line, Page, squash
from research.analyse.page_runs import name_runs, title_runs
from research.model.finding import Mention
from research.text.names import company_key, fold

KINDS: Final = ("company", "person", "role", "place")
TAGS: Final = ("O", *(f"{part}-{kind}" for kind in (*KINDS, "street") for part in "BI"))
"""What the first chain says of a token; streets are told only so that nothing in them is taken for a name."""
VERDICTS: Final = ("no", "yes")
_DOUBTS: Final = (0.0, 2.0, 4.0)  # by how much the label O is handicapped: the last proposes nearly all that is right
_CHANCES: Final = (0.01, 0.03, 0.06, 0.1, 0.16, 0.24, 0.33, 0.42, 0.5, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98)


@dataclass(frozen=True, slots=True)
class Place:
    """One place where a name may stand; `chance` is the least posterior of its tokens, `sources` who proposes it."""

    kind: str
    start: int
    end: int
    line: int
    first: int
    last: int
    chance: float
    rest: float
    sources: frozenset[str]


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
    ranks = _ranks(grouped)
    return [
        Candidate(kind, key, tuple(found), tuple(_views(page, kind, found, places, ranks[kind, key])))
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


def _ranks(grouped: Mapping[tuple[str, str], Sequence[Place]]) -> dict[tuple[str, str], int]:
    """A name's rank among its kind on the page, by its best chance."""
    best = {name: max(p.chance for p in places) for name, places in grouped.items()}
    ranks: dict[tuple[str, str], int] = {}
    seen: dict[str, int] = defaultdict(int)
    for name in sorted(best, key=lambda n: (-best[n], n)):
        ranks[name] = seen[name[0]]
        seen[name[0]] += 1
    return ranks


def _views(page: Page, kind: str, places: Sequence[Place], every: Sequence[Place], rank: int) -> Iterator[str]:
    """What the second chain sees of a name; all of it is seen by kind."""
    for view in (*_chances(places), *_rivals(places, every), *_stands(page, places), *_looks(page, places[0])):
        yield f"{kind} {view}"
    yield f"{kind} 1"
    yield f"{kind} rank={min(rank, 6)}"
    yield from (f"{kind} page={mark}" for mark in page.kind)


def _steps(name: str, value: float) -> Iterator[str]:
    return (f"{name}>{step}" for step in _CHANCES if value >= step)


def _chances(places: Sequence[Place]) -> Iterator[str]:
    yield from _steps("best", max(p.chance for p in places))
    yield from _steps("rest", max(p.rest for p in places))
    yield from _steps("mean", sum(p.chance for p in places) / len(places))
    sources = sorted({source for p in places for source in p.sources})
    yield from (f"from={source}" for source in sources)
    yield f"sources={'+'.join(sources)}"
    yield f"times={min(len(places), 5)}"


def _rivals(places: Sequence[Place], every: Sequence[Place]) -> Iterator[str]:
    """How much likelier than this name those are that overlap with it: longer, shorter, of another kind."""
    strongest: dict[str, float] = defaultdict(float)
    for place in places:
        for other in every:
            if other.line != place.line or other.last < place.first or place.last < other.first:
                continue
            if (other.kind, other.first, other.last) == (place.kind, place.first, place.last):
                continue
            if other.kind != place.kind:
                relation = f"as-{other.kind}"
            elif other.first <= place.first and place.last <= other.last:
                relation = "longer"
            else:
                relation = "shorter" if place.first <= other.first and other.last <= place.last else "crossing"
            strongest[relation] = max(strongest[relation], other.chance)
    best = max(p.chance for p in places)
    for relation, chance in sorted(strongest.items()):
        yield f"{relation} {'over' if chance > best else 'under'}"
        yield from _steps(relation, chance)


def _stands(page: Page, places: Sequence[Place]) -> Iterator[str]:
    """Where it stands: role of its passages, alone on a line, beside a role, in a copyright line."""
    lines = [page.lines[p.line] for p in places]
    yield from sorted({f"in={_role(line)}" for line in lines})
    alone = [p.last - p.first + 1 >= len(line.tokens) - 1 for p, line in zip(places, lines, strict=True)]
    yield f"alone={'all' if all(alone) else 'some' if any(alone) else 'none'}"
    yield from sorted({f"line={mark}" for line in lines for mark in line.marks if not mark.startswith("model")})


def _role(line: Line) -> str:
    return line.block.passage.role if line.block.passage.main else f"~{line.block.passage.role}"


def _looks(page: Page, place: Place) -> Iterator[str]:
    """What the name looks like by itself."""
    tokens = page.lines[place.line].tokens[place.first : place.last + 1]
    yield f"words={min(len(tokens), 8)}"
    yield f"shape={' '.join(t.shape for t in tokens[:4])}"
    yield from (f"first={mark}" for mark in tokens[0].marks)
    yield from (f"last={mark}" for mark in tokens[-1].marks)
    yield from (f"lastword={t.low}" for t in tokens[-1:])
    whole = squash("".join(t.text for t in tokens))
    yield f"own={page.names.get(whole, '-')}"
    yield f"owner={whole in page.owner} {len(whole) > 4}"
    yield f"model={'+'.join(sorted({t.model[2:] or '-' for t in tokens}))}"
    yield f"lower={any(page.lower.get(t.low) for t in tokens if t.text[0].isupper())}"


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
