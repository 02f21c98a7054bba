"""What a trained reader is given: stretches of text with the room that each may take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """At most `most` word pieces of `text`: its head, its tail, or both ends with a stop between them.

    `side` is 0 for what is judged and 1 for what surrounds it; parts with a `slot` from 1 on are read out, in the order
    of their slots; behind an `open` part the next one follows without a separator.
    """

    text: str
    most: int
    keep: Literal["head", "tail", "ends"] = "head"
    side: Literal[0, 1] = 0
    slot: int = 0
    open: bool = False


Parts = tuple[Part, ...]
"""One input of a reader, in order."""
