"""What a trained reader is given of a sentence in its context, and of a pair of companies in a sentence."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from research.analyse.features_signals import ACCOUNT, SentenceContext, kind_of_page, masked_tokens
from research.analyse.relation_model import Pair, spans_of
from research.text.parts import Part, Parts

_SELF: Final = "our company"  # stands for the account's name, so that nothing is learnt of one company
_SUBJECT, _OBJECT = "~", "^"  # set around the two names of a pair
# Room in word pieces, chosen for time: the sentence nearly whole, and what stands next to it.
_SENTENCE, _TITLE, _BEFORE, _AFTER = 64, 10, 22, 14
_NAME, _LEFT, _BETWEEN, _RIGHT = 12, 26, 44, 36
_READ: Final = 400  # characters of a neighbour that are looked at


def signal_parts(context: SentenceContext) -> Parts:
    """The sentence, then the type and title of its page and its neighbours; the account's name reads "our company"."""

    def part(text: str, most: int) -> Part:
        return Part(text=_masked(text, context.accounts), most=most, side=1)

    page = kind_of_page(context.url, context.title).replace("_", " ")
    return (
        Part(text=_masked(context.sentence, context.accounts), most=_SENTENCE, slot=1),
        Part(text=page, most=4, side=1),
        part(context.title, _TITLE),
        Part(text=_masked(context.prev[-_READ:], context.accounts), most=_BEFORE, side=1, keep="tail"),
        part(context.next[:_READ], _AFTER),
    )


@lru_cache(maxsize=4096)
def _masked(text: str, names: tuple[str, ...]) -> str:
    out, at = [], 0
    for token in masked_tokens(text, names):
        if token.key == ACCOUNT:
            out += [text[at : token.start], _SELF]
            at = token.end
    return "".join([*out, text[at:]])


def relation_parts(pair: Pair) -> Parts:
    """The sentence, cut around its two marked names; the subject has slot 1, the object slot 2.

    A name that does not stand in the sentence goes before it, as a part of its own.
    """
    subject, target = spans_of(pair)
    names = ((subject, _SUBJECT, 1, pair.subject), (target, _OBJECT, 2, pair.object))
    ahead = [Part(text=f"{m} {name} {m}", most=_NAME, slot=slot) for span, m, slot, name in names if span is None]
    inside = sorted((span, m, slot) for span, m, slot, _ in names if span is not None)
    parts: list[Part] = []
    at = 0
    for (start, end), m, slot in inside:
        before = pair.sentence[at:start]
        parts.append(
            Part(text=before, most=_BETWEEN, keep="ends", open=True)
            if parts
            else Part(text=before, most=_LEFT, keep="tail", open=True)
        )
        parts.append(Part(text=f"{m} {pair.sentence[start:end]} {m}", most=_NAME, slot=slot, open=True))
        at = end
    return (*ahead, *parts, Part(text=pair.sentence[at:], most=_RIGHT))
