"""Headcount, revenue and net income as a company's own prose states them: scope and period decide, not the number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from research.analyse.naming import FIRST_PERSON, account_pattern
from research.analyse.read import Block, Reading, Sentence
from research.analyse.subject import Found, boilerplate_of_another, prose, subject_allows
from research.model.finding import Value
from research.text.numbers import amounts
from research.text.patterns import load_patterns

_PATTERNS: Final = load_patterns("facts")
_LOCAL: Final = re.compile(r"\s+(?:in|at)\s+(?:the\s+|our\s+)?[A-Z]")  # one site's headcount, unless it lists several
# A part of the company right before the number: "Our plant in Bergen has", "a sales team of", "hired".
_PART_OF: Final = re.compile(
    r"\b(?:plant|factory|site|office|hub|branch)\b(?:\s+(?:in|at)\s+[A-Z]\w+)?\s+(?:has|have|had|employs?|with|houses)\s+(?:\w+\s+)?$"
    r"|\b(?:sales|engineering|support|research|development|leadership|service)\s+(?:team|force|staff)\s+(?:of\s+)?$"
    r"|\bhired\s+(?:\w+\s+)?$",
    re.IGNORECASE,
)
_LISTED: Final = re.compile(r"\s+in\s+(?:[A-Z][\w.’-]+(?:\s[A-Z][\w.’-]+)?,\s+){1,}")
_WHOLE: Final = re.compile(r"\b(?:employees|team of|total|worldwide|globally|employs)\b")
_SUBJECT: Final = re.compile(
    r"(?:The\s+)?[A-Z][\w’'&-]{1,60}(?:\s+[A-Z][\w’'&-]{1,60}){0,9}(?=\s+(?:has|had|employs|employed|with)\b)"
)
_SEGMENT: Final = re.compile(r"\b(?:of|from|in)\s+(?:the\s+)?[A-Z]")
_COMPARED: Final = re.compile(r"\b(?:over|compared|versus|up from|down from|against|from)\b")
_ANNUAL: Final = re.compile(
    r"\b(?:full[- ]year|fiscal year|year ended|annual)\b|\bFY\s?\d|\b(?:in|for) (?:fiscal )?20\d\d\b", re.IGNORECASE
)
_QUARTERLY: Final = re.compile(r"\bquarter|\bQ[1-4]\b|\bhalf[- ]year|\bsix months\b|\bnine months\b", re.IGNORECASE)
_SMALLEST: Final = 1000.0  # below it a "figure" is a footnote or a share price


def read_headcounts(reading: Reading) -> Iterator[Found]:
    """Field `employees`: the whole company's number, not a site's, a team's, or another company's."""
    for block, sentence in prose(reading):
        for match in _PATTERNS["staff"].finditer(sentence.text):
            around = sentence.text[max(0, match.start() - 60) : match.end() + 25]
            year_like = re.fullmatch(r"(?:19|20)\d\d", match["num"]) is not None
            part = _PART_OF.search(sentence.text[: match.start()]) is not None
            local = part or (_LOCAL.match(sentence.text, match.end()) and not _LISTED.match(sentence.text, match.end()))
            if year_like or local or _PATTERNS["staff_scope"].search(around) or boilerplate_of_another(block, reading):
                continue
            if not _subject_is_account(reading, block, sentence, sentence.start + match.start()):
                continue
            named = 0.05 if account_pattern(reading.account.names).search(sentence.text) else 0.0
            score = (0.8 if _WHOLE.search(sentence.text) else 0.55) + named
            yield "employees", _headcount(match, reading), sentence.start, sentence.end, score


def _headcount(match: re.Match[str], reading: Reading) -> dict[str, Value]:
    return {
        "value": match["value"].strip(),
        "normal": float(match["num"].replace(",", "")),
        "unit": "people",
        "period": (reading.document.published or "")[:4] or None,
    }


def _subject_is_account(reading: Reading, block: Block, sentence: Sentence, at: int) -> bool:
    """Whether the company named last before `at` is the account, or it speaks and names nobody else there."""
    names = account_pattern(reading.account.names)
    before = block.mentions_in(sentence.start, at, "company")
    if before:
        return names.search(before[-1].text) is not None
    subject = _SUBJECT.match(reading.document.text[sentence.start : at])
    if subject:
        return names.search(subject.group()) is not None
    return bool(names.search(sentence.text) or FIRST_PERSON.search(sentence.text))


def read_money(reading: Reading) -> Iterator[Found]:
    """Fields `revenue` and `net_income`: a full year's figure of the whole company, reached and not hoped for."""
    for block, sentence in prose(reading):
        for match in _PATTERNS["revenue"].finditer(sentence.text):
            amount = amounts(match["amount"])
            around = sentence.text[max(0, match.start() - 60) : match.end() + 40]
            if not amount or _PATTERNS["expected"].search(around) or not _financial(reading, sentence, block):
                continue
            if _SEGMENT.search(match.group()[len(match["what"]) :]) or boilerplate_of_another(block, reading):
                continue
            if not subject_allows(reading, block, sentence, sentence.start + match.start()):
                continue
            year = _year_of(sentence, match, block, reading)
            if year is None or abs(amount[0].value) < _SMALLEST or _is_interim(sentence, block, reading):
                continue
            what = match["what"].lower()
            field = "net_income" if "net " in what and "sales" not in what else "revenue"
            value = -abs(amount[0].value) if "loss" in what else amount[0].value
            values: dict[str, Value] = {
                "value": match["amount"].strip(),
                "normal": value,
                "unit": amount[0].currency,
                "period": f"FY{year}",
            }
            yield field, values, sentence.start, sentence.end, 0.85


def _year_of(sentence: Sentence, match: re.Match[str], block: Block, reading: Reading) -> str | None:
    """The year of a figure: said before any comparison, else by the headings, the title, the rest of the sentence."""
    compared = _COMPARED.search(sentence.text, match.end())
    plain = sentence.text[: compared.start() if compared else len(sentence.text)]
    for text in (plain, *reversed(block.passage.heading_path), reading.document.title, sentence.text):
        found = _PATTERNS["fiscal"].search(text)
        if found:
            return found["year"]
    return None


def _is_interim(sentence: Sentence, block: Block, reading: Reading) -> bool:
    """Whether a figure is of a part of a year: what stands nearest to it decides, the title last."""
    for text in (sentence.text, *reversed(block.passage.heading_path), reading.document.title):
        if _QUARTERLY.search(text) and not _ANNUAL.search(text):
            return True
        if _ANNUAL.search(text):
            return False
    return False


def _financial(reading: Reading, sentence: Sentence, block: Block) -> bool:
    results = re.search(r"\bresults\b", reading.document.title, re.IGNORECASE) is not None
    spoken = account_pattern(reading.account.names).search(sentence.text) or FIRST_PERSON.search(sentence.text)
    heading = " ".join(block.passage.heading_path)
    listed = re.search(r"\b(?:results|key figures|financial highlights)\b", heading, re.IGNORECASE)
    return bool(results or spoken or listed or reading.document.page_type == "investor")
