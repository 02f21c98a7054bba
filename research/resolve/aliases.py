"""Relations with one company under two names: `AMD` and `Advanced Micro Devices, Inc.` are one rival."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from research.model.document import Document
from research.model.finding import Finding, Value
from research.resolve.merge import join
from research.text.names import company_key, fold, without_suffix

_LONGEST_INITIALISM: Final = 5  # letters; longer runs of capitals are names in capitals
# Where a part of a name stands for the whole; among partners and suppliers it is as often a product and its maker.
_SHORTENED: Final = frozenset({"competitor", "customer"})
_OPENED: Final = re.compile(
    r"(?:,?\s+(?:Inc|Corp(?:oration)?|Co|Ltd|LLC|plc|AG|SE|SA|NV|GmbH|Limited|Company)\b\.?)*"
    r"\s*\("
)
_ARTICLES: Final = re.compile(r"(?:the\s+|or\s+|“|\"|')*")
_CLOSED: Final = re.compile(r"[”\"']*\)")


def fold_companies(findings: Sequence[Finding], documents: Mapping[str, Document]) -> tuple[Finding, ...]:
    """Relations of one kind whose companies are one by a defined term, an initialism or a short form become one; the
    fullest name stays, so that the finding's id depends on no confidence."""
    groups: dict[tuple[Value, Value], list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.kind == "relation":
            groups[(finding.get("relation"), finding.get("of"))].append(finding)
    kept = [f for f in findings if f.kind != "relation"]
    for group in groups.values():
        kept.extend(_fold_group(group, documents))
    return tuple(kept)


def _fold_group(group: Sequence[Finding], documents: Mapping[str, Document]) -> list[Finding]:
    kept: list[Finding] = []
    for finding in sorted(group, key=lambda f: (-len(company_key(f.text("company"))), f.id)):
        twins = [i for i, one in enumerate(kept) if _one_company(one, finding, documents)]
        if len(twins) == 1:  # a short form of two companies is neither's
            kept[twins[0]] = join(kept[twins[0]], finding)
        else:
            kept.append(finding)
    return kept


def _one_company(longer: Finding, shorter: Finding, documents: Mapping[str, Document]) -> bool:
    """Whether the second name is the first one's: as its initials, or as a part of it that a document uses so."""
    long, short = without_suffix(longer.text("company")), without_suffix(shorter.text("company"))
    if is_initialism(short, long):
        return True
    texts = [documents[e.document_id].text for f in (longer, shorter) for e in f.evidence if e.document_id in documents]
    if any(_defined(long, short, text) for text in dict.fromkeys(texts)):
        return True
    if longer.get("relation") not in _SHORTENED:
        return False
    whole, part = fold(long).split(), fold(short).split()
    extra = len(whole) - len(part)
    if extra == 1 and len(part) == 1 and whole[-1:] == part and len(part[0]) > 3:
        return True  # "Apache Druid" and "Druid": what is left of a name is its telling end
    return whole[: len(part)] == part and 0 < extra <= 2 and any(_used(long, short, text) for text in texts)


def is_initialism(short: str, long: str) -> bool:
    """Whether `short` is written in capitals that begin the words of `long`, in order and all of them."""
    letters = "".join(word[0] for word in re.findall(r"[^\W\d_]\w*", long) if word[0].isupper())
    return 2 <= len(short) <= _LONGEST_INITIALISM and short.isupper() and short == letters


def _defined(long: str, short: str, text: str) -> bool:
    """Whether `text` introduces the short form: `Long Name, Inc. (“Short”)`."""
    at = text.find(long)
    while at >= 0:
        opened = _OPENED.match(text, at + len(long))
        if opened and _stands_in(text, opened.end(), short):
            return True
        at = text.find(long, at + 1)
    return False


def _stands_in(text: str, at: int, short: str) -> bool:
    """Whether a bracket opened at `at` holds the short form and no more than articles and quotation marks beside it."""
    articles = _ARTICLES.match(text, at)
    starts = {at, articles.end() if articles else at}
    return any(text.startswith(short, start) and _CLOSED.match(text, start + len(short)) for start in starts)


def _used(long: str, short: str, text: str) -> bool:
    """Whether a text has the whole name, and its beginning alone as a name of its own: `Long Name … Long`, or
    `Long Name, Inc., or Long,`."""
    following = long[len(short) :].split() if long.startswith(short) else []
    if not following or long not in text:
        return False
    return re.search(rf"\b{re.escape(short)}(?!\s+(?:{re.escape(following[0])}|[A-Z]))\b", text) is not None
