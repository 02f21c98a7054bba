"""What the account sells: product pages and their headings, marks (®, ™), and what releases launch."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final
from urllib.parse import urlsplit

from research.analyse.naming import account_pattern
from research.analyse.read import Block, Reading
from research.analyse.subject import names_account
from research.model.finding import Observation, attributes
from research.text.names import fold
from research.text.patterns import load_patterns

NAME: Final = "offerings"
VERSION: Final = "5"

_MARKED: Final = re.compile(
    r"(?P<name>(?:[A-Z0-9][\w\-]{0,60}\s+(?:(?:for|of|and|&)\s+)?){0,4}[A-Z0-9][\w\-]{0,60})\s?[®™]"
)
_PATTERNS: Final = load_patterns("offerings")
_LAUNCHED: Final = _PATTERNS["launched"]
_OUR: Final = _PATTERNS["our"]
_INDUSTRIES: Final = _PATTERNS["industries"]
_SENTENCE_LIKE: Final = _PATTERNS["sentence_like"]


def observe(reading: Reading) -> tuple[Observation, ...]:
    """Kind `offering`, on the account's own pages."""
    if not reading.own or reading.document.page_type == "filing":
        return ()
    return (*_from_page(reading), *_from_headings(reading), *_from_prose(reading))


def _observation(reading: Reading, name: str, description: str, start: int, end: int, score: float) -> Observation:
    return Observation(
        kind="offering",
        attributes=attributes(name=name, description=description),
        document_id=reading.document.id,
        start=start,
        end=end,
        score=score,
        analyser=NAME,
        version=VERSION,
    )


def _clean(name: str, reading: Reading) -> str:
    plain = re.sub(r"[®™©]", "", name).strip(" ,.:–—-|")
    return re.sub(rf"^(?:{account_pattern(reading.account.names).pattern})[’']s\s+", "", plain)


@cache
def _lexicon(name: str) -> frozenset[str]:
    data = tomllib.loads((files("corpora") / "lexicons" / f"{name}.toml").read_text(encoding="utf-8"))
    return frozenset(data["words"])


def is_offering_name(name: str, reading: Reading) -> bool:
    """Whether `name` reads like a product's: one to six words, no sentence, no menu word, not the account itself."""
    key = fold(name)
    if not key or key in _lexicon("menu_words") or not 1 <= len(name.split()) <= 6 or len(name) > 60:
        return False
    if key in {fold(n) for n in reading.account.names} or key.isdigit():
        return False
    if name.split(maxsplit=1)[0].lower() in _lexicon("heading_verbs"):
        return False
    if re.search(r"[?!,:]|\b(?:[Pp]ricing|[Tt]rial|[Dd]emo|FAQ)$", name):
        return False
    return name[0].isupper() or any(c.isupper() for c in name[1:])


def _segments(url: str) -> list[str]:
    return [part for part in urlsplit(url).path.split("/") if part and not part.startswith("index.")]


def _from_page(reading: Reading) -> Iterator[Observation]:
    """A product page sells what its first heading names."""
    document = reading.document
    if document.page_type != "product" or len(_segments(document.url)) < 2:
        return
    heading = next((b for b in reading.blocks if b.passage.role == "heading" and b.passage.main), None)
    if heading is None:
        return
    for candidate in (heading.text, document.title):
        name = _clean(re.split(r"\s+[|–—-]\s+|:\s+", candidate)[0], reading)
        if is_offering_name(name, reading) and name.lower() in document.text.lower():
            start, end = _span_of(reading, name, heading)
            yield _observation(reading, name, _description(reading, heading), start, end, 0.8)
            return


def _span_of(reading: Reading, name: str, block: Block) -> tuple[int, int]:
    at = block.text.find(name)
    if at >= 0:
        return block.passage.start, block.passage.end
    at = reading.document.text.lower().find(name.lower())
    line_end = reading.document.text.find("\n", at)
    return at, line_end if 0 <= line_end < at + 200 else at + len(name)


def _description(reading: Reading, after: Block) -> str:
    following = (
        b
        for b in reading.blocks
        if b.passage.start > after.passage.start and b.passage.role == "paragraph" and b.passage.main
    )
    block = next((b for b in following if len(b.text) > 40 and b.sentences), None)
    return block.sentences[0].text[:300] if block else ""


def _from_headings(reading: Reading) -> Iterator[Observation]:
    """On a product page, a short title-like heading with a line below it names a part of the offer."""
    index = reading.document.page_type == "product" and len(_segments(reading.document.url)) < 2
    if not index and reading.document.page_type != "home":
        return
    headings = [b for b in reading.blocks if b.passage.role == "heading" and b.passage.main]
    if index and _INDUSTRIES.search("\n".join((reading.document.title, *(b.text for b in headings[:1])))):
        return
    for block, following in zip(reading.blocks, reading.blocks[1:], strict=False):
        name = _clean(block.text, reading)
        if _INDUSTRIES.search(" ".join(block.passage.heading_path[:-1])):
            continue
        if block.passage.role != "heading" or not block.passage.main or len(name.split()) > 5:
            continue
        prose = following.passage.role in ("paragraph", "list_item") and len(following.text) > 15
        if prose and is_offering_name(name, reading) and not _SENTENCE_LIKE.search(name):
            description = following.sentences[0].text[:300] if following.sentences else following.text[:300]
            trade = _segments(reading.document.url)[:1] == ["solutions"]  # often industries, sometimes modules
            score = 0.6 if index and not trade else 0.45
            yield _observation(reading, name, description, block.passage.start, following.passage.end, score)


def _from_prose(reading: Reading) -> Iterator[Observation]:
    for block, sentence in reading.sentences():
        if block.passage.role in ("metadata", "footer", "contact"):
            continue
        for match in _MARKED.finditer(sentence.text):
            name = _clean(match["name"], reading)
            if (
                names_account(reading, sentence.text[max(0, match.start() - 40) : match.end()])
                and " and " not in name
                and is_offering_name(name, reading)
            ):
                yield _observation(reading, name, "", sentence.start, sentence.end, 0.5)
        for match in _LAUNCHED.finditer(sentence.text):
            name = _clean(match["name"], reading)
            if is_offering_name(name, reading) and account_pattern(reading.account.names).search(sentence.text):
                yield _observation(reading, name, match["what"].strip(), sentence.start, sentence.end, 0.7)
        for match in _OUR.finditer(sentence.text):
            name = _clean(match["name"], reading)
            mine = match.group()[:3].lower() == "our" or names_account(reading, match["name"])
            if mine and is_offering_name(name, reading):
                yield _observation(
                    reading,
                    f"{name} {match['what']}" if match["what"] in ("platform", "app") else name,
                    "",
                    sentence.start,
                    sentence.end,
                    0.5,
                )
