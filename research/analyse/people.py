"""People of the account, with the role as printed: from cards, headings, quotes, appointments and bylines."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from research.analyse.naming import PERSON, account_pattern, is_person_name, same_company
from research.analyse.patterns import has_role, role_words
from research.analyse.read import Block, Reading, Sentence
from research.model.finding import Observation, attributes
from research.text.patterns import load_patterns

NAME: Final = "people"
VERSION: Final = "1"

_LONGEST_ROLE: Final = 110  # characters; the longest printed titles of real boards stay below
_TEAM_PAGES: Final = frozenset({"leadership", "about", "investor", "contact", "home"})
_OTHERS_PAGES: Final = frozenset({"case_study", "customers", "partners"})  # people quoted here are somebody else's

_PATTERNS: Final = load_patterns("people")
_STOP: Final = _PATTERNS["stop"]
_APPOSITION: Final = _PATTERNS["apposition"]
_ORG_TAIL: Final = _PATTERNS["org_tail"]
_ROLE_FIRST: Final = _PATTERNS["role_first"]
_APPOINTED: Final = _PATTERNS["appointed"]
_JOINED: Final = _PATTERNS["joined"]
_IS_ROLE: Final = _PATTERNS["is_role"]
_BOARD: Final = _PATTERNS["board"]
_BYLINE: Final = re.compile(rf"(?:[Ww]ritten [Bb]y|[Aa]uthor|^[Bb]y)\s*:?\s+(?P<rest>{PERSON}.*)")
_FORMER: Final = _PATTERNS["former"]


@dataclass(frozen=True, slots=True)
class _Sighting:
    name: str
    role: str
    org: str | None
    start: int
    end: int
    score: float
    former: bool = False


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Kind `person`: the account's own people only; someone whose company is another's, or cannot be told, is left."""
    if not reading.own or reading.document.page_type == "filing":
        return ()
    sightings = [*_cards(reading), *_adjacent(reading), *_prose(reading)]
    kept = [s for s in sightings if _belongs(s, reading)]
    return tuple(_observation(s, reading) for s in _longest(kept))


def _observation(sighting: _Sighting, reading: Reading) -> Observation:
    current: bool | None = True if reading.document.page_type == "leadership" else None
    if sighting.former:
        current = False
    return Observation(
        kind="person",
        attributes=attributes(name=_tidy_name(sighting.name), role=sighting.role, current=current),
        document_id=reading.document.id,
        start=sighting.start,
        end=sighting.end,
        score=sighting.score,
        analyser=NAME,
        version=VERSION,
    )


def _tidy_name(name: str) -> str:
    return re.sub(r"^(?:Mr|Mrs|Ms|Dr|Prof)\.?\s+", "", re.sub(r"\s+", " ", name)).strip(" ,")


def _longest(sightings: list[_Sighting]) -> list[_Sighting]:
    """One sighting a name and span: the same words read by two patterns count once, the surer first."""
    seen: set[tuple[str, str]] = set()
    kept = []
    for sighting in sorted(sightings, key=lambda s: (-s.score, s.start, -len(s.role))):
        key = (_tidy_name(sighting.name).casefold(), sighting.role.casefold())
        if key not in seen:
            seen.add(key)
            kept.append(sighting)
    return sorted(kept, key=lambda s: (s.start, s.end))


def _belongs(sighting: _Sighting, reading: Reading) -> bool:
    if not is_person_name(sighting.name, reading.account.names):
        return False
    if _otherwise_named(sighting.name, reading):
        return False
    if sighting.org is not None:
        return same_company(sighting.org, reading.account.names)
    if reading.document.page_type in _OTHERS_PAGES:
        return False
    return True


def _otherwise_named(name: str, reading: Reading) -> bool:
    """Whether the model, wherever the document has this name, takes it for a firm, a product or a place."""
    labels = [m.label for block in reading.blocks for m in block.mentions if m.text.strip(" ,.’s") == name]
    return bool(labels) and "person" not in labels and any(label in ("company", "product", "place") for label in labels)


# --- cards: name and role on lines of their own -------------------------------------------------------------------


def _cards(reading: Reading) -> Iterator[_Sighting]:
    for block in reading.blocks:
        if block.passage.role in ("card", "contact") and "\n" in block.text:
            yield from _card(block, reading)


