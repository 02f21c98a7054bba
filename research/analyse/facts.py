"""Profile facts from a company's own pages: each field is a slot with its patterns and the account as its subject."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from research.analyse.figures import read_headcounts, read_money
from research.analyse.naming import FIRST_PERSON, account_pattern, same_company
from research.analyse.read import Block, Reading, Sentence
from research.analyse.subject import Found, boilerplate_of_another, names_account, prose, subject_allows
from research.model.finding import Observation, Value, attributes
from research.text.dates import dates
from research.text.names import company_key, without_suffix
from research.text.patterns import load_patterns

NAME: Final = "facts"
VERSION: Final = "7"


_PATTERNS: Final = load_patterns("facts")
_LEGAL: Final = _PATTERNS["legal"]
_LEGAL_CUE: Final = _PATTERNS["legal_cue"]
_TICKER: Final = _PATTERNS["ticker"]
_FOUNDED: Final = _PATTERNS["founded"]
_SINCE_SUBJECT: Final = _PATTERNS["since_subject"]
_PARENT: Final = _PATTERNS["parent"]
_KIND: Final = _PATTERNS["kind"]
_HEADQUARTERS: Final = _PATTERNS["headquarters"]
_PRIVATE: Final = _PATTERNS["private"]
_METADATA_FIELDS: Final = {
    "foundingDate": "founded",
    "legalName": "legal_name",
    "tickerSymbol": "ticker",
    "numberOfEmployees": "employees",
}


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Kind `fact` of CONTRACT; filings have an analyser of their own, and pages of others state nothing here."""
    if not reading.own or reading.document.page_type == "filing":
        return ()
    found = [f for reader in _READERS for f in reader(reading)]
    return tuple(_observation(f, reading) for f in found)


def _observation(found: Found, reading: Reading) -> Observation:
    field, values, start, end, score = found
    complete: dict[str, Value] = {"field": field, "unit": None, "period": None, "normal": values.get("value"), **values}
    return Observation(
        kind="fact",
        attributes=attributes(**complete),
        document_id=reading.document.id,
        start=start,
        end=end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )


def _legal_names(reading: Reading) -> Iterator[Found]:
    for _, sentence in prose(reading):
        cue = bool(_LEGAL_CUE.search(sentence.text))
        for match in _LEGAL.finditer(sentence.text):
            name = re.sub(r"\s+,", ",", match["name"])
            name = re.sub(r"^(?:(?:19|20)\d\d|The|©|By|And|About|Copyright|In|At|For|To|From)\s+", "", name).strip()
            ours = any(company_key(without_suffix(name)) == company_key(n) for n in reading.account.names)
            if not ours and not (
                cue and reading.document.page_type == "legal" and names_account(reading, sentence.text)
            ):
                continue
            score = 0.9 if ours and cue else 0.8 if ours else 0.85 if "means" in sentence.text else 0.45
            yield "legal_name", {"value": name}, sentence.start, sentence.end, score
            break


def _tickers(reading: Reading) -> Iterator[Found]:
    for block, sentence in prose(reading):
        for match in _TICKER.finditer(sentence.text):
            own = _name_before(reading, sentence.text[: match.start()])
            if own is None or boilerplate_of_another(block, reading):
                continue
            start, end = sentence.start + own, sentence.start + match.end()
            yield "ticker", {"value": match["ticker"], "normal": match["ticker"]}, start, end, 0.95
            listing = f"{match['exchange']}: {match['ticker']}"
            yield "ownership", {"value": listing, "normal": "public"}, start, end, 0.9


def _name_before(reading: Reading, text: str) -> int | None:
    """Where the account's name starts that `text` ends with, legal form and bracket aside; None where it does not."""
    ends = re.search(
        rf"(?:{account_pattern(reading.account.names).pattern})\s*,?\s*(?:Inc|Corp|Ltd|plc|AG|SE|N\.V)?\.?,?\s*\(?$",
        text.rstrip(),
    )
    return ends.start() if ends else None


def _another_before(block: Block, sentence: Sentence, at: int, reading: Reading) -> bool:
    """Whether the company that a sentence names last before offset `at` of its text is not the account."""
    named = block.mentions_in(sentence.start, sentence.start + at, "company")
    return bool(named) and not names_account(reading, named[-1].text)


