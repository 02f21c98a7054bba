"""The consolidated statement of income of a filing: its table, its scale, its newest column, and two of its rows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from research.analyse.read import Block, Reading

_SCALES: Final = {"thousand": 1e3, "million": 1e6, "billion": 1e9}
_SCALE: Final = re.compile(
    r"(?:\b(?:in|of|u\.s\.|us|dollars?|\$)\s*|^\W*|\$)(?:u\.s\.\s+)?(?P<scale>thousand|million|billion)s?\b|\$?0{3}s\b",
    re.IGNORECASE,
)
_NUMBER: Final = re.compile(
    r"^[$€£¥]?\s*(?P<neg>[(−-]\s*[$€£¥]?)?\s*(?P<num>\d[\d,]*(?:\.\d+)?)\s*\)?(?:\s*\([a-z\d]{1,2}\))?$"
)
_DASH: Final = re.compile(r"^[$€£¥]?\s*[—–-]+$")
_YEAR: Final = re.compile(r"\b((?:19|20)\d\d)\b")
_TITLE: Final = re.compile(
    r"(?:statements?|results)\s+of\s+(?:consolidated\s+)?(?:net\s+)?(?:operations|income|earnings|loss"
    r"|profit|(?:comprehensive\s+)?(?:income|earnings))"
    r"|(?:income|earnings|operations)\s+statements?|profit\s+and\s+loss",
    re.IGNORECASE,
)
_NOT_THE_STATEMENT: Final = re.compile(
    r"\b(?:pro\s*forma|parent\s+company|condensed|quarterly|unaudited|segment|subsidiar\w+\s+guarantor"
    r"|predecessor|non-gaap)\b",
    re.IGNORECASE,
)
_PER_SHARE: Final = re.compile(
    r"\bper\b.{0,40}\bshare|\bper\s+(?:common\s+)?(?:unit|share)|^(?:basic|diluted)\b|weighted[\s-]average",
    re.IGNORECASE,
)
_COSTS: Final = re.compile(r"\b(?:costs?|expenses?|provision|benefits|depreciation)\b", re.IGNORECASE)
_NOTES: Final = re.compile(
    r"\s*(?:\((?:notes?\s[^)]*|[a-z\d]{1,2})\)|\b(?:see\s+)?notes?\s+\d[\d, and]*|[*†‡]|\[\d+\]"
    r"|(?<=[a-z])\s\d{1,2}$)\s*",
    re.IGNORECASE,
)

_SALES: Final = r"(?:net\s+)?(?:operating\s+)?(?:sales|revenues?)"
_TOTAL_NET: Final = re.compile(
    r"^total\s+(?:company\s+)?(?:net\s+revenues?\b|revenues?,?\s+net\s+of\s+interest\s+expense)", re.IGNORECASE
)
_NET_REVENUE: Final = re.compile(
    r"^(?:total\s+)?net\s+revenues?(?:,?\s+(?:after|net\s+of)\s.*)?$|^revenues?,?\s+net\s+of\s+interest\s+expense",
    re.IGNORECASE,
)
_TOTAL: Final = re.compile(
    rf"^total\s+(?:company\s+|consolidated\s+)?(?:{_SALES}|revenues?,?\s+net|sales\s+and\s+(?:other\s+"
    rf")?(?:operating\s+)?revenues?"
    rf"|net\s+sales\s+and\s+revenues?|income)(?:,?\s+(?:net|and\s+other(?:\s+\w+)?|and\s+other\s+income"
    rf"|net\s+of\s+.*))?$",
    re.IGNORECASE,
)
_PLAIN: Final = re.compile(
    rf"^(?:consolidated\s+)?(?:{_SALES}(?:,?\s+net)?|sales\s+and\s+(?:other\s+)?(?:operating\s+)?revenues?"
    rf"|sales\s+to\s+customers"
    rf"|revenues?\s+from\s+(?:contracts\s+with\s+)?customers|net\s+sales\s+and\s+revenues?|{_SALES},?\s+"
    rf"(?:including|excluding|net\s+of)\s.*)$",
    re.IGNORECASE,
)
_REVENUE_HEAD: Final = re.compile(
    r"^(?:net\s+|operating\s+)?(?:sales|revenues?)(?:\s+and\s+(?:other\s+)?(?:income|revenues?))?:?$", re.IGNORECASE
)
_PROFIT: Final = (
    r"(?:net\s+(?:income|earnings|profit|loss(?:es)?|\((?:loss|losses|income"
    r"|earnings)\))(?:\s*/?\s*\(?(?:loss(?:es)?|income|earnings)\)?)?(?:\s+(?:income|earnings))?)"
)
_NET_INCOME: Final = re.compile(
    rf"^(?:[\w&.,’' -]+\s)?{_PROFIT}(?:\s+including\s+.*)?$|^profit(?:\s+\(loss\))?$", re.IGNORECASE
)
_ATTRIBUTABLE: Final = re.compile(
    rf"^(?:[\w&.,’' -]+\s)?(?:{_PROFIT}|profit(?:\s+\(loss\))?)\s+(?:attributable|available|applicable)\s+to\b",
    re.IGNORECASE,
)
_MINORITY: Final = re.compile(r"non-?controlling|minority", re.IGNORECASE)
_COMMON: Final = re.compile(r"(?:common|ordinary)\s+(?:stock|share|unit)", re.IGNORECASE)
_NOT_NET: Final = re.compile(
    r"\bbefore\b|discontinued|continuing\s+operations|comprehensive|adjustments?\s+to|affiliate|equity\s+"
    r"in|undistributed",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of a statement: its words, its amounts as printed with their values (None for a dash), and its span."""

    label: str
    cells: tuple[str, ...]
    values: tuple[float | None, ...]
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A statement of income: `scale` is None where no unit is printed, `column` is the newest of `width` columns."""

    rows: tuple[Row, ...]
    scale: str | None
    column: int
    width: int
    year: str | None
    dated: bool  # the column's head is a date and not a bare year
    titled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount of the statement: as printed with its unit, in full units, and the row that shows it."""

    printed: str
    value: float
    row: Row


