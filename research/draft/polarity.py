"""Whether a sentence and its quote agree on "not" and on "perhaps"."""

from __future__ import annotations

import re
from functools import lru_cache

from research.draft.support import FUNCTION_WORDS, words

_NEGATION = re.compile(
    r"\bnot\b(?! only| just| least| limited to)|n['’]t\b|\bnever\b|\bcannot\b|\bneither\b|\bnor\b|\bnone\b"
    r"|\bnobody\b|\bnothing\b|(?<![\w-])no(?![\w-])(?!\.\s*\d)(?! doubt)|\bfail(?:s|ed)? to\b"
    r"|\bnicht\b|\bkeine?[nrms]?\b|\bniemals\b",
    re.IGNORECASE,
)
_MODALITY = re.compile(
    r"\b(?:If|Perhaps|Potential|may|might|could|would|should|will|shall|if|unless|likely|possibly|perhaps|potential(?:ly)?|possible"
    r"|considering|considers?|expect(?:s|ed|ing)?|intend(?:s|ed|ing)?|plan(?:s|ned|ning)? (?:to|for|on)"
    r"|aim(?:s|ed|ing)? (?:to|for|at)|hop(?:e|es|ed|ing) (?:to|for)|propos(?:es?|ed|ing)|in talks"
    r"|könnten?|dürften?|würden?|sollen?|sollten?|möglicherweise|voraussichtlich)\b"
)
_GOAL = re.compile(r"\b[Gg]oal\b")  # a goal is by its name not reached yet, however its quote puts it
_CLAUSE = re.compile(
    r"(?<=[.;:!?])\s+|\s+[–—]\s+|\n|,\s+(?=(?:but|while|although|though|whereas|we|which|who|aber|während)\b)"
)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_SPOKEN = re.compile(r"“[^”]*”")
_OURS = re.compile(r"\[Ours: [^\[\]]*\]")  # the seller's own words, marked as such


def disagreements(claim: str, quote: str, *, own_words: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """`negation` and `modality` where claim and quote differ; None where the quote says nothing of the claim.

    Of the quote only the clause counts that shares most words with the claim; of the claim every sentence but
    questions of our own. `own_words` are the template's, which are not looked for in the quote.
    """
    stated = " ".join(claimed(claim).split())
    clause = _nearest_clause(stated, quote, own_words)
    if clause is None:
        return None
    checks = (("negation", _NEGATION), *(() if _GOAL.search(claim) else (("modality", _MODALITY),)))
    return frozenset(name for name, cue in checks if bool(cue.search(stated)) != bool(cue.search(clause)))


def turns(there: str, here: str) -> str | None:
    """`negation` or `modality` where of two wordings only one denies or expects."""
    checks = (("negation", _NEGATION), ("modality", _MODALITY))
    return next((name for name, cue in checks if bool(cue.search(there)) != bool(cue.search(here))), None)


def claimed(text: str) -> str:
    """What a sentence claims of its sources, everything else as blanks, so that offsets stay: a question that we ask
    ourselves and the seller's own words claim nothing; what is quoted inside a question does."""
    masked = _SPOKEN.sub(lambda match: re.sub(r"[.!?]", "_", match[0]), text)
    kept, position = [], 0
    for part in _SENTENCE.split(masked):
        start = masked.index(part, position)
        kept.append(text[position:start])
        position = start + len(part)
        own = text[start:position]
        kept.append(_quoted_only(own) if part.rstrip().endswith("?") else own)
    return _OURS.sub(lambda match: " " * len(match[0]), "".join(kept))


def _quoted_only(text: str) -> str:
    spoken = [match.span() for match in _SPOKEN.finditer(text)]
    return "".join(c if any(start <= at < end for start, end in spoken) else " " for at, c in enumerate(text))


def _nearest_clause(claim: str, quote: str, own_words: frozenset[str]) -> str | None:
    said = _content(claim)
    wanted = said - own_words
    contents = [(_content(clause), clause) for clause in _CLAUSE.split(quote) if clause.strip()]
    best = max((len(wanted & content) for content, _ in contents), default=0)
    if not best:
        return None
    # A claim that spans several clauses is held against all of them that it fully takes in.
    return " ".join(
        clause for content, clause in contents if len(wanted & content) == best or (content and content <= said)
    )


@lru_cache(maxsize=8192)  # a quote's clauses are asked for by every sentence that is held against it
def _content(text: str) -> frozenset[str]:
    return frozenset(part for word in words(text) for part in word.parts) - FUNCTION_WORDS
