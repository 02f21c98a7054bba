"""Who a document is about: the gate that it passes with a reason, or does not pass."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from research.model.account import Account
from research.model.document import Document
from research.model.finding import Admission
from research.text.names import COPYRIGHT, LEGAL_SUFFIXES, company_key, fold, without_suffix
from research.text.urls import registrable_domain

_MENTIONS_NEEDED: Final = 2  # one passing mention does not make a document be about a company
_HEAD: Final = 1500  # code points in which a release or a filing names whose it is
_NEXT_WORD: Final = re.compile(r"\s+([A-Z][\w&\-]+)")
_FORMED: Final = re.compile(
    rf"\s+[A-Z][\w&\-]+,?\s+(?:{'|'.join(s for s in LEGAL_SUFFIXES if len(s) > 2)})\b", re.IGNORECASE
)
_CORPORATE: Final = frozenset((*LEGAL_SUFFIXES, "group", "holdings", "holding", "the"))


_OWN_FILE: Final = "own:"


def _by_own_file(document: Document, account: Account) -> Admission | None:
    """A note of the team's own is about the account if it names it once, or its file's name does: colleagues write
    short. It is never the account's own word."""
    if not document.url.startswith(_OWN_FILE):
        return None
    named = count_names(f"{document.url}\n{document.title}\n{document.text}", account)[0]
    domain = any(f"@{known}" in document.text.lower() for known in account.domains)
    if named or domain:
        return _admission(document, f"it is a note of the team's own that names {account.name}")
    return _admission(document, f"this note of the team's own does not name {account.name}", admitted=False)


def admit(document: Document, account: Account) -> Admission:
    """The gate's decision: by identifier, by domain, by the filing's registrant, or by name; else the document is
    quarantined."""
    return (
        _by_identifier(document, account)
        or _by_own_file(document, account)
        or _by_filer(document, account)
        or _by_domain(document, account)
        or _by_registrant(document, account)
        or _by_name(document, account)
    )


def _by_identifier(document: Document, account: Account) -> Admission | None:
    """A register's record speaks of whom its identifiers name; one that states none goes on to the other gates."""
    stated = {key.partition(":")[2]: value for key, value in document.metadata if key.startswith("about:")}
    known = dict(account.identifiers)
    for key, value in stated.items():
        if known.get(key) == value:
            own = document.meta("own") is not None
            return _admission(document, f"it is the record of the account's {key} {value}", own=own)
    if not stated:
        return None
    whose = ", ".join(f"{key} {value}" for key, value in stated.items())
    return _admission(document, f"it is the record of {whose}, which is not known as the account's", admitted=False)


def _admission(document: Document, reason: str, *, admitted: bool = True, own: bool = False) -> Admission:
    return Admission(document_id=document.id, url=document.url, admitted=admitted, own=own, reason=reason)


_ARCHIVE: Final = re.compile(r"^https?://(?:www\.)?sec\.gov(?::\d+)?/Archives/edgar/data/0*(\d+)/")
# Papers that a company files and that speak of its people or companies in the third person, often of other firms too.
_LISTS: Final = re.compile(r"\bproxy statement\b|\bsubsidiaries of\b|\blist of subsidiaries\b", re.IGNORECASE)


def _by_filer(document: Document, account: Account) -> Admission | None:
    """A paper of EDGAR's archive is its filer's, whose number stands in the address."""
    match = _ARCHIVE.match(document.url)
    cik = dict(account.identifiers).get("cik", "").lstrip("0")
    if match is None or not cik:
        return None
    if match[1] != cik:
        return _admission(document, f"it was filed by another company (CIK {match[1]})", admitted=False)
    own = not _LISTS.search(document.text[:_HEAD])
    return _admission(document, f"it was filed with the SEC under the account's CIK {cik}", own=own)


def _by_domain(document: Document, account: Account) -> Admission | None:
    domain = registrable_domain(document.url) if "://" in document.url else ""
    if domain and domain in account.domains:
        return _admission(document, f"it stands on the account's own domain {domain}", own=True)
    return None


def _by_registrant(document: Document, account: Account) -> Admission | None:
    registrant = document.meta("registrant")
    if registrant is None:
        return None
    if _same(registrant, account):
        return _admission(document, f"its cover page names the registrant {registrant}", own=True)
    reason = f"its cover page names another registrant: {registrant}"
    return _admission(document, reason, admitted=False)


def _same(name: str, account: Account) -> bool:
    key = company_key(name)
    keys = {company_key(known) for known in account.names}
    return key in keys or key.replace(" ", "") in {k.replace(" ", "") for k in keys}


def _by_name(document: Document, account: Account) -> Admission:
    full, longer = count_names(document.text, account)
    if full and document.meta("said") is not None:  # a list that was asked for by name; each line is checked by itself
        return _admission(document, f"it is a list that names {account.name}")
    if full >= _MENTIONS_NEEDED and full > longer.total():
        own = _speaks_itself(document, account)
        return _admission(document, f"it names {account.name} {full} times", own=own)
    spelled = spelled_otherwise(document.text, account.name)
    if not full and spelled:
        own = _speaks_itself(document, replace(account, aliases=(*account.aliases, spelled)))
        return _admission(document, f"it names {spelled}, which is {account.name} spelled otherwise", own=own)
    other = ", ".join(name for name, _ in longer.most_common(2))
    if other:
        return _admission(
            document, f"it names {other}, which may be another company than {account.name}", admitted=False
        )
    times = "once only" if full else "nowhere"
    return _admission(document, f"it names {account.name} {times}", admitted=False)


_SHORTEST_SPELLED: Final = 6  # letters; shorter names stand in other words once blanks are ignored


