"""Fifty planted secrets: none of them may come to lie in the store, in a log, in an export or in a message."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
import sqlite3
import sys
import threading
import traceback
import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import ModuleType
from urllib.parse import parse_qs, urlsplit

import pytest

from benchmarks.kill_run import Plan, cheaply
from pipelines.accounts import add_account, import_accounts
from pipelines.bootstrap import Workspace, open_workspace
from pipelines.brief import Order, make_brief
from pipelines.internet import Internet
from pipelines.keys import variable_of
from pipelines.models import Models
from pipelines.target import find_target, home_page, identified
from research.errors import UsageError
from research.model.account import Account
from research.settings import load_settings
from research.sources.policy import load_policies
from research.sources.registry import KINDS
from research.store.connect import FILE_NAME

EXAMPLE = Path(__file__).parents[1] / "sources" / "examples" / "companieshouse"
SITE = "www.northfield-robotics.example"
NOW = "2026-11-20T10:00:00+00:00"
KEYED = sorted(name for name, policy in load_policies().items() if policy.key)
PARAMETERS = (
    "api_key apikey api-key key token access_token auth authorization secret client_secret password pwd passwd pass "
    "signature sig subscription-key Ocp-Apim-Subscription-Key app_key X-Api-Key jwt"
).split()


def secret(number: int) -> str:
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


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.service = made = Service(port=server.server_port)  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield made
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


def internet(service: Service) -> Internet:
    policies = {name: policy.served_by(service.port) for name, policy in load_policies().items()}
    hosts = {host for name in KEYED for host in policies[name].hosts} | {SITE}
    allowed = tuple((host, service.port) for host in hosts)
    return Internet(policies=policies, resolve=lambda *_: ("127.0.0.1",), allowed_hosts=allowed)


def run_brief(home: Path, service: Service, *, refused: bool = False) -> None:
    """A whole run of the site and of every kind that takes a key, exports included."""
    with open_workspace(home, lambda: NOW) as opened:
        workspace = replace(opened, internet=internet(service))
        target = f"http://{SITE}:{service.port}/"
        order = Order(target=target, kinds=("site", *KEYED), out=home / "out")
        make_brief(order, workspace, _models)


def _models(workspace: Workspace) -> Models:
    from pipelines import refresh

    return refresh.load_models(workspace)  # the cheap ones


@dataclass
class Heard:
    """All that was said: messages of errors with their tracebacks, logs, output."""

    text: list[str] = field(default_factory=list)

    def refusal(self, call: Callable[[], object]) -> None:
        with pytest.raises(UsageError) as caught:
            call()
        self.text += traceback.format_exception(caught.value)


@pytest.fixture(scope="module")
def planted(tmp_path_factory, service) -> Iterator[tuple[Path, Heard, list[str]]]:
    """A home folder after every way in was tried, what was said meanwhile, and the secrets."""
    home, heard, log = tmp_path_factory.mktemp("home"), Heard(), io.StringIO()
    numbers = iter(range(1000))
    used: list[str] = []

    def plant() -> str:
        used.append(secret(next(numbers)))
        return used[-1]

    handler = logging.StreamHandler(log)
    patch = pytest.MonkeyPatch()
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.DEBUG)
    logging.getLogger("any").debug("the log hears everything")
    try:
        with cheaply(Plan(home=home, port=service.port)):
            for echo in (None, *ECHOES):  # with a key in the environment
                service.echo = echo
                for name in KEYED:
                    patch.setenv(variable_of(name), plant())
                run_brief(home, service)
                (home / FILE_NAME).rename(home / f"{len(used)}.sqlite")
            service.echo = None
            for name in KEYED:
                patch.delenv(variable_of(name))
            patch.setitem(sys.modules, "keyring", _keyring(plant()))
            run_brief(home, service)
            patch.delitem(sys.modules, "keyring")
        _addresses(home, heard, plant)
        _files(home, heard, plant, patch)
        heard.text.append(log.getvalue())
        yield home, heard, used
    finally:
        patch.undo()
        logging.getLogger().removeHandler(handler)
        logging.getLogger().setLevel(logging.WARNING)


def _keyring(key: str) -> ModuleType:
    made = ModuleType("keyring")
    made.get_password = lambda service, name: key  # type: ignore[attr-defined]
    errors = ModuleType("keyring.errors")
    errors.NoKeyringError = errors.KeyringError = KeyError  # type: ignore[attr-defined]
    made.errors = errors  # type: ignore[attr-defined]
    sys.modules["keyring.errors"] = errors
    return made


def _addresses(home: Path, heard: Heard, plant: Callable[[], str]) -> None:
    with open_workspace(home, lambda: NOW) as workspace:
        for name in PARAMETERS:
            address = f"https://www.acme.example/feed?{name}={plant()}&page=1"
            heard.refusal(lambda address=address: add_account(workspace, "Acme", site=address))
        for form in ("https://{}@acme.example/", "https://user:{}@acme.example/", "http://:{}@acme.example:bad/x"):
            address = form.format(plant())
            heard.refusal(lambda address=address: find_target(workspace.store, address, (), max_pages=5))
        for form in (
            "acme.example/?token={}",
            "https://acme.example/#access_token={}",
            "https://acme.example/a;key={}",
        ):
            heard.refusal(lambda form=form: home_page(form.format(plant())))
        account = Account(id="acme", name="Acme")
        feed = f"https://acme.example/rss?key={plant()}"
        heard.refusal(lambda: identified(account, (("feed", feed),)))
        table = home / "accounts.csv"
        rows = [f"Acme {at},https://u:{plant()}@acme{at}.example/" for at in range(3)]
        table.write_text("\n".join(["name,site", *rows]), encoding="utf-8")
        added, problems = import_accounts(workspace, table)
        assert (added, len(problems)) == (0, 3)
        heard.text += problems
        table.unlink()


def _files(home: Path, heard: Heard, plant: Callable[[], str], patch: pytest.MonkeyPatch) -> None:
    settings = home / "settings.toml"
    for form in (
        '[keys]\ncompanieshouse = "{}"',
        'keys = "{}"',
        'companieshouse = "{}"',
        'contact = "{}"\n[keys\n',
        'max_pages = "{}"',
    ):
        settings.write_text(form.format(plant()), encoding="utf-8")
        heard.refusal(lambda: load_settings(home))
    settings.unlink()
    from pipelines.keys import key_for

    for form in ("{} {}", "{}\n{}", "{}é{}"):
        half = plant()
        patch.setenv(variable_of("companieshouse"), form.format(half, half))
        heard.refusal(lambda: key_for("companieshouse"))
    patch.delenv(variable_of("companieshouse"))


def _everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file as it is, and every value of every store, decompressed where it is packed."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.name, path.read_bytes()
    for path in folder.rglob("*.sqlite"):
        connection = sqlite3.connect(path)
        for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                for value in row:
                    raw = value if isinstance(value, bytes) else str(value).encode()
                    yield f"{path.name} {table}", raw
                    if isinstance(value, bytes):
                        with suppress(zlib.error):
                            yield f"{path.name} {table}, unpacked", zlib.decompress(value)
        connection.close()


def _forms(key: str) -> tuple[bytes, ...]:
    packed = (base64.b64encode(key.encode()), base64.b64encode(f"{key}:".encode()))
    return (key.encode(), *(text.rstrip(b"=") for text in packed))


def test_fifty_were_planted_and_every_keyed_kind_received_its_own(planted, service) -> None:
    _, _, used = planted
    assert len(used) == len(set(used)) >= 50
    assert set(service.keys) <= set(used)
    assert len(set(service.keys)) >= (len(ECHOES) + 2) * len(KEYED) >= 12
    assert set(KEYED) <= set(KINDS)


def test_no_secret_lies_in_a_store_a_file_or_an_export(planted) -> None:
    home, _, used = planted
    forms = {form: key for key in used for form in _forms(key)}
    found = {(where, forms[form]) for where, data in _everything(home) for form in forms if form in data}
    assert found == set()
    assert any(where == "brief.json" for where, _ in _everything(home))


def test_no_secret_is_in_a_message_a_traceback_or_a_log(planted) -> None:
    _, heard, used = planted
    said = "\n".join(heard.text)
    assert [key for key in used if any(form.decode() in said for form in _forms(key))] == []
    assert "the log hears everything" in said


def test_the_search_finds_a_secret_that_is_there(tmp_path) -> None:
    connection = sqlite3.connect(tmp_path / "x.sqlite")
    connection.execute("CREATE TABLE t (v)")
    connection.execute("INSERT INTO t VALUES (?)", (zlib.compress(b"so " + secret(1).encode()),))
    connection.commit()
    connection.close()
    assert any(secret(1).encode() in data for _, data in _everything(tmp_path))


@pytest.mark.parametrize(
    "address",
    [
        "https://acme.example/monkey?page=2&keyword=pumps&author=ann&bypass=1&design=3",
        "https://acme.example/signature-edition/?passage=4&tokens=5",
        "https://acme.example/@ann/post?key=",
        "https://acme.example/?q=https://other.example/",
    ],
)
def test_an_ordinary_address_is_none(address) -> None:
    assert home_page(address) == address
    assert parse_qs(urlsplit(address).query) is not None
