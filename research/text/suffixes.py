"""The public suffix list, read in part: the rules that can hold of a name are those that end as it does.

To read all of it takes 40 ms of CPU, more than a visit of ten pages that have not changed.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from typing import Final

from publicsuffixlist import PublicSuffixList

_FILE: Final = "public_suffix_list.dat"
_PARTS: Final = 12  # top-level domains that are looked up by themselves; whoever meets more has all of it read
_PLAIN: Final = re.compile(r"(?!xn--)[a-z0-9-]+")


def private_suffix(name: str) -> str | None:
    """What `PublicSuffixList().privatesuffix(name)` says: the domain that one owner registers, None where `name` is a
    public suffix itself or no name."""
    end = name.removesuffix(".").rpartition(".")[2].lower()
    # A rule in another script has an ASCII form as well, which only the whole list knows.
    rules = _ending(end) if _PLAIN.fullmatch(end) and _ending.cache_info().currsize < _PARTS else _whole()
    found: str | None = rules.privatesuffix(name)
    return found


@cache
def _ending(end: str) -> PublicSuffixList:
    """The rules whose last label is `end`, and some more, which cannot hold of a name that ends so."""
    return PublicSuffixList("\n".join(line for line in _rules() if line.endswith(end) or " " in line))


@cache
def _whole() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _rules() -> tuple[str, ...]:
    """The lines of the list that are no comment; a rule ends at a space or with its line."""
    lines = (files("publicsuffixlist") / _FILE).read_text(encoding="utf-8").lower().splitlines()
    return tuple(line.rstrip() for line in lines if not line.startswith("//"))
