"""Our rivals seen at the account: the seller's competitors named on the account's own pages, and on what basis."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

from research.analyse.read import Reading
from research.model.account import Rival, Seller
from research.model.finding import Observation, attributes

NAME: Final = "presence"
VERSION: Final = "1"

_CUSTOMERS: Final = frozenset({"case_study", "customers"})
_BASIS: Final = {
    "job": "job post",
    "careers": "job post",
    "partners": "partner page",
    "press_release": "press release",
    "newsroom": "press release",
    "blog": "blog",
    "filing": "filing",
    "legal": "legal page",
}
# A job post states what is in use; a partner page or a blog only that the name is known.
_SCORE: Final = {"job post": 0.85, "legal page": 0.75, "press release": 0.6, "filing": 0.6}


def observe(reading: Reading, seller: Seller) -> tuple[Observation, ...]:
    """Kind `presence`; nothing on pages of others, nor on those that tell what the account's customers use."""
    if not reading.own or reading.document.page_type in _CUSTOMERS:
        return ()
    return tuple(o for rival in seller.rivals for o in _sightings(reading, rival))


@cache
def _pattern(rival: Rival) -> re.Pattern[str]:
    forms = sorted({rival.name, *rival.aliases}, key=len, reverse=True)
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, forms))})(?!\w)")


def _sightings(reading: Reading, rival: Rival) -> Iterator[Observation]:
    basis = _BASIS.get(reading.document.page_type, "web page")
    for _, sentence in reading.sentences():
        match = _pattern(rival).search(sentence.text)
        if match:
            product = match.group() if match.group() != rival.name else None
            yield Observation(
                kind="presence",
                attributes=attributes(company=rival.name, product=product, basis=basis),
                document_id=reading.document.id,
                start=sentence.start,
                end=sentence.end,
                score=_SCORE.get(basis, 0.5),
                analyser=NAME,
                version=VERSION,
            )
