"""Dated happenings: the news of a release or post, and sentences that state an event with its date."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Final

from research.analyse.naming import FIRST_PERSON, account_pattern
from research.analyse.outlook import outlook_changes
from research.analyse.patterns import has_role
from research.analyse.read import Block, Reading, Sentence
from research.analyse.subject import boilerplate_of_another, names_account
from research.model.finding import Observation, attributes
from research.text.dates import StatedDate, dates
from research.text.names import fold

NAME: Final = "events"
VERSION: Final = "10"


@cache
def _done() -> re.Pattern[str]:
    """Verbs of something done: only a sentence with one of them and a date of its own is an event by itself."""
    data = tomllib.loads((files("corpora") / "patterns" / "events.toml").read_text(encoding="utf-8"))
    return re.compile(rf"\b(?:{'|'.join(data['done'])})\b", re.IGNORECASE)


@cache
def _types() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The kinds of events with their patterns, in the order of precedence."""
    data = tomllib.loads((files("corpora") / "patterns" / "events.toml").read_text(encoding="utf-8"))
    return tuple((kind["name"], re.compile("|".join(kind["patterns"]), re.IGNORECASE)) for kind in data["type"])


_NEWS_PAGES: Final = frozenset({"press_release", "blog", "newsroom"})
_UPDATE: Final = re.compile(r"\b(?:product )?(?:update|release notes|changelog|what[’']s new)\b", re.IGNORECASE)
_OWN_LISTS: Final = frozenset({"about", "press_release", "investor"})  # a line of their lists needs no subject
_LONGEST: Final = 320
# What may happen, is planned, or did not happen; "May" with a capital is a month.
_UNDONE: Final = re.compile(
    r"\b(?:[Cc]ould|may|[Mm]ight|[Ii]f|[Ww]ould|forward-looking|never|(?:plan|intend|expect|aim)s? to)\b"
    r"|\b(?:has|have|had|did|does|do|is|was|were|will) not\b|n[’']t\b"
)


# What a filing or release says of papers and not of the business: exhibits, proxies, plans, audits, cross-references.
_PAPERS: Final = re.compile(
    r"\bby reference\b|\b[Pp]roxy [Ss]tatement\b|\binternal control over\b|\bA discussion (?:regarding|of)\b|"
    r"\b(?:Certificate|Articles) of Incorporation\b|\bestablished in Internal Control|\bForm (?:of|10|8)\b|"
    r"\bas described in\b|\bstock options\b|\bshare units?\b|\bgrant date\b|\bawards? granted\b|\binitial reserve\b|"
    r"\bGoodwill (?:in|de)creased\b|\bassuming related liabilities\b|\b[Cc]ash (?:used in|provided by)\b|"
    r"\b[Cc]ompensation [Cc]ommittee\b|\b[Cc]omputations? of\b|\beffective (?:income )?tax rate\b"
)
# Headings that every release bears.
_FORMULA: Final = re.compile(
    r"(?:about|cautionary|disclaimer|forward[- ]looking|(?:for )?(?:media|press|investor)|non-gaap|safe harbou?r)\b",
    re.IGNORECASE,
)


def event_type(text: str) -> str:
    """The kind of event that a headline or sentence tells; `other` where no rule fits."""
    return next((kind for kind, pattern in _types() if pattern.search(text)), "other")


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Kind `event`, on the account's own pages; filings state events in sentences only."""
    if not reading.own:
        return ()
    return (*_headline(reading), *_sections(reading), *_posts(reading), *_stated(reading), *_outlook(reading))


def _observation(
    reading: Reading, kind: str, date: str, summary: str, start: int, end: int, score: float
) -> Observation:
    return Observation(
        kind="event",
        attributes=attributes(type=kind, date=date, summary=summary.strip()),
        document_id=reading.document.id,
        start=start,
        end=end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )


def _outlook(reading: Reading) -> Iterator[Observation]:
    """What a dated release now expects against what it did: `outlook` says which way it went."""
    document = reading.document
    if document.page_type not in ("press_release", "investor", "newsroom") or document.published is None:
        return
    for turn, start, end in outlook_changes(reading):
        summary = " ".join(document.text[start:end].split())[:_LONGEST]
        found = _observation(reading, "results", document.published, summary, start, end, 0.75)
        yield replace(found, attributes=tuple(sorted((*found.attributes, ("outlook", turn)))))


def _headline(reading: Reading) -> Iterator[Observation]:
    """A release is one event: its headline, at the date of publication."""
    document = reading.document
    if document.page_type not in ("press_release", "blog") or document.published is None:
        return
    block = _title_block(reading)
    if block is None:
        return
    kind = event_type(block.text)
    if document.page_type == "blog" and (
        kind in ("other", "launch", "award", "partnership") or not _company_news(reading, block.text)
    ):
        return
    if kind == "other":
        kind = event_type(_lead(reading))
    yield _observation(
        reading,
        kind,
        document.published,
        block.text,
        block.passage.start,
        block.passage.end,
        0.85 if kind != "other" else 0.5,
    )


