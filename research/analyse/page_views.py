"""What the second reading of a page's names sees of each: its chances in the first, its rivals, where it stands, what
stands beside it, and what it looks like."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from research.analyse.page_lines import Line, Page, Token, squash

_CHANCES: Final = (0.01, 0.03, 0.06, 0.1, 0.16, 0.24, 0.33, 0.42, 0.5, 0.6, 0.7, 0.8, 0.88, 0.94, 0.98)
_LIKELY: Final = 0.3  # chance from which on a name of the first reading is a neighbour to others
_COUNTS: Final = (0, 1, 2, 4, 8)
_GAP: Final = 3  # tokens that may stand between a name and its title on one line
_NEAR: Final = 3  # lines in which an address or a number belongs to the same card
_WORDS_SEEN: Final = 6
_NAMESAKES: Final = 64  # the likeliest names with a word that are looked at, so that no page of namesakes takes minutes


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
class Surroundings:
    """A page with all that the first reading proposes.

    `by_line` holds every place, `likely` the lines of likely names of a kind in order, `counts` how many likely names
    of a kind there are, `ranks` a name's rank among its kind, `parts` the names with a word and their chances.
    """

    page: Page
    by_line: Mapping[int, Sequence[Place]]
    likely: Mapping[str, Sequence[int]]
    counts: Mapping[str, int]
    ranks: Mapping[tuple[str, str], int]
    parts: Mapping[tuple[str, str], Sequence[tuple[str, float]]]


def surroundings(page: Page, grouped: Mapping[tuple[str, str], Sequence[Place]]) -> Surroundings:
    """What the views of every name of a page need to know of the others."""
    by_line: dict[int, list[Place]] = defaultdict(list)
    likely: dict[str, set[int]] = defaultdict(set)
    counts: dict[str, int] = defaultdict(int)
    parts: dict[tuple[str, str], list[tuple[str, float]]] = defaultdict(list)
    for (kind, key), places in sorted(grouped.items()):
        best = max(p.chance for p in places)
        counts[kind] += best >= _LIKELY
        for word in set(key.split()):
            parts[kind, word].append((key, best))
        for place in places:
            by_line[place.line].append(place)
            if place.chance >= _LIKELY:
                likely[kind].add(place.line)
    return Surroundings(
        page=page,
        by_line=by_line,
        likely={kind: sorted(lines) for kind, lines in likely.items()},
        counts=counts,
        ranks=_ranks(grouped),
        parts={word: sorted(names, key=lambda n: (-n[1], n[0]))[:_NAMESAKES] for word, names in parts.items()},
    )


def _ranks(grouped: Mapping[tuple[str, str], Sequence[Place]]) -> dict[tuple[str, str], int]:
    """A name's rank among its kind on the page, by its best chance."""
    best = {name: max(p.chance for p in places) for name, places in grouped.items()}
    ranks: dict[tuple[str, str], int] = {}
    seen: dict[str, int] = defaultdict(int)
    for name in sorted(best, key=lambda n: (-best[n], n)):
        ranks[name] = seen[name[0]]
        seen[name[0]] += 1
    return ranks


def views(around: Surroundings, kind: str, key: str, places: Sequence[Place]) -> Iterator[str]:
    """What the second chain sees of a name; all of it is seen by kind."""
    page = around.page
    seen = (*_chances(places), *_rivals(places, around), *_stands(page, places), *_looks(page, places[0]))
    for view in seen:
        yield f"{kind} {view}"
    if kind in _BESIDE:
        best = max(places, key=lambda p: p.chance)
        for view in (*_beside(around, best), *_words(page, best), *_whole(around, kind, key)):
            yield f"{kind} {view}"
    yield f"{kind} 1"
    yield f"{kind} rank={min(around.ranks[kind, key], 6)}"
    yield from (f"{kind} page={mark}" for mark in page.kind)


_BESIDE: Final = {"person": "role", "role": "person"}
"""Whose neighbour makes whom likelier."""


def _steps(name: str, value: float) -> Iterator[str]:
    return (f"{name}>{step}" for step in _CHANCES if value >= step)


