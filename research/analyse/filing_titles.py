"""Names of people and their titles as filings print them."""

from __future__ import annotations

import re
from typing import Final

from research.text.names import LEGAL_SUFFIXES, fold

_UPPER: Final = "A-ZÀ-ÖØ-ÞŁŚŽĆČŠİ"
_TOKEN: Final = rf"[{_UPPER}][\w’'.-]*"
PERSON: Final = (
    rf"(?:{_TOKEN}\s+){{1,3}}(?:(?:de|da|del|van|von|der|la|le|du|di|bin|al)\s+){{0,2}}{_TOKEN}"
    r"(?:,?\s+(?:Jr\.?|Sr\.?|JR\.?|SR\.?|II|III|IV|M\.\s?D\.?|Ph\.\s?D\.?|PhD|MD|Esq\.?|CPA|MBA)(?![\w]))*"
)
_ROLE: Final = re.compile(
    r"\b(?:(?:co-)?chair(?:man|woman|person)?|chief|president|officer|director|controller|comptroller"
    r"|treasurer|secretary|counsel|(?:co-)?founder|partner|trustee|manager"
    r"|vice\s+president|evp|svp|ceo|cfo|coo|cto|technoking|head|general\s+manager|managing|principal"
    r"|administrator|leader)\b",
    re.IGNORECASE,
)
_ROLE_START: Final = re.compile(
    r"\b(?:(?:Co-)?Chair(?:man|woman|person)?|Chief|President|Executive|Senior|Vice|Director|Controller"
    r"|Comptroller|Treasurer|General|Corporate|Global|Lead|Independent|Principal|(?:[Cc]o-)?Founder"
    r"|Managing|Group|Secretary|Interim|Deputy|Member|Head|Division|Worldwide|Partner|Trustee|Manager"
    r"|Co-Chief|Co-President|Non-Executive|Assistant|Associate|First|Former|Retired|Presiding|Founding"
    r"|Board|CEO|CFO|COO|Technoking|Attorney|Regional|International|North|Sector|Operating|EVP|SVP|VP)\b"
)
_CUT: Final = re.compile(
    r"\s*(?:\(\s*(?:principal|since|duly|as\b|\d|[a-z]\))[^)]*\)?|,?\s+(?:since|effective|from\s+\w+\s+"
    r"\d{4}|beginning|commencing|and\s+has\s+(?:been|served|announced)|until|where|responsible)\b.*"
    r"|(?<!\b[A-Z])\.\s+(?=[A-Z]).*|,?\s+(?:together|along)\s+with\b.*|\s+(?:Mr|Ms|Mrs|Dr)\.\s.*|;\s+"
    r"(?:and\s+)?(?:prior|previously|formerly).*|\s+(?:joined|currently\s+serves|previously)\b.*)",
    re.IGNORECASE | re.DOTALL,
)
_HONORIFIC: Final = re.compile(r"^(?:Mr|Ms|Mrs|Dr|Hon)\.\s+")
_TAIL: Final = re.compile(r"[\s,;:–—-]+$")


def has_role(text: str) -> bool:
    """Whether a text speaks of an office that a person holds."""
    return bool(_ROLE.search(text)) and not re.search(r"attorney[\s-]+in[\s-]+fact", text, re.IGNORECASE)


def clean_role(text: str) -> str:
    """The title alone: without notes, dates, capacity under the Act and career; `CEO since May 2020` -> `CEO`."""
    bare = re.sub(
        r"^(?:title|its|name)\s*:\s*|^(?:our|the\s+Company[’']s|as|a|an)\s+", "", text.strip(), flags=re.IGNORECASE
    )
    cut = _CUT.sub("", bare, count=1) if not bare.lower().startswith("(principal") else bare.strip("()")
    role = _TAIL.sub("", re.sub(r"\s*\(\s*(?:principal[^)]*|\d+)\s*\)", "", cut))
    return role[:140].strip() if has_role(role) else ""


def split_name(text: str) -> tuple[str, str]:
    """A person's name and what follows it: `Jane Roe, Chief Executive (1)` -> `Jane Roe`, `Chief …`."""
    words = _HONORIFIC.sub("", text.strip(" *†+_"))
    start = _ROLE_START.search(words)
    name, rest = (words[: start.start()], words[start.start() :]) if start else (words, "")
    name = re.sub(r"\s*\([\w*]{1,2}\)\s*$", "", name.strip(" ,–—-:()*†+_"))
    return (name, rest) if is_person(name) else ("", text)


def is_person(text: str) -> bool:
    """Whether a text can be one person's full name and nothing else."""
    if not re.fullmatch(PERSON, text) or _ROLE.search(text) or any(char.isdigit() for char in text):
        return False
    words = fold(text).split()
    return 2 <= len(words) <= 7 and words[-1] not in _NOT_SURNAMES and not (set(words) & _NOT_PEOPLE)


def as_printed(name: str) -> str:
    """A name in capitals as names are written: `JON R. MCKAY III` -> `Jon R. McKay III`; any other as it stands."""
    if len(name) < 4 or not re.sub(r"\bMc(?=[A-Z]{2})", "MC", name).isupper():
        return name
    titled = re.sub(r"[^\W\d_]+", lambda match: match[0].capitalize(), name)
    mac = re.sub(r"\bMc([a-zA-Z])", lambda match: "Mc" + match[1].upper(), titled)
    return re.sub(r"\b(?:Ii|Iii|Iv)\b", lambda match: match[0].upper(), mac)


_NOT_SURNAMES: Final = frozenset(LEGAL_SUFFIXES) - {"sa", "as", "ab", "co", "se", "spa"}
_NOT_PEOPLE: Final = frozenset(
    [
        "company",
        "corporation",
        "registrant",
        "group",
        "holdings",
        "llp",
        "commission",
        "act",
        "exchange",
        "securities",
        "signature",
        "name",
        "title",
        "date",
        "age",
        "position",
        "form",
        "annual",
        "report",
        "board",
        "directors",
        "power",
        "attorney",
        "services",
        "systems",
        "financial",
        "international",
        "technologies",
        "university",
        "bank",
        "item",
        "part",
        "notes",
    ]
)
