"""On what terms each source is asked: read from `corpora/sources.toml`, which is data and no code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from importlib.resources import files
from typing import Any, Final, Literal
from urllib.parse import urlencode, urlsplit, urlunsplit

from research.errors import DossierError

FILE: Final = "sources.toml"
Robots = Literal["obey", "api"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One kind's terms. At most `requests` in any `seconds`, over all accounts together; `serial`: one at a time.

    `contact`: the User-Agent must name someone to write to; `agent` is its form, with `{product}` and `{contact}`.
    `robots` is `obey`, or `api` where robots.txt keeps crawlers off what the operator documents for programs: then the
    endpoints of this policy, and nothing else there, may be asked, unless robots.txt names us.
    `default`: read unless others are chosen; `group` names several kinds at once. `anywhere`: it is asked at hosts that
    no endpoint can name, like any site. `key` names the setting that holds a key, `key_as` how it is sent.
    `fields` are what it may fill of the template, `pages` the types of pages that it stands for where the brief says
    what was not found, or not looked at.
    """

    name: str
    title: str
    endpoints: Mapping[str, str]
    documentation: str
    licence: str
    requests: int
    seconds: float
    robots_says: str
    verified: str
    fields: tuple[str, ...]
    pages: tuple[str, ...] = ()
    attribution: str = ""
    serial: bool = False
    contact: bool = False
    agent: str = ""
    robots: Robots = "obey"
    default: bool = False
    group: str = ""
    anywhere: bool = False
    key: str = ""
    key_as: Literal["basic", "bearer"] = "bearer"
    note: str = ""

    def at(self, endpoint: str, path: str = "", query: Mapping[str, str | int] | None = None) -> str:
        """The address of an endpoint with a path behind it and a query in the order given."""
        base = self.endpoints[endpoint]
        return f"{base}{path}" + (f"?{urlencode(query)}" if query else "")

    @property
    def hosts(self) -> tuple[str, ...]:
        """The hosts of the endpoints, each once."""
        return tuple(dict.fromkeys(urlsplit(url).hostname or "" for url in self.endpoints.values()))

    def served_by(self, port: int) -> Policy:
        """The same terms with every endpoint on plain HTTP at `port`: a server of one's own that stands in."""
        moved = {name: _moved(url, port) for name, url in self.endpoints.items()}
        return replace(self, endpoints=moved)


@cache
def load_policies() -> Mapping[str, Policy]:
    """Every policy by the name of its kind, in the order of the file; DossierError for a key that is unknown."""
    raw = tomllib.loads((files("corpora") / FILE).read_text(encoding="utf-8"))
    return {name: _policy(name, table) for name, table in raw.items()}


def _policy(name: str, table: Mapping[str, Any]) -> Policy:
    known = {field.name for field in fields(Policy)} - {"name"}
    unknown = sorted(table.keys() - known)
    if unknown:
        raise DossierError(f"{FILE}: [{name}] has an unknown key {unknown[0]!r}")
    lists = {key: tuple(table.get(key, ())) for key in ("fields", "pages")}
    return Policy(name=name, **{**table, **lists})


def _moved(url: str, port: int) -> str:
    parts = urlsplit(url)
    return urlunsplit(("http", f"{parts.hostname}:{port}", parts.path, parts.query, ""))
