"""Pains that a company states as plain facts of itself, where no classifier of tone can see them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from research.analyse.naming import FIRST_PERSON
from research.analyse.read import Reading, Sentence
from research.analyse.subject import boilerplate_of_another, names_account
from research.text.patterns import load_patterns

_PLAIN: Final = 0.45
_COUNTED: Final = 0.55  # with a figure a statement is particular, and a rep can ask about it
_HOPED: Final = re.compile(r"\b(?:may|might|could|would|if|expect(?:s|ed)?|plans? to|potential(?:ly)?)\b")
_PERIOD_ONLY: Final = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatedPain:
    """A sentence that states a pain of the account, and how sure that is."""

    sentence: Sentence
    score: float


def stated_pains(reading: Reading, pages: frozenset[str], others: re.Pattern[str]) -> Iterator[StatedPain]:
    """The sentences of an own page that state such a fact with the account as their subject: named, speaking, or, on
    `pages` on which it reports on itself, where `others` finds nobody else."""
    if not reading.own or reading.document.page_type in ("filing", "legal", "case_study", "customers", "job"):
        return
    reports = reading.document.page_type in pages
    for block, sentence in reading.sentences(main_only=True):
        if len(sentence.text) > 500 or boilerplate_of_another(block, reading) or _HOPED.search(sentence.text):
            continue
        if not any(pattern.search(sentence.text) for pattern in load_patterns("pains").values()):
            continue
        speaks = names_account(reading, sentence.text) or FIRST_PERSON.search(sentence.text) is not None
        if speaks or (reports and not others.search(sentence.text)):
            counted = re.search(r"\d", _PERIOD_ONLY.sub("", sentence.text)) is not None
            yield StatedPain(sentence=sentence, score=_COUNTED if counted else _PLAIN)