def _company_news(reading: Reading, text: str) -> bool:
    return account_pattern(reading.account.names).search(f"{text} {_lead(reading)}") is not None


def _title_block(reading: Reading) -> Block | None:
    """The headline: what repeats the page's title, of the main text before a heading beside it; else a heading that
    says something."""
    title = fold(reading.document.title)
    short = [b for b in reading.blocks if b.passage.role in ("heading", "paragraph") and len(b.text) < 260]
    main = [b for b in short if b.passage.main]
    headings = [b for b in short if b.passage.role == "heading"]
    repeats = (b for b in (*main, *headings) if title and _repeats(fold(b.text), title))
    telling = (b for b in main if b.passage.role == "heading" and len(b.text) > 15 and not _FORMULA.match(b.text))
    return next(repeats, None) or next(telling, None)


def _repeats(text: str, title: str) -> bool:
    return text == title or (len(text) > 25 and text in title)


def _lead(reading: Reading) -> str:
    return " ".join(
        b.text for b in reading.blocks if b.passage.main and b.passage.role == "paragraph" and len(b.text) > 60
    )[:500]


def _sections(reading: Reading) -> Iterator[Observation]:
    """A dated product update tells one event under each of its headings."""
    document = reading.document
    if document.page_type not in _NEWS_PAGES or document.published is None or not _UPDATE.search(document.title):
        return
    for block, following in zip(reading.blocks, reading.blocks[1:], strict=False):
        heading = block.passage.role == "heading" and block.passage.main and 2 <= len(block.text.split()) <= 14
        if heading and following.passage.role in ("paragraph", "list_item") and following.sentences:
            first = following.sentences[0]
            kind = event_type(f"{block.text}. {first.text}")
            if kind in ("launch", "expansion", "award", "shutdown", "partnership"):
                summary = f"{block.text.rstrip(':')}: {first.text}"[:_LONGEST]
                yield _observation(reading, kind, document.published, summary, block.passage.start, first.end, 0.65)


_SINCE: Final = re.compile(r"\bsince\s+(?P<when>[A-Z][a-z]+(?:\s+\d{1,2},)?\s+(?:19|20)\d\d)\b")


def _posts(reading: Reading) -> Iterator[Observation]:
    """`Chief Executive Officer since August 8, 2024`: whoever holds a post since a date took it then."""
    if reading.document.page_type not in ("filing", "leadership"):
        return
    for block, sentence in reading.sentences():
        match = _SINCE.search(sentence.text) if has_role(sentence.text) else None
        stated = dates(match["when"]) if match else []
        if (
            match
            and stated
            and has_role(sentence.text[: match.start()][-160:])
            and not boilerplate_of_another(block, reading)
        ):
            summary = sentence.text[max(0, match.end() - _LONGEST) : match.end()]
            yield _observation(reading, "leadership", stated[0].iso, summary, sentence.start, sentence.end, 0.6)


def _stated(reading: Reading) -> Iterator[Observation]:
    for block, sentence in reading.sentences():
        if len(sentence.text) > 600 or block.passage.role in ("metadata", "footer", "contact"):
            continue
        if not _done().search(sentence.text) or _UNDONE.search(sentence.text):
            continue
        if reading.document.page_type in ("filing", "investor", "press_release") and _PAPERS.search(sentence.text):
            continue
        kind = event_type(sentence.text)
        if kind != "other" and _ours(block, sentence, reading, kind):
            for when in _dates_of(sentence, reading, every=kind == "award"):
                yield _observation(reading, kind, when.iso, sentence.text[:_LONGEST], sentence.start, sentence.end, 0.6)


def _dates_of(sentence: Sentence, reading: Reading, *, every: bool) -> list[StatedDate]:
    """The most exact date of the sentence, the first of several; or each ("winner 2018 and 2019")."""
    found = dates(sentence.text)
    published = reading.document.published
    usable = [d for d in found if published is None or d.iso[:4] <= str(int(published[:4]) + 2)]
    return usable if every else [max(usable, key=lambda d: (len(d.iso), -d.start))] if usable else []


def _ours(block: Block, sentence: Sentence, reading: Reading, kind: str) -> bool:
    """Whether the account is the subject: named, speaking, or told of in its own lists, filings and awards."""
    if boilerplate_of_another(block, reading):
        return False
    page = reading.document.page_type
    line = block.passage.role in ("list_item", "heading", "table_row") or (kind == "award" and len(block.text) < 120)
    listed = page == "filing" or (page in _OWN_LISTS and line)
    return names_account(reading, sentence.text) or FIRST_PERSON.search(sentence.text) is not None or listed