def spelled_otherwise(text: str, name: str) -> str | None:
    """How `text` writes a name whose letters are the same: `Best Buy` for `BESTBUY`, `McDonald's` for `MCDONALDS`; None
    where it does so less than twice."""
    letters = fold(without_suffix(name)).replace(" ", "")
    if len(letters) < _SHORTEST_SPELLED or not letters.isascii():
        return None
    pattern = re.compile(r"(?<!\w)" + r"[\s'’.\-]?".join(map(re.escape, letters)) + r"(?!\w)", re.IGNORECASE)
    forms = Counter(" ".join(m.group().split()) for m in pattern.finditer(text) if m.group()[0].isupper())
    return forms.most_common(1)[0][0] if forms.total() >= _MENTIONS_NEEDED else None


def _speaks_itself(document: Document, account: Account) -> bool:
    """Whether a document that is on no site of the account is still its own word: a file that is headed by its name, or
    a release that it sent out. What another site says of it is not."""
    if "://" in document.url and document.page_type != "press_release":
        return False
    return count_names(f"{document.title}\n{document.text[:_HEAD]}", account)[0] > 0


def count_names(text: str, account: Account) -> tuple[int, Counter[str]]:
    """How often the account is named, and the longer names that merely begin like it ("Flux Power" for Flux)."""
    forms = sorted({f for n in account.names for f in (n, without_suffix(n)) if len(f) > 1}, key=len, reverse=True)
    pattern = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, forms))})(?!\w)", re.IGNORECASE)
    known = {fold(n) for n in account.names}
    full, longer = 0, Counter[str]()
    for match in pattern.finditer(text):
        following = _NEXT_WORD.match(text, match.end())
        formed = _FORMED.match(text, match.end()) is not None
        if following and _another(match.group(), following[1], known, formed=formed):
            longer[f"{match.group()} {following[1]}"] += 1
        else:
            full += 1
    return full, longer


_FIRM_WORD: Final = re.compile(
    r"^(?:Power|Energy|Capital|Partners|Technologies|Systems|Bank|Motors|Pharma\w*|Health\w*|Logistics|Industries|Foods|Airlines?|"
    r"Financial|Insurance|Media|Networks?|Electric|Labs|Robotics|Software|Global|Solutions|Materials|Resources|Semiconductor|"
    r"Biosciences|Therapeutics|Medical|Realty|Properties|Entertainment|Studios|Ventures|Consulting|Construction|Brands)$"
)


def _another(form: str, word: str, known: set[str], *, formed: bool) -> bool:
    """Whether form and word are another company's name: a trade behind it says so, or a legal form behind both."""
    if word.lower().strip(".,") in _CORPORATE or fold(f"{form} {word}") in known:
        return False
    known_longer = any(fold(f"{form} {word}") in name for name in known)
    return (formed or _FIRM_WORD.match(word) is not None) and not known_longer


def infer_name(documents: Sequence[Document], domain: str) -> str:
    """The company's name as most of its own pages print it, preferring what the domain spells."""
    label = re.sub(r"[^a-z0-9]", "", domain.lower())
    votes: Counter[str] = Counter()
    for document in documents:
        for key, weight in (("organization_name", 4), ("site_name", 3)):
            if value := document.meta(key):
                votes[value.strip()] += weight
        votes.update(_title_parts(document))
        votes.update(dict.fromkeys(_copyright_names(document), 2))
    spelled = {name: count for name, count in votes.items() if _spells(name, label)}
    if spelled:
        best = max(spelled, key=lambda n: (spelled[n], -len(n), n))
        return without_suffix(best)
    return max(votes, key=lambda n: (votes[n], -len(n), n)) if votes else domain.split(".", maxsplit=1)[0].capitalize()


def _title_parts(document: Document) -> Iterable[str]:
    raw = document.meta("raw_title") or document.title
    parts = [p.strip() for p in re.split(r"\s+[|–—·•-]\s+|\s*[|]\s*", raw)]
    return {p for p in (parts[-1], parts[0]) if 2 <= len(p) <= 40} if len(parts) > 1 else ()


def _copyright_names(document: Document) -> set[str]:
    return {without_suffix(m["name"].strip()) for m in COPYRIGHT.finditer(document.text)}


def _spells(name: str, label: str) -> bool:
    """Whether the domain's letters begin with the name's, or the name's with those of its first label."""
    squeezed = fold(without_suffix(name)).replace(" ", "")
    return len(squeezed) >= 3 and (label.startswith(squeezed) or squeezed == label)


def infer_aliases(documents: Sequence[Document], name: str) -> tuple[str, ...]:
    """Other forms of the account's name that its own pages print often: `X Inc.`, `X Limited`, the short form."""
    forms: Counter[str] = Counter()
    base = re.escape(without_suffix(name))
    suffixes = "|".join(
        form for s in LEGAL_SUFFIXES for form in (s.capitalize(), s.upper())
    )  # "as" is a word, "AS" a form
    pattern = re.compile(rf"\b{base}(?:,)?\s+(?:{suffixes})\b\.?")
    head = without_suffix(name).split()[0]
    short = re.compile(rf"\b{re.escape(head)}\b(?!\s+[A-Z])")
    whole = re.compile(rf"\b{base}\b")
    for document in documents:
        if spelled := spelled_otherwise(document.text, name):
            forms[spelled] += _MENTIONS_NEEDED
        forms.update(m.group().strip() for m in pattern.finditer(document.text))
        if head != without_suffix(name) and len(head) > 3 and whole.search(document.text):
            forms[head] += len(short.findall(document.text))
    return tuple(form for form, count in forms.most_common(6) if count >= 2 and form != name)