def _founded(reading: Reading) -> Iterator[Found]:
    for block, sentence in prose(reading):
        for match in _FOUNDED.finditer(sentence.text):
            value = next(g for g in match.groups() if g)
            stated = dates(value)
            since = match["c"] is not None
            if not stated or boilerplate_of_another(block, reading):
                continue
            if since and not (_SINCE_SUBJECT.search(sentence.text) and len(sentence.text) < 90):
                continue
            subject = sentence.text[: match.start()][-80:]
            ours = names_account(reading, subject) or FIRST_PERSON.search(subject) or match["d"] is not None
            if _another_before(block, sentence, match.start(), reading):
                continue
            short = len(sentence.text) < 60 and reading.document.page_type in ("about", "home")
            if not (ours or short or since):
                continue
            score = 0.9 if match["d"] or names_account(reading, subject) else 0.75 if ours else 0.65
            yield "founded", {"value": value.strip(" :"), "normal": stated[-1].iso}, sentence.start, sentence.end, score


def _parents(reading: Reading) -> Iterator[Found]:
    for block, sentence in prose(reading):
        for match in _PARENT.finditer(sentence.text):
            subject = sentence.text[: match.start() + 1][-70:]
            if boilerplate_of_another(block, reading) or not (
                names_account(reading, subject) or re.search(r"\b[Ww]e\s*$", subject.strip())
            ):
                continue
            name = (match["parent"] or match["owner"]).rstrip(".,").removesuffix("’s").removesuffix("'s")
            if same_company(name, reading.account.names):
                continue
            yield "parent", {"value": name}, sentence.start, sentence.end, 0.9
            yield (
                "ownership",
                {"value": f"subsidiary of {name}", "normal": "subsidiary"},
                sentence.start,
                sentence.end,
                0.85,
            )


def _ownership(reading: Reading) -> Iterator[Found]:
    for block, sentence in prose(reading):
        match = _PRIVATE.search(sentence.text)
        if match is None or boilerplate_of_another(block, reading):
            continue
        told = names_account(reading, sentence.text[: match.start() + 12])
        if told and subject_allows(reading, block, sentence, sentence.start + match.start()):
            value = re.sub(r"^is an? ", "", match.group())
            yield "ownership", {"value": value, "normal": value.lower()}, sentence.start, sentence.end, 0.75


# Where a phrase that names a trade ends and the news of the day begins.
_TRADE_ENDS: Final = re.compile(
    r",\s+(?:today|has|announced?s?|introduces|released?s?|closes|which|is|was|with|and\s+[A-Z]\w+,)\b|\s+today\b"
    r"|\s+(?:announced|that|which|and member)\b"
)


def _industry(reading: Reading) -> Iterator[Found]:
    for block, sentence in prose(reading):
        own = account_pattern(reading.account.names).search(sentence.text)
        if own is None or boilerplate_of_another(block, reading) or block.passage.role in ("table_row", "contact"):
            continue
        match = _KIND.search(sentence.text, own.end(), own.end() + 260)
        if match is None or match.start() - own.end() > 40:
            continue
        rest = _TRADE_ENDS.split(match["rest"])[0].strip(" ,")
        phrase = re.sub(r"^(?:of|in|for)\s+", "", rest)
        if rest.startswith(("that ", "which ")):
            rest = ""
        if match["head"] in ("company", "platform", "firm", "leader", "startup", "start-up") and not rest.startswith(
            ("of", "in", "for")
        ):
            modifiers = re.search(
                r"\b(?:an?|the)\s+((?:[\w\-]+\s+){1,5})$", sentence.text[own.end() : match.start("head")]
            )
            phrase = f"{modifiers[1].strip()} {match['head']}" + (f" {rest}" if rest else "") if modifiers else rest
        if not phrase or len(phrase) < 8:
            continue
        base = {"about": 0.85, "press_release": 0.8, "home": 0.8}.get(reading.document.page_type, 0.6)
        yield "industry", {"value": phrase, "period": reading.document.published}, sentence.start, sentence.end, base
        news = 0.3 if re.search(r"\b(?:today|announced)\b", sentence.text) else 0.0
        start = sentence.start + own.start()
        yield "description", {"value": reading.document.text[start : sentence.end]}, start, sentence.end, base - news


