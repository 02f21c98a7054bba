"""What a model answers, held against what it was given: it may say nothing that the quotes do not show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from typing import Any, Final

from research.draft.check import verify_groups
from research.draft.prompting import Request
from research.draft.sources import Sources
from research.draft.wording import wording
from research.model.draft import Claim
from research.model.finding import Finding
from research.text.names import fold
from research.text.suspicion import suspicion

LONGEST_ANSWER: Final = 50_000  # characters: ten times the longest section
LONGEST_CLAIM: Final = 500  # characters of a sentence
FEWEST_WORDS: Final = 3
_ADDRESS: Final = re.compile(
    r"[a-z][a-z0-9+.-]{1,20}:/?/\S+|\bwww\.\S+|\b(?:data|javascript|mailto|file):\S+", re.IGNORECASE
)
_HOST: Final = re.compile(r"\b(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}/\S*|\b\d{1,3}(?:\.\d{1,3}){3}\b", re.IGNORECASE)
_MARKUP: Final = re.compile(r"[<>`]|\]\(|!\[|\[Ours\b|^\s*[=+@#]|\|\s*$", re.IGNORECASE)


class AnswerRefusedError(Exception):
    """Why a model's answer may not stand; the message names the first fault that was found."""


def claims_of(answer: str, request: Request, sources: Sources) -> tuple[Claim, ...]:
    """The claims of an answer; AnswerRefusedError where it is no JSON of the form that was asked for, or where one of
    its claims cites what it was not given, names an address that is no source's, or says what its quotes do not show.
    """
    given = {finding.id: finding for finding in request.findings}
    claims = tuple(_claim(row, given) for row in _rows(answer, request.limit))
    for claim in claims:
        fault = next(_faults(claim, [given[i] for i in claim.finding_ids], request, sources), None)
        if fault is not None:
            raise AnswerRefusedError(fault)
    return claims


def _rows(answer: str, limit: int) -> Sequence[Any]:
    if len(answer) > LONGEST_ANSWER:
        raise AnswerRefusedError(f"the answer is longer than {LONGEST_ANSWER:,} characters")
    try:
        data = json.loads(answer)
    except (ValueError, RecursionError):
        raise AnswerRefusedError("the answer is no JSON") from None
    if not isinstance(data, dict) or set(data) != {"claims"} or not isinstance(data["claims"], list):
        raise AnswerRefusedError("the answer is no object with `claims` and nothing else")
    if not data["claims"] or len(data["claims"]) > limit:
        raise AnswerRefusedError(f"the answer has {len(data['claims'])} claims where 1 to {limit} were asked for")
    return data["claims"]


def _claim(row: Any, given: dict[str, Finding]) -> Claim:
    if not isinstance(row, dict) or set(row) != {"text", "findings"} or not isinstance(row["text"], str):
        raise AnswerRefusedError("a claim is no object with `text` and `findings` and nothing else")
    ids = row["findings"]
    if not isinstance(ids, list) or not ids or not all(isinstance(one, str) for one in ids):
        raise AnswerRefusedError("a sentence cites no finding")
    if foreign := [one for one in ids if one not in given]:
        raise AnswerRefusedError(f"a sentence cites {foreign[0][:40]!r}, which was not given")
    return Claim(text=row["text"].strip(), finding_ids=tuple(dict.fromkeys(ids)))


def _faults(claim: Claim, cited: Sequence[Finding], request: Request, sources: Sources) -> Iterator[str]:
    text = claim.text
    if len(text) > LONGEST_CLAIM or not text.isprintable() or len(text.split()) < FEWEST_WORDS:
        yield "a claim is no sentence of one line"
    if reason := suspicion(text):
        yield f"a sentence addresses a model ({reason})"
    known = {document.url for document in sources.documents.values()}
    stated = (match[0].rstrip(".,;:)") for pattern in (_ADDRESS, _HOST) for match in pattern.finditer(text))
    if foreign := [address for address in stated if address not in known]:
        yield f"a sentence names the address {foreign[0][:60]!r}, which is no source's"
    if _MARKUP.search(text):
        yield "a sentence holds markup"
    if not all(_speaks_of(text, finding) for finding in cited):
        yield "a sentence cites a finding of which it says nothing"
    problems = verify_groups(
        text,
        [sources.quotes(finding) for finding in cited],
        context=sources.context(cited),
        own_words=wording(request.section).words,
    )
    for problem in problems:
        yield f"{problem.kind}: {problem.detail}"


def _speaks_of(text: str, finding: Finding) -> bool:
    """Whether a sentence has a word of the finding's attributes in it."""
    words = set(fold(text).split())
    said = " ".join(str(value) for _, value in finding.attributes if value is not None)
    return not words.isdisjoint(word for word in fold(said).split() if len(word) > 2 or word.isdigit())
