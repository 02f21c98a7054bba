"""Pains and goals that a company states outright of itself; a model of tone sees neither in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from research.analyse.naming import FIRST_PERSON, account_pattern
from research.analyse.read import Reading, Sentence
from research.analyse.subject import boilerplate_of_another, names_account
from research.text.patterns import load_patterns

_PLAIN: Final = 0.45
_COUNTED: Final = 0.55  # with a figure a statement is particular, and a rep can ask about it
_GRAVE: Final = 0.85  # nothing that a rep could learn here matters more
_GRAVE_MATTERS: Final = frozenset({"ending", "control", "recall"})
_AIM: Final = 0.85
_TOLD: Final = 0.5  # in a blog "our goal" is often that of a tutorial's example, unless the account is named
_FORETOLD: Final = frozenset({"dilution"})  # what a company says of its own coming results it means, also of worse ones
_POSSIBLE: Final = re.compile(r"\b(?:may|might|could|would|if|potential(?:ly)?)\b")
_HOPED: Final = re.compile(r"\b(?:expect(?:s|ed)?|plans? to)\b")
_PERIOD_ONLY: Final = re.compile(r"(?:19|20)\d\d")
_OTHER_PURPOSE: Final = frozenset({"filing", "legal", "case_study", "customers", "job"})
_LONGEST: Final = 500  # characters; what is longer is a list that lost its items


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A sentence that states a pain or a goal of the account, and how sure that is."""

    sentence: Sentence
    score: float


def stated_pains(reading: Reading, pages: frozenset[str], others: re.Pattern[str]) -> Iterator[Stated]:
    """The sentences of an own page that state a trouble with the account as their subject: named, speaking, or, on
    `pages` on which it reports on itself, where `others` finds nobody else."""
    reports = reading.document.page_type in pages
    for sentence in _sentences(reading):
        text = sentence.text
        matters = {name for name, pattern in load_patterns("pains").items() if pattern.search(text)}
        speaks = names_account(reading, text) or FIRST_PERSON.search(text) is not None
        hoped = _POSSIBLE.search(text) or (_HOPED.search(text) and not matters & _FORETOLD)
        if not matters or hoped or not (speaks or (reports and not others.search(text))):
            continue
        counted = re.search(r"\d", _PERIOD_ONLY.sub("", text)) is not None
        grave = matters & _GRAVE_MATTERS
        yield Stated(sentence=sentence, score=_GRAVE if grave else _COUNTED if counted else _PLAIN)


def stated_goals(reading: Reading) -> Iterator[Stated]:
    """The sentences of an own page in which the account says outright what it plans or has set itself."""
    patterns = _goal_patterns(reading.account.names)
    for sentence in _sentences(reading):
        named = names_account(reading, sentence.text)
        speaks = named or FIRST_PERSON.search(sentence.text) is not None
        if speaks and any(pattern.search(sentence.text) for pattern in patterns):
            told = reading.document.page_type == "blog" and not named
            yield Stated(sentence=sentence, score=_TOLD if told else _AIM)


@lru_cache(maxsize=16)
def _goal_patterns(names: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    subject = rf"(?:{account_pattern(names).pattern}|\bwe|\bthe company)"
    return tuple(re.compile(p.pattern.replace("@", subject)) for p in load_patterns("goals").values())


def _sentences(reading: Reading) -> Iterator[Sentence]:
    if not reading.own or reading.document.page_type in _OTHER_PURPOSE:
        return
    for block, sentence in reading.sentences(main_only=True):
        if len(sentence.text) <= _LONGEST and not boilerplate_of_another(block, reading):
            yield sentence
