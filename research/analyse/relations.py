"""Companies and what each is to the account: trigger, scope and enumeration; a vetoed reading yields nothing."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain
from typing import Final

from research.analyse.company_names import (
    NAME_PATTERN,
    is_company_name,
    named_companies,
    names_after,
    names_before,
    strength_of,
    tidy,
)
from research.analyse.competition import is_vetoed
from research.analyse.naming import FIRST_PERSON, account_pattern, has_given_name, is_person_name
from research.analyse.read import Block, Reading, Sentence
from research.analyse.relation_contrasts import by_contrast
from research.analyse.relation_pages import NAME, VERSION, by_page, is_own_comparison, relation_observation
from research.analyse.subject import boilerplate_of_another
from research.model.finding import Observation
from research.text.patterns import load_patterns

__all__ = ["NAME", "VERSION", "observe"]

_PATTERNS: Final = load_patterns("companies")


@dataclass(frozen=True, slots=True)
class _Trigger:
    relation: str
    pattern: str
    score: float
    side: str  # where the other company stands: before or after
    needs: str  # what its sentence must have: the account ("account"), a told story, the account as a peer, a fault


@cache
def _triggers() -> tuple[_Trigger, ...]:
    data = tomllib.loads((files("corpora") / "patterns" / "relations.toml").read_text(encoding="utf-8"))
    return tuple(
        _Trigger(
            row["relation"], row["pattern"], float(row["score"]), row.get("side", "after"), row.get("needs", "account")
        )
        for row in data["trigger"]
    )


_NEGATED: Final = _PATTERNS["negated"]
_COMPETE_FOR: Final = _PATTERNS["compete_for"]
_OWN_MOVE: Final = re.compile(
    r"\b(?:his|her|prior to|previously|earlier|before joining|degree|university|career)\b", re.IGNORECASE
)
# Whose rivals are meant: those of customers, or of "companies that compete with X".
_OF_OTHERS: Final = re.compile(r"\b(?:that|who|which)\s+(?:\w+ly\s+)?$|\b(?:customers|clients|users|partners)[’']\s*$")
_OTHERS_STORY: Final = frozenset({"case_study"})
_OWN_VOICE: Final = frozenset({"blog", "product", "home", "about", "other"})  # what is faulted here, we would replace
_OWN_TOOLING: Final = _PATTERNS["own_tooling"]
_FAULTED: Final = _PATTERNS["faulted"]


def observe(reading: Reading, own_terms: frozenset[str] = frozenset()) -> tuple[Observation, ...]:
    """Kind `relation`: `own_terms` are folded names of the account's own products, brands and units, never rivals."""
    if not reading.own or reading.document.page_type == "filing":
        return ()
    contrasted = (
        relation_observation(reading, name, "competitor", start, end, round(score, 4))
        for name, start, end, score in by_contrast(reading, own_terms)
    )
    found = (by_page(reading, own_terms), contrasted, _by_heading(reading, own_terms), _by_sentence(reading, own_terms))
    return tuple(chain.from_iterable(found))


# --- sentences -----------------------------------------------------------------------------------------------------


