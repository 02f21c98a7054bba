"""The profile facts that a filing states in words: head count, founding, what the company is and how it puts it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from research.analyse.read import Block, Reading, Sentence
from research.text.dates import dates
from research.text.names import fold, without_suffix

_PEOPLE: Final = (
    r"(?:employees|associates|team\s+members|teammates|colleagues|people|persons|workers|individuals"
    r"|partners|co-?workers|crew\s+members|staff)"
)
_COUNT: Final = r"(?P<count>\d{1,3}(?:,\d{3})+|\d{1,9}(?:\.\d{1,9})?\s+million|\d{2,6})"
_ABOUT: Final = r"(?:approximately|about|over|nearly|more\s+than|roughly|around|some|almost|a\s+total\s+of)?\s*"
_COUNTED: Final = re.compile(
    rf"{_ABOUT}{_COUNT}\s+(?:full-time\s+(?:and|or)\s+part-time\s+)?(?:(?!of\b|and\b)[\w-]+,?\s+){{0,5}}?{_PEOPLE}\b",
    re.IGNORECASE,
)
_TWO_YEARS: Final = re.compile(
    rf"{_ABOUT}{_COUNT}\s+and\s+(?:approximately\s+)?[\d,]+\s+(?:[\w-]+\s+){{0,3}}?{_PEOPLE},?\s+(?:respectively|in)",
    re.IGNORECASE,
)
_WORKFORCE: Final = re.compile(
    rf"\b(?:workforce|headcount|head\s+count|number\s+of\s+(?:full-time\s+"
    rf")?employees)\b[^.;]{{0,60}}?\b(?:of|was|were|totaled|totalled|to)\s+{_ABOUT}{_COUNT}\b(?!\s*%)",
    re.IGNORECASE,
)
_HAVE: Final = re.compile(
    r"\b(?:had|have|has|employ|employs|employed|workforce\s+(?:of|was|consisted)|headcount|total\s+of"
    r"|consisted\s+of|delivered\s+by|comprised|our)\b",
    re.IGNORECASE,
)
_PARTIAL: Final = re.compile(
    r"\b(?:union\w*|collective\s+bargaining|represented\s+by|laid\s+off|layoffs?|reduc\w+|terminat\w+"
    r"|sever\w+|hired|hire|recruit\w*|trained|training|participat\w+|completed|leveraged|volunteer\w*"
    r"|promot\w+|accommodate\w*|occupied|sales\s+force|sales\s+representatives|contract(?:ed|ors?)\s+"
    r"workers|tuition|joined|clinicians?|acquired|acquisition\s+of|added|engaged\s+in\s+research"
    r"|part-time\s+employees\s+only|seasonal|eligible|stock\s+purchase|covers|benefits?\s+to|serve[ds]?"
    r"|members|customers|surveyed|responded)\b",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"^\W*(?:who\s+|located\s+|based\s+|employed\s+)?(?:in|at)\s+(?:the\s+)?(?!over\b|more\b"
    r"|approximately\b|about\b|nearly\b|\d|fiscal|total|all\b|each|our|december|january|june|the\s+"
    r"aggregate)(?P<place>[A-Z][\w.]+|region|field|united)",
    re.IGNORECASE,
)
_BEFORE_PLACE: Final = re.compile(
    r"\bof\s+(?:which|whom|these|those|the|our)\b[^.;]{0,30}$|\bincluding\s+(?:approximately\s+)?$"
    r"|\band\s+(?:approximately\s+)?$|\b(?:in|outside)\s+the\s+U\.?S\.?,?\s+(?:we\s+)?\w*\s*$",
    re.IGNORECASE,
)

_FOUNDED: Final = re.compile(
    r"\b(?i:founded|incorporated|organi[sz]ed|formed|established)\b(?:\s+(?:in|on|as|under"
    r"|by)\b[^.;]{0,90}?)??\s+(?:in|on)\s+(?P<date>(?:[A-Z][a-z]+\s+(?:\d{1,2},\s+)?)?(?:18|19|20)\d\d)\b"
    r"|\b(?:since\s+(?:its|our)\s+(?:founding|inception|incorporation)|(?:traces?\s+(?:its|our)\s+(?:roots"
    r"|history|origins?)|dat(?:es|ing))\s+(?:back\s+)?to|began\s+(?:operations|business))\s+(?:in\s+"
    r")?(?P<date2>(?:[A-Z][a-z]+\s+(?:\d{1,2},\s+)?)?(?:18|19|20)\d\d)\b",
)
_STARTS: Final = re.compile(
    r"\b(?:founded|incorporated|organi[sz]ed|formed|established|inception|founding)\b", re.IGNORECASE
)
_WE: Final = re.compile(
    r"\b(?:we|our\s+company|the\s+(?:company|corporation|registrant)|our\s+predecessor)\b", re.IGNORECASE
)
_OTHERS_START: Final = re.compile(
    r"\b(?:subsidiar\w+|committee|co-founded|fund|foundation|joint\s+venture|trust|program|criteria|court"
    r"|acquired|plan|partnership\s+with|headquartered\s+at|he\b|she\b|Mr\.|Ms\.)",
    re.IGNORECASE,
)

_KINDS: Final = (
    r"(?:compan(?:y|ies)|(?:provider|retailer|manufacturer|leader|firm|corporation|bank|insurer|producer"
    r"|developer|operator|distributor|supplier|platform|business(?:es)?|enterprise|service|network|maker"
    r"|designer|seller|marketer|organization|institution|REIT|railroad|airline|utilit(?:y|ies)|pioneer"
    r"|owner|franchisor|lender|builder|contractor|(?:real\s+estate\s+investment\s+)?trust|partnership"
    r"|processor|explorer)s?)"
)
_END: Final = (
    r"(?=,?\s+(?:that|which|with|dedicated|focused|enabling|based|positioned|serving|operating"
    r"|headquartered|engaged|committed|providing|offering|whose|who|through|and\s+(?:is|are|has|have|we"
    r"|sells?|offers?|provides?|related)"
    r"|working|designed|helping|whereby|by|to|on|around|across|throughout|worldwide|globally|in\s+the\s+"
    r"(?:world|united)|including|such\s+as)\b|[.;:(]|$)"
)
# "X is a leading provider of Y in Z" says Y; "X is a global aerospace company" says the whole.
_IS_A: Final = re.compile(
    rf"\s(?:is|are)\s+(?:now\s+|today\s+|also\s+|among\s+)?(?:one\s+of\s+)?(?:an?\s+|the\s+"
    rf")?(?P<what>[^.;:]{{0,140}}?\b(?P<kind>{_KINDS}(?:\s+{_KINDS})*))\b(?:\s+(?:of|in|for)\s+"
    rf"(?P<thing>[^.;:(]{{3,120}}?){_END})?"
)
_AGENTS: Final = re.compile(
    r"(?:provider|manufacturer|leader|producer|developer|operator|distributor|supplier|maker|designer"
    r"|seller|marketer|pioneer|owner|processor)s?$",
    re.IGNORECASE,
)
_VERB: Final = (
    r"(?:designs?|develops?|manufactures?|makes?|provides?|offers?|produces?|sells?|leases?|markets?"
    r"|operates?|distributes?|delivers?|creates?|builds?|explores?|researches|supplies|supply|pioneered"
    r"|owns?)"
)
_WE_MAKE: Final = re.compile(
    rf"^.{{0,140}}?\b(?P<verb>(?:is|are)\s+(?:primarily\s+|principally\s+)?engaged\s+in\s+(?:the\s+)?"
    rf"|(?:(?:primarily|principally|globally)\s+)?{_VERB}(?:,\s+{_VERB})*(?:,?\s+and\s+{_VERB})?\s+"
    rf")(?P<what>[a-z][^.;:]{{8,180}}?){_END}",
)
_NO_INDUSTRY: Final = re.compile(
    r"operating\s+company|holding\s+company|subsidiar|collection\s+of|conventional\s+company"
    r"|customer-centric|organi[sz]ed|^(?:corporation|company)$|shell\s+company|own\s+operations",
    re.IGNORECASE,
)
_BOILERPLATE: Final = re.compile(
    r"forward-looking|annual\s+report|form\s+10-k|unless\s+(?:otherwise|the\s+context)|as\s+used\s+(?:in"
    r"|herein)|in\s+this\s+report|references?\s+(?:to|in)|the\s+terms?\b|refers?\s+to|incorporated\s+"
    r"(?:herein\s+)?by\s+reference|fiscal\s+year|item\s+\d"
    r"|see\s+[“\"]|www\.|information\s+(?:required|regarding)|for\s+purposes\s+of|safe\s+harbor",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """A value as printed, its canonical form, and the sentence that states it."""

    value: str
    normal: str | float
    start: int
    end: int
    score: float
    as_of: str | None = None


def employees(reading: Reading) -> Stated | None:
    """The number of people in the whole company: of the counts in Items 1 and 7, the one that is about all."""
    found = [
        count
        for block in reading.blocks
        if _is_business(block)
        for sentence in block.sentences
        for count in _counts(sentence, block)
    ]
    best = max(found, key=lambda each: (each.score, float(each.normal)), default=None)
    return best if best and best.score >= 0.6 else None


def _is_business(block: Block) -> bool:
    path = block.passage.heading_path
    return block.passage.main and len(path) > 1 and path[1].startswith(("Item 1.", "Item 7.", "Item 1A."))


def _counts(sentence: Sentence, block: Block) -> Iterator[Stated]:
    compared = list(_TWO_YEARS.finditer(sentence.text))
    for pattern in (_TWO_YEARS,) if compared else (_COUNTED, _WORKFORCE):
        for match in pattern.finditer(sentence.text):
            count = match["count"]
            number = float(count.replace(",", "").split()[0]) * (1e6 if "million" in count else 1)
            if not 20 <= number <= 5e6 or re.match(r"(?:19|20)\d\d$", count):
                continue
            as_of = next((stated.iso for stated in dates(sentence.text)), None)
            score = _scope(sentence.text, match, block)
            yield Stated(value=count, normal=number, start=sentence.start, end=sentence.end, score=score, as_of=as_of)


def _scope(text: str, match: re.Match[str], block: Block) -> float:
    """How sure it is that a count is of the whole company (weights set on 23 filings)."""
    before, after = text[: match.start()], text[match.end() :].split(";", maxsplit=1)[0]
    score = 0.6
    score += 0.15 * bool(_HAVE.search(before[-70:] + match[0]))
    score += 0.1 * bool(re.search(r"\b(?:as\s+of|at)\s+(?:the\s+end|[A-Z][a-z]+\s+\d{1,2})", text))
    score += 0.08 * bool(
        re.search(
            r"human\s+capital|employees|workforce|people|associates|talent|our\s+team",
            " ".join(block.passage.heading_path[2:]),
            re.IGNORECASE,
        )
    )
    score += 0.05 * bool(
        re.search(
            r"worldwide|globally|around\s+the\s+world|full-time|in\s+(?:over|more\s+than|approximately)?\s*\d+\s+"
            r"countries|total|global",
            match[0] + after[:60],
            re.IGNORECASE,
        )
    )
    score -= 0.35 * bool(_PARTIAL.search(before[-60:] + match[0] + after[:50]))
    score -= 0.3 * bool(_PLACE.match(after))
    score -= 0.3 * bool(_BEFORE_PLACE.search(before))
    score -= 0.1 * (not block.passage.heading_path[1].startswith("Item 1."))
    return round(min(score, 0.97), 3)


def founded(reading: Reading) -> Stated | None:
    """When the company itself was founded or incorporated: the first date that Item 1, or else the notes, give."""
    names = _short_names(reading)
    for parts, score in (
        (("Item 1.",), 0.9),
        (("Item 7.", "Item 8.", "Item 15.", "Item 16.", "Financial statements"), 0.8),
    ):
        for block in reading.blocks:
            if block.passage.main and any(each.startswith(parts) for each in block.passage.heading_path[:2]):
                for sentence in block.sentences:
                    if (match := _own_start(sentence.text, names)) is not None:
                        printed = match["date"] or match["date2"]
                        iso = next((stated.iso for stated in dates(printed)), printed[-4:])
                        return Stated(value=printed, normal=iso, start=sentence.start, end=sentence.end, score=score)
    return None


def _own_start(text: str, names: Sequence[str]) -> re.Match[str] | None:
    """The founding date in a sentence about the company; what stands before the verb must name it and nobody else."""
    if not _STARTS.search(text):
        return None
    match = _FOUNDED.search(text)
    if match is None or int((match["date"] or match["date2"])[-4:]) > 2030:
        return None
    before = text[: match.start()]
    about = (
        bool(_WE.search(before))
        or any(name in before for name in names)
        or (not before.strip() and bool(_WE.search(text)))
    )
    return match if about and not _OTHERS_START.search(before[-90:]) else None


def _short_names(reading: Reading) -> list[str]:
    """The company's names as sentences use them, in the case of the cover page and as titles."""
    stated = [reading.account.name, *reading.account.aliases, reading.document.meta("registrant") or ""]
    short = [without_suffix(re.sub(r"(?i)^the\s+", "", name)) for name in stated if name]
    return sorted({form for name in short for form in (name, name.title(), name.split()[0].title()) if len(form) > 2})


