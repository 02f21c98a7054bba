"""Who is researched, from where, and for whom."""

from __future__ import annotations

from typing import Final

from research.errors import DossierError
from research.model.account import Account, Seller, Source
from research.store.connect import Row, Store
from research.store.seals import require_seals, seal_of
from research.store.words import index_words
from research.text.codec import dumps, loads
from research.text.names import company_key
from research.text.urls import host

_UPSERT_ACCOUNT: Final = """
INSERT INTO accounts (id, body, seal) VALUES (?, ?, ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, seal = excluded.seal
"""
_UPSERT_SOURCE: Final = """
INSERT INTO sources (id, account_id, body, seal) VALUES (?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET body = excluded.body, seal = excluded.seal
"""
_FORGET_READINGS: Final = """
DELETE FROM site_readings WHERE source_id IN (SELECT id FROM sources WHERE account_id = ?)
"""
_UPSERT_SELLER: Final = """
INSERT INTO sellers (id, body) VALUES (1, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body
"""


def save_account(store: Store, account: Account) -> None:
    """Add an account or put this description in the place of the one with its id."""
    keys = {("name", company_key(name), account.id) for name in account.names}
    keys |= {("domain", _bare(domain), account.id) for domain in account.domains}
    with store.transaction():
        body = dumps(account)
        store.write(_UPSERT_ACCOUNT, [(account.id, body, seal_of(body))])
        store.write("DELETE FROM account_keys WHERE account_id = ?", [(account.id,)])
        store.write("INSERT INTO account_keys (kind, key, account_id) VALUES (?, ?, ?)", sorted(keys))
        index_words(store, "account", (account.id,))


def forget_unread(store: Store, account_id: str) -> bool:
    """Drop an account of which no answer was ever kept, with its sources and lists; whether it was one."""
    with store.transaction():
        if store.row("SELECT 1 FROM captures WHERE account_id = ? LIMIT 1", (account_id,)):
            return False
        store.write(_FORGET_READINGS, [(account_id,)])
        for table in (
            "unfinished_answers",
            "unfinished_visits",
            "unfinished_round",
            "skip_lists",
            "drafts",
            "page_answers",
            "sources",
            "account_keys",
            "meetings",
            "visits",
            "notices",
        ):
            store.write(f"DELETE FROM {table} WHERE account_id = ?", [(account_id,)])  # noqa: S608 (our own names)  # nosec B608
        store.write("DELETE FROM accounts WHERE id = ?", [(account_id,)])
    return True


def load_account(store: Store, account_id: str) -> Account | None:
    """The account with this id, or None."""
    row = store.row("SELECT body, seal FROM accounts WHERE id = ?", (account_id,))
    return _read_account(row) if row else None


def list_accounts(store: Store) -> tuple[Account, ...]:
    """Every account, by id."""
    return tuple(map(_read_account, store.rows("SELECT body, seal FROM accounts ORDER BY id")))


def find_account(store: Store, text: str) -> Account | None:
    """The account that `text` names by id, name, alias, domain or address, in this order; DossierError if several."""
    exact = load_account(store, text.strip())
    if exact is not None:
        return exact
    named = _by_key(store, "name", company_key(text)) if "://" not in text else []
    for found in (named, *(_by_key(store, "domain", domain) for domain in _domains(text))):
        if len(found) > 1:
            raise DossierError(f"{text!r} could be {' or '.join(found)}: say which by that id")
        if found:
            return load_account(store, found[0])
    return None


def save_source(store: Store, source: Source) -> None:
    """Add a source or put this description in the place of the one with its id; its account cannot change."""
    with store.transaction():
        owner = store.row("SELECT account_id FROM sources WHERE id = ?", (source.id,))
        if owner and owner[0] != source.account_id:
            raise DossierError(f"source {source.id} belongs to account {owner[0]}: give the new source another id")
        body = dumps(source)
        store.write(_UPSERT_SOURCE, [(source.id, source.account_id, body, seal_of(body))])


def sources_of(store: Store, account_id: str) -> tuple[Source, ...]:
    """The sources of an account, in the order in which they were added."""
    rows = store.rows("SELECT body, seal FROM sources WHERE account_id = ? ORDER BY rowid", (account_id,))
    require_seals(rows, "source")
    return tuple(loads(Source, body) for body, _ in rows)


def save_seller(store: Store, seller: Seller) -> None:
    """Keep our own profile, in the place of the former one."""
    store.write(_UPSERT_SELLER, [(dumps(seller),)])


def load_seller(store: Store) -> Seller | None:
    """Our own profile, or None where none was given."""
    row = store.row("SELECT body FROM sellers")
    return loads(Seller, row[0]) if row else None


def _read_account(row: Row) -> Account:
    require_seals([row], "account")
    return loads(Account, row[0])


def _by_key(store: Store, kind: str, key: str) -> list[str]:
    sql = "SELECT account_id FROM account_keys WHERE kind = ? AND key = ? ORDER BY account_id"
    return [account_id for (account_id,) in store.rows(sql, (kind, key))]


def _bare(domain: str) -> str:
    return domain.strip().lower().rstrip(".").removeprefix("www.")


def _domains(text: str) -> list[str]:
    """The host that `text` names and the domains above it, the narrowest first; a bare top level is left out."""
    address = text.strip() if "://" in text else f"https://{text.strip()}"
    labels = _bare(host(address)).split(".")
    wider = [".".join(labels[index:]) for index in range(1, len(labels) - 1)]
    return [domain for domain in (".".join(labels), *wider) if domain]
