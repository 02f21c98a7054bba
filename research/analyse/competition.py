"""Companies that a sentence names as competitors: a cue, its scope, and the enumeration that it opens or closes.

The reading needs no model: it rests on the cue's grammar, on capitals and legal forms, and on vetoes for what is no
rivalry of the company (competing for staff, competition law, "does not compete", what customers do among themselves).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from research.analyse.enumeration import names_after, names_at_head, names_before

Named = tuple[int, int, str]
Context = Literal["none", "section", "list"]

_RIVALS: Final = (
    r"(?:competitors?|competition|rivals?|competing\s+(?:companies|products|brands|vendors|providers|manufacturers))"
)
_CUE: Final = re.compile(rf"\b(?:compet(?:e|es|ed|ing)\b|{_RIVALS}\b|compet\w+[’']s?\b)", re.IGNORECASE)
_ADVERBS: Final = (
    r"(?:\s+(?:directly|primarily|principally|mainly|also|often|frequently|generally|currently|most|both"
    r"|globally|closely|either|and\s+indirectly|or\s+indirectly|indirectly))*"
)
_WITH: Final = re.compile(
    rf"\bcompet(?:e|es|ed|ing){_ADVERBS}[^.;:]{{0,110}}?\s(?:with|against){_ADVERBS}\s+", re.IGNORECASE
)
_FROM: Final = re.compile(
    r"\b(?:competition|competitive\s+(?:pressures?|threats?))\b[^.;]{0,90}?\sfrom\s+", re.IGNORECASE
)
_ARE: Final = re.compile(
    r"\b(?:competitors?|rivals?|competition)\b[^.;:]{0,120}?\b(?:includes?|included|are|is|were|remains?"
    r"|consists?\s+of|comprises?|comes\s+from)\b"
    r"(?:\s*,?\s*(?:but\s+(?:are|is)\s+not\s+limited\s+to|without\s+limitation|among\s+others|for\s+"
    r"example|primarily|principally|mainly|both|currently))*\s*[,:]?\s+",
    re.IGNORECASE,
)
_SUCH_AS: Final = re.compile(
    r"(?P<cue>\bsuch\s+as|\bincluding|\binclude|\bincludes|\blike|\be\.?g\.?,?|\bnamely|\bi\.e\.,?"
    r"|\bfor\s+example,?|\bfor\s+instance,?|\bprincipally|\bprimarily|\bnotably"
    r"|\bexamples?\s+(?:include|are|of\s+[^.;]{0,60}?include))"
    r"(?:\s*,?\s*(?:but\s+(?:are|is)?\s*not\s+limited\s+to|without\s+limitation|among\s+others?|for\s+"
    r"example|the\s+following|those\s+(?:of|from|offered\s+by)))*\s*[,:]?\s+",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"\s*(?:,?\s*(?:each|all|both|among\s+others)\s*,?\s*)?(?:of\s+which\s+|also\s+|currently\s+"
    r"|directly\s+|may\s+|could\s+|can\s+)*"
    r"(?:\b(?:are|is|remains?|were)\s+(?:also\s+|among\s+|each\s+|one\s+of\s+|some\s+of\s+)*(?:our|its"
    r"|the\s+company[’']s|a|an|significant|direct|key|major)\b"
    r"[^.;,]{0,50}\b(?:competitors?|rivals?)|\b(?:are|is)\s+(?:also\s+)?competitors\s+of\s+(?:ours|the\s+"
    r"company)\b|,\s+(?:an?|our|the|its)\s+(?:[\w-]+\s+){0,4}competitors?\b"
    r"|\bcompet(?:e|es|ed|ing)\s+(?:directly\s+)?(?:with|against)\s+(?:us\b|our\b|the\s+company\b))",
    re.IGNORECASE,
)

# What may own a name in an enumeration of rivals, and what heads an enumeration of something else.
_PARTIES: Final = re.compile(
    r"\b(?:compan(?:y|ies)|competitors?|providers?|vendors?|manufacturers?|retailers?|banks?|firms?"
    r"|players?|suppliers?|developers?|publishers?|networks?"
    r"|services?|platforms?|brands?|peers?|business(?:es)?|corporations?|institutions?|organi[sz]ations?"
    r"|operators?|carriers?|airlines?|insurers?|entrants?"
    r"|others|participants?|rivals?|producers?|makers?|chains?|stores?|distributors?|solutions?|products?"
    r"|systems?|enterprises?|conglomerates?|licensors?"
    r"|marketers?|designers?|builders?|contractors?|studios?|marketplaces?|wholesalers?|processors?"
    r"|issuers?|brokers?|managers?|agencies|hospitals?|clubs?"
    r"|start-?ups|giants?|leaders?|groups?|offerings|applications|websites?|sites|consultancies"
    r"|integrators|resellers|entities|alternatives|applicants|railroads?"
    r"|drugs?|therap(?:y|ies)|treatments?|medicines?|devices?|competition|schemes?|wallets?|exchanges?"
    r"|lenders?|advis[eo]rs|hyperscalers)\b",
    re.IGNORECASE,
)
_ELSEWISE: Final = re.compile(
    r"\b(?:markets?|regions?|countr(?:y|ies)|geograph\w+|jurisdictions?|factors?|areas?|segments?"
    r"|features?|technolog(?:y|ies)|laws?|regulations?|categor(?:y|ies)"
    r"|states?|cities|channels|customers?|clients?|locations?|industr(?:y|ies)|terms|reasons|events"
    r"|standards|agencies|authorities|employees|programs|initiatives"
    r"|capabilities|trends|matters|partners?|users?|merchants|bases|attributes|advantages|elements|risks"
    r"|costs|issues|indications|diseases|patents?)\b",
    re.IGNORECASE,
)

_STAFF: Final = re.compile(
    r"\bcompet(?:e|es|ed|ing|ition)\b[^.;]{0,60}\bfor\b[^.;]{0,60}\b(?:employees?|talent\w*|personnel"
    r"|workers?|workforce|labor|labour|engineers?|hires|candidates|skilled|staff|drivers|pilots)\b"
    r"|\bcompetitive\s+(?:labor|job|talent|hiring|salar\w+|pay|compensation|wages?)\b",
    re.IGNORECASE,
)
_DENIED: Final = re.compile(
    r"\b(?:do|does|did|will|would|can|could|is|are|was|were|should)\s*(?:not|n[’']t)\b(?:\s+\w+){0,4}\s+"
    r"(?:compet\w+|rivals?)\b|\bno\s+longer\s+compet|\bneither\b[^.;]{0,60}compet"
    r"|\bnon-?compet|\bwithout\s+competing\b|\bagree[sd]?\s+not\s+to\s+compet|\bnever\s+compet",
    re.IGNORECASE,
)
_LAW: Final = re.compile(
    r"\bcompetition\s+(?:laws?|authorit\w+|commission\w*|act\b|bureau|polic\w+|regulat\w+|tribunal|council"
    r"|directorate|rules|matters|concerns|enforcement)"
    r"|\bcompetition\s+and\s+(?:markets|consumer)\b|\bantitrust\b|\banti-?competitive\b|\bunfair\s+"
    r"competition\b|\bprice\s+competition\s+and\s+patent\b",
    re.IGNORECASE,
)
_COURT: Final = re.compile(
    r"\b(?:alleg\w+|lawsuits?|plaintiffs?|defendants?|complaint|class\s+actions?|infring\w+|jury"
    r"|subpoena)\b|\s(?-i:vs?\.)\s[A-Z]",
    re.IGNORECASE,
)
_OTHERS: Final = re.compile(
    r"\b(?:customers?|clients?|suppliers?|vendors|licensees|franchisees|merchants|subscribers|employees"
    r"|members|investors?|tenants|funds|holders)\b"
    r"(?:\s+(?:who|that|which|may|to|often|also|and\s+partners?|can|better))*\s+(?:to\s+)?compet(?:e|es|ed|ing)\b",
    re.IGNORECASE,
)


def is_vetoed(sentence: str) -> bool:
    """Whether a sentence that speaks of competition speaks of something else than rivals of its subject."""
    return any(pattern.search(sentence) for pattern in (_STAFF, _DENIED, _COURT, _OTHERS)) or bool(
        _LAW.search(sentence) and not _CUE.search(_LAW.sub(" ", sentence))
    )


def named_competitors(sentence: str, *, context: Context = "none") -> list[Named]:
    """Start, end and name of every company that `sentence` calls a competitor, in order and without repeats.

    Without `context` the sentence needs a cue of its own; under a heading on competition ("section") "examples include
    A" will do, and a member of a list of competitors ("list") may begin with the name.
    """
    if is_vetoed(sentence) or (context == "none" and not _CUE.search(sentence)):
        return []
    found: dict[int, Named] = {}
    for start, end, name in _candidates(sentence, context):
        found.setdefault(start, (start, end, name))
    return [found[start] for start in sorted(found)]


def _candidates(sentence: str, context: Context) -> Iterator[Named]:
    for cue in (_WITH, _FROM, _ARE):
        for match in cue.finditer(sentence):
            yield from names_after(sentence, match.end())
    first = _CUE.search(sentence)
    opened = first.start() if first and context == "none" else 0
    for match in _SUCH_AS.finditer(sentence):
        listed = names_after(sentence, match.end())
        if _heads_rivals(sentence, match, opened=opened, context=context) or (
            len(listed) > 1 and _of_subject(sentence, match)
        ):
            yield from listed
    for match in _BACK.finditer(sentence):
        yield from names_before(sentence, match.start())
    if context == "list":
        yield from names_at_head(sentence)


def _heads_rivals(sentence: str, cue: re.Match[str], *, opened: int, context: Context) -> bool:
    """Whether the noun before "such as" is one that companies are called by, in the reach of a cue of competition."""
    before = sentence[max(0, cue.start() - 120) : cue.start()]
    if cue.start() < opened and not re.search(r"\bcompet", sentence[cue.end() :], re.IGNORECASE):
        return False
    parties, other = _last(_PARTIES, before), _last(_ELSEWISE, before)
    return parties > other or (context != "none" and parties == other)


def _of_subject(sentence: str, cue: re.Match[str]) -> bool:
    """Whether a detached ", including A and B" at a distance belongs to competitors that are the sentence's subject."""
    detached = sentence[: cue.start()].rstrip().endswith(",")
    return detached and bool(re.match(r"[^,;:]{0,40}\bcompetitors\b", sentence, re.IGNORECASE))


def _last(pattern: re.Pattern[str], text: str) -> int:
    return max((match.start() for match in pattern.finditer(text)), default=-1)
