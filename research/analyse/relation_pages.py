"""Pages that state a relation as a whole: a comparison with a rival, the story of a customer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from research.analyse.company_names import NAME_PATTERN, is_company_name, tidy
from research.analyse.naming import account_pattern
from research.analyse.read import Reading
from research.analyse.subject import names_account
from research.model.finding import Observation, attributes
from research.text.names import fold
from research.text.patterns import load_patterns

NAME: Final = "relations"
VERSION: Final = "7"


def relation_observation(
    reading: Reading, company: str, relation: str, start: int, end: int, score: float
) -> Observation:
    """Kind `relation`: `company` is `relation` to the account, by the passage from `start` to `end`."""
    return Observation(
        kind="relation",
        attributes=attributes(company=company, relation=relation, of=reading.account.name),
        document_id=reading.document.id,
        start=start,
        end=end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )


_VERSUS: Final = re.compile(rf"(?P<a>{NAME_PATTERN.pattern})\s+(?:vs\.?|versus)\s+(?P<b>{NAME_PATTERN.pattern})")


def by_page(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    """The relations that the purpose of the page states, whatever its sentences say."""
    kind = reading.document.page_type
    if kind == "comparison":
        yield from _compared(reading, own_terms)
    if kind == "case_study":
        yield from _told(reading, own_terms)


_BLOG: Final = load_patterns("page_types")["path_blog"]
_ACRONYM: Final = re.compile(r"[A-Z0-9]{2,5}")


def is_own_comparison(reading: Reading, text: str) -> bool:
    """Whether `A vs B` in `text`, where neither is the account, is a choice that concerns what the account sells: in
    its own section of comparisons, or in the title of a post that brings the account into it."""
    if reading.document.page_type != "comparison":
        return False
    match = _VERSUS.search(text)
    if match is None or not _BLOG.search(reading.document.url.lower()):
        return match is not None
    sides = [tidy(match["a"]), tidy(match["b"])]
    title = fold(reading.document.title)
    if any(_ACRONYM.fullmatch(side) or fold(side) not in title for side in sides):
        return False  # a link to another post, or kinds of technology
    return any(
        account_pattern(reading.account.names).search(s.text) and any(side in s.text for side in sides)
        for _, s in reading.sentences(main_only=True)
    )


def _compared(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    """The rivals that a comparison page is about: named in its title or address."""
    for block in reading.blocks[:40]:
        match = _VERSUS.search(block.text)
        if match is None or block.passage.role not in ("heading", "paragraph") or len(block.text) > 160:
            continue
        if not (names_account(reading, match.group()) or is_own_comparison(reading, block.text)):
            continue
        for side in ("a", "b"):
            name = tidy(match[side])
            if is_company_name(name, reading, own_terms):
                yield relation_observation(reading, name, "competitor", block.passage.start, block.passage.end, 0.85)
    yield from (
        relation_observation(reading, name, "competitor", start, end, 0.8)
        for name, start, end in _slug_names(reading, own_terms)
    )


def _told(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    """The customer whose story a case-study page tells."""
    for name, start, end in _slug_names(reading, own_terms):
        yield relation_observation(reading, name, "customer", start, end, 0.85)


_SLUG_STOP: Final = frozenset(
    (
        "how why what with and the for from to in of a an vs versus case study success story customer customers "
        "helped helps help chose uses using built builds index html htm replace replaces replaced alternative "
        "alternatives compare comparison switch migrate best top"
    ).split()
)


def _slug_names(reading: Reading, own_terms: frozenset[str]) -> list[tuple[str, int, int]]:
    """The company that the address names, as the page prints it: the longest run of slug words that stands
    capitalised in the text."""
    words = [
        w
        for w in re.split(
            r"[-_.]+", reading.document.url.rstrip("/").removesuffix("/index.html").rsplit("/", 1)[-1].lower()
        )
        if w
    ]
    text = reading.document.text
    for size in range(min(5, len(words)), 0, -1):
        for at in range(len(words) - size + 1):
            run = words[at : at + size]
            if run[0] in _SLUG_STOP or run[-1] in _SLUG_STOP or len("".join(run)) < 3 or " ".join(run) in own_terms:
                continue
            if any(" ".join(run) in fold(known) for known in reading.account.names):
                continue
            found = _capitalised(text, run)
            if found and is_company_name(found[0], reading, own_terms) and not _is_place(found[0], reading):
                return [found]
    return []


def _is_place(name: str, reading: Reading) -> bool:
    labels = {m.label for block in reading.blocks for m in block.mentions if m.text == name}
    return "place" in labels and "company" not in labels


def _capitalised(text: str, words: list[str]) -> tuple[str, int, int] | None:
    pattern = re.compile(r"(?<!\w)" + r"[\s\-.’'&]*".join(re.escape(w) for w in words) + r"(?!\w)", re.IGNORECASE)
    hits = [
        m
        for m in pattern.finditer(text)
        if all(
            part[:1].isupper() or part[:1].isdigit() or part.lower() in ("and", "of", "the")
            for part in re.split(r"[\s\-]+", m.group())
            if part
        )
    ]
    if len(hits) < 2:
        return None
    first = hits[0]
    start = text.rfind("\n", 0, first.start()) + 1
    end = text.find("\n", first.end())
    return first.group(), max(start, first.start() - 120), min(end if end >= 0 else len(text), first.end() + 160)
