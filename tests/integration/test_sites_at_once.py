"""Several sites of a refresh are read at once where the settings say so, with the same outcome."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from pipelines.accounts import add_account
from pipelines.bootstrap import open_workspace
from pipelines.internet import Internet
from pipelines.refresh import refresh_accounts

NOW = "2026-11-20T09:00:00+00:00"
HOSTS = ("harrowgate.example", "oxmoor.example", "tarnbeck.example")
PAGE = """<html lang=en><head><title>{name}</title></head><body><main><h1>About {name}</h1><p>{name} Ltd makes meters for
water utilities. {name} Ltd was founded in 1987 and has 140 employees in Leeds.</p></main></body></html>"""


@contextmanager
def sites(wait: Callable[[], object]) -> Iterator[int]:
    """One server for all hosts; a home page is answered when `wait` returns."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host = self.headers["Host"].partition(":")[0]
            if self.path == "/":
                wait()
            body = PAGE.format(name=host.partition(".")[0].title()).encode() if self.path == "/" else b""
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)


def refreshed(home: Path, at_once: int, port: int) -> dict[str, list[Any]]:
    """The facts of each account's brief after one refresh of all."""
    home.mkdir()
    (home / "settings.toml").write_text(f"sites_at_once = {at_once}\n")
    internet = Internet(resolve=lambda *_: ("127.0.0.1",), allowed_hosts=tuple((host, port) for host in HOSTS))
    with open_workspace(home, lambda: NOW, None) as opened:
        workspace = replace(opened, internet=internet)
        for host in HOSTS:
            add_account(workspace, host, site=f"http://{host}:{port}/")
        results = refresh_accounts((), workspace, every=True, out=home / "out")
    assert [result.failed for result in results] == [False] * len(HOSTS)
    briefs = {path.parent.name: json.loads(path.read_text()) for path in sorted((home / "out").rglob("brief.json"))}
    return {
        name: [(f["kind"], f["attributes"], f["evidence"][0]["quote"]) for f in b["findings"]]
        for name, b in briefs.items()
    }


def test_sites_are_read_at_once_and_give_what_they_give_one_by_one(tmp_path: Path) -> None:
    met = threading.Barrier(len(HOSTS))

    def all_are_here() -> None:
        met.wait(timeout=30)  # raises, and the page fails, unless the other sites are asked meanwhile

    with sites(lambda: None) as port:
        one_by_one = refreshed(tmp_path / "one", 1, port)
    with sites(all_are_here) as port:
        at_once = refreshed(tmp_path / "three", len(HOSTS), port)
    assert len(one_by_one) == len(HOSTS)
    assert all(one_by_one.values())
    assert at_once == one_by_one
