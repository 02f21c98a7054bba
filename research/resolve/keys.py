"""What makes two observations one finding: a key a kind, free of document and spelling."""

from __future__ import annotations

import re
from typing import Final

from research.model.finding import Finding, Observation, Value
from research.text.hashing import short_id
from research.text.names import company_key, fold

_STATES: Final = dict(
    pair.split("=")
    for pair in [
        "al=alabama",
        "ak=alaska",
        "az=arizona",
        "ar=arkansas",
        "ca=california",
        "co=colorado",
        "ct=connecticut",
        "de=delaware",
        "fl=florida",
        "ga=georgia",
        "hi=hawaii",
        "id=idaho",
        "il=illinois",
        "in=indiana",
        "ia=iowa",
        "ks=kansas",
        "ky=kentucky",
        "la=louisiana",
        "me=maine",
        "md=maryland",
        "ma=massachusetts",
        "mi=michigan",
        "mn=minnesota",
        "ms=mississippi",
        "mo=missouri",
        "mt=montana",
        "ne=nebraska",
        "nv=nevada",
        "nh=new hampshire",
        "nj=new jersey",
        "nm=new mexico",
        "ny=new york",
        "nc=north carolina",
        "nd=north dakota",
        "oh=ohio",
        "ok=oklahoma",
        "or=oregon",
        "pa=pennsylvania",
        "ri=rhode island",
        "sc=south carolina",
        "sd=south dakota",
        "tn=tennessee",
        "tx=texas",
        "ut=utah",
        "vt=vermont",
        "va=virginia",
        "wa=washington",
        "wv=west virginia",
        "wi=wisconsin",
        "wy=wyoming",
    ]
)
_STOP: Final = frozenset(
    [
        "a",
        "an",
        "the",
        "of",
        "for",
        "and",
        "to",
        "in",
        "on",
        "at",
        "its",
        "our",
        "their",
        "with",
        "by",
        "from",
        "as",
        "is",
        "are",
        "has",
        "have",
        "had",
        "this",
        "that",
    ]
)


def place_key(place: str) -> str:
    """The city of a printed place: `Boston, MA 02114` and `Boston, Massachusetts` meet in `boston`."""
    parts = [fold(part) for part in place.split(",") if fold(part)]
    named = [p for p in parts if p not in _STATES and not re.fullmatch(r"[a-z]{2} \d+|\d[\d ]*", p)]
    return (named or parts or [fold(place)])[0]


def phrase_key(phrase: str) -> str:
    """The content words of a phrase in order, so that an article or a case makes no second finding."""
    return " ".join(word for word in fold(phrase).split() if word not in _STOP) or fold(phrase)


def person_key(name: str) -> str:
    """First and last part of a name: `Corey E. Thomas` and `Corey Thomas` meet."""
    parts = [
        p
        for p in fold(name).split()
        if p not in {"dr", "mr", "mrs", "ms", "prof", "jr", "sr", "ii", "iii", "phd", "cfa", "cpa"}
    ]
    return f"{parts[0]} {parts[-1]}" if len(parts) > 1 else fold(name)


def fact_key(observation: Observation | Finding) -> tuple[Value, ...]:
    """Field and canonical value; of money and headcount the period too, for each year is a fact of its own."""
    field, normal = str(observation.get("field")), observation.get("normal")
    if field == "headquarters":
        return (field, place_key(str(observation.get("value"))))
    if field in ("legal_name", "parent"):
        return (field, company_key(str(observation.get("value"))))
    if field == "employees":
        return (field, _rounded(normal))
    if field in ("revenue", "net_income"):
        return (field, _rounded(normal), observation.get("period"))
    if field == "description":
        return (field,)  # many sentences, one description: the best is shown, the others are its evidence
    if field == "founded":
        return (field, str(normal)[:4])
    return (field, phrase_key(str(normal if normal is not None else observation.get("value"))))


def _rounded(value: Value) -> Value:
    """Three significant digits: `$74.3 million` and `74,289` thousand are one figure."""
    return float(f"{float(value):.3g}") if isinstance(value, (int, float)) else value


def finding_key(observation: Observation | Finding) -> tuple[Value, ...]:
    """The normalised attributes that identify the finding of this observation within its account and kind; for a
    finding, what identifies it already."""
    get = observation.get
    match observation.kind:
        case "fact":
            return fact_key(observation)
        case "person":
            return (person_key(str(get("name"))), role_key(str(get("role"))))
        case "offering":
            return (fold(str(get("name"))),)
        case "office":
            return (place_key(str(get("place"))),)
        case "relation":
            return (company_key(str(get("company"))), get("relation"), company_key(str(get("of"))))
        case "event":
            return (get("type"), get("date"), phrase_key(str(get("summary")))[:80])
        case "signal":
            return (get("type"), get("holder"), phrase_key(str(get("phrase"))))
        case "presence":
            return (company_key(str(get("company"))), get("basis"))


_ROLE_FORMS: Final = {
    "ceo": "chief executive officer",
    "cfo": "chief financial officer",
    "coo": "chief operating officer",
    "cto": "chief technology officer",
    "cmo": "chief marketing officer",
    "cio": "chief information officer",
    "ciso": "chief information security officer",
    "cpo": "chief product officer",
    "cro": "chief revenue officer",
    "svp": "senior vice president",
    "evp": "executive vice president",
    "vp": "vice president",
    "gm": "general manager",
    "md": "managing director",
}


def role_key(role: str) -> str:
    """A job title with its abbreviations spelled out and small words dropped."""
    words = " ".join(_ROLE_FORMS.get(w, w) for w in fold(role).split()).split()
    return " ".join(dict.fromkeys(w for w in words if w not in _STOP))


def finding_id(account_id: str, kind: str, key: tuple[Value, ...]) -> str:
    """The id of a finding: free of documents and versions, so that a judgement survives every re-crawl."""
    return short_id(account_id, kind, *key)
