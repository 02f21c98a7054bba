"""What the user named: an account, and the sources that it is read from."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from research.errors import UsageError
from research.model.account import Account, Source, SourceKind
from research.sources.choosing import default_kinds
from research.store.accounts import find_account, load_account, save_account, save_source, sources_of
from research.store.connect import Store
from research.text.hashing import short_id
from research.text.names import slug
from research.text.secrets import redacted, secret_in
from research.text.urls import host, parse, registrable_domain

_FILES: Final = (".html", ".htm", ".pdf", ".txt", ".md", ".docx")
_WARCS: Final = (".warc", ".warc.gz", ".wacz")
_BARE_DOMAIN: Final = re.compile(r"[\w-]+(\.[\w-]+)*\.[a-z]{2,}(/\S*)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The account as the store knows it by now, the sources to read in this run, and whether this run made it."""

    account: Account
    sources: tuple[Source, ...]
    new: bool = False
    kinds: tuple[str, ...] = ()  # of `research.sources.registry`, or `site`: what is looked up beside `sources`


def home_page(text: str) -> str | None:
    """The address that `text` is, with https where no scheme is given; None where it is a name."""
    refuse_secret(text)
    if re.match(r"https?:", text, re.IGNORECASE):
        if parse(text) is None or not host(text):
            raise UsageError(f"{text!r} is no address: write it like https://www.example.com/")
        return text
    if " " not in text and _BARE_DOMAIN.fullmatch(text) and registrable_domain(text).count("."):
        return f"https://{text}"
    return None


def refuse_secret(text: str) -> None:
    """UsageError, without it, where an address holds a key or password: addresses are stored, shown and exported."""
    found = secret_in(text) if "//" in text or "?" in text else None
    if found:
        raise UsageError(f"the address {redacted(text)!r} holds {found}: addresses are stored, so leave it out")


def find_target(
    store: Store, text: str, sources: Sequence[str], *, max_pages: int, kinds: tuple[str, ...] | None = None
) -> Target:
    """The account that `text` names, made where it is new, with the sources of this run saved."""
    address = home_page(text)
    account = _account_of_site(store, address) if address else _account_of_name(store, text)
    read = [_local_source(account, path) for path in sources]
    if not read and address and (kinds is None or "site" in kinds):
        read = [_source(account, "site", address, max_pages)]
    if not read and kinds is None:
        read = list(sources_of(store, account.id)) if load_account(store, account.id) else []
    if not read and not kinds and not sources:
        kinds = default_kinds()
    new = load_account(store, account.id) is None
    save_account(store, account)
    for source in read:
        save_source(store, source)
    return Target(account=account, sources=tuple(read), new=new, kinds=kinds or ())


def _account_of_site(store: Store, address: str) -> Account:
    domain = registrable_domain(address)
    known = find_account(store, domain)
    if known is not None:
        return known
    label = domain if re.fullmatch(r"[\d.:\[\]]+", domain) else domain.split(".")[0]
    wanted = slug(label)
    taken = load_account(store, wanted) is not None
    return Account(id=slug(domain.replace(".", " ")) if taken else wanted, name=domain, domains=(domain,))


def _account_of_name(store: Store, name: str) -> Account:
    if not re.search(r"\w", name):
        raise UsageError("the account's name is empty: give a company's name or home page")
    known = find_account(store, name)
    if known is not None:
        return known
    wanted = slug(name)
    taken = load_account(store, wanted) is not None
    return Account(id=f"{wanted}-{short_id(name)[:4]}" if taken else wanted, name=name.strip())


def _local_source(account: Account, text: str) -> Source:
    path = Path(text)
    if not path.exists():
        raise UsageError(f"--from {text}: there is no such file or folder")
    name = path.name.lower()
    kind: SourceKind
    if path.is_dir():
        kind = "folder"
    elif name.endswith(_WARCS):
        kind = "warc"
    elif name.removesuffix(".gz").endswith(_FILES):
        kind = "file"
    else:
        raise UsageError(
            f"--from {text}: cannot read this kind of file; use {', '.join((*_WARCS, *_FILES))} or a folder"
        )
    return _source(account, kind, str(path.resolve()), 100_000)


def with_own(store: Store, target: Target, paths: Sequence[str]) -> Target:
    """The target with the team's own files and folders among its sources, saved for later runs."""
    found = []
    for text in paths:
        path = Path(text)
        if not path.exists():
            raise UsageError(f"--own {text}: there is no such file or folder")
        found.append(_source(target.account, "own", str(path.resolve()), 100_000))
    for source in found:
        save_source(store, source)
    return replace(target, sources=(*found, *target.sources))


def _source(account: Account, kind: SourceKind, url: str, max_pages: int) -> Source:
    return Source(id=short_id(account.id, kind, url), account_id=account.id, kind=kind, url=url, max_pages=max_pages)


def identified(account: Account, pairs: tuple[tuple[str, str], ...]) -> Account:
    """The account with these identifiers, which are taken as given and go before what was known."""
    for _, value in pairs:
        refuse_secret(value)
    return replace(account, identifiers=tuple(sorted((dict(account.identifiers) | dict(pairs)).items())))