def _introduction(reading: Reading) -> Iterator[Found]:
    """What a release says under "About Us", and a home page of itself: the first sentence that begins with the name."""
    for block in reading.blocks:
        heading = block.passage.heading_path[-1] if block.passage.heading_path else ""
        about = heading.lower().startswith("about") and names_account(reading, heading)
        if not block.sentences or block.passage.role != "paragraph" or not (about or _is_front(reading)):
            continue
        first = block.sentences[0]
        own = account_pattern(reading.account.names).match(first.text)
        told = _KIND.search(first.text)  # then `_industry` has described it
        if own and not told and 40 <= len(first.text) <= 400 and not FIRST_PERSON.search(first.text):
            yield "description", {"value": first.text}, first.start, first.end, 0.88
            return


def _is_front(reading: Reading) -> bool:
    return reading.document.page_type == "home"


_SELLS: Final = re.compile(
    r"^(?P<phrase>(?:[A-Z][\w&/-]+\s+){1,5}(?:Software|Platform|Services|Solutions|Systems|Technolog(?:y|ies)|Analytics|"
    r"Insurance|Manufactur(?:er|ing)|Consulting|Logistics|Equipment|Controls|Security|Energy|Engineering))$"
)


def _tagline(reading: Reading) -> Iterator[Found]:
    """What a page calls its company's trade in its own title: `Acme - Energy Retail Software`."""
    for block in reading.blocks:
        if block.passage.role != "metadata" or not block.text.startswith(("site_name", "title", "og:title")):
            continue
        said = block.text.partition(": ")[2]
        parts = [
            re.sub(rf"^.*?(?:{account_pattern(reading.account.names).pattern})\s*", "", p)
            for p in re.split(r"\s+[|–—-]\s+", said)
        ]
        match = next(
            (m for part in parts if names_account(reading, said) and (m := _SELLS.match(part.strip(" :,")))), None
        )
        if match:
            yield "industry", {"value": match["phrase"]}, block.passage.start, block.passage.end, 0.8


_REGIONAL: Final = re.compile(
    r"\b(?:regional|European|EMEA|APAC|Asia\S*|Americas?|Latin|North American|UK|US|German)\b", re.IGNORECASE
)


def _headquarters(reading: Reading) -> Iterator[Found]:
    for block, sentence in prose(reading):
        for match in _HEADQUARTERS.finditer(sentence.text):
            strong = match.group().lower().startswith(("head", "hq"))
            subject = sentence.text[max(0, match.start() - 90) : match.start()]
            ours = names_account(reading, subject) or FIRST_PERSON.search(subject)
            near = _name_before(reading, re.sub(r"\b(?:is|are|was|has been|,)\s*$", "", subject.rstrip())) is not None
            regional = _REGIONAL.search(subject[-25:]) is not None
            if regional or not ours or (not strong and not near):
                continue
            if boilerplate_of_another(block, reading) or _another_before(block, sentence, match.start(), reading):
                continue
            place = re.sub(r"^downtown\s+", "", match["place"]).strip(" .,")
            yield "headquarters", {"value": place}, sentence.start, sentence.end, 0.9 if strong else 0.65


def _metadata(reading: Reading) -> Iterator[Found]:
    for block in reading.blocks:
        if block.passage.role != "metadata":
            continue
        key, _, value = block.text.partition(": ")
        field = _METADATA_FIELDS.get(key.split(" ")[-1])
        if field and value:
            normal: Value = float(value) if field == "employees" and value.isdigit() else value
            unit = "people" if field == "employees" else None
            yield field, {"value": value, "normal": normal, "unit": unit}, block.passage.start, block.passage.end, 0.85


_READERS: Final[tuple[Callable[[Reading], Iterator[Found]], ...]] = (
    _legal_names,
    _tickers,
    _founded,
    read_headcounts,
    read_money,
    _parents,
    _ownership,
    _industry,
    _introduction,
    _tagline,
    _headquarters,
    _metadata,
)
