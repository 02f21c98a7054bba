"""What a child that reads the team's own files does: one account's meetings, a CRM's table, or the cells of a CSV."""

from __future__ import annotations

import csv
import io
from typing import Any

from research.errors import UsageError
from research.sources import calendar, crm


def warm_up() -> None:
    """Nothing: importing this module has loaded all that it needs."""


def answer(head: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What `head` asks of `body`, as JSON: `found`, or in words what is `wrong` with the mapping or why the file is
    `unread`; ValueError for a question that nobody asks."""
    name = head["name"]
    try:
        return {"found": _found(head, body, name)}
    except UsageError as error:
        return {"wrong": str(error)}
    except csv.Error as error:
        return {"unread": f"{name}: cannot be read as CSV in UTF-8 ({error}): export it again"}
    except UnicodeDecodeError:
        return {"unread": f"{name}: is not UTF-8 text: save it again as UTF-8"}


def _found(head: dict[str, Any], body: bytes, name: str) -> object:
    match head["read"]:
        case "calendar":
            meetings = tuple(calendar.read_calendar(body.decode("utf-8-sig")))
            return calendar.meetings_of(head["names"], head["domains"], meetings).decode()
        case "table":
            keys = None if head["keys"] is None else frozenset(head["keys"])
            return crm.read_table(crm.read_mapping(head["mapping"], name), head["table"], body, name, keys)
        case "rows":
            return list(csv.reader(io.TextIOWrapper(io.BytesIO(body), "utf-8-sig", newline="")))
    raise ValueError(f"nothing reads {head['read']!r}")
