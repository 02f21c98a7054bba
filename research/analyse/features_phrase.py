"""The shortest span of a sentence that names its pain, goal or remedy: from a cue to the end of its clause."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from research.analyse.features_text import Cue, Token, lexicon, tokenize

LEXICON: Final = "signal_cues"
_TABLE: Final = {"pain": "negative", "goal": "goal", "remedy": "remedy"}
_LONGEST: Final = 12  # words; the gold phrases have 9 in the middle and 13 at the nine-tenths
_SHORTEST: Final = 3
_STOP: Final = frozenset({",", ";", ":", "(", ")", "—", "–", ".", "?", "!", '"', "“", "”"})
_BREAK: Final = frozenset({"which", "that", "because", "while", "although", "but", "if", "when", "who", "where", "as"})
_LEADS: Final = frozenset({"to", "on", "of", "is", "are", "in", "at", "for", "a", "an", "the"})
_WEAK_ENDS: Final = frozenset(
    "a an the of in on at to for from with by and or as our their its his her your we that which is are may".split()
)
_ABBREVIATED: Final = 5  # letters: Mich., Corp., Calif.
_MODIFIERS: Final = 3  # words before a noun cue that belong to it
_BEFORE: Final = _WEAK_ENDS | frozenset(
    "they it was were be been could might would can will have has had not this these those if".split()
)
_MODALS: Final = frozenset({"may", "could", "might", "would", "can", "will"})
_OPENERS: Final = frozenset(
    {"if", "and", "or", "any", "the", "a", "an", "we", "which", "these", "such", "our", "in", "that"}
)
_TO_HARM: Final = 7  # tokens between "may" and "adversely affect"
_INTENT: Final = ("goal.intent", "goal.purpose")
# Worth of a cue as the head of the phrase, highest first: what is said plainly before what is only implied.
_ORDER: Final = {
    "pain": ("failure", "difficulty", "shortfall", "decline", "money", "people", "delay", "rivalry", "attack", "law"),
    "goal": ("intent", "growth", "purpose"),
    "remedy": ("done", "effect", "against"),
}


def phrase_of(sentence: str, kind: str) -> str:
    """A verbatim span of 3 to 15 words, or of all words where the sentence has fewer."""
    tokens = tokenize(sentence)
    words = [at for at, token in enumerate(tokens) if token.key[:1].isalnum()]
    if len(words) <= _SHORTEST + 2:
        return sentence.strip() if not tokens else sentence[tokens[words[0] if words else 0].start : tokens[-1].end]
    first, last = max(_spans(tokens, kind), default=(0, _head(tokens), 0))[1:] if tokens else (0, 0)
    if last <= first:
        first, last = _head(tokens), _clause_end(tokens, _head(tokens))
    return sentence[tokens[first].start : tokens[last - 1].end]


def _head(tokens: Sequence[Token]) -> int:
    return next((at for at, token in enumerate(tokens) if token.key[:1].isalnum()), 0)


def _spans(tokens: Sequence[Token], kind: str) -> Iterator[tuple[float, int, int]]:
    """(worth, first, last) of every cue of the kind, and of what is said to do harm."""
    order = _ORDER[kind]
    cues = lexicon(LEXICON).find(tokens)
    if kind == "pain":
        yield from _harmful(tokens, cues)
    for cue in cues:
        table, name = cue.name.split(".")
        opening = cue.first == 0 and cue.last < len(tokens) and tokens[cue.last].key == ","
        if table != _TABLE[kind] or opening:  # "As a result, …" names nothing
            continue
        first = _begin(tokens, cue, kind)
        last = _clause_end(tokens, first)
        size = sum(token.key[:1].isalnum() for token in tokens[first:last])
        rank = order.index(name) if name in order else len(order)
        worth = -rank / len(order) + 0.1 * min(size, 8) - 0.01 * first
        if size >= _SHORTEST:
            yield worth, first, last


def _harmful(tokens: Sequence[Token], cues: Sequence[Cue]) -> Iterator[tuple[float, int, int]]:
    """The subject of "… could adversely affect us": the pain is what does the harm, not the harm."""
    harms = [cue.first for cue in cues if cue.name == "negative.harm"]
    for last, token in enumerate(tokens):
        if token.key in _MODALS and any(last < harm <= last + _TO_HARM for harm in harms):
            first = last
            while first > 0 and last - first < _LONGEST and tokens[first - 1].key not in _STOP:
                first -= 1
            while first < last and tokens[first].key in _OPENERS:
                first += 1
            if last - first >= _SHORTEST:
                yield 1.0, first, last
            return


def _begin(tokens: Sequence[Token], cue: Cue, kind: str) -> int:
    """Where the phrase begins: behind words of intent, before the modifiers of a noun, else at the cue."""
    if kind == "goal" and cue.name in _INTENT:
        at = cue.last
        while at < len(tokens) and tokens[at].key in _LEADS:
            at += 1
        return at if at < len(tokens) and tokens[at].key not in _STOP else cue.first
    at = cue.first
    for _ in range(_MODIFIERS if kind == "pain" else 0):
        if at == 0 or not tokens[at - 1].key[:1].isalnum() or tokens[at - 1].key in _BEFORE:
            break
        at -= 1
    return at


def _clause_end(tokens: Sequence[Token], first: int) -> int:
    """The token behind the clause that begins at `first`, after at most twelve words, no weak word at its end."""
    at = first
    words = 0
    while at < len(tokens) and words < _LONGEST:
        key = tokens[at].key
        if words >= _SHORTEST and (key in _BREAK or (key in _STOP and not _inside(tokens, at))):
            break
        words += key[:1].isalnum()
        at += 1
    while at > first + 1 and (tokens[at - 1].key in _WEAK_ENDS or tokens[at - 1].key in _STOP):
        at -= 1
    return at


def _inside(tokens: Sequence[Token], at: int) -> bool:
    """Whether a mark belongs to what it stands in: the comma of "1,200", the dot of "its Mich. plant"."""
    if not 0 < at < len(tokens) - 1:
        return False
    before, mark, after = tokens[at - 1 : at + 2]
    if mark.key == ",":
        return before.end == mark.start and mark.end == after.start
    return mark.key == "." and before.title and before.end - before.start <= _ABBREVIATED and after.key not in _STOP
