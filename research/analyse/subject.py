"""Whom a passage is about: the account, or another company that its pages only introduce."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from research.analyse.naming import account_pattern
from research.analyse.read import Block, Reading, Sentence
from research.model.finding import Value

Found = tuple[str, dict[str, Value], int, int, float]
"""A fact's field, its attributes, its span in the document, and its score."""
# "About us", "About our company": whoever's page it is speaks of itself.
_SELF: Final = frozenset("us our ourselves me the this company".split())


def names_account(reading: Reading, text: str) -> bool:
    """Whether one of the account's names stands in `text`."""
    return account_pattern(reading.account.names).search(text) is not None


def boilerplate_of_another(block: Block, reading: Reading) -> bool:
    """Whether the block stands under "About X" where X is not the account, as releases introduce their partners."""
    heading = next((h for h in reversed(block.passage.heading_path) if h.lower().startswith("about ")), None)
    if heading is None or names_account(reading, heading):
        return False
    return heading.lower().split()[1] not in _SELF


def prose(reading: Reading) -> Iterator[tuple[Block, Sentence]]:
    """Every sentence but those of the page's metadata."""
    return ((block, sentence) for block, sentence in reading.sentences() if block.passage.role != "metadata")


def subject_allows(reading: Reading, block: Block, sentence: Sentence, at: int) -> bool:
    """Whether no other company is named last between the start of the sentence and `at`."""
    before = block.mentions_in(sentence.start, at, "company")
    return not before or names_account(reading, before[-1].text)
