"""Which claims stand on page one: as many as its two columns hold in print, and the least of each section."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil

from research.model.draft import Claim, Section

# How many lines and gaps of a section page one shows at most, in reading order.
PAGE_ONE: Mapping[str, tuple[int, int]] = {
    "snapshot": (7, 2),
    "people": (5, 1),
    "market": (4, 1),
    "us_here": (3, 1),
    "why_now": (4, 1),
    "pains": (4, 1),
    "goals": (3, 1),
    "questions": (3, 0),
}
CUSTOMERS_ON_PAGE_ONE = 2
# The least that a section keeps: who they are and who decides stay, quotes give way.
LEAST: Mapping[str, int] = {"snapshot": 5, "people": 3, "market": 1, "us_here": 1, "why_now": 2, "pains": 4, "goals": 1}
ITEM = 0.25  # the space after an item, in lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of page one: its sections, letters a line, and the lines that it holds beside headings and drawings.

    Measured on Letter, the shorter of the two papers, printed by Chromium with its widest usual sans-serif.
    """

    sections: tuple[str, ...]
    letters: int
    lines: float


COLUMNS = (
    Column(sections=("snapshot", "people", "market", "us_here"), letters=48, lines=38.0),
    Column(sections=("why_now", "pains", "goals"), letters=54, lines=36.0),
)


def first_page(sections: Mapping[str, Section], above: float = 0.0) -> dict[str, tuple[Claim, ...]]:
    """The claims of each section of PAGE_ONE that page one shows; where a column is too full, the section whose last
    line is longest gives it away, until the column fits or all are at their least. `above` is how many lines stand
    over the columns."""
    shown = {name: list(_candidates(sections[name])) for name in PAGE_ONE}
    for column in COLUMNS:
        while sum(_height(sections[name], shown[name], column) for name in column.sections) > column.lines - above:
            giving = [name for name in column.sections if len(shown[name]) > LEAST[name]]
            if not giving:
                break
            longest = max(giving, key=lambda name: len(shown[name][_last_own(shown[name])].text))
            shown[longest].pop(_last_own(shown[longest]))
    return {name: tuple(claims) for name, claims in shown.items()}


def is_customers(claim: Claim) -> bool:
    """Whether a line of `pains` is what the account solves for its customers."""
    return claim.text.startswith("What they solve for their customers")


def _candidates(section: Section) -> tuple[Claim, ...]:
    room, _ = PAGE_ONE[section.name]
    if section.name != "pains":
        return section.claims[:room]
    theirs = [claim for claim in section.claims if is_customers(claim)]
    own = [claim for claim in section.claims if not is_customers(claim) and not claim.text.startswith("Said of")]
    return (*own[:room], *theirs[:CUSTOMERS_ON_PAGE_ONE])


def _height(section: Section, claims: list[Claim], column: Column) -> float:
    _, gap_room = PAGE_ONE[section.name]
    texts = [claim.text for claim in claims] + [f"Not found: {gap.question}" for gap in section.gaps[:gap_room]]
    more = 1.0 if len(claims) < len(section.claims) else 0.0
    return more + sum(ITEM + ceil(len(text) / column.letters) for text in texts)


def _last_own(claims: list[Claim]) -> int:
    """The place of the last line to give away: one of the account's own pains as long as it has more than one."""
    own = [place for place, claim in enumerate(claims) if not is_customers(claim)]
    return own[-1] if len(own) > 1 else len(claims) - 1