def _count(name: str, value: int) -> str:
    return f"{name}={_COUNTS[bisect_right(_COUNTS, value) - 1]}"


def _chances(places: Sequence[Place]) -> Iterator[str]:
    yield from _steps("best", max(p.chance for p in places))
    yield from _steps("rest", max(p.rest for p in places))
    yield from _steps("mean", sum(p.chance for p in places) / len(places))
    sources = sorted({source for p in places for source in p.sources})
    yield from (f"from={source}" for source in sources)
    yield f"sources={'+'.join(sources)}"
    yield f"times={min(len(places), 5)}"


def _rivals(places: Sequence[Place], around: Surroundings) -> Iterator[str]:
    """How much likelier than this name those are that overlap with it: longer, shorter, of another kind."""
    strongest: dict[str, float] = defaultdict(float)
    for place in places:
        for other in around.by_line[place.line]:
            if other.last < place.first or place.last < other.first:
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


def _beside(around: Surroundings, place: Place) -> Iterator[str]:
    """Whether a likely title stands at a name, or a likely name at a title: on the line, above, below; and how many
    of its own kind stand about it."""
    other = _BESIDE[place.kind]
    on_line = [p for p in around.by_line[place.line] if p.kind == other and p.chance >= _LIKELY]
    before = any(0 < place.first - p.last <= _GAP for p in on_line)
    after = any(0 < p.first - place.last <= _GAP for p in on_line)
    lines = around.likely.get(other, ())
    above, below = place.line - 1 in lines, place.line + 1 in lines
    for name, here in (("before", before), ("after", after), ("above", above), ("below", below)):
        yield f"{name}={here}"
    yield f"at={before}{after}{above}{below}"
    yield f"any={before or after or above or below}"
    if on_line:
        yield "on-line"
    yield _count(f"{other}s", around.counts.get(other, 0))
    yield _count(f"{place.kind}s", around.counts.get(place.kind, 0))
    own = around.likely.get(place.kind, ())
    reach = 2 * _NEAR
    about = bisect_right(own, place.line + reach) - bisect_left(own, place.line - reach)
    yield _count("like", about - (bisect_right(own, place.line) - bisect_left(own, place.line)))
    near = around.page.lines[max(0, place.line - 1) : place.line + _NEAR + 1]
    held = {mark for line in near for mark in line.marks}
    yield from (f"near={mark}" for mark in ("email", "phone") if mark in held)


def _words(page: Page, place: Place) -> Iterator[str]:
    """The words of a name, and what stands before and behind it."""
    tokens = page.lines[place.line].tokens
    inner = tokens[place.first : place.last + 1]
    yield from {f"w={token.low}" for token in inner[:_WORDS_SEEN]}
    yield f"firstword={inner[0].low}"
    yield f"marks={' '.join('+'.join(t.marks) or '-' for t in inner[:3])}"
    yield f"case={_case(inner)}"
    for name, token in (("b", _at(tokens, place.first - 1)), ("a", _at(tokens, place.last + 1))):
        yield f"{name}w={token.low if token else '-'}"
        yield f"{name}s={token.shape if token else '-'}"
        yield from (f"{name}m={mark}" for mark in (token.marks if token else ()))
    if page.mailboxes and any(len(t.low) > 2 and t.low in page.mailboxes for t in inner):
        yield "mailbox"


def _case(tokens: Sequence[Token]) -> str:
    if all(token.text.islower() for token in tokens):
        return "lower"
    return "upper" if all(token.text.isupper() for token in tokens) else "mixed"


def _at(tokens: Sequence[Token], at: int) -> Token | None:
    return tokens[at] if 0 <= at < len(tokens) else None


def _whole(around: Surroundings, kind: str, key: str) -> Iterator[str]:
    """The best chance of a longer name with all the words of this one, anywhere on the page, and of a shorter one."""
    words = frozenset(key.split())
    others = [
        (frozenset(name.split()), chance) for word in words for name, chance in around.parts.get((kind, word), ())
    ]
    yield from _steps("whole", max((chance for other, chance in others if words < other), default=0.0))
    yield from _steps("part", max((chance for other, chance in others if other < words), default=0.0))
