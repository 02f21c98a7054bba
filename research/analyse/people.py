"""People of the account, with the role as printed: from cards, headings, quotes, appointments and bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from research.analyse.naming import PERSON, has_given_name, is_person_name, same_company, speaks_of_account
from research.analyse.patterns import has_role
from research.analyse.read import Block, Reading, Sentence
from research.analyse.roles import (
    LONGEST_ROLE,
    Role,
    RoleReader,
    is_all_title,
    is_firms_role,
    is_title_line,
    starts_with_title,
)
from research.analyse.subject import names_account
from research.model.finding import Observation, attributes
from research.text.patterns import load_patterns

NAME: Final = "people"
VERSION: Final = "4"

_TEAM_PAGES: Final = frozenset({"leadership", "about", "investor", "contact", "home"})
_OTHERS_PAGES: Final = frozenset({"case_study", "customers", "partners"})  # people quoted here are somebody else's
_LISTING_PAGES: Final = _OTHERS_PAGES | {"newsroom", "comparison"}  # lines below one another are no card there
_UNBOUND_PAGES: Final = _TEAM_PAGES | {"press_release", "blog"}  # where a title without a company is the account's

_PATTERNS: Final = load_patterns("people")
_MOVES: Final = ("appointed", "joined", "took", "labelled", "is_role")
_SPOKEN: Final = re.compile(r"\b(?:said|says|added|by|with)\s*:?\s*$")
_JOINS_US: Final = re.compile(
    r"\bjoin(?:s|ed|ing)?\s+(?:the|our|its)\s+(?:[\w-]+\s+){0,3}(?:team|company|board|firm|group|staff)\b"
)
_RELATIVE: Final = re.compile(r"(?:who|whom|which|whose|where|that|and|but|as)\b")
_SHOWN: Final = 0.92  # from here on a page shows its people, which outweighs what the model takes a name for
_LETTERS: Final = r"(?:,\s*(?:CFA|CPA|Ph\.?D|MBA|Jr|Sr)\.?)*"


@dataclass(frozen=True, slots=True)
class _Sighting:
    """One name with one role in one span of the document."""

    name: str
    role: Role
    start: int
    end: int
    score: float
    former: bool = False


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Kind `person`: the account's own people only; someone whose company is another's, or cannot be told, is left."""
    if not reading.own or reading.document.page_type == "filing":
        return ()
    reader = RoleReader.of(reading)
    shaped = [*_cards(reading, reader), *_rows(reading, reader), *_adjacent(reading, reader)]
    sightings = [*shaped, *_prose(reading, reader)]
    return tuple(_observation(s, reading) for s in _distinct([s for s in sightings if _belongs(s, reading)]))


def _observation(sighting: _Sighting, reading: Reading) -> Observation:
    shown = reading.document.page_type == "leadership" and sighting.score >= _SHOWN
    current = False if sighting.former else True if shown else None
    return Observation(
        kind="person",
        attributes=attributes(name=_plain(sighting.name), role=sighting.role.title, current=current),
        document_id=reading.document.id,
        start=sighting.start,
        end=sighting.end,
        score=sighting.score,
        analyser=NAME,
        version=VERSION,
    )


def _plain(name: str) -> str:
    return re.sub(r"^(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+", "", re.sub(r"\s+", " ", name)).strip(" ,")


def _distinct(sightings: list[_Sighting]) -> list[_Sighting]:
    """One sighting a name and role: the same words read by two patterns count once, the surer first."""
    kept: dict[tuple[str, str], _Sighting] = {}
    for sighting in sorted(sightings, key=lambda s: (-s.score, s.start, -len(s.role.title))):
        kept.setdefault((_plain(sighting.name).casefold(), sighting.role.title.casefold()), sighting)
    return sorted(kept.values(), key=lambda s: (s.start, s.end))


def _belongs(sighting: _Sighting, reading: Reading) -> bool:
    if not is_person_name(sighting.name, reading.account.names):
        return False
    if sighting.role.company is not None:
        return same_company(sighting.role.company, reading.account.names)  # who holds a post here is a person
    if sighting.score < _SHOWN and _otherwise_named(sighting.name, reading):
        return False
    return reading.document.page_type not in _OTHERS_PAGES


def _otherwise_named(name: str, reading: Reading) -> bool:
    """Whether the model, wherever the document has this name, takes it for a firm, a product or a place."""
    labels = {m.label for block in reading.blocks for m in block.mentions if m.text.strip(" ,.’s") == name}
    return bool(labels) and "person" not in labels and bool(labels & {"company", "product", "place"})


# --- cards: name and role on lines of their own -------------------------------------------------------------------


def _cards(reading: Reading, reader: RoleReader) -> Iterator[_Sighting]:
    if reading.document.page_type in _LISTING_PAGES:
        return
    for block in reading.blocks:
        if block.passage.role in ("card", "contact") and "\n" in block.text:
            yield from _card(block, reading, reader)


