"""Where people and companies stand around an account: coordinates for a drawing, and the same as lists."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pipelines.desk.evidence import headline
from research.model.finding import Finding

# Units of the view box, four columns of cards under the account. A letter of the 12.5-unit labels is 7.3 wide at most
# (measured, see research/export/figures.py).
WIDTH, COLUMNS, GUTTER = 1120.0, 4, 24.0
CARD: Final = (WIDTH - GUTTER * (COLUMNS - 1)) / COLUMNS
TOP, ROW, HEAD, GAP = 78.0, 19.0, 28.0, 18.0
LETTERS: Final = int((CARD - 22) / 7.3)
ROOM: Final = 9  # names of a group that the drawing shows; the list below has all
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
    """Nodes of one relation, the surest first."""

    key: str
    title: str
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A group in the drawing: its corner, its height, its lines of text, and how many names it has no room for."""

    group: Group
    x: float
    y: float
    height: float
    lines: tuple[tuple[float, str], ...]
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
    return Group(key=key, title=title, nodes=tuple(best.values()))


def _card(group: Group, x: float, y: float) -> Card:
    shown = group.nodes[: ROOM if len(group.nodes) > ROOM + 1 else ROOM + 1]  # one more is no longer than “and 1 more”
    lines = tuple((y + HEAD + ROW * (place + 1) - 4, _label(node)) for place, node in enumerate(shown))
    more = len(group.nodes) - len(shown)
    height = HEAD + ROW * (len(shown) + (more > 0)) + 10
    return Card(group=group, x=x, y=y, height=height, lines=lines, more=more)


def _label(node: Node) -> str:
    whole = f"{node.name}, {node.detail}" if node.detail else node.name
    return whole if len(whole) <= LETTERS else whole[: LETTERS - 1].rstrip(" ,") + "…"
