"""Names of other companies in running text: enumerations, what describes a name, and what is no company at all."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from research.analyse.enumeration import is_company_like
from research.analyse.naming import account_pattern, same_company
from research.analyse.read import Block, Reading
from research.text.names import fold
from research.text.patterns import load_patterns

_PATTERNS: Final = load_patterns("companies")
NAME_PATTERN: Final = _PATTERNS["name"]
_JOINT: Final = _PATTERNS["joint"]
_LEAD: Final = _PATTERNS["lead"]
# A run of capitals that ends in one of these describes the company that is named behind it.
_DESCRIPTION: Final = re.compile(
    r"^(?:.*\s)?(?:Company|Firm|Provider|Maker|Vendor|Specialist|Startup|Leader|Developer|Supplier|Manufacturer)\b\s*"
)
# "X Acquires Y; Adds Machine Data Search": a headline that goes on.
_HEADLINE: Final = re.compile(
    r"(?:Adds|Announces|Appoints|Brings|Delivers|Enters|Expands|Extends|Joins|Launches|Names|Opens|Strengthens)\b"
)
_SHAPED: Final = re.compile(r"[a-z][A-Z]|\d|[A-Z]{2}|\b(?:Inc|Corp|Ltd|LLC|plc|GmbH|AG)\b")


@cache
def not_companies() -> frozenset[str]:
    """Folded words that stand capitalised and are no company."""
    data = tomllib.loads((files("corpora") / "lexicons" / "not_companies.toml").read_text(encoding="utf-8"))
    return frozenset(data["words"])


def is_company_name(name: str, reading: Reading, own_terms: frozenset[str]) -> bool:
    """Whether `name` can be another company: no generic word, no person, nothing of the account's own."""
    key = fold(name)
    if len(key) < 2 or key in not_companies() or key in own_terms or key.isdigit():
        return False
    if _COUNTED.match(name):
        return False  # "About 1,900 companies use …"
    if _HEADLINE.match(name) and len(name.split()) > 1:
        return False
    if same_company(name, reading.account.names) or account_pattern(reading.account.names).search(name):
        return False
    return not re.match(r"Q[1-4]\b|FY\d|(?:19|20)\d\d$|\d+\w?$|[\d.,]+$", name) and not re.search(
        r"\d{3}", name.split(maxsplit=1)[0]
    )


def named_companies(
    text: str, spans: Sequence[tuple[int, int]], block: Block, *, placed: float = 0.0
) -> list[tuple[str, float]]:
    """The names of an enumeration with how sure each is one: descriptions are dropped ("Security Firm, Komand"), and a
    single plain word counts only where the model takes it for a firm or a product.

    `placed` is how sure a name is that the model takes for a place and no list of places knows: small models place the
    names of products, and where the grammar leaves room for none, the grammar is right.
    """
    names = [tidy(text[start:end]) for start, end in spans]
    last = max((i for i, name in enumerate(names) if _DESCRIPTION.match(name)), default=-1)
    if last >= 0:
        rest = _DESCRIPTION.sub("", names[last])
        names = [rest, *names[last + 1 :]] if rest else names[last + 1 :]
    weighed = [(name, strength_of(name, block) or (placed if is_company_like(name) else 0.0)) for name in names if name]
    return [(name, strength) for name, strength in weighed if strength]


def strength_of(name: str, block: Block) -> float:
    """How sure it is that `name` in this block is a company: 0 for a place, 1 and more where shape or model say so."""
    labels = {
        m.label for m in block.mentions if m.text.startswith(name) or (len(m.text) > 3 and name.startswith(m.text))
    }
    if labels & {"company", "product"}:
        return 1.05
    if "place" in labels:
        return 0.0
    if labels & {"person", "date"}:
        return 0.5
    return 1.0 if _SHAPED.search(name) or len(name.split()) > 1 else 0.6


def names_after(text: str, position: int) -> list[tuple[int, int]]:
    """Spans of the names that an enumeration starting at `position` lists: `such as A, B Inc. and C`."""
    lead = _LEAD.match(text, position)
    at = lead.end() if lead else position
    found: list[tuple[int, int]] = []
    while match := NAME_PATTERN.match(text, at):
        end = match.end() + (
            _STOP_OF_FORM.search(match.group()) is not None and text[match.end() : match.end() + 1] == "."
        )
        found.append((match.start(), end))
        joint = _JOINT.match(text, end)
        if joint is None:
            break
        at = joint.end()
    return found


_STOP_OF_FORM: Final = re.compile(r"\b(?:Inc|Corp|Co|Ltd)$")  # whose full stop ends no sentence


def names_before(text: str, position: int) -> list[tuple[int, int]]:
    """The span of the name that ends right before `position`, if there is one."""
    found = [m.span() for m in NAME_PATTERN.finditer(text[:position])]
    if not found or text[found[-1][1] : position].strip(" ,’'s()™®") not in ("", "has", "have", "also", "recently"):
        return []
    return [found[-1]]


_AROUND: Final = re.compile(
    r"^(?:\w+ )?[Cc]omparison of\s+|\s+(?:[Pp]erformance\s+)?[Cc]omparison$"
    r"|\s+(?:[Aa]lternatives?|[Pp]ricing|[Ss]olutions?)$"
)


_WHEN: Final = re.compile(
    r"^(?:In|On|Since|By|During)\s+(?:(?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December)\s+)?(?:\d{1,2},?\s+)?(?:(?:19|20)\d\d\s+)?(?=[A-Z])"
)
_COUNTED: Final = re.compile(r"(?i)(?:about|over|nearly|almost|around|approximately|roughly|some|only|more than)\s+\d")


def tidy(name: str) -> str:
    """A name without possessive, article and trailing punctuation."""
    clean = re.sub(
        r"^(?:The|the|A|An|Our|Your|Their|Its|Unlike|Compared|Why|How|When|What)\s+", "", name.strip(" ,;:–—-")
    )
    clean = _WHEN.sub("", clean)
    clean = _AROUND.sub("", re.sub(r"^[A-Z][a-z]+ing\s+(?=[A-Z])", "", clean))  # "Exploring Kafka vs RabbitMQ"
    clean = re.sub(r"[’']s?$|[™®©]+", "", clean)
    return re.sub(r"\s+(?:and|&|of|for)$", "", clean).strip(" ,")