def _card(block: Block, reading: Reading) -> Iterator[_Sighting]:
    lines = _lines(block)
    for index, (start, end, text) in enumerate(lines):
        name = _whole_name(text)
        if name is None:
            continue
        for next_start, next_end, next_text in lines[index + 1 : index + 4]:
            role, org = split_role(_drop_company(next_text, reading), reading)
            if role and len(next_text) <= _LONGEST_ROLE:
                yield _Sighting(name, role, org, start, next_end, 0.95 if block.passage.role == "card" else 0.85)
                break
            if len(next_text) > _LONGEST_ROLE or _whole_name(next_text):
                break


def _drop_company(text: str, reading: Reading) -> str:
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
    match = re.fullmatch(rf"\s*(?:[Mm]eet\s+)?(?P<name>{PERSON})(?:,\s*(?:CFA|CPA|Ph\.?D|MBA|Jr|Sr)\.?)*\s*", text)
    return match["name"] if match and not has_role(text) else None


def _adjacent(reading: Reading) -> Iterator[_Sighting]:
    """A heading that is a name, and right behind it a short block that is a role."""
    for block, following in zip(reading.blocks, reading.blocks[1:], strict=False):
        if block.passage.role not in ("heading", "paragraph", "list_item") or "\n" in block.text:
            continue
        name = _whole_name(block.text)
        if name and reading.document.page_type not in _OTHERS_NAMES and _is_title(following.text):
            role, org = split_role(_drop_company(following.text, reading), reading)
            if role:
                score = 0.93 if reading.document.page_type in _TEAM_PAGES else 0.7
                yield _Sighting(name, role, org, block.passage.start, following.passage.end, score)


_TITLE_WORDS: Final = 14  # the longest one-line titles of real boards
_OTHERS_NAMES: Final = frozenset({"newsroom", "case_study", "customers", "partners", "comparison"})


def _is_title(text: str) -> bool:
    """Whether a line is a job title and nothing else: short, no sentence, the title's head among its words."""
    return (
        len(text) <= _LONGEST_ROLE
        and len(text.split()) <= _TITLE_WORDS
        and has_role(text)
        and not re.search(r"[.!?:;“”\"]", text)
    )


# --- prose ---------------------------------------------------------------------------------------------------------


def _prose(reading: Reading) -> Iterator[_Sighting]:
    for block, sentence in reading.sentences():
        if block.passage.role in ("metadata", "footer") or not has_role(sentence.text):
            if "board" in sentence.text.lower():
                yield from _board(sentence)
            continue
        yield from _apposed(sentence, reading)
        yield from _role_first(sentence, reading)
        yield from _moves(sentence, reading)
        yield from _board(sentence)


def _apposed(sentence: Sentence, reading: Reading) -> Iterator[_Sighting]:
    for match in _APPOSITION.finditer(sentence.text):
        role, org = split_role(match["role"], reading)
        if not role:
            continue
        end = sentence.text.find(role, match.start("role")) + len(role)
        if org:
            end = max(end, sentence.text.find(org, end) + len(org)) if org in sentence.text[end : end + 120] else end
        spoken = bool(re.search(r"\b(?:said|says|added|by|with)\s*:?\s*$", sentence.text[: match.start()]))
        score = 0.9 if org else 0.75 if spoken else 0.6
        if org is None and reading.document.page_type not in (*_TEAM_PAGES, "press_release", "blog"):
            continue
        yield _Sighting(
            match["name"],
            role,
            org,
            sentence.start + match.start("name"),
            sentence.start + end,
            score,
            bool(
                _FORMER.search(match["role"][:20])
                or _FORMER.search(sentence.text[max(0, match.start() - 12) : match.start()])
            ),
        )


def _role_first(sentence: Sentence, reading: Reading) -> Iterator[_Sighting]:
    for match in _ROLE_FIRST.finditer(sentence.text):
        whose, role = match["whose"], match["role"].strip(" ,")
        org = None if re.match(r"(?i:its|our|the company)", whose) else re.sub(r"[’']s?$", "", whose)
        if not has_role(role) or not _all_title(role):
            continue
        if org is not None and not same_company(org, reading.account.names):
            continue
        former = bool(_FORMER.search(match.group()[: match.start("name") - match.start()]))
        yield _Sighting(
            match["name"],
            role,
            org,
            sentence.start + match.start("role"),
            sentence.start + match.end("name"),
            0.8,
            former,
        )


_JOINING: Final = frozenset(["of", "and", "for", "the", "&", "in"])