def _openings(reading: Reading) -> Iterator[tuple[Block, Sentence]]:
    """The sentences of the first passages of Item 1 that say something of the business."""
    seen = 0
    for block in reading.blocks:
        path = block.passage.heading_path
        if (
            len(path) > 1
            and path[1].startswith("Item 1.")
            and block.passage.role == "paragraph"
            and len(block.text) > 60
        ):
            seen += 1
            for sentence in block.sentences:
                if not _BOILERPLATE.search(sentence.text) and len(sentence.text) > 50:
                    yield block, sentence
            if seen >= 8:
                return


def description(reading: Reading) -> Stated | None:
    """The sentence in which the company says what it is or does, out of the opening of Item 1."""
    names = _short_names(reading)
    openings = list(_openings(reading))
    fitting = [sentence for _, sentence in openings if _industry_in(sentence.text, names) is not None]
    spoken = [sentence for _, sentence in openings if _WE.match(sentence.text)]
    chosen = next(iter([*fitting, *spoken]), None)
    if chosen is None:
        return None
    return Stated(value=chosen.text, normal=chosen.text, start=chosen.start, end=chosen.end, score=0.85)


def industry(reading: Reading) -> Stated | None:
    """The noun phrase by which the opening of Item 1 says what the company is ("global retailer") or makes."""
    names = _short_names(reading)
    for _, sentence in _openings(reading):
        phrase = _industry_in(sentence.text, names)
        if phrase:
            return Stated(value=phrase, normal=phrase.lower(), start=sentence.start, end=sentence.end, score=0.8)
    return None


