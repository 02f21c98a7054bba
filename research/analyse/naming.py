"""Names in text: what looks like a person's, what is a company's, and whether two names are one company's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final

from research.analyse.patterns import has_role, role_words
from research.text.names import company_key, fold, without_suffix
from research.text.patterns import load_patterns

PERSON: Final = load_patterns("people")["person"].pattern
"""A person's name in Latin script: two to four capitalised parts with initials and particles."""

_PERSON: Final = re.compile(PERSON)


@cache
def not_names() -> frozenset[str]:
    """Words that are no part of a person's name: of titles and menus, and of job titles."""
    import tomllib

    data = tomllib.loads((files("corpora") / "lexicons" / "not_names.toml").read_text(encoding="utf-8"))
    heads = {word for head in role_words()["heads"] for word in head.split()}
    return (
        frozenset(data["words"])
        | heads
        | role_words()["premodifiers"]
        | {w.lower() for w in role_words()["abbreviations"]}
    )


@cache
def given_names() -> frozenset[str]:
    text = (files("corpora") / "lexicons" / "first_names.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def has_given_name(text: str) -> bool:
    """Whether a name begins with a frequent given name, titles aside."""
    words = [word for word in text.replace("-", " ").split() if word.strip(".").lower() not in _TITLES]
    return bool(words) and fold(words[0]) in given_names()


_TITLES: Final = frozenset("mr mrs ms dr prof sir dame".split())


def is_person_name(text: str, company_names: Iterable[str] = ()) -> bool:
    """Whether `text` can be a person's name: of that shape, and no word of it of titles, places, months or firms."""
    if not _PERSON.fullmatch(text.strip()) or re.search(r"[’']s\b", text):
        return False
    words = [word.strip(".,’'").lower() for word in text.split()]
    if any(word in not_names() for word in words):
        return False
    own = {word for name in company_names for word in fold(name).split()}
    return not has_role(text) and not set(words) & own


def same_company(name: str, names: Iterable[str]) -> bool:
    """Whether `name` is one of `names` once legal form, article and possessive are dropped."""
    key = company_key(re.sub(r"[’']s?$", "", name.strip(" .,")))
    keys = {company_key(known) for known in names}
    return bool(key) and (key in keys or key.replace(" ", "") in {known.replace(" ", "") for known in keys})


@lru_cache(maxsize=256)  # a refresh goes through thousands of accounts
def account_pattern(names: tuple[str, ...]) -> re.Pattern[str]:
    """The account's names as they stand in text, with or without legal form and possessive."""
    forms = {form for name in names for form in (name, without_suffix(name)) if len(form) > 1}
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, sorted(forms, key=len, reverse=True)))})(?![\w])")


FIRST_PERSON: Final = re.compile(r"\b(?:[Ww]e|[Oo]ur|[Uu]s|[Tt]he Company)\b")


def speaks_of_account(text: str, names: tuple[str, ...], *, own: bool) -> bool:
    """Whether a sentence names the account, or says `we` on the account's own page."""
    return bool(account_pattern(names).search(text)) or (own and FIRST_PERSON.search(text) is not None)
