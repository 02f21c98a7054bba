"""A small internet on the loopback: every host of the examples, served by one process, each request noted."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

from pipelines.internet import Internet
from research.net.limits import Limiter
from research.sources.policy import load_policies

from .example import Stored, load_example, names_of_examples

SITE = "https://www.northfield-robotics.example"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    at: float
    host: str
    target: str
    agent: str


@dataclass
class SmallInternet:
    """The running servers: `answers` may be added to, hosts in `down` break off, `asked` is what came. `acting` answers
    before them what it knows of, as services do that work something out."""

    port: int
    answers: list[Stored]
    asked: list[Asked] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    refusing: dict[str, tuple[int, dict[str, str]]] = field(default_factory=dict)
    robots: dict[str, str] = field(default_factory=dict)
    acting: Callable[[str], Stored | None] = lambda url: None

    @property
    def hosts(self) -> frozenset[str]:
        return frozenset(urlsplit(stored.url).hostname or "" for stored in self.answers)

    def times(self) -> dict[str, list[float]]:
        """When each host was asked."""
        moments: dict[str, list[float]] = defaultdict(list)
        for asked in self.asked:
            moments[asked.host].append(asked.at)
        return moments

    def resolve(self, host: str, port: int) -> tuple[str, ...]:
        return ("127.0.0.1",) if host in self.hosts and port == self.port else ()

    def internet(self, limiter: Limiter | None = None) -> Internet:
        """The network as the commands are handed it: these hosts and no others, at this port, without waiting."""
        policies = {name: policy.served_by(self.port) for name, policy in load_policies().items()}
        hosts = {host for policy in policies.values() for host in policy.hosts} | self.hosts
        return Internet(
            policies=policies,
            resolve=self.resolve,
            allowed_hosts=tuple((host, self.port) for host in sorted(hosts)),
            limiter=limiter or patient(),
        )


def patient() -> Limiter:
    """A limiter whose time passes without anybody waiting."""
    now = [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds

    return Limiter(clock=lambda: now[0], sleep=sleep)


@contextmanager
def small_internet() -> Iterator[SmallInternet]:
    """Serves the examples of all kinds."""
    answers = [stored for name in names_of_examples() for stored in load_example(name).answers]
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    net = SmallInternet(port=server.server_port, answers=answers)
    server.net = net  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield net
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self._serve(None)

    def do_POST(self) -> None:
        self._serve(self.rfile.read(int(self.headers.get("Content-Length", 0))).decode())

    def _serve(self, payload: str | None) -> None:
        net: SmallInternet = self.server.net  # type: ignore[attr-defined]
        host = self.headers.get("Host", "").partition(":")[0]
        net.asked.append(Asked(time.monotonic(), host, self.path, self.headers.get("User-Agent", "")))
        if host in net.down:
            self.close_connection = True
            return
        if self.path == "/robots.txt":
            self._send(200 if host in net.robots else 404, net.robots.get(host, "").encode(), "text/plain", {})
        elif host.endswith("sec.gov") and "@" not in self.headers.get("User-Agent", ""):
            self._send(403, b"Undeclared Automated Tool", "text/html", {})  # as the SEC answers who does not say
        elif host in net.refusing:
            status, headers = net.refusing[host]
            self._send(status, b"no", "text/plain", headers)
        else:
            self._send_stored(net, f"https://{host}{self.path}", payload)

    def _send_stored(self, net: SmallInternet, url: str, payload: str | None) -> None:
        for known in net.hosts:  # an address within an address, as archives have it
            url = url.replace(f"http://{known}:{net.port}", f"https://{known}")
        stored = net.acting(url) or next((s for s in net.answers if s.answers(url, payload)), None)
        if stored is None:
            self._send(404, b"not here", "text/plain", {})
            return
        body = stored.body
        if "ndjson" not in stored.media_type:  # an index names pages as they were then; all else as they stand here
            for host in net.hosts:
                body = body.replace(f"https://{host}".encode(), f"http://{host}:{net.port}".encode())
        self._send(stored.status, body, stored.media_type, dict(stored.headers))

    def _send(self, status: int, body: bytes, media_type: str, headers: dict[str, str]) -> None:
        self.send_response(status)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass
