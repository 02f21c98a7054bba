"""Reading JSON answers strictly: what is not as documented is said, not guessed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final, TypeVar

from research.sources.kind import ChangedError

MAX_VALUES: Final = 2_000_000
"""Values and containers of an answer: 20 MB of `{"":0},` become 720 MB of Python's objects, in the process of a whole
run. One for ten bytes of the largest body is more than an answer that names its fields can have."""
T = TypeVar("T")


def parse_json(body: bytes, source: str) -> Any:
    """The JSON of an answer; ChangedError where it is none, or holds more than MAX_VALUES."""
    if sum(map(body.count, (b",", b"[", b"{"))) > MAX_VALUES:
        raise ChangedError(f"the answer of {source} holds more than {MAX_VALUES:,} values and is not read")
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise ChangedError(f"the answer of {source} is no JSON; its format may have changed") from None


def need(value: object, path: str, kind: type[T], source: str) -> T:
    """What lies at the dotted `path` (list places as numbers) of a JSON value; ChangedError where it is not there or
    of another type."""
    found = dig(value, path)
    if not isinstance(found, kind):
        raise ChangedError(f"the answer of {source} has no `{path}` as documented; its format may have changed")
    return found


def dig(value: object, path: str) -> Any:
    """What lies at the dotted `path`, None where there is nothing."""
    for step in path.split("."):
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def text_at(value: object, path: str) -> str:
    """The text at `path` with single blanks, empty where there is none; numbers as they are written."""
    found = dig(value, path)
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return " ".join(str(found).split())


def rows_at(value: object, path: str) -> list[Mapping[str, Any]]:
    """The objects of the list at `path`, none where there is no list."""
    found = dig(value, path) if path else value
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list) else []
