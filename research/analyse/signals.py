"""Pains, goals and remedies: cues pick the candidates, page and section say how they are read, a model decides."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from research.analyse.features_phrase import phrase_of
from research.analyse.features_signals import LEXICON, SentenceContext, signal_features
from research.analyse.features_text import Classify, lexicon, tokenize
from research.analyse.naming import account_pattern
from research.analyse.read import Block, Reading, Sentence
from research.model.finding import Observation, attributes
from research.text.names import fold

__all__ = ["NAME", "VERSION", "Classify", "observe"]

NAME: Final = "signals"
VERSION: Final = "1"

KINDS: Final = ("pain", "goal", "remedy")
_LEAST: Final = 0.3  # a sentence that is rather something else is no signal
_WORDS: Final = (5, 90)  # shorter is a title, longer is a table or a list run together
_ROLES: Final = frozenset({"paragraph", "list_item", "quote", "heading"})
_SILENT_PAGES: Final = frozenset({"legal", "job", "contact"})
_CUES: Final = ("negative.", "goal.", "remedy.")
_SELF: Final = re.compile(r"\b(?:we|our|us|the company)\b", re.IGNORECASE)
_BOILERPLATE: Final = re.compile(
    r"forward[- ]looking|private securities litigation reform|similar expressions|differ materially|"
    r"(?:additional|other) risks (?:and uncertainties )?(?:that are )?not (?:presently|currently)|cookie|"
    r"privacy (?:policy|notice|statement)|incorporated (?:herein )?by reference|should be read in conjunction|"
    r"\bmeans any\b|all rights reserved|(?:see|refer to) (?:also )?(?:note|item|part|section)\b|table of contents",
    re.IGNORECASE,
)

# How far a section of a filing is trusted with each kind; from reading filings, not from a table of counts.
_SECTIONS: Final = (
    (re.compile(r"item 1a|risk factors", re.IGNORECASE), {"pain": 1.0, "goal": 0.7, "remedy": 0.8}),
    (re.compile(r"item 1\b|item 7\b|item 2\b", re.IGNORECASE), {"pain": 0.8, "goal": 1.0, "remedy": 1.0}),
    (re.compile(r"item 1c|item 3|item 7a", re.IGNORECASE), {"pain": 0.6, "goal": 0.6, "remedy": 0.9}),
    (
        re.compile(r"item \d|part (?:ii|iii|iv)|signatures|cover", re.IGNORECASE),
        {"pain": 0.4, "goal": 0.4, "remedy": 0.4},
    ),
)
_HEADLINE: Final = 0.9
_ACTUAL: Final = 1.0
_HYPOTHETICAL: Final = 0.55  # "could harm us" beside "has harmed us": every company fears, few say what happened
_CROWD: Final = 0.8  # each further signal under one headline of a filing counts that much less
_ECHO: Final = 0.55  # each further sentence of the same words counts that much less
_HAPPENED: Final = re.compile(
    r"\b(?:have|has|had) (?:\w+ ){0,4}(?:experienced|been|faced|resulted|led|identified|failed|caused|incurred|"
    r"increased|decreased|declined|received|adversely|negatively|harmed|affected|impacted|seen|suffered|lost)\b|"
    r"\b(?:we|the company) (?:currently|continue to|are|is|rel(?:y|ies)|depends?|faces?|experiences?) |"
    r"\bfor example\b|\b(?:in|during|since) (?:the \w+ quarter of )?(?:fiscal (?:year )?)?(?:19|20)\d\d\b|"
    r"\$\s?\d|\d\s?(?:%|percent)|"
    r"\b(?:decreased|declined|delayed|halted|was lower|were lower)\b",
    re.IGNORECASE,
)
_MAY: Final = re.compile(r"\b(?:may|might|could|would|can|if)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Candidate:
    block: Block
    sentence: Sentence
    prev: str
    next: str


def observe(reading: Reading, classify_kind: Classify, classify_holder: Classify) -> tuple[Observation, ...]:
    """Kind `signal`: `type`, `holder`, `phrase`; the score is the probability of type and holder, less where a section
    or a repetition makes the sentence a poorer witness."""
    if reading.document.page_type in _SILENT_PAGES:
        return ()
    candidates = list(_candidates(reading))
    features = [signal_features(_context(reading, c)) for c in candidates]
    kinds, holders = classify_kind(features), classify_holder(features)
    found = [
        observation
        for candidate, kind, holder in zip(candidates, kinds, holders, strict=True)
        if (observation := _observation(reading, candidate, kind, holder))
    ]
    return tuple(_spread(found, _topics(candidates, reading)))


def _candidates(reading: Reading) -> Iterator[_Candidate]:
    """Sentences that hold a cue and are no boilerplate, with their neighbours."""
    every = [(block, sentence) for block, sentence in reading.sentences(main_only=True) if block.passage.role in _ROLES]
    for at, (block, sentence) in enumerate(every):
        if _readable(reading, block, sentence):
            before = every[at - 1][1].text if at else ""
            after = every[at + 1][1].text if at + 1 < len(every) else ""
            yield _Candidate(block, sentence, before, after)


def _readable(reading: Reading, block: Block, sentence: Sentence) -> bool:
    words = sentence.text.count(" ") + 1
    if not _WORDS[0] <= words <= _WORDS[1] or sentence.text.rstrip().endswith("?"):
        return False
    if block.passage.role == "heading" and not _is_risk_headline(block):
        return False
    if _BOILERPLATE.search(sentence.text) or not _speaks_of_account(reading, sentence.text):
        return False
    return any(cue.name.startswith(_CUES) for cue in lexicon(LEXICON).find(tokenize(sentence.text)))


def _speaks_of_account(reading: Reading, text: str) -> bool:
    """On other people's pages "we" is somebody else: only sentences that name the account are read."""
    return reading.own or bool(account_pattern(reading.account.names).search(text))


