"""What people type for a company: names with countries, notes and legal forms, addresses, profiles, e-mail senders."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

from research.text.names import company_key, fold
from research.text.patterns import load_patterns
from research.text.urls import registrable_domain

_PATTERNS: Final = load_patterns("typed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What a text says: the `name` as it stands once marks are off, `variants` of it without notes, `regional` ones
    without a region as well, and the `domain` where an address was given."""

    name: str
    variants: tuple[str, ...] = ()
    regional: tuple[str, ...] = ()
    domain: str = ""


def read_typed(text: str) -> Typed:
    """The name, guesses at it and the domain in what somebody typed; a name is never empty where letters were typed."""
    line = " ".join(text.replace("\u200b", "").split())
    if profile := _PATTERNS["profile"].fullmatch(line):
        name = " ".join(unquote(profile[1]).replace("-", " ").split())
        return _typed(name)
    if mail := _PATTERNS["mail"].fullmatch(line):
        domain = registrable_domain(mail[1])
        return Typed(name=domain, domain="" if _PATTERNS["free_mail"].fullmatch(domain) else domain)
    if (site := _PATTERNS["site"].fullmatch(line)) and " " not in line:
        domain = registrable_domain(site[1].lower())
        return Typed(name=domain, domain=domain)
    clean = _PATTERNS["junk_after"].sub("", _PATTERNS["junk_before"].sub("", line)).strip(" ,;-–—|\"'“”") or line
    return _typed(clean)


def _typed(name: str) -> Typed:
    variants = _variants(name)
    return Typed(name=name, variants=variants, regional=_regional((name, *variants)))


def _variants(name: str) -> tuple[str, ...]:
    """The name without what may be a note: brackets, what follows a dash or bar, other names."""
    found: dict[str, None] = {}
    parts = _PATTERNS["also"].split(name)
    for part in parts if len(parts) > 1 else (name,):
        bare = part
        for mark, filling in (("bracket", " "), ("tail", "")):
            shorter = _PATTERNS[mark].sub(filling, bare).strip(" ,;-–—|")
            bare = shorter if fold(shorter) else bare
            found[bare] = None
    key = company_key(name)
    return tuple(form for form in found if fold(form) and company_key(form) != key)


def _regional(forms: Iterable[str]) -> tuple[str, ...]:
    """The forms without a region at their end: a branch, a listed daughter, or a note; so only a hint."""
    found: dict[str, None] = {}
    for form in forms:
        bare = _PATTERNS["region"].sub("", _PATTERNS["region"].sub("", form)).strip(" ,;-–—|")
        if fold(bare) and company_key(bare) != company_key(form):
            found[bare] = None
    return tuple(found)
