"""Runs addresses through the real collect stage by every carrier, and tells which connections were tried."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from pipelines.bootstrap import Workspace, open_workspace
from pipelines.collecting import collect
from pipelines.internet import Internet, Reach
from pipelines.reading import extract
from pipelines.target import Target, find_target
from research.errors import DossierError
from research.model.account import Source
from research.text.hashing import short_id

from .carriers import CARRIERS, MORE, Site
from .faulty_server import Answer, Asked, Served, page, serve, whole
from .seam import PUBLIC, Watch, resolver, watching

NOW: Final = "2026-11-20T09:00:00+00:00"
DIRECT: Final = ("direct", "csv-import-row", "cli-seed", "mcp-tool-arg", "web-ui-form")  # an address that is given
_PAGES: Final = 12  # of a made-up site; the largest carrier has three
_PUBLIC_NAMES: Final = (".example", "example.com")
_PARSED: Final = ("/report.pdf",)  # what is also handed to the parsers, which must open no connection either
# What the shared matrix and our own rows call public; the seam trusts this list and not the guard under test.
PUBLICS: Final = frozenset(
    {PUBLIC, "8.8.8.8", "8.8.4.4", "1.1.1.1", "11.0.0.1", "9.255.255.255", "192.167.1.1", "192.169.0.1", "126.255.255.255",
     "128.0.0.1", "169.253.0.1", "169.255.0.1", "172.15.255.255", "172.32.0.1", "100.63.255.255", "100.128.0.1",
     "198.17.255.255", "198.20.0.1", "223.255.255.255", "2606:2800:220:1:248:1893:25c8:1946", "2001:4860:4860::8888"}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """One row by one carrier: the connections beyond the site's own door, whether they strayed, and the seconds."""

    row: Mapping[str, Any]
    carrier: str
    beyond: tuple[tuple[str, int], ...]
    strays: tuple[tuple[str, int], ...]
    seconds: float

    @property
    def passed(self) -> bool:
        """No stray connection; and an address that must be allowed was tried, where a carrier can lead off the site."""
        leads = self.carrier in (*DIRECT, "redirect")
        return not self.strays and (self.row["expect"] != "allow" or not leads or bool(self.beyond))


def read_rows(data: Path) -> list[dict[str, Any]]:
    """The rows of the shared matrix."""
    lines = (data / "hostile" / "ssrf.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def pairs(rows: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], str]]:
    """Every row by each of the seven carriers of the goal, and by its own where it names another."""
    named = [(row, row["via"]) for row in rows if row.get("via") not in (None, *CARRIERS)]
    return [(row, carrier) for carrier in ("direct", *CARRIERS) for row in rows] + named


def rebinding(rows: Sequence[Mapping[str, Any]]) -> list[tuple[Mapping[str, Any], str]]:
    """By every carrier, a subdomain of the site itself that its name server leads to each address of the matrix."""
    hosts = dict.fromkeys(row["url"].partition("://")[2].rstrip("/").strip("[]") for row in rows if _is_literal(row))
    made = [{"url": "http://www.{site}/", "resolves": host, "expect": "block", "cls": "rebinding"} for host in hosts]
    return [(row, carrier) for carrier in ("direct", *CARRIERS) for row in made]


def _is_literal(row: Mapping[str, Any]) -> bool:
    return row["cls"] in ("v4-range", "v6-range", "v6-embed")


class Matrix:
    """A store, the servers, and one made-up site after the other; the canary must stay at 0 connections."""

    def __init__(
        self, workspace: Workspace, door: Served, canary: Served, watch: Watch, sites: dict[str, Site]
    ) -> None:
        self._workspace, self._door, self._watch, self._sites = workspace, door, watch, sites
        self.canary = canary
        self._number = 0

    def run(self, row: Mapping[str, Any], carrier: str) -> Tried:
        """Collects from a fresh site that carries the row's address, or from the address itself."""
        self._number += 1
        name = f"site{self._number}.example"
        url = str(row["url"]).replace("{p2}", str(self.canary.port)).replace("{site}", name)
        self._sites[name] = {**CARRIERS, **MORE}[carrier](url) if carrier not in DIRECT else {}
        before, start = len(self._watch.tried), time.perf_counter()
        self._collect(name, url if carrier in DIRECT else f"http://{name}:{self._door.port}/", row.get("resolves"))
        seconds = time.perf_counter() - start
        tried = self._watch.tried[before:]
        beyond = tuple(place for place in tried if place != ("127.0.0.1", self._door.port))
        strays = tuple(place for place in self._watch.strays if place in beyond)
        return Tried(row=row, carrier=carrier, beyond=beyond, strays=strays, seconds=seconds)

    def _collect(self, name: str, start: str, rebound: str | None) -> None:
        internet = Internet(
            policies={},
            resolve=resolver({name: "127.0.0.1"} | ({f"www.{name}": rebound} if rebound else {}), _PUBLIC_NAMES),
            allowed_hosts=((name, self._door.port),),
        )
        workspace = replace(self._workspace, internet=internet)
        target = self._target(start)
        try:
            collect(target, workspace, Reach())
        except DossierError:
            return  # the home page could not be read: what is wanted of most rows
        if any(map(self._door.paths(name).__contains__, _PARSED)):
            extract(target.account, workspace)

    def _target(self, start: str) -> Target:
        """As a command makes it; where that calls the address none, one for the stage below, which must refuse it too."""
        store = self._workspace.store
        try:
            target = find_target(store, start, (), max_pages=_PAGES, kinds=("site",))
        except DossierError:
            target = None
        if target is not None and target.sources:
            return target
        made = find_target(store, f"Made-up {self._number}", (), max_pages=_PAGES, kinds=("site",))
        source = Source(id=short_id(start, "site"), account_id=made.account.id, kind="site", url=start)
        return replace(made, sources=(source,), kinds=())


@contextmanager
def matrix() -> Iterator[Matrix]:
    """A matrix with its servers and a store that is thrown away."""
    sites: dict[str, Site] = {}

    def route(asked: Asked) -> Answer:
        missing = whole(404, {"Content-Type": "text/plain"}, b"not here")
        return sites.get(asked.host, {}).get(asked.path, missing)

    with ExitStack() as stack:
        home = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        workspace = stack.enter_context(open_workspace(home, lambda: NOW))
        workspace.store.db.execute("PRAGMA synchronous=OFF")  # thousands of small commits, none of which must last
        door = stack.enter_context(serve(route))
        canary = stack.enter_context(serve(lambda asked: page("<p>You should not be here.</p>")))
        public = stack.enter_context(serve(lambda asked: page("<p>A public page.</p>")))
        watch = stack.enter_context(watching(door=door.port, canary=canary.port, public=public.port, publics=PUBLICS))
        yield Matrix(workspace, door, canary, watch, sites)
