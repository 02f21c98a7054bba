"""Where people and companies stand around an account: coordinates for a drawing, and the same as lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.desk.evidence import headline
from research.model.finding import Finding

# Units of the view box, four columns of cards under the account; a card is indented from its column's line by INDENT.
# A letter of the 12.5-unit labels is 7.3 wide at most (measured, see research/export/figures.py), 6.6 on average.
WIDTH, COLUMNS, GUTTER, INDENT = 1118.0, 4, 20.0, 14.0
CARD: Final = (WIDTH - GUTTER * (COLUMNS - 1)) / COLUMNS
TOP, ROW, DETAIL, HEAD, GAP = 78.0, 19.0, 15.0, 28.0, 18.0
LETTERS: Final = int((CARD - INDENT - 18) / 6.6)
ROOM: Final = 9  # names of a group that the drawing shows; the list below has all
LISTED: Final = 120  # names of a group that the list below shows; a page of 5,000 findings stays below 200 KB
_LIVE: Final = frozenset({"new", "accepted", "edited"})
_LEAST: Final = 0.3  # less sure ones stand in the list of findings only

GROUPS: Final = {
    "competitor": "Their competitors",
    "customer": "Customers",
    "partner": "Partners",
    "supplier": "Suppliers and technology",
    "investor": "Investors",
    "acquired": "Acquired",
    "subsidiary": "Subsidiaries",
    "parent": "Parent",
    "product": "Products",
    "other": "Others",
}
"""Relations in the order of the drawing; our rivals that were seen there stand apart from their competitors."""
PEOPLE, FORMER, OURS = "People", "People who left", "Our rivals seen here"


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A person or company: `id` is of its surest finding, `detail` a role or product."""

    id: str
    name: str
    detail: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Nodes of one relation, the surest first; `kind` is that of their findings."""

    key: str
    title: str
    nodes: tuple[Node, ...]
    kind: str

    @property
    def listed(self) -> tuple[Node, ...]:
        """The nodes that the list shows."""
        return self.nodes[:LISTED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A group in the drawing: its corner, its height, its lines as (y, text, class), and how many names it has no room
    for."""

    group: Group
    x: float
    y: float
    height: float
    lines: tuple[tuple[float, str, str], ...]
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """Cards in columns under the account; `spines` are the lines (x, bottom) along which each column hangs."""

    height: float
    cards: tuple[Card, ...]
    spines: tuple[tuple[float, float], ...]


def groups_of(findings: Iterable[Finding]) -> tuple[Group, ...]:
    """People, then companies by relation, then our rivals seen there; nothing rejected, lapsed or hardly sure."""
    live = [f for f in findings if f.status in _LIVE and f.confidence >= _LEAST]
    people = [f for f in live if f.kind == "person"]
    related = [f for f in live if f.kind == "relation"]
    found = (
        _group("people", PEOPLE, [f for f in people if f.get("current") is not False], "role"),
        *(_group(key, title, [f for f in related if f.text("relation") == key]) for key, title in GROUPS.items()),
        _group("former", FORMER, [f for f in people if f.get("current") is False], "role"),
        _group("ours", OURS, [f for f in live if f.kind == "presence"], "product"),
    )
    return tuple(group for group in found if group.nodes)


def draw(groups: Sequence[Group]) -> Drawing:
    """Each group a card in the column that is shortest so far."""
    bottoms = [TOP] * COLUMNS
    cards: list[Card] = []
    for group in groups:
        column = bottoms.index(min(bottoms))
        card = _card(group, round(column * (CARD + GUTTER), 1), bottoms[column])
        cards.append(card)
        bottoms[column] += card.height + GAP
    spines = tuple(
        (x, max(card.y + HEAD / 2 for card in cards if card.x == x)) for x in sorted({card.x for card in cards})
    )
    return Drawing(height=max(bottoms), cards=tuple(cards), spines=spines)


def _group(key: str, title: str, findings: Sequence[Finding], detail: str = "") -> Group:
    """One node a name: several findings of one company or person are one node, with the surest one's id."""
    best: dict[str, Node] = {}
    for finding in sorted(findings, key=lambda f: (-f.confidence, f.id)):
        name, beside = headline(finding), finding.text(detail) if detail else ""
        best.setdefault(name.casefold(), Node(id=finding.id, name=name, detail=beside, confidence=finding.confidence))
    return Group(key=key, title=title, nodes=tuple(best.values()), kind=findings[0].kind if findings else "")


def _card(group: Group, x: float, y: float) -> Card:
    shown = group.nodes[: ROOM if len(group.nodes) > ROOM + 1 else ROOM + 1]  # one more is no longer than “and 1 more”
    lines: list[tuple[float, str, str]] = []
    at = y + HEAD
    for node in shown:
        lines.append((at + ROW - 4, _fitted(node.name, LETTERS), ""))
        at += ROW
        if node.detail:
            lines.append((at + DETAIL - 5, _fitted(node.detail, LETTERS + 4), "detail"))
            at += DETAIL
    more = len(group.nodes) - len(shown)
    height = at - y + ROW * (more > 0) + 10
    return Card(group=group, x=x, y=y, height=height, lines=tuple(lines), more=more)


def _fitted(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1].rstrip(" ,") + "…"