def _all_title(role: str) -> bool:
    """Whether every word of a role before a name belongs to titles or is a capitalised function."""
    words = role.split()
    lower = [w for w in words if w[0].islower() and w not in _JOINING]
    known = {part for head in role_words()["heads"] for part in head.split()} | role_words()["premodifiers"]
    return (
        1 <= len(words) <= 9
        and words[0].lower() not in _JOINING
        and all(w.strip(",") in known for w in lower)
        and not _VERB.match(role)
    )


_VERB: Final = re.compile(r"(?:Appoint|Nam|Promot|Hir|Welcom|Announc|Introduc|Elect|Meet|Add|Join)\w*\b")


def _moves(sentence: Sentence, reading: Reading) -> Iterator[_Sighting]:
    for pattern in (_APPOINTED, _JOINED, _IS_ROLE):
        for match in pattern.finditer(sentence.text):
            role, org = split_role(match["role"], reading)
            if not role or not role_starts(role):
                continue
            past = "served" in match.groupdict().get("verb", "") or "worked" in match.groupdict().get("verb", "")
            if past and org is None:
                continue
            end = sentence.text.find(role, match.start("role")) + len(role)
            yield _Sighting(
                match["name"],
                role,
                org,
                sentence.start + match.start("name"),
                sentence.start + end,
                0.8,
                bool(_FORMER.search(sentence.text[max(0, match.start() - 10) : match.start("role")])),
            )


def _board(sentence: Sentence) -> Iterator[_Sighting]:
    for match in _BOARD.finditer(sentence.text):
        yield _Sighting(
            match["name"], "Director", None, sentence.start + match.start("name"), sentence.start + match.end(), 0.85
        )


def role_starts(role: str) -> bool:
    """Whether the job title begins within the first words, so that `part of the team led by a manager` is none."""
    return has_role(" ".join(role.split()[:6]))


def split_role(text: str, reading: Reading) -> tuple[str | None, str | None]:
    """`vice president of services at Rapid7` -> (`vice president of services`, `Rapid7`); no title -> (None, None)."""
    clean = _STOP.sub("", text).strip(" ,–—-")
    org: str | None = None
    own = _own_prefix(clean, reading)
    if own is None and (other := _company_prefix(clean, reading)):
        return re.sub(r"^(?:[’']s)?[\s,]+", "", clean[len(other) :]), other
    if own:
        org, clean = own, re.sub(r"^(?:[’']s)?[\s,]+", "", clean[len(own) :])
    clean = re.split(r",\s+(?:one of|an?|the|which|whose|where)\s", clean)[0]
    inner = re.search(rf"\s*,?\s+(?:at|of|for|with|,)?\s*(?:{account_pattern(reading.account.names).pattern})", clean)
    if inner and has_role(clean[: inner.start()]):
        return clean[: inner.start()].strip(" ,"), reading.account.name
    tail = _ORG_TAIL.search(clean)
    if tail and _is_company_tail(tail, clean, reading):
        org, clean = tail["org"].rstrip(".,"), clean[: tail.start()].strip(" ,")
    clean = re.sub(r"^(?:the|a|an|our|its|new|current)\s+", "", clean)
    clean = re.split(r",\s+(?:and\s+)?(?=[A-Z][a-z]+ [A-Z][a-z]+,)", clean)[0].strip(" ,")
    if not clean or len(clean) > _LONGEST_ROLE or not has_role(clean):
        return None, None
    return clean, org


def _own_prefix(text: str, reading: Reading) -> str | None:
    for name in sorted(reading.account.names, key=len, reverse=True):
        if text.startswith(name) and has_role(text[len(name) :]):
            return name
    return None


def _company_prefix(text: str, reading: Reading) -> str | None:
    """Another company's name that a role begins with: `Frost & Sullivan industry analyst`."""
    for block in reading.blocks:
        for mention in block.mentions:
            plain = re.sub(r"[’']s?$", "", mention.text)
            if (
                mention.label == "company"
                and text.startswith(plain)
                and has_role(text[len(plain) :])
                and not has_role(plain)
                and not _FUNCTIONS.match(plain)
            ):
                return plain
    return None


_FUNCTIONS: Final = _PATTERNS["functions"]


def _is_company_tail(tail: re.Match[str], text: str, reading: Reading) -> bool:
    org = tail["org"]
    if same_company(org, reading.account.names):
        return True
    if tail["prep"] in ("at", "with"):
        return not _FUNCTIONS.match(org)
    if has_role(org) or _FUNCTIONS.match(org):
        return False
    return has_role(text[: tail.start()])