def _is_risk_headline(block: Block) -> bool:
    """A risk factor's headline: a whole sentence set as a heading."""
    text = block.text.rstrip()
    return _in_risks(block) and text.endswith((".", ";")) and text.count(" ") >= _WORDS[0]


def _in_risks(block: Block) -> bool:
    return bool(_SECTIONS[0][0].search(" ".join(block.passage.heading_path)))


def _context(reading: Reading, candidate: _Candidate) -> SentenceContext:
    document = reading.document
    filing = document.page_type == "filing"
    return SentenceContext(
        sentence=candidate.sentence.text,
        prev=candidate.prev,
        next=candidate.next,
        title="Form 10-K" if filing else document.title,
        url="10-K/" if filing else document.url,
        accounts=(*reading.account.names, *reading.account.domains),
    )


def _observation(
    reading: Reading, candidate: _Candidate, kinds: Mapping[str, float], holders: Mapping[str, float]
) -> Observation | None:
    kind = max(kinds, key=lambda label: kinds[label])
    if kind not in KINDS or kinds[kind] < _LEAST:
        return None
    holder = _holder(reading, candidate.sentence.text, holders)
    score = kinds[kind] * max(holders.get(holder, 0.0), 0.5) * _trust(reading, candidate, kind)
    return Observation(
        kind="signal",
        attributes=attributes(type=kind, holder=holder, phrase=phrase_of(candidate.sentence.text, kind)),
        document_id=reading.document.id,
        start=candidate.sentence.start,
        end=candidate.sentence.end,
        score=round(min(score, 0.99), 4),
        analyser=NAME,
        version=VERSION,
    )


def _holder(reading: Reading, text: str, holders: Mapping[str, float]) -> str:
    """The model's choice; on a customer's story "we" is the customer, unless the account is named."""
    best = max(holders, key=lambda label: holders[label])
    story = reading.document.page_type in ("case_study", "customers")
    if story and best == "account" and not account_pattern(reading.account.names).search(text):
        return "customer"
    return best


def _trust(reading: Reading, candidate: _Candidate, kind: str) -> float:
    if reading.document.page_type != "filing":
        return 1.0
    path = " ".join(candidate.block.passage.heading_path)
    section = next((trust[kind] for pattern, trust in _SECTIONS if pattern.search(path)), 0.6)
    return section * (_witness(candidate) if kind == "pain" else 1.0)


def _witness(candidate: _Candidate) -> float:
    """How good a witness of a pain a sentence of a filing is: a headline, what happened, what might."""
    if _in_risks(candidate.block) and len(candidate.block.sentences) == 1:
        return _HEADLINE
    return _HYPOTHETICAL if _is_hypothetical(candidate.sentence.text) else _ACTUAL


def _is_hypothetical(text: str) -> bool:
    """Whether a sentence only says what could happen."""
    return bool(_MAY.search(text)) and not _HAPPENED.search(text)


def _spread(found: Sequence[Observation], topics: Mapping[int, int]) -> Iterator[Observation]:
    """The observations with their scores lowered where others of the same topic, or of the same words, go before."""
    crowd: Counter[tuple[object, int]] = Counter()
    echoes: Counter[tuple[object, str]] = Counter()
    for observation in sorted(found, key=lambda o: (-o.score, o.start)):
        kind = (observation.get("type"), observation.get("holder"))
        words = sorted(w for w in fold(str(observation.get("phrase"))).split() if len(w) > 3)[:4]
        topic, echo = (kind, topics.get(observation.start, -1)), (kind, " ".join(words))
        times = crowd[topic] if topic[1] >= 0 and kind[0] == "pain" else 0
        yield replace(observation, score=round(observation.score * _CROWD**times * _ECHO ** echoes[echo], 4))
        crowd[topic] += 1
        echoes[echo] += 1


def _topics(candidates: Sequence[_Candidate], reading: Reading) -> dict[int, int]:
    """For the sentences of a filing the number of the topic they stand under, by their start.

    A topic begins at a heading, and among risk factors at each one-sentence paragraph: their headlines.
    """
    if reading.document.page_type != "filing":
        return {}
    topics: dict[int, int] = {}
    topic = 0
    path: tuple[str, ...] = ()
    for block in reading.blocks:
        headline = _in_risks(block) and len(block.sentences) == 1 and block.passage.role != "table_row"
        if block.passage.heading_path != path or headline:
            path = block.passage.heading_path
            topic += 1
        topics |= {sentence.start: topic for sentence in block.sentences}
    return {c.sentence.start: topics[c.sentence.start] for c in candidates}