def income_statement(reading: Reading) -> Statement | None:
    """The consolidated statement of income, or None where the filing does not print one."""
    tables = list(_tables(reading.blocks))
    scored = [
        (score, -at) for at, (first, last) in enumerate(tables) if (score := _score(reading.blocks, first, last)) >= 6
    ]
    if not scored:
        return None
    first, last = tables[-max(scored)[1]]
    return _read(reading.blocks, first, last)


def _tables(blocks: Sequence[Block]) -> Iterator[tuple[int, int]]:
    first: int | None = None
    for index, block in enumerate([*blocks, None]):
        in_table = block is not None and block.passage.role == "table_row"
        if in_table and first is None:
            first = index
        elif not in_table and first is not None:
            if index - first >= 6:
                yield first, index
            first = None


def _score(blocks: Sequence[Block], first: int, last: int) -> float:
    """How much a table looks like the statement: its rows, its title, and the item it stands in."""
    labels = [_label(block.text) for block in blocks[first:last]]
    sales = any(
        _TOTAL.match(label) or _PLAIN.match(label) or _TOTAL_NET.match(label) or _REVENUE_HEAD.match(label)
        for label in labels
    )
    net = any(_NET_INCOME.match(label) or _ATTRIBUTABLE.match(label) for label in labels)
    if not (sales and net):
        return 0.0
    title = _title(blocks, first)
    path = " ".join(blocks[first].passage.heading_path)
    titled = bool(_TITLE.search(title))
    points = 2.0 + 2.0 * titled + 1.5 * any(map(_PER_SHARE.search, labels))
    points += 1.0 * (sum(bool(_COSTS.search(label)) for label in labels) >= 3)
    points += 2.0 * bool(re.search(r"item (?:8|15|16)\.|financial statements", path, re.IGNORECASE))
    return points - 3.0 * bool(_NOT_THE_STATEMENT.search(title)) - 1.0 * (not titled and "notes to" in path.lower())


