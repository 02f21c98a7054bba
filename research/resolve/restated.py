"""Whether pages still say, in other words or elsewhere, what a finding says: then its claim has not changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from research.model.document import Document
from research.model.finding import Finding
from research.resolve.keys import person_key, phrase_key, place_key, role_key
from research.text.names import company_key, fold
from research.text.topics import role_patterns

# Read on reworded sentences of the sample and of three sites: synonyms and a turned clause leave more than half of the
# content words, another statement about the same name shares a third at most.
SHARE: Final = 0.5
ALIKE: Final = 0.6  # of short phrases and summaries, whose words all count
_CARD: Final = 400  # characters of two neighbours that may be one card: a name, a title, a line about the person
_FIGURE: Final = re.compile(r"\d[\d.,]*\d|\d")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One passage, or two neighbours, as words; `ends` says that it speaks of the end of something."""

    words: frozenset[str]
    figures: frozenset[str]
    ends: bool
    pair: bool = False


def words_said(documents: Iterable[Document]) -> tuple[Said, ...]:
    """Every passage of the documents, and every two that follow one another, for names and roles that stand apart."""
    found: list[Said] = []
    for document in documents:
        texts = [p.of(document.text) for p in document.passages]
        found += [_said(text) for text in texts]
        found += [_said(f"{a}\n{b}", pair=True) for a, b in pairwise(texts) if len(a) + len(b) < _CARD]
    return tuple(found)


def _said(text: str, *, pair: bool = False) -> Said:
    plain = fold(text)
    words = frozenset(plain.split()) | frozenset(role_key(text).split())
    return Said(words=words, figures=figures(text), ends=speaks_of_end(plain), pair=pair)


def figures(text: str) -> frozenset[str]:
    """The numbers of a text without separators: another number is another statement."""
    return frozenset(re.sub(r"[.,]", "", number) for number in _FIGURE.findall(text))


def speaks_of_end(folded: str) -> bool:
    """Whether a folded text holds a word by which something ends."""
    return role_patterns()["ended"].search(folded) is not None


def still_said(finding: Finding, quote: str, passages: Sequence[Said]) -> bool:
    """Whether some passage holds the finding's names and figures and half of the quote's other words, or a person
    with the role."""
    names, stated = _names(finding), figures(_value(finding))
    content = frozenset(phrase_key(quote).split()) - names
    ends = speaks_of_end(fold(quote))
    person = finding.kind == "person"
    for said in passages:
        if said.pair and not person:
            continue
        if not (names <= said.words and stated <= said.figures and said.ends == ends):
            continue
        if person or len(content & said.words) >= SHARE * len(content):
            return True
    return False


def _names(finding: Finding) -> frozenset[str]:
    """The words without which a passage cannot state a finding."""
    match finding.kind:
        case "person":
            return frozenset(f"{person_key(finding.text('name'))} {role_key(finding.text('role'))}".split())
        case "relation" | "presence":
            return frozenset(company_key(finding.text("company")).split())
        case "office":
            return frozenset(place_key(finding.text("place")).split())
        case "offering":
            return frozenset(fold(finding.text("name")).split())
        case "fact":
            return frozenset(fold(finding.text("value")).split()) if finding.get("unit") is None else frozenset()
        case _:
            return frozenset()


def _value(finding: Finding) -> str:
    return " ".join(finding.text(name) for name in ("value", "phrase", "summary"))


def alike(a: str, b: str) -> bool:
    """Whether two short texts say the same: most words of the shorter one, the same figures, and neither an end of
    what the other has going on."""
    left, right = frozenset(phrase_key(a).split()), frozenset(phrase_key(b).split())
    if figures(a) != figures(b) or speaks_of_end(fold(a)) != speaks_of_end(fold(b)):
        return False
    return bool(left and right) and len(left & right) >= ALIKE * min(len(left), len(right))