def _card(block: Block, reading: Reading, reader: RoleReader) -> Iterator[_Sighting]:
    lines = _lines(block)
    score = 0.95 if block.passage.role == "card" else 0.92
    for index, (start, _, text) in enumerate(lines):
        name = _whole_name(text)
        for _, end, below in lines[index + 1 : index + 4] if name else ():
            role = reader.read(_without_company(below, reading)) if is_title_line(below) else None
            if name and role:
                if not _held_elsewhere(block, end, reading):
                    yield _Sighting(name, role, start, end, score)
                break
            if len(below) > LONGEST_ROLE or _whole_name(below):
                break
    yield from _titles_first(lines, reading, reader, score)


def _titles_first(
    lines: list[tuple[int, int, str]], reading: Reading, reader: RoleReader, score: float
) -> Iterator[_Sighting]:
    """A card of one person in which the title stands above the name."""
    names = [index for index, (_, _, text) in enumerate(lines) if _whole_name(text)]
    if len(names) != 1 or not 0 < names[0] <= 2 or any(is_title_line(text) for _, _, text in lines[names[0] + 1 :]):
        return
    start, _, above = lines[names[0] - 1]
    name = _whole_name(lines[names[0]][2])
    role = reader.read(_without_company(above, reading)) if is_title_line(above) else None
    if name and role:
        yield _Sighting(name, role, start, lines[names[0]][1], score)


def _held_elsewhere(block: Block, end: int, reading: Reading) -> bool:
    """Whether the line below a title names another company, as contacts of agencies do."""
    below = end + 1 - block.passage.start
    line = block.text[below:].partition("\n")[0] if below < len(block.text) else ""
    named = block.mentions_in(end + 1, end + 1 + len(line), "company")
    others = [m for m in named if not names_account(reading, m.text)]
    acting = re.search(r"\S\s+(?:for|on behalf of)\s+\S", line) is not None
    return (bool(others) or acting) and not same_company(line, reading.account.names)


def _rows(reading: Reading, reader: RoleReader) -> Iterator[_Sighting]:
    """`Harold Lindqvist | Chair of the Board | 2015`."""
    if reading.document.page_type in _LISTING_PAGES:
        return
    for block in reading.blocks:
        cells = block.text.split(" | ")
        name = _whole_name(cells[0]) if block.passage.role == "table_row" and len(cells) > 1 else None
        titled = next((cell for cell in cells[1:3] if is_title_line(cell)), None) if name else None
        role = reader.read(titled) if titled else None
        if name and titled and role:
            end = block.passage.start + block.text.find(titled) + len(titled)
            yield _Sighting(name, role, block.passage.start, end, 0.93)


def _without_company(text: str, reading: Reading) -> str:
    """`Rapid7, Vice President, Investor Relations` -> `Vice President, Investor Relations`."""
    head, comma, rest = text.partition(",")
    return rest.strip() if comma and same_company(head, reading.account.names) and has_role(rest) else text


def _lines(block: Block) -> list[tuple[int, int, str]]:
    found, offset = [], block.passage.start
    for line in block.text.split("\n"):
        found.append((offset, offset + len(line), line))
        offset += len(line) + 1
    return found


def _whole_name(text: str) -> str | None:
    """The name that a line consists of; all capitals make one only where it begins with a frequent given name."""
    shown = text.title() if text.isupper() and has_given_name(text) else text
    match = re.fullmatch(rf"\s*(?:[Mm]eet\s+)?(?P<name>{PERSON}){_LETTERS}\s*", shown)
    return match["name"] if match and not has_role(text) else None


def _adjacent(reading: Reading, reader: RoleReader) -> Iterator[_Sighting]:
    """A heading that is a name, and right behind it a short block that is a role."""
    if reading.document.page_type in _LISTING_PAGES:
        return
    score = 0.93 if reading.document.page_type in _TEAM_PAGES else 0.7
    for block, below in zip(reading.blocks, reading.blocks[1:], strict=False):
        if block.passage.role not in ("heading", "paragraph", "list_item") or not is_title_line(below.text):
            continue
        name = _whole_name(block.text)
        role = reader.read(_without_company(below.text, reading)) if name else None
        if name and role:
            yield _Sighting(name, role, block.passage.start, below.passage.end, score)


# --- prose ---------------------------------------------------------------------------------------------------------


def _prose(reading: Reading, reader: RoleReader) -> Iterator[_Sighting]:
    for block, sentence in reading.sentences():
        if block.passage.role in ("metadata", "footer"):
            continue
        if has_role(sentence.text):
            yield from _apposed(block, sentence, reading, reader)
            yield from _role_first(sentence, reading)
            yield from _moves(sentence, reader, reading)
        yield from _board(sentence, reading)


