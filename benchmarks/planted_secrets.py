"""Fifty secrets planted by every way in that a key or a password can take, and the search for where they lie."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import os
import sqlite3
import sys
import threading
import traceback
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

from benchmarks.kill_run import Plan, cheap_models, cheaply
from pipelines.accounts import add_account, import_accounts
from pipelines.bootstrap import open_workspace
from pipelines.brief import Order, make_brief
from pipelines.internet import Internet
from pipelines.keys import key_for, variable_of
from pipelines.target import find_target, home_page, identified
from research.errors import UsageError
from research.model.account import Account
from research.settings import load_settings
from research.sources.policy import load_policies
from research.store.connect import FILE_NAME

EXAMPLE = Path(__file__).parents[1] / "tests" / "sources" / "examples" / "companieshouse"
SITE = "www.northfield-robotics.example"
NOW = "2026-11-20T10:00:00+00:00"
KEYED = sorted(name for name, policy in load_policies().items() if policy.key)
PARAMETERS = (
    "api_key apikey api-key key token access_token auth authorization secret client_secret password pwd passwd pass "
    "signature sig subscription-key Ocp-Apim-Subscription-Key app_key X-Api-Key jwt"
).split()


def secret(number: int) -> str:
    """A key that stands nowhere else."""
    return "pLanted" + hashlib.sha256(f"secret {number}".encode()).hexdigest()[:20]


@dataclass
class Service:
    """A keyed service and a site on one port; `echo` turns the key that came into an answer of its own."""

    port: int = 0
    keys: list[str] = field(default_factory=list)
    echo: Callable[[str], tuple[int, dict[str, str], bytes]] | None = None


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        service: Service = self.server.service  # type: ignore[attr-defined]
        shown = self.headers.get("Authorization", "")
        key = base64.b64decode(shown.removeprefix("Basic ")).decode().rstrip(":") if shown else ""
        if key:
            service.keys.append(key)
        path = urlsplit(self.path).path
        if key and service.echo is not None and not path.startswith("/moved"):
            self._send(*service.echo(key))
        elif "search" in path:
            self._send(200, {"Content-Type": "application/json"}, (EXAMPLE / "search.json").read_bytes())
        elif path.endswith("/officers"):
            self._send(200, {"Content-Type": "application/json"}, (EXAMPLE / "officers.json").read_bytes())
        elif path.startswith("/company"):
            self._send(200, {"Content-Type": "application/json"}, (EXAMPLE / "profile.json").read_bytes())
        elif path == "/" or path.startswith("/moved"):
            page = b"<html lang=en><title>Northfield Robotics</title><p>Northfield Robotics builds robots in Leeds."
            self._send(200, {"Content-Type": "text/html"}, page)
        else:
            self._send(404, {}, b"nothing here")

    def _send(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Service]:
    """The service and the site while the block runs."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.service = made = Service(port=server.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _json(key: str) -> bytes:
    return f'{{"company_number": "09990123", "company_name": "Northfield", "your_key": "{key}"}}'.encode()


_JSON = {"Content-Type": "application/json"}
ECHOES: tuple[Callable[[str], tuple[int, dict[str, str], bytes]], ...] = (
    lambda key: (200, _JSON, _json(key)),
    lambda key: (200, _JSON, _json(base64.b64encode(f"{key}:".encode()).decode())),
    lambda key: (200, _JSON | {"ETag": f'"{key}"'}, _json("")),
    lambda key: (200, _JSON | {"Last-Modified": key}, _json("")),
    lambda key: (200, {"Content-Type": f"application/json; charset={key}"}, _json("")),
    lambda key: (200, {"Content-Type": f"text/{key}"}, _json("")),
    lambda key: (302, {"Location": f"/moved/{key}"}, b""),
    lambda key: (401, _JSON, f'{{"error": "{key} is no valid key"}}'.encode()),
    lambda key: (500, _JSON, key.encode()),
    lambda key: (200, _JSON | {"X-Key": key, "Set-Cookie": f"key={key}"}, _json("")),
)


def _internet(service: Service) -> Internet:
    policies = {name: policy.served_by(service.port) for name, policy in load_policies().items()}
    hosts = {host for name in KEYED for host in policies[name].hosts} | {SITE}
    allowed = tuple((host, service.port) for host in hosts)
    return Internet(policies=policies, resolve=lambda *_: ("127.0.0.1",), allowed_hosts=allowed)


def run_brief(home: Path, service: Service) -> None:
    """A whole run of the site and of every kind that takes a key, exports included."""
    with open_workspace(home, lambda: NOW) as opened:
        workspace = replace(opened, internet=_internet(service))
        target = f"http://{SITE}:{service.port}/"
        order = Order(target=target, kinds=("site", *KEYED), out=home / "out")
        make_brief(order, workspace, lambda _: cheap_models())


