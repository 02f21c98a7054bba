"""What a brief has wrong of an annotated account, each error with the words that stand behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from research.text.names import company_key, fold

Json = Mapping[str, Any]
_LONGEST: Final = 300  # characters of a sentence that are kept


def account_errors(name: str, brief: Json, result: Json, gold: Json, group: str) -> list[dict[str, Any]]:
    """The errors of one group of the scorer's answer (`competitors`, `people_with_role`, `profile`) on one account."""
    makers: dict[str, Callable[[Json, Json, Json], Iterable[tuple[str, str, str]]]] = {
        "competitors": _rivals,
        "people_with_role": _people,
        "profile": _facts,
    }
    found = makers[group](brief, result[group], gold)
    return [{"account": name, "error": e, "what": what, "sentence": said[:_LONGEST]} for e, what, said in found]


def _rivals(brief: Json, result: Json, gold: Json) -> Iterator[tuple[str, str, str]]:
    for name in result["false"]:
        yield "false", name, _quote_of(brief, "relation", "company", name, relation="competitor")
    for key in result["missed"]:
        yield "missed", key, _gold_quote(gold["competitors"], key)


def _people(brief: Json, result: Json, gold: Json) -> Iterator[tuple[str, str, str]]:
    for name in result["false"]:
        yield "false", str(name), _quote_of(brief, "person", "name", str(name))
    found = {_surname(f["attributes"]["name"]) for f in brief["findings"] if f["kind"] == "person"}
    for person in gold["people"]:
        if _surname(person["name"]) not in found:
            yield "missed", f"{person['name']}, {person['role']}", _said(person)


def _facts(brief: Json, result: Json, gold: Json) -> Iterator[tuple[str, str, str]]:
    for field, verdict in result["detail"].items():
        if verdict in ("ok", "rightly empty"):
            continue
        known = gold["profile"].get(field)
        shown = _said(known) if verdict == "missed" and known else _quote_of(brief, "fact", "field", field)
        error, _, value = verdict.partition(": ")
        yield error, f"{field}: {value}" if value else field, shown


def _quote_of(brief: Json, kind: str, attribute: str, value: str, **others: str) -> str:
    """The first quote behind the surest finding that says so, empty where none does."""
    wanted = {attribute: value, **others}
    said = [
        f
        for f in brief["findings"]
        if f["kind"] == kind and all(f["attributes"].get(k) == v for k, v in wanted.items())
    ]
    best = max(said, key=lambda f: float(f["confidence"]), default=None)
    return str(best["evidence"][0]["quote"]) if best else ""


def _gold_quote(items: Iterable[Json], key: str) -> str:
    named = (i for i in items if key in {company_key(n) for n in (i["name"], *i.get("accept", []))})
    return next((_said(item) for item in named), "")


def _said(item: Json) -> str:
    return str((item.get("evidence") or {}).get("quote", ""))


def _surname(name: str) -> str:
    return (fold(name).split() or [""])[-1]
