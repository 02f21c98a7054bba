"""A page as lines of tokens: what each token and each line looks like, and what the page says of its owner."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from research.analyse.page_words import marks_of, page_words, shape_of
from research.analyse.patterns import EMAIL
from research.analyse.read import Block, Reading
from research.text.names import COPYRIGHT, fold
from research.text.patterns import load_patterns

TOKEN: Final = re.compile(r"[^\W_]+(?:['’][^\W_]+)*|[^\w\s]|_")
_PATTERNS: Final = load_patterns("pages")
_HELD: Final = (("phone", _PATTERNS["phone"]), ("email", re.compile("@")), ("postcode", _PATTERNS["postcode"]))
_SAID: Final = (("rights", _PATTERNS["rights"]), ("by", _PATTERNS["by"]), ("colon", re.compile(r":\s*$")))
_OF_LINES: Final = ("role", "clevel", "legal", "street", "given", "abbr", "sur", "state", "plain")
_MODEL: Final = {
    "company": "O", "person": "P", "place": "G", "product": "D", "date": "T", "role": "R", "phone": "F", "email": "E",
    "money": "M",
}  # fmt: skip
_LENGTHS: Final = ((0, "n0"), (1, "n1"), (2, "n2"), (3, "n3"), (5, "n5"), (12, "n12"))
_PROSE: Final = 8  # words from which on a line with a stop at its end is a sentence


@dataclass(frozen=True, slots=True)
class Token:
    """One token: its span in the document, and what is known of it without its neighbours; `model` is spaCy's tag."""

    start: int
    end: int
    text: str
    low: str
    shape: str
    marks: tuple[str, ...]
    model: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line, a table cell or a menu entry; `marks` say what it looks like."""

    start: int
    end: int
    block: Block
    tokens: tuple[Token, ...]
    marks: tuple[str, ...]
    first: bool


@dataclass(frozen=True, slots=True)
class Page:
    """All lines of a document, and what it says of its owner.

    `owner` is the squashed host names, `title` and `holders` the words of the title and of copyright lines, `upper` and
    `lower` how often a word stands capitalised or not, `votes` what spaCy mostly takes it for, `names` what the owner
    may be called (squashed) and where that stands: D a host name, C a copyright line, T a title.
    """

    lines: tuple[Line, ...]
    owner: str
    title: frozenset[str]
    titled: str
    holders: frozenset[str]
    mailboxes: str
    upper: Mapping[str, int]
    lower: Mapping[str, int]
    votes: Mapping[str, str]
    kind: tuple[str, ...]
    names: Mapping[str, str]


def read_page(reading: Reading) -> Page:
    """The page of a reading; metadata is no part of its lines."""
    document = reading.document
    lines = tuple(line for block in reading.blocks if block.passage.role != "metadata" for line in _lines(block))
    tokens = [token for line in lines for token in line.tokens]
    titled = " ".join((document.title, document.meta("site_name") or "", document.meta("author") or ""))
    holders = " ".join(match["name"] for match in COPYRIGHT.finditer(document.text))
    about = f"{document.title} {document.url}".lower()
    return Page(
        lines=lines,
        owner=_owner(reading),
        title=_words(titled),
        titled=fold(titled),
        holders=_words(holders),
        mailboxes=" ".join(match.group().split("@")[0].lower() for match in EMAIL.finditer(document.text)),
        upper=Counter(token.low for token in tokens if token.text[0].isupper()),
        lower=Counter(token.low for token in tokens if not token.text[0].isupper()),
        votes=_votes(tokens),
        names=_names(reading),
        kind=tuple(sorted(page_words()["page_kinds"] & set(re.findall(r"[a-z]+", about)))),
    )


def squash(text: str) -> str:
    """Letters and digits only, lower case."""
    return re.sub(r"[\W_]+", "", text).lower()


def _words(text: str) -> frozenset[str]:
    return frozenset(word.lower() for word in TOKEN.findall(text))


def _votes(tokens: Sequence[Token]) -> dict[str, str]:
    votes: dict[str, Counter[str]] = {}
    for token in tokens:
        if token.text[0].isupper():
            votes.setdefault(token.low, Counter())[token.model[2:] or "-"] += 1
    return {word: max(counts, key=lambda kind: (counts[kind], kind)) for word, counts in votes.items()}


def _names(reading: Reading) -> dict[str, str]:
    document = reading.document
    found: dict[str, str] = {}
    for match in COPYRIGHT.finditer(document.text):
        found.setdefault(squash(match["name"]), "C")
    said = (document.title, *(document.meta(key) or "" for key in ("site_name", "author", "organization_name")))
    for part in (part for value in said for part in _PATTERNS["title_break"].split(value)):
        found.setdefault(squash(part), "T")
    for host in _hosts(reading):
        bare = host.removeprefix("www.")
        labels = [label for label in bare.split(".")[:-1] if len(label) > 2 and label not in page_words()["free_mail"]]
        found.update({squash(name): "D" for name in (*labels, bare)})
    found.pop("", None)
    return found


def _hosts(reading: Reading) -> list[str]:
    """The host names that the page gives as its own, or writes in its text."""
    document = reading.document
    hosts = [_host(address) for address in (document.meta("canonical"), document.meta("base"), document.url)]
    hosts += [first or second for first, second in _PATTERNS["host"].findall(document.text)]
    return [host.lower() for host in hosts if "." in host and not host.replace(".", "").isdigit()]


def _host(address: str | None) -> str:
    try:
        return urlsplit(address or "").hostname or ""
    except ValueError:  # a page may write anything where its address should stand
        return ""


def _owner(reading: Reading) -> str:
    free = page_words()["free_mail"]
    names = (label for host in _hosts(reading) for label in host.removeprefix("www.").split(".")[:-1])
    return " ".join(dict.fromkeys(n.replace("-", "") for n in names if len(n) > 2 and n not in free))


def _lines(block: Block) -> Iterator[Line]:
    base = block.passage.start
    models = _models(block)
    breaks = [match.span() for match in _PATTERNS["break"].finditer(block.text)]
    starts = [0, *(end for _, end in breaks)]
    ends = [*(start for start, _ in breaks), len(block.text)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True)):
        text = block.text[start:end]
        tokens = tuple(_token(match, base + start, models) for match in TOKEN.finditer(text))
        if tokens:
            yield Line(base + start, base + end, block, tokens, line_marks(text, tokens), number == 0)


def _models(block: Block) -> dict[int, str]:
    found: dict[int, str] = {}
    for mention in block.mentions:
        if mention.label in _MODEL:
            for at in range(mention.start, mention.end):
                found[at] = ("B-" if at == mention.start else "I-") + _MODEL[mention.label]
    return found


def _token(match: re.Match[str], base: int, models: Mapping[int, str]) -> Token:
    text = match.group()
    low = text.lower()
    start = base + match.start()
    return Token(start, base + match.end(), text, low, shape_of(text), marks_of(text, low), models.get(start, ""))


def line_marks(text: str, tokens: Sequence[Token]) -> tuple[str, ...]:
    """What a line looks like: the things that it holds, its length, its ending."""
    held = {mark for token in tokens for mark in token.marks}
    marks = [f"has-{mark}" for mark in _OF_LINES if mark in held]
    marks += [f"model-{kind}" for kind in sorted({token.model[2:] for token in tokens} - {""})]
    marks += [mark for mark, pattern in (*_HELD, *_SAID) if pattern.search(text)]
    if tokens[0].text.isdigit():
        marks.append("number-first")
    words = [token for token in tokens if token.text[0].isalpha()]
    marks.append(next((mark for most, mark in _LENGTHS if len(words) <= most), "nlong"))
    if words and all(token.text[0].isupper() for token in words):
        marks.append("caps")
        if all(token.text.isupper() for token in words):
            marks.append("upper")
    if len(words) > _PROSE and text.rstrip()[-1:] in ".!?":
        marks.append("sentence")
    return tuple(marks)