def _industry_in(text: str, names: Sequence[str]) -> str | None:
    """The industry in a sentence whose subject is the company itself; None where it says something else."""
    match = _IS_A.search(text[:500])
    if match and _is_subject(text[: match.start()], names) and not _NO_INDUSTRY.search(match["what"]):
        thing, what = match["thing"], match["what"]
        if thing and not _AGENTS.search(match["kind"]):
            thing = f"{what} in {thing}" if re.search(r"\b(?:industry|sector|field)$", thing) else None
        phrase = _trimmed(thing or what)
        return phrase if " " in phrase and not phrase.startswith("about ") else None
    made = _WE_MAKE.search(text[:500])
    if (
        made
        and _is_subject(text[: made.start("verb")], names)
        and not re.match(
            r"(?:about|value|our|several|many|help\w*|products|services|solutions|from|in|at|on|to|with|across"
            r"|through)\b",
            made["what"],
        )
    ):
        return _trimmed(made["what"])
    return None


def _is_subject(before: str, names: Sequence[str]) -> bool:
    """Whether the words before a verb are the company: "we", or its name with asides and nothing that has a verb."""
    plain = re.sub(r"\([^)]*\)|,[^,]*(?:together|herein|including)[^,]*", "", before).strip()
    goes_on = r"\b(?:to|that|by|for|and|will|can|may|of|help|helps|also)$|[’']s?\s"
    if plain.count(" ") > 9 or re.search(goes_on, plain):
        return False
    if re.match(r"\W*(?:we|the\s+(?:company|corporation|registrant)|our\s+company)\b", plain, re.IGNORECASE):
        return True
    return any(fold(name) in fold(plain) for name in names)


def _trimmed(phrase: str) -> str:
    bare = re.sub(
        r"^(?:(?:an?|the|our|world[’']s|one|of|in|(?:broad|wide|diverse|full|comprehensive)\s+(?:range|array"
        r"|variety|line|portfolio|suite)|(?:range|variety|portfolio)\s+of|sale)\s+)+",
        "",
        phrase.strip(),
        flags=re.IGNORECASE,
    )
    return re.sub(r"\s+", " ", bare).strip(" ,")