def _title(blocks: Sequence[Block], first: int) -> str:
    """The words just above a table and in its first rows, where a statement says what it is."""
    above = [
        block.text for block in blocks[max(0, first - 4) : first] if len(block.text) < 200 and " | " not in block.text
    ]
    inside = [
        block.text for block in blocks[first : first + 3] if not any(map(_NUMBER.match, block.text.split(" | ")[1:]))
    ]
    return " \n ".join([*above, *inside])


def _label(text: str) -> str:
    return re.sub(r"[\s:;,.]+$", "", _NOTES.sub(" ", text.split(" | ", maxsplit=1)[0]).strip())


def _read(blocks: Sequence[Block], first: int, last: int) -> Statement:
    rows = tuple(_row(block) for block in blocks[first:last])
    head = next((at for at, row in enumerate(rows) if _has_amounts(row)), len(rows))
    years, dated = _columns([block.text for block in blocks[max(0, first - 3) : first + head]])
    width = len(years) or max((len(row.values) for row in rows), default=1)
    column = max(range(len(years)), key=lambda at: (years[at], -at)) if years else 0
    return Statement(
        rows=rows,
        scale=_scale(blocks, first, first + head) or _scale_of_filing(blocks),
        column=column,
        width=width,
        year=years[column] if years else None,
        dated=dated,
        titled=bool(_TITLE.search(_title(blocks, first))),
    )


def _row(block: Block) -> Row:
    cells = block.text.split(" | ")
    labelled = not _NUMBER.match(cells[0])
    amounts = [cell for cell in cells[1 if labelled else 0 :] if _NUMBER.match(cell) or _DASH.match(cell)]
    return Row(
        label=_label(block.text) if labelled else "",
        cells=tuple(amounts),
        values=tuple(map(_value, amounts)),
        start=block.passage.start,
        end=block.passage.end,
    )


def _has_amounts(row: Row) -> bool:
    years = all(_YEAR.fullmatch(cell) for cell in row.cells)
    return bool(row.cells) and not years and bool(row.label)


def _value(cell: str) -> float | None:
    match = _NUMBER.match(cell)
    if match is None:
        return None
    amount = float(match["num"].replace(",", ""))
    return -amount if match["neg"] or cell.startswith("(") else amount


def _columns(head: Sequence[str]) -> tuple[list[str], bool]:
    """The years of the columns from the rows above the first amounts; the nearest row that names them decides."""
    for text in reversed(head):
        cells = [cell for cell in text.split(" | ") if len(cell) < 40 and _YEAR.search(cell)]
        years = [found[0] for cell in cells if len(found := _YEAR.findall(cell)) == 1]
        if len(years) >= 2 or (years and len(cells) == len(text.split(" | ")) and len(text) < 25):
            return years, any(
                re.search(r"[A-Za-z]{3,}", cell) and not re.match(r"(?i)(fiscal|year)\W*(year)?\W*\d{4}$", cell)
                for cell in cells
            )
    return [], False


def _scale(blocks: Sequence[Block], first: int, head: int) -> str | None:
    """The unit that stands nearest above the amounts."""
    nearby = [block.text for block in blocks[max(0, first - 6) : head + 1] if len(block.text) < 300]
    for text in reversed(nearby):
        match = _SCALE.search(text)
        if match:
            return (match["scale"] or "thousand").lower()
    return None


def _scale_of_filing(blocks: Sequence[Block]) -> str | None:
    """The unit that the heads of the filing's other tables state, where all of those that state one agree."""
    stated = re.compile(
        r"^\W*(?:u\.s\.\s+)?(?:dollars\s+|amounts\s+|\$\s*)?(?:are\s+)?in\s+(thousand|million|billion)s\b",
        re.IGNORECASE,
    )
    found = {match[1].lower() for block in blocks if len(block.text) < 200 and (match := stated.search(block.text))}
    return next(iter(found)) if len(found) == 1 else None


