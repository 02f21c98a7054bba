"""Keys under which different spellings of one company's name meet."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

# Legal forms, by country of use: ISO 20275 (GLEIF's list of entity legal forms), the frequent ones.
LEGAL_SUFFIXES = (
    "incorporated inc corporation corp company co limited ltd llc llp lp plc gmbh ag kg se sa sas sarl nv bv oyj ab "
    "as asa aps srl spa pty pte kk sl ltda oy"
).split()
_SUFFIX = re.compile(rf"(?:[\s,]+(?:{'|'.join(LEGAL_SUFFIXES)})\b\s*\.?)+$", re.IGNORECASE)
_DOTTED = re.compile(r"\b((?:[A-Za-z]\.){2,})")
_POSSESSIVE = re.compile(r"['’`]s\b")
_MARKS = re.compile(r"[\W_]+")
_STATE_TAIL = re.compile(r"\s*/[A-Z]{2,3}/?$")  # EDGAR appends "/DE/" or "/MN" to names that clash


@lru_cache(maxsize=20_000)  # every name of an account is compared with every other one
def fold(text: str) -> str:
    """Lower case, no accents, punctuation as single spaces: `Société-Générale & Co.` -> `societe generale and co`."""
    plain = text.casefold() if text.isascii() else _without_accents(text)
    return _MARKS.sub(" ", _POSSESSIVE.sub("", plain.replace("&", " and "))).strip()


def _without_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return "".join(char for char in decomposed if not unicodedata.combining(char))


def without_suffix(name: str) -> str:
    """The name without its legal form: `Rapid7, Inc.` -> `Rapid7`; a name that is nothing else stays as it is."""
    undotted = _DOTTED.sub(lambda match: match[1].replace(".", ""), _STATE_TAIL.sub("", name.strip()))
    return _SUFFIX.sub("", undotted).strip(" ,") or name


_LONG_FORMS = {"incorporated": "inc", "corporation": "corp", "company": "co", "limited": "ltd"}


def legal_form(name: str) -> str:
    """The legal form at a name's end in its short spelling, empty where there is none: `Acme, Limited` -> `ltd`."""
    undotted = _DOTTED.sub(lambda match: match[1].replace(".", ""), _STATE_TAIL.sub("", name.strip()))
    found = _SUFFIX.search(undotted)
    return " ".join(_LONG_FORMS.get(word, word) for word in fold(found[0]).split()) if found else ""


def company_key(name: str) -> str:
    """Equal for spellings of one company: legal form, article, possessive, case and punctuation are dropped."""
    bare = without_suffix(re.sub(r"['’`]s?$", "", name.strip()))
    core = re.sub(r"^the\s+(?=\S)|\s+and$", "", fold(bare))
    return core or fold(name)


# Names that Windows keeps for devices, whatever their ending (Microsoft, "Naming Files, Paths, and Namespaces").
_RESERVED = frozenset(("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))))


def slug(name: str) -> str:
    """A name for files and accounts: `Flux Federation Ltd` -> `flux-federation`; `account` where nothing is left."""
    plain = re.sub(r"[^a-z0-9]+", "-", company_key(name))[:60].strip("-")
    return f"{plain}-account" if plain in _RESERVED else plain or "account"


COPYRIGHT = re.compile(
    r"(?:©|\(c\)|Copyright)\s*(?:©\s*)?(?:(?:19|20)\d\d(?:\s*[-–]\s*(?:19|20)\d\d)?)?,?\s*"
    r"(?P<name>[A-Z][\w&.’' -]{1,40}?)(?=\s*(?:[.,|]|All [Rr]ights|\d{4}|$|\n))",
    re.MULTILINE,
)
"""A copyright notice with the `name` of its owner."""