def _by_sentence(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    for block, sentence in reading.sentences():
        if block.passage.role in ("metadata", "footer", "contact", "card") or len(sentence.text) > 1200:
            continue
        if _COMPETE_FOR.search(sentence.text) or boilerplate_of_another(block, reading):
            continue
        for trigger in _standing_in(sentence.text, reading.account.names):
            yield from _fire(trigger, block, sentence, reading, own_terms)


@lru_cache(maxsize=20_000)  # many sentences of a site stand on many of its pages
def _standing_in(text: str, names: tuple[str, ...]) -> tuple[_Trigger, ...]:
    return tuple(trigger for trigger in _triggers() if _compiled(trigger, names).search(text))


def _fire(
    trigger: _Trigger, block: Block, sentence: Sentence, reading: Reading, own_terms: frozenset[str]
) -> Iterator[Observation]:
    text = sentence.text
    for match in _compiled(trigger, reading.account.names).finditer(text):
        if _NEGATED.search(text[: match.start()]) or not _subject_fits(trigger, match, sentence, reading):
            continue
        names = names_after(text, match.end()) if trigger.side == "after" else names_before(text, match.start())
        if trigger.relation == "competitor" and re.match(r"(?i)vs|versus", match.group()):
            names = [*names_before(text, match.start()), *names]
        explicit = trigger.score >= _EXPLICIT
        placed = _MISPLACED if trigger.needs != "account" else 0.0
        for name, plain in named_companies(text, names, block, placed=placed):
            strength = max(plain, 0.9) if explicit else plain
            fits = is_company_name(name, reading, own_terms) and not _is_person(name, plain, explicit=explicit)
            if not fits or (trigger.relation in _COMMERCIAL and _INSTITUTION.search(name)):
                continue
            score = trigger.score * strength * _weight(trigger, sentence, reading)
            yield relation_observation(
                reading, name, trigger.relation, sentence.start, sentence.end, round(min(score, 0.95), 4)
            )


_INSTITUTION: Final = re.compile(
    r"\b(?:Magazine|Awards?|Journal|Times|Reports?|Quadrant|Wave|Association|Act|Forum|Gartner|Forrester|IDC|Summit|Conference)\b"
)
_MISPLACED: Final = 0.6  # as sure as a plain word, see strength_of
_EXPLICIT: Final = 0.8  # what such a trigger lists is a company, whatever its shape
_COMMERCIAL: Final = frozenset({"competitor", "customer", "supplier", "investor", "acquired", "parent", "subsidiary"})


def _is_person(name: str, strength: float, *, explicit: bool) -> bool:
    """Whether a name stands for a person here: by its shape, and by its given name where the trigger lists firms."""
    given = has_given_name(name)
    if strength > 1.0:
        return False
    if strength < 1.0 and given and " " not in name:
        return True
    return (given or (strength < 1.0 and not explicit)) and is_person_name(name)


@lru_cache(maxsize=1024)  # those of the last twenty accounts
def _compiled(trigger: _Trigger, names: tuple[str, ...]) -> re.Pattern[str]:
    """A trigger's pattern with `@` standing for the account's names."""
    return re.compile(trigger.pattern.replace("@", account_pattern(names).pattern))


def _subject_fits(trigger: _Trigger, match: re.Match[str], sentence: Sentence, reading: Reading) -> bool:
    """The account is on the other side of the trigger: named there, speaking, or the hero of a comparison page."""
    text, kind = sentence.text, reading.document.page_type
    named = account_pattern(reading.account.names).search(text) is not None
    speaking = FIRST_PERSON.search(text) is not None and "“" not in text and '"' not in text
    if trigger.relation in ("acquired", "parent"):
        before = text[: match.start()]
        close = account_pattern(reading.account.names).search(before[-80:]) or FIRST_PERSON.search(before[-40:])
        titled = account_pattern(reading.account.names).search(reading.document.title) is not None
        return bool(close or ("acquisition" in match.group().lower() and titled)) and not _OWN_MOVE.search(before)
    if re.match(r"(?i)vs|versus", match.group()):
        return _account_beside(match, text, reading) or is_own_comparison(reading, text)
    if trigger.relation == "competitor":
        theirs = is_vetoed(text) or _OF_OTHERS.search(text[: match.start()]) is not None
        return not theirs and _rivals_fit(trigger, match, text, reading, named=named, speaking=speaking)
    if trigger.relation == "supplier" and re.search(r"\b[Cc]ompet", text[: match.end()]):
        return False
    if trigger.relation in ("partner", "investor"):
        return (named or speaking) and not _OWN_MOVE.search(text[: match.start()])
    return named or (speaking and kind not in _OTHERS_STORY)


def _rivals_fit(
    trigger: _Trigger, match: re.Match[str], text: str, reading: Reading, *, named: bool, speaking: bool
) -> bool:
    """Whether what a trigger of rivalry lists is measured by the account, by what the trigger needs."""
    kind = reading.document.page_type
    if trigger.needs == "story":
        return named or kind in _OTHERS_STORY
    if trigger.needs == "peers":
        listed = (text[start:end] for start, end in names_after(text, match.end()))
        return any(account_pattern(reading.account.names).search(name) for name in listed)
    own_voice = speaking and kind not in _OTHERS_STORY and not _OWN_TOOLING.search(text)
    faulted = trigger.needs == "fault" and kind in _OWN_VOICE and _FAULTED.search(text[match.start() :]) is not None
    return named or own_voice or kind == "comparison" or faulted


def _account_beside(match: re.Match[str], text: str, reading: Reading) -> bool:
    """Whether one side of a `versus` is the account."""
    around = text[max(0, match.start() - 40) : match.start()], text[match.end() : match.end() + 40]
    return any(account_pattern(reading.account.names).search(side) for side in around)


def _weight(trigger: _Trigger, sentence: Sentence, reading: Reading) -> float:
    """1 where the account is named in the sentence, less where it only speaks."""
    if reading.document.page_type == "comparison" and trigger.relation == "competitor":
        return 1.1
    told = trigger.needs in ("story", "fault")  # whose sentences need not name the account
    return 1.0 if told or account_pattern(reading.account.names).search(sentence.text) else 0.85


# --- lists under a heading that says what their members are ---------------------------------------------------------

_LIST_HEADING: Final = re.compile(
    r"^(?:\w+[\s-]+){0,3}(?P<kind>partners|customers|clients|suppliers|investors|competitors|subsidiaries)(?:\s+\w+){0,4}$",
    re.IGNORECASE,
)
_HEADED: Final = {"clients": "customer", "subsidiaries": "subsidiary"}
_STARTS_CLAUSE: Final = re.compile(
    r"\s*(?:$|[,–—:|-]|\s(?:is|are|was|has|have|supplies|carries|tests|assembles|makes|provides|delivers|builds|sells|installs|uses)\b)"
)


def _by_heading(reading: Reading, own_terms: frozenset[str]) -> Iterator[Observation]:
    """The company with which each item of such a list, or each sentence below such a heading, begins."""
    for block in reading.blocks:
        heading = block.passage.heading_path[-1] if block.passage.heading_path else ""
        match = _LIST_HEADING.match(heading)
        if (
            match is None
            or not block.passage.main
            or block.passage.role not in ("list_item", "paragraph", "table_row", "card")
        ):
            continue
        kind = match["kind"].lower()
        relation = _HEADED.get(kind, kind.removesuffix("s"))
        for sentence in block.sentences:
            lead = NAME_PATTERN.match(sentence.text)
            name = tidy(lead.group()) if lead and _STARTS_CLAUSE.match(sentence.text, lead.end()) else ""
            strength = strength_of(name, block) if name else 0.0
            if strength >= 1.0 and is_company_name(name, reading, own_terms):
                yield relation_observation(reading, name, relation, sentence.start, sentence.end, 0.7)