def revenue(statement: Statement) -> Money | None:
    """Total revenue of the newest year: the total where there is one, net of interest expense at a bank."""
    rows = _above_shares(statement.rows)
    filled = [row for row in rows if row.values]
    choices = (
        [row for row in filled if _TOTAL_NET.match(row.label)],
        [row for row in filled if _NET_REVENUE.match(row.label)]
        if any(_TOTAL.match(row.label) for row in filled)
        else [],
        [
            row
            for row in filled
            if _TOTAL.match(row.label) and not re.match(r"total\s+income$", row.label, re.IGNORECASE)
        ],
        _totals_under_head(rows),
        [row for row in filled if _PLAIN.match(row.label)],
    )
    found = (
        money
        for rows_of_kind in choices
        for row in rows_of_kind
        if (money := _money(statement, row)) and money.value > 0
    )
    return next(found, None)


def _totals_under_head(rows: Sequence[Row]) -> list[Row]:
    """The bare or unlabelled total of the block that "Revenues:" opens."""
    opened = False
    for at, row in enumerate(rows):
        if _REVENUE_HEAD.match(row.label) and not row.values:
            opened = True
        elif opened and (row.label.lower() in ("total", "")) and row.values and at:
            return [row]
        elif opened and _COSTS.search(row.label):
            return []
    return []


def net_income(statement: Statement) -> Money | None:
    """Net income of the newest year that belongs to the company's shareholders: without noncontrolling interests."""
    rows = [row for row in _above_shares(statement.rows) if not _NOT_NET.search(row.label)]
    minority = [at for at, row in enumerate(rows) if _MINORITY.search(row.label) and not _NET_INCOME.match(row.label)]
    plain = [row for row in rows if _NET_INCOME.match(row.label) and row.values and not _MINORITY.search(row.label)]
    owned = [row for row in rows if _ATTRIBUTABLE.match(row.label) and row.values and not _MINORITY.search(row.label)]
    if minority:
        after = [
            row for row in rows[minority[-1] :] if (row in owned or row in plain) and not _COMMON.search(row.label)
        ]
        choices = [
            *[row for row in owned if not _COMMON.search(row.label)],
            *after,
            *_under_attribution(rows),
            *owned,
            *plain,
        ]
    else:
        choices = [*plain, *owned]
    return next((money for row in choices if (money := _money(statement, row))), None)


def _under_attribution(rows: Sequence[Row]) -> list[Row]:
    """The company's own line below "Net income attributable to:"."""
    for at, row in enumerate(rows):
        if re.search(r"attributable\s+to$", row.label, re.IGNORECASE) and not row.values:
            return [each for each in rows[at + 1 : at + 4] if each.values and not _MINORITY.search(each.label)][:1]
    return []


def _above_shares(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows above the figures per share, which repeat the same words."""
    first = next((at for at, row in enumerate(rows) if _PER_SHARE.search(row.label) and at > 4), len(rows))
    above = rows[:first]
    return above if any(_NET_INCOME.match(row.label) or _ATTRIBUTABLE.match(row.label) for row in above) else rows


def _money(statement: Statement, row: Row) -> Money | None:
    """The newest column's amount; a cell too many in front is a note's number, and too few cannot be placed."""
    if len(row.cells) < statement.width:
        return None
    at = len(row.cells) - statement.width + statement.column
    value, cell = row.values[at], row.cells[at]
    if value is None:
        return None
    printed = cell if any(sign in cell for sign in "$€£¥") else cell.replace("(", "$(") if "(" in cell else f"${cell}"
    words = f" {statement.scale}" if statement.scale else ""
    return Money(printed=printed + words, value=value * _SCALES.get(statement.scale or "", 1.0), row=row)
