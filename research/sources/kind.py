"""What a source kind is: pure functions that plan requests and read answers, and the values that they exchange."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from research.model.document import Role
from research.model.finding import Attributes, FindingKind, Value, attributes
from research.sources.policy import Policy
from research.text.names import fold, without_suffix
from research.text.typed import read_typed

# The words of the contract's brief.json; another word would be found nowhere.
EVENTS: Final = frozenset(
    "founded acquisition divestiture merger funding ipo expansion leadership layoff launch restructuring results "
    "shutdown award partnership contract other".split()
)
RELATIONS: Final = frozenset(
    "competitor customer partner supplier investor acquired subsidiary parent product other none".split()
)


class ChangedError(Exception):
    """An answer that has not the documented shape; the message says what is missing, in words for the user."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """Who is asked about, as far as it is known; `identifiers` are pairs such as `("cik", "0000123456")`, `hints`
    addresses of known services that stand on the account's own pages, `today` an ISO date."""

    name: str
    today: str
    aliases: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    hints: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias, the name first."""
        return (self.name, *self.aliases)

    @property
    def forms(self) -> tuple[str, ...]:
        """The names, and what is left of them without what may be a note or a region: for looking, not for deciding."""
        typed = [read_typed(name) for name in self.names]
        guesses = (form for one in typed for form in (one.name, *one.variants, *one.regional))
        return tuple(dict.fromkeys((*self.names, *guesses)))

    @property
    def query(self) -> str:
        """The form by which registers are searched: the shortest that may be the whole name."""
        return min((form for form in self.forms if len(form) > 1), key=len, default=self.name)

    @property
    def queries(self) -> tuple[str, ...]:
        """What registers are searched for, so that no reading of the name is left unasked: each form that begins with
        no shorter one (`A d/b/a B` is both), without article and legal form, which registers spell their own way, and
        the word of the website, under which another may be known."""
        words = [label for label in map(_site_word, self.domains) if label]
        forms = [_ARTICLE.sub("", without_suffix(form)) for form in self.forms if len(form) > 1]
        spelled = {fold(form): form for form in (*words[:1], *reversed(forms))}  # the first form has the last word
        short = [text for text in reversed(spelled) if not any(text.startswith(f"{other} ") for other in spelled)]
        return tuple(spelled[text] for text in short[:_QUERIES]) or (self.query,)

    def hinted(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Where the first of the hints that holds `pattern` holds it; None where none does."""
        return next((match for hint in self.hints if (match := pattern.search(hint))), None)

    def identifier(self, key: str) -> str:
        """The identifier under `key`, empty where it is not known."""
        return dict(self.identifiers).get(key, "")

    def knowing(self, *pairs: tuple[str, str]) -> Subject:
        """The same subject with these identifiers as well; what was known before stays."""
        known = dict(pairs) | dict(self.identifiers)
        return replace(self, identifiers=tuple(sorted((k, v) for k, v in known.items() if v)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One request of a kind: `step` is its own name for what the answer will be; an answer that is not kept (a search,
    a list of all companies) only leads to others. With `payload` (JSON) it is a POST. `lastly` says that nobody misses
    it where there is none (HTTP 404), as with a guess; `elsewhere` that it is an ordinary page or feed at somebody's
    site, which is fetched like any other.

    An archive's answer stands for a `page` as it was at a `moment` (ISO); with `range` it is that piece of a WARC file.
    """

    url: str
    step: str
    keep: bool = True
    payload: str | None = None
    lastly: bool = False
    elsewhere: bool = False
    page: str = ""
    moment: str = ""
    range: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back for an `ask`, whole; of a feed its entries as address, title and ISO date."""

    ask: Ask
    url: str
    body: bytes
    entries: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An entry of a register that may be the subject: `identifier` is what would be known if it is."""

    identifier: tuple[str, str]
    name: str
    aliases: tuple[str, ...] = ()
    website: str = ""
    about: str = ""
    also: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What an answer leads to: more requests, candidates to choose the subject from, identifiers that the answer
    states of the subject, its website, and what the user should know."""

    asks: tuple[Ask, ...] = ()
    candidates: tuple[Candidate, ...] = ()
    learned: tuple[tuple[str, str], ...] = ()
    website: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one line states: an observation in the making; its quote is `quote` within the line, else the line."""

    kind: FindingKind
    attributes: Attributes
    score: float
    quote: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a record's text with what it states; lines of role `metadata` are read by no other analyser."""

    text: str
    said: tuple[Said, ...] = ()
    role: Role = "metadata"
    under: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A structured answer as text: `about` are the identifiers of whom it speaks, by which the identity gate knows it;
    with `own` the company itself wrote it, so that "we" there is the company.
    `page` is where people see it (empty: at the address that was asked); `published` is an ISO date; with `internal` it
    is the team's own and marked so wherever it is shown."""

    title: str
    lines: tuple[Line, ...]
    about: tuple[tuple[str, str], ...] = ()
    page: str = ""
    published: str | None = None
    language: str | None = "en"
    attribution: str = ""
    internal: bool = False
    own: bool = False
    page_type: str = "record"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A source kind. `plan` gives the first requests for a subject: for its entry where `identifies` is known, else the
    search for it. `follow` reads an answer for what to ask next. `reads` knows the addresses whose bodies are
    records (any scheme and port), `read` turns one into a Record; both raise ChangedError on another shape.
    `hint` finds addresses on the account's own pages that this kind knows how to use."""

    name: str
    plan: Callable[[Subject, Policy], tuple[Ask, ...]]
    follow: Callable[[Subject, Policy, Answer], Step]
    reads: Callable[[str], bool]
    read: Callable[[str, bytes], Record]
    version: str = "1"
    identifies: str = ""
    hint: re.Pattern[str] | None = None


def _one_of(word: str, words: frozenset[str]) -> str:
    if word not in words:
        raise ValueError(f"{word!r} is none of {', '.join(sorted(words))}")
    return word


_QUERIES: Final = 4
_ARTICLE: Final = re.compile(r"^the\s+(?=\S)", re.IGNORECASE)


def _site_word(domain: str) -> str:
    """What a domain says of a name: `acme-foods.com` -> `acme foods`."""
    return domain.partition(".")[0].replace("-", " ")


def fact(field: str, value: str, *, score: float, normal: Value = None, unit: str | None = None,
         period: str | None = None) -> Said:  # fmt: skip
    """A fact of the contract's fields; `normal` is the value itself where none is given."""
    whole = attributes(field=field, value=value, normal=value if normal is None else normal, unit=unit, period=period)
    return Said(kind="fact", attributes=whole, score=score)


def relation(company: str, kind: str, of: str, *, score: float) -> Said:
    """What `company` is to `of` (empty: the account): one of RELATIONS; ValueError for another."""
    stated = attributes(company=company, relation=_one_of(kind, RELATIONS), of=of)
    return Said(kind="relation", attributes=stated, score=score)


def person(name: str, role: str, *, current: bool | None, score: float) -> Said:
    """A person in a post."""
    return Said(kind="person", attributes=attributes(name=name, role=role, current=current), score=score)


def event(kind: str, date: str, summary: str, *, score: float, party: str = "") -> Said:
    """Something that happened: `kind` is one of EVENTS, `date` ISO, as exact as stated.

    `party` is whose it is, where the answer itself names them: it is compared without case and legal form, and another
    company's event is dropped. ValueError for an unknown kind.
    """
    stated = attributes(type=_one_of(kind, EVENTS), date=date, summary=summary, **({"party": party} if party else {}))
    return Said(kind="event", attributes=stated, score=score)


def labelled(label: str, value: str, *said: Said, under: tuple[str, ...] = ()) -> Line:
    """The line `Label: value`."""
    return Line(text=f"{label}: {value}", said=said, under=under)
