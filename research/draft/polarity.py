"""Whether a sentence and its quote agree on "not" and on "perhaps"."""

from __future__ import annotations

import re

from research.draft.support import FUNCTION_WORDS, words

_NEGATION = re.compile(
    r"\bnot\b(?! only| just| least)|n['’]t\b|\bnever\b|\bcannot\b|\bneither\b|\bnor\b|\bnone\b|\bnobody\b|\bnothing\b"
    r"|(?<![\w-])no(?![\w-])(?!\.\s*\d)(?! doubt)|\bfail(?:s|ed)? to\b"
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


def disagreements(claim: str, quote: str, *, own_words: frozenset[str] = frozenset()) -> frozenset[str] | None:
    """`negation` and `modality` where claim and quote differ; None where the quote says nothing of the claim.

    Of the quote only the clause counts that shares most words with the claim; of the claim every sentence but
    questions of our own. `own_words` are the template's, which are not looked for in the quote.
    """
    stated = _statements(claim)
    clause = _nearest_clause(stated, quote, own_words)
    if clause is None:
        return None
    checks = (("negation", _NEGATION), *(() if _GOAL.search(claim) else (("modality", _MODALITY),)))
    return frozenset(name for name, cue in checks if bool(cue.search(stated)) != bool(cue.search(clause)))


def _statements(claim: str) -> str:
    """The claim without the questions that we ask ourselves; a question inside quotation marks stays."""
    masked = _SPOKEN.sub(lambda match: re.sub(r"[.!?]", "_", match[0]), claim)
    kept, position = [], 0
    for part in _SENTENCE.split(masked):
        position = masked.index(part, position)
        if not part.rstrip().endswith("?"):
            kept.append(claim[position : position + len(part)])
        position += len(part)
    return " ".join(kept)


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


def _content(text: str) -> frozenset[str]:
    return frozenset(part for word in words(text) for part in word.parts) - FUNCTION_WORDS
