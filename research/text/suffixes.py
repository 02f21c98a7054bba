"""The public suffix list, read in part: the rules that can hold of a name are those that end as it does.

To read all of it takes 40 ms of CPU, more than a visit of ten pages that have not changed.
"""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from publicsuffixlist import PSLFILE, PublicSuffixList

_PARTS: Final = 30  # top-level domains that are read by themselves, at a millisecond each; who meets more has all read


def private_suffix(name: str) -> str | None:
    """What `PublicSuffixList().privatesuffix(name)` says: the domain that one owner registers, None where `name` is a
    public suffix itself or no name."""
    end = name.removesuffix(".").rpartition(".")[2].lower()
    plain = name.isascii() and "xn--" not in name.lower()  # rules of other scripts have a form in these letters as well
    rules = _ending(end) if plain and end and _ending.cache_info().currsize < _PARTS else _whole()
    found: str | None = rules.privatesuffix(name)
    return found


@lru_cache(maxsize=2048)  # there are some 1,500 top-level domains
def _ending(end: str) -> PublicSuffixList:
    """The rules whose last label is `end`, and some more, which cannot hold of a name that ends so."""
    lines = "\n".join(line for line in _rules() if line.endswith(end) or " " in line)
    return PublicSuffixList(lines, accept_encoded_idn=False)


@cache
def _whole() -> PublicSuffixList:
    return PublicSuffixList()


@cache
def _rules() -> tuple[str, ...]:
    """The lines of the list that are no comment; a rule ends at a space or with its line."""
    lines = Path(PSLFILE).read_text(encoding="utf-8").lower().splitlines()
    return tuple(line.rstrip() for line in lines if not line.startswith("//"))
