"""What a sentence's wording tells more plainly than a model: that it says nothing, or that it speaks of an industry."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from research.analyse.features_signals import ACCOUNT, SentenceContext, kind_of_page, masked_tokens

# Sentences of the law and of reading aids, whatever they seem to fear.
BOILERPLATE: Final = re.compile(
    r"forward[- ]looking|private securities litigation reform|similar expressions|differ materially|"
    r"(?:additional|other) risks (?:and uncertainties )?(?:that are )?not (?:presently|currently)|cookie|"
    r"privacy (?:policy|notice|statement)|incorporated (?:herein )?by reference|should be read in conjunction|"
    r"non-gaap (?:financial )?measures?|non-gaap [^.]{0,40}\b(?:is a|to be a|because)\b|useful metric|analytical tool|"
    r"(?:couldn[’']t|could not) be (?:more|happier)|(?:cannot|can[’']t) (?:thank|wait)|"
    r"\bmeans any\b|all rights reserved|(?:see|refer to) (?:also )?(?:note|item|part|section)\b|table of contents|"
    r"^\W*(?:see|refer to)(?: also)? [“\"‘]|^for (?:more|additional|further|a) (?:information|discussion|detail)|"
    r"(?:presently|currently) known to us|cannot guarantee future|"
    r"\bnot (?:identified|aware of) any\b[^.]{0,60}\b(?:threat|incident|breach)|"
    r"\bno (?:cyber)?security (?:threat|incident)",
    re.IGNORECASE,
)
_HEADING: Final = re.compile(
    r"(?=[^.!?:;]*$)(?=.*\bRisks?\b)(?:(?:[A-Z][\w’'-]*|and|or|to|of|our|the|in|for|with|on|by|from|&)[,;–—]?(?:\s+|$))+"
)
# What an owner spends has fallen: as the sentence's first clause, or as the noun that it begins with.
_COSTS: Final = (
    r"\b(?:costs?(?: of (?:[\w-]+ ){0,3}?(?:sales|revenues?|goods sold))?|expenses?|expenditures?|charges"
    r"|amortization|depreciation)\b"
)
_OTHERS: Final = (  # what else may fall, others who may spend, and words behind which another clause begins
    r"\b(?:revenues?|income|profits?|margins?|increas\w*|customers?|clients?|consumers?|governments?|federal|public|our"
    r"|we|but|not|never|no|while|as|because|although|despite|due|that|meant|rose|fell|declined|decreased|lost)\b"
)
_FALLING_COSTS: Final = re.compile(
    rf"(?:our )?(?:(?!{_OTHERS})[^.;]){{0,90}}?{_COSTS}"
    rf"(?: (?:of|for|in|at|related to|associated with)(?: (?!{_OTHERS})[\w&$%’'-]+){{1,6}})?(?:, which)?"
    r" (?:(?:also )?(?:decreased|declined|fell)|(?:was|were) (?:(?:also|significantly|slightly) )?(?:lower|reduced)"
    r"|(?:reflect(?:s|ed)?|includes?) an? (?:[\d.]+% )?decrease"
    rf"(?! (?:of \$?[\d.,]+ )?(?:[mb]illion )?in(?!(?: [\w-]+){{0,3}}? {_COSTS})))\b"
    r"|\W*(?:The )?(?:decreases?|reductions?)(?: of \$?[\d.,]+(?: [mb]illion)?)? (?:in|from)"
    rf"(?: (?!{_OTHERS})[\w&,’'-]+){{0,5}}? {_COSTS}",
    re.IGNORECASE,
)
_WORRIED: Final = re.compile(
    r"\b(?:may|might|could|would|will|can|should|harm\w*|hurt\w*|advers\w*|negativ\w*|loss|losses)\b", re.IGNORECASE
)
# What a product lets its buyers do, as vendors say it; what it did ("helped customers save") may well be a remedy.
_CAPABILITY: Final = re.compile(
    r"\b(?:help(?:s|ing)?|enabl(?:es?|ing)|allow(?:s|ing)?|empower(?:s|ing)?|arm(?:s|ing)|lets?|giv(?:es?|ing)"
    r"|provid(?:es?|ing)) {who}|\b{who} (?:can|are able to)\b".replace(
        "{who}",
        r"(?:(?:its|their|our|these|other|more|many|most|joint|security|(?-i:IT)|development|business|software"
        r"|data) ){0,3}(?:customers|organi[sz]ations|companies|businesses|teams|users|professionals|enterprises"
        r"|clients|(?-i:IT)|developers|analysts|administrators|practitioners)\b",
    ),
    re.IGNORECASE,
)
_NONE: Final = "none"
_PAIN: Final = "pain"
_REMEDY: Final = "remedy"
_OWNER: Final = "account"
_INDUSTRY: Final = "industry"
_OWN: Final = re.compile(
    r"\b(?:we|our|ours|us|ourselves|(?:the|this) (?:company|group|bank|corporation|registrant|partnership|firm)"
    r"|company['’]s)\b",
    re.IGNORECASE,
)
# An industry as a whole, not as the attribute of something: "the payments industry is", not "industry experience".
_WHOLE: Final = re.compile(
    r"\b(?:[Tt]he|[Tt]his|[Tt]hese)(?:\s[\w.&’'/-]+,?){0,8}\sindustr(?:y|ies)(?=\s*(?:[.,;:]|$)"
    r"|\s+(?:is|are|was|were|be|has|have|had|will|may|can|could|remains?|continues?|faces?|becomes?"
    r"|and|or|to|in|by|as|with|that|which|from|over|during|at|generally|worldwide)\b)"
    r"|\bmarkets? (?:is|are|remains?|continues?)\b"
)


def told_kinds(context: SentenceContext, kinds: Mapping[str, float]) -> Mapping[str, float]:
    """`kinds` as a model told them; of boilerplate, of a heading over risks, of a pain that is a fall of costs and of a
    remedy that is what a vendor's product lets others do, what was said for the likeliest is said for "none".

    Of 102 gold sentences of the first two sorts 101 are "none"; the models took 13 of them for pains. Costs fall in 16,
    of which 14 are "none" and one is a pain; the models took 12 for pains. A product lets others do something in 134,
    of which 2 are remedies; the 25 that the models took for remedies are all "none".
    """
    sentence = context.sentence
    likeliest = max(kinds, key=lambda kind: kinds[kind])
    if BOILERPLATE.search(sentence) or _HEADING.fullmatch(sentence.strip()):
        return _exchanged(kinds, likeliest, _NONE)
    if likeliest == _PAIN and _FALLING_COSTS.match(sentence) and not _WORRIED.search(sentence):
        return _exchanged(kinds, _PAIN, _NONE)
    if likeliest == _REMEDY and _CAPABILITY.search(sentence) and not _in_a_filing(context):
        return _exchanged(kinds, _REMEDY, _NONE)
    return kinds


def told_holders(context: SentenceContext, holders: Mapping[str, float]) -> Mapping[str, float]:
    """`holders` as a model told them; where a filing's sentence speaks of an industry and of nobody's own business,
    what was said for the account is said for the industry.

    A model that reads filings learns that all in them is the filer's: the seven sentences of this kind that the gold
    labels hold were its surest errors.
    """
    if holders.get(_OWNER, 0.0) <= holders.get(_INDUSTRY, 0.0) or not _of_an_industry(context):
        return holders
    return _exchanged(holders, _OWNER, _INDUSTRY)


def _exchanged(told: Mapping[str, float], one: str, other: str) -> Mapping[str, float]:
    """The probabilities, the likeliest first, with those of two labels exchanged."""
    changed = dict(told) | {one: told.get(other, 0.0), other: told.get(one, 0.0)}
    return dict(sorted(changed.items(), key=lambda pair: -pair[1]))


def _of_an_industry(context: SentenceContext) -> bool:
    sentence = context.sentence
    # A point of a list names what threatens its owner: "the impact of competition in the payments industry".
    if not sentence[:1].isupper() or not _in_a_filing(context):
        return False
    if not _WHOLE.search(sentence) or _OWN.search(sentence):
        return False
    return all(token.key != ACCOUNT for token in masked_tokens(sentence, context.accounts))


def _in_a_filing(context: SentenceContext) -> bool:
    return kind_of_page(context.url, context.title) == "filing"
