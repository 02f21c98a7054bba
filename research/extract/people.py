"""Whether a short text looks like a person's name, or like what somebody is in a company."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

_PARTICLES: Final = frozenset(("de da di du van von der den la le el al bin ibn ben dos del y").split())
_TITLES: Final = re.compile(r"^(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir|Dame|Hon)\.?\s+)+", re.IGNORECASE)
_LETTERS: Final = re.compile(
    r",?\s+(?:Ph\.?D\.?|M\.?D\.?|MBA|CPA|CFA|Esq\.?|Jr\.?|Sr\.?|II|III|IV|CISSP|PMP|JD|OBE|CBE)\.?$", re.IGNORECASE
)
_WORD: Final = re.compile(r"[A-ZÀ-ÖØ-Þ][\w'’.-]*$|[\"“(][A-Z]\w+[\"”)]$")
# Words that open headings and labels of pages, or name things: no part of a person's name.
_NOT_NAMES: Final = frozenset(
    (
        "the our your we about meet read view more all team board leadership management executive contact "
        "news press home learn company careers products services solutions support customer customers global "
        "chief officer president director vice head manager founder ceo cfo cto engineer sales marketing "
        "security data cloud software technology group inc llc ltd corporation partners resources events blog "
        "department office university college join follow what why how get free new and of for in on with to "
        "case study story request demo advisory investors committee senior lead international street road "
        "avenue vp svp evp coo cmo cio ciso cpo cro gm engineering operations finance legal strategy human "
        "digital growth client design development communications programme program project general counsel "
        "managing associate assistant deputy regional principal staff account research analyst architect "
        "consultant developer designer specialist coordinator administrator advisor adviser secretary "
        "treasurer chairman chairwoman chair partner co-founder owner chairperson executives industry "
        "business public relations try now today here click start watch listen download sign register login "
        "open close next previous back save buy shop explore discover visit find see some any every"
    ).split()
)
_ROLE: Final = re.compile(
    r"\b(chief|officer|c[efotmipr]o|ciso|chro|president|vice|s?vp|evp|director|chair(man|woman|person)?|(co-?)?founder"
    r"|head|manager|general counsel|counsel|secretary|treasurer|partner|principal|lead|leader|engineer|architect"
    r"|developer|designer|analyst|consultant|advis[eo]r|specialist|coordinator|administrator|assistant"
    r"|(account|sales|marketing) executive|member of|trustee"
    r"|owner|controller|strategist|evangelist|scientist|professor|governor|supervisor|associate|representative|recruiter"
    r"|geschäftsführer(in)?|vorstand|leiter(in)?|directeur|directrice|gérant|président)\b",
    re.IGNORECASE,
)
_ROLE_WORDS: Final = 16


@lru_cache(maxsize=8192)
def is_name(text: str) -> bool:
    """Two to five words in the form of a person's name, with titles and letters beside it allowed."""
    core = _LETTERS.sub("", _LETTERS.sub("", _TITLES.sub("", text.strip())))
    words = core.replace(",", " ").split()
    if not 2 <= len(words) <= 5 or len(core) > 50 or any(char.isdigit() for char in core):
        return False
    if any(word.lower().strip(".") in _NOT_NAMES for word in words):
        return False
    capital = [word for word in words if word not in _PARTICLES]
    return len(capital) >= 2 and all(_WORD.match(word) for word in capital) and len(max(capital, key=len)) > 2


@lru_cache(maxsize=8192)
def is_role(text: str) -> bool:
    """A short phrase that names a position, and is no sentence."""
    words = text.split()
    if not 0 < len(words) <= _ROLE_WORDS or text.rstrip().endswith((".", "!", "?", "…")) or is_name(text):
        return False
    return bool(_ROLE.search(text)) and text[:1].isupper()
