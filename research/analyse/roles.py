"""Job titles in text, and whose they are: `vice president of services at Rapid7` is a title and a company."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from research.analyse.company_names import not_companies
from research.analyse.naming import PERSON, account_pattern, is_person_name, same_company
from research.analyse.patterns import has_role, role_words
from research.analyse.read import Reading
from research.text.names import fold
from research.text.patterns import load_patterns

_PATTERNS: Final = load_patterns("people")
_STOP: Final = _PATTERNS["stop"]
_FUNCTIONS: Final = _PATTERNS["functions"]
LONGEST_ROLE: Final = 110  # characters; the longest printed titles of real boards stay below
_TITLE_WORDS: Final = 14  # the longest one-line titles of real boards
_JOINING: Final = frozenset("of and for the & in".split())
_VERB: Final = re.compile(r"(?:Appoint|Nam|Promot|Hir|Welcom|Announc|Introduc|Elect|Meet|Add|Join|Tapp)\w*\b")
_CLAUSE: Final = re.compile(r",\s+(?:one of|which|whose|where|as|for the)\s.*$")
_NEXT_PERSON: Final = re.compile(rf"(?:,\s+(?:and\s+)?|\s+and\s+)(?P<name>{PERSON})(?=,|$)")
_AT: Final = re.compile(r"\s*,?\s+(?:at|with)\s+(?:the\s+|an?\s+)?(?=[A-Za-z0-9])")
_OF: Final = re.compile(r"\s+(?:of|for)\s+(?:the\s+)?(?=[a-z]?[A-Z0-9])|,\s*(?:the\s+)?(?=[a-z]?[A-Z0-9])")
# A firm's part in another's business, not a person's post.
_FIRMS_ROLE: Final = re.compile(
    r"^(?!(?:general|managing|senior|founding|equity|limited)\b)(?:[\w-]+\s+){0,3}partner$", re.IGNORECASE
)
_FOUNDER: Final = re.compile(r"\b(?:[Ff]ounder|[Oo]wner|[Cc]reator)$")  # what one founds is a firm, never a function
_FIRM: Final = re.compile(
    r"\b(?:Inc|Corp|Ltd|LLC|LLP|plc|GmbH|Ventures|Capital|Partners|Bank|University|Institute|Associates)\b"
)
_NAME: Final = re.compile(r"[a-z]?[A-Z0-9][\w’'&.\-]*(?:\s+(?:[A-Z0-9&][\w’'&.\-]*|of|and|for|the|de)(?=\s|$|,))*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A job title as printed, and the company that it is held at, None where none is named."""

    title: str
    company: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleReader:
    """Reads titles in the light of one document: whose pages they are, and which companies it names."""

    names: tuple[str, ...]
    companies: frozenset[str]

    @staticmethod
    def of(reading: Reading) -> RoleReader:
        """The reader for a document."""
        found = {re.sub(r"[’']s?$", "", m.text) for b in reading.blocks for m in b.mentions if m.label == "company"}
        return RoleReader(names=reading.account.names, companies=frozenset(found))

    def read(self, text: str) -> Role | None:
        """The title at the start of `text` and its company; None where there is no title."""
        clean = _CLAUSE.sub("", self._until_next_person(_STOP.sub("", text).strip(" ,–—-"))).strip(" ,–—-")
        title, at = self._held_here(clean)
        company, rest = self._leading(title)
        title, at = (rest, at) if company or at else self._trailing(rest)
        title = re.sub(
            r"^(?:the|a|an|our|its|new|current)\s+|,?\s*\+?\d[\d\s().-]{5,}.*$|\s+(?:and|&|of|for)$", "", title
        ).strip(" ,")
        if not title or len(title) > LONGEST_ROLE or not has_role(title) or is_firms_role(title):
            return None
        return Role(title=title, company=at or company)

    def _until_next_person(self, text: str) -> str:
        """`text` up to the next person of an enumeration."""
        people = (
            m for m in _NEXT_PERSON.finditer(text) if m["name"] not in self.companies and is_person_name(m["name"])
        )
        return text[: next((m.start() for m in people), len(text))]

    def _leading(self, text: str) -> tuple[str | None, str]:
        """A company that stands before the title: `Rapid7 senior director`, `Frost & Sullivan industry analyst`."""
        for name in sorted({*self.names, *self.companies}, key=len, reverse=True):
            if not text.startswith(name) or has_role(name):
                continue
            if name not in self.names and (_FUNCTIONS.match(name) or fold(name) in not_companies()):
                continue  # `IoT research lead`: what the model takes for a firm is a field of work
            rest = re.sub(r"^(?:[’']s)?[\s,]+", "", text[len(name) :])
            if rest != text[len(name) :] and has_role(rest):
                return name, rest
        return None, text

    def _held_here(self, text: str) -> tuple[str, str | None]:
        """The title before the account's own name, which outweighs whatever else the text seems to name."""
        own = re.search(
            rf"\s*,?\s+(?:(?:at|of|for|with)\s+)?(?:the\s+)?(?:{account_pattern(self.names).pattern})", text
        )
        return (text[: own.start()], self.names[0]) if own and has_role(text[: own.start()]) else (text, None)

    def _trailing(self, text: str) -> tuple[str, str | None]:
        """A company behind the title: behind `at` it is always one, behind `of`, `for` or a comma where it is known."""
        place = _AT.search(text)
        if place and has_role(text[: place.start()]):
            return text[: place.start()], text[place.end() :]
        for match in _OF.finditer(text):
            name = _NAME.match(text, match.end())
            if not name or not has_role(text[: match.start()]):
                continue
            if _FOUNDER.search(text[: match.start()]) or self._is_company(name.group(), match.group()):
                return text[: match.start()], name.group()
        return text, None

    def _is_company(self, name: str, joint: str) -> bool:
        if same_company(name, self.names) or _FIRM.search(name):
            return True
        if has_role(name) or _FUNCTIONS.match(name):
            return False
        if any(name.startswith(company) for company in self.companies if len(company) > 3):
            return True
        return "," not in joint or not _FUNCTIONS.search(name)


def is_firms_role(title: str) -> bool:
    """Whether a title is a firm's part in another's business (`installation partner`), not a person's post."""
    return _FIRMS_ROLE.search(title) is not None


def is_title_line(text: str) -> bool:
    """Whether a line is a job title and nothing else: short, no sentence, a title's head among its words."""
    short = len(text) <= LONGEST_ROLE and len(text.split()) <= _TITLE_WORDS
    return short and has_role(text) and not re.search(r"[.!?:;“”\"]", text)


def is_all_title(role: str) -> bool:
    """Whether every word of `role` belongs to job titles or is a capitalised function."""
    words = role.split()
    lower = [w for w in words if w[0].islower() and w not in _JOINING]
    known = {part for head in role_words()["heads"] for part in head.split()} | role_words()["premodifiers"]
    sane = 1 <= len(words) <= 9 and words[0].lower() not in _JOINING and not _VERB.match(role)
    return sane and all(w.strip(",") in known for w in lower)


def starts_with_title(role: str) -> bool:
    """Whether the title begins within the first words, so that `part of the team led by a manager` is none."""
    return has_role(" ".join(role.split()[:6]))