@dataclass
class Heard:
    """All that was said: messages of errors with their tracebacks, logs, output."""

    text: list[str] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def refusal(self, call: Callable[[], object], what: str) -> None:
        """Call what must be refused, and keep the words of it."""
        try:
            call()
        except UsageError as error:
            self.text += traceback.format_exception(error)
        else:
            self.taken.append(what)


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A home folder after every way in was tried, what was said meanwhile, and the secrets with those that arrived."""

    home: Path
    heard: Heard
    used: tuple[str, ...]
    received: frozenset[str]

    def lying(self) -> list[str]:
        """Where a secret lies, in any form in which it may."""
        forms = {form: key for key in self.used for form in forms_of(key)}
        found = {f"{forms[form]}: {where}" for where, data in everything(self.home) for form in forms if form in data}
        return sorted(found)

    def told(self) -> list[str]:
        """The secrets that a message, a traceback or a log tells."""
        said = "\n".join(self.heard.text)
        return [key for key in self.used if any(form.decode() in said for form in forms_of(key))]


def plant(home: Path) -> Planted:
    """Try every way in that a key or a password can take, with a secret of its own each time."""
    heard, log, used = Heard(), io.StringIO(), [""]
    used.clear()

    def new() -> str:
        used.append(secret(len(used)))
        return used[-1]

    with serving() as service, _listening(log), cheaply(Plan(home=home, port=service.port)):
        _runs(home, service, new)
        _addresses(home, heard, new)
        _files(home, heard, new)
        received = frozenset(service.keys)
    heard.text.append(log.getvalue())
    return Planted(home=home, heard=heard, used=tuple(used), received=received)


def _runs(home: Path, service: Service, new: Callable[[], str]) -> None:
    """Whole runs with a key in the environment, of a service that keeps it and of those that say it again; and one with
    a key in the keyring."""
    for number, echo in enumerate((None, *ECHOES)):
        service.echo = echo
        with _environment({variable_of(name): new() for name in KEYED}):
            run_brief(home, service)
        (home / FILE_NAME).rename(home / f"{number}.sqlite")
    service.echo = None
    keyring = _keyring(new())
    with _environment({}), _modules({"keyring": keyring, "keyring.errors": keyring.errors}):
        run_brief(home, service)


@contextmanager
def _listening(log: io.StringIO) -> Iterator[None]:
    """Everything that is logged anywhere, whatever its level."""
    handler, root = logging.StreamHandler(log), logging.getLogger()
    level, disabled = root.level, root.manager.disable
    logging.disable(logging.NOTSET)  # the command line mutes what libraries say; here all of it is heard
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    logging.getLogger("any").debug("the log hears everything")
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(level)
        logging.disable(disabled)


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """The environment with these variables, and without any other key."""
    before = dict(os.environ)
    for name in KEYED:
        os.environ.pop(variable_of(name), None)
    os.environ.update(values)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


@contextmanager
def _modules(values: Mapping[str, ModuleType]) -> Iterator[None]:
    """These modules in the place of what may be installed."""
    before = {name: sys.modules.get(name) for name in values}
    sys.modules.update(values)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


def _keyring(key: str) -> ModuleType:
    made = ModuleType("keyring")
    made.get_password = lambda *_: key  # type: ignore[attr-defined]
    errors = ModuleType("keyring.errors")
    errors.NoKeyringError = errors.KeyringError = KeyError  # type: ignore[attr-defined]
    made.errors = errors  # type: ignore[attr-defined]
    return made


def _addresses(home: Path, heard: Heard, plant: Callable[[], str]) -> None:
    with open_workspace(home, lambda: NOW) as workspace:
        for name in PARAMETERS:
            address = f"https://www.acme.example/feed?{name}={plant()}&page=1"
            heard.refusal(partial(add_account, workspace, "Acme", site=address), name)
        for form in ("https://{}@acme.example/", "https://user:{}@acme.example/", "http://:{}@acme.example:bad/x"):
            address = form.format(plant())
            heard.refusal(partial(find_target, workspace.store, address, (), max_pages=5), form)
        for form in (
            "acme.example/?token={}",
            "https://acme.example/#access_token={}",
            "https://acme.example/a;key={}",
        ):
            heard.refusal(partial(home_page, form.format(plant())), form)
        account = Account(id="acme", name="Acme")
        feed = f"https://acme.example/rss?key={plant()}"
        heard.refusal(partial(identified, account, (("feed", feed),)), "a feed")
        table = home / "accounts.csv"
        rows = [f"Acme {at},https://u:{plant()}@acme{at}.example/" for at in range(3)]
        table.write_text("\n".join(["name,site", *rows]), encoding="utf-8")
        added, problems = import_accounts(workspace, table)
        heard.taken += ["a row of a table"] * added
        heard.text += problems
        table.unlink()


def _files(home: Path, heard: Heard, plant: Callable[[], str]) -> None:
    settings = home / "settings.toml"
    for form in (
        '[keys]\ncompanieshouse = "{}"',
        'keys = "{}"',
        'companieshouse = "{}"',
        'contact = "{}"\n[keys\n',
        'max_pages = "{}"',
    ):
        settings.write_text(form.format(plant()), encoding="utf-8")
        heard.refusal(partial(load_settings, home), form)
    settings.unlink()
    for form in ("{} {}", "{}\n{}", "{}é{}"):
        half = plant()
        for name in KEYED:
            with _environment({variable_of(name): form.format(half, half)}):
                heard.refusal(partial(key_for, name), form)


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and every value of every store, decompressed where it is packed."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    for path in folder.rglob("*.sqlite"):
        connection = sqlite3.connect(path)
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608  # nosec B608 # names of the schema
                for value in row:
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    yield f"{path.name} {table}", raw
                    if isinstance(value, bytes):
                        with suppress(zlib.error):
                            yield f"{path.name} {table}, unpacked", zlib.decompress(value)
        connection.close()


def forms_of(key: str) -> tuple[bytes, ...]:
    """A key bare and as basic authorization has it."""
    packed = (base64.b64encode(key.encode()), base64.b64encode(f"{key}:".encode()))
    return (key.encode(), *(text.rstrip(b"=") for text in packed))