def _apposed(block: Block, sentence: Sentence, reading: Reading, reader: RoleReader) -> Iterator[_Sighting]:
    """`said Corey Thomas, president and CEO of Rapid7`."""
    for match in _overlapping(_PATTERNS["apposition"], sentence.text):
        role = None if _RELATIVE.match(match["role"]) else reader.read(match["role"])
        if role is None or (role.company is None and reading.document.page_type not in _UNBOUND_PAGES):
            continue
        spoken = _SPOKEN.search(sentence.text[: match.start()]) is not None
        shown = block.passage.role in ("contact", "card") or reading.document.page_type == "leadership"
        tied = spoken or shown or _JOINS_US.search(sentence.text) is not None
        if role.company is None and not (tied or speaks_of_account(sentence.text, reading.account.names, own=True)):
            continue  # a name and a title, and nothing that ties them to the account
        score = 0.9 if role.company else 0.75 if spoken else 0.6
        end = _end_of(role, sentence.text, match.start("role"))
        former = _is_former(f"{sentence.text[max(0, match.start() - 16) : match.start()]} {match['role'][:60]}")
        yield _Sighting(match["name"], role, sentence.start + match.start("name"), sentence.start + end, score, former)


def _overlapping(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    """The matches of `pattern`, each search going on where the last match's title begins: the next person of an
    enumeration stands within what reads like a long title."""
    match = pattern.search(text)
    while match is not None:
        yield match
        match = pattern.search(text, match.start("role"))


def _end_of(role: Role, text: str, start: int) -> int:
    """Where the title ends, and its company with it."""
    end = text.find(role.title, start) + len(role.title)
    company = text.find(role.company, end) if role.company else -1
    return company + len(role.company or "") if 0 <= company < end + 40 else end


def _is_former(text: str) -> bool:
    return _PATTERNS["former"].search(text) is not None


def _role_first(sentence: Sentence, reading: Reading) -> Iterator[_Sighting]:
    """`Rapid7 CEO Corey Thomas`, `its chief operating officer, Andrew Burton`."""
    for match in _PATTERNS["role_first"].finditer(sentence.text):
        whose, title = match["whose"], re.sub(r"^(?:new|current)\s+", "", match["role"].strip(" ,"))
        company = None if re.match(r"(?i:its|our|the company)", whose) else re.sub(r"[’']s?$", "", whose)
        if not has_role(title) or not is_all_title(title) or is_firms_role(title):
            continue
        if company is not None and not same_company(company, reading.account.names):
            continue
        start, end = sentence.start + match.start("role"), sentence.start + match.end("name")
        former = _is_former(sentence.text[match.start() : match.start("name")])
        yield _Sighting(match["name"], Role(title=title, company=company), start, end, 0.8, former)


def _moves(sentence: Sentence, reader: RoleReader, reading: Reading) -> Iterator[_Sighting]:
    """`has joined the company as chief information officer`, `appointed X as Y`, `X is Y`."""
    for kind in _MOVES:
        for match in _PATTERNS[kind].finditer(sentence.text):
            role = reader.read(_before_name_again(match["role"], match["name"]))
            if (
                role is None
                or _came_from(match, reader, reading)
                or not starts_with_title(role.title)
                or (kind == "is_role" and not is_all_title(role.title))
            ):
                continue
            verb = match.groupdict().get("verb") or ""
            if role.company is None and ("served" in verb or "worked" in verb):
                continue  # a past post, at whatever company
            if re.search(r"(?i)\bjoin", verb) and sentence.text[: match.start("role")].endswith(" to "):
                continue  # "joins us to lead the team": what is to be done, no title
            end = sentence.text.find(role.title, match.start("role")) + len(role.title)
            former = _is_former(sentence.text[max(0, match.start() - 10) : match.start("role")])
            yield _Sighting(
                match["name"], role, sentence.start + match.start("name"), sentence.start + end, 0.8, former
            )


def _came_from(match: re.Match[str], reader: RoleReader, reading: Reading) -> bool:
    """Whether the words set off between name and verb give the person a post elsewhere, and the new one with it:
    "Jane Doe, chief officer at Another, as Secretary" is an officer of whoever is spoken of."""
    aside = match.groupdict().get("aside")
    post = reader.read(aside) if aside else None
    elsewhere = post is not None and post.company is not None and not same_company(post.company, reading.account.names)
    return elsewhere and not names_account(reading, match["role"])


def _before_name_again(role: str, name: str) -> str:
    """A title up to where the sentence goes on with the person's given name."""
    given = name.split(maxsplit=1)[0]
    return re.split(rf",?\s+{re.escape(given)}\b", role, maxsplit=1)[0]


def _board(sentence: Sentence, reading: Reading) -> Iterator[_Sighting]:
    """`has served as a member of our board of directors`."""
    for match in _PATTERNS["board"].finditer(sentence.text) if "board" in sentence.text.lower() else ():
        if match["whose"] and not same_company(match["whose"], reading.account.names):
            continue
        start, end = sentence.start + match.start("name"), sentence.start + match.end()
        yield _Sighting(match["name"], Role(title="Director", company=None), start, end, 0.85)
