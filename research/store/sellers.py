"""Our own profile as the desk edits it: only over what the analyst has seen, with every edit kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from research.errors import DossierError
from research.model.account import Seller
from research.review.seller_edits import SellerEdit
from research.store.accounts import load_seller, save_seller
from research.store.connect import Store
from research.text.codec import dumps
from research.text.hashing import sha256_text

_ADD: Final = "INSERT INTO seller_edits (at, analyst, subject, field, before, after) VALUES (?, ?, ?, ?, ?, ?)"
_LIST: Final = """
SELECT seq, at, analyst, subject, field, before, after FROM seller_edits
WHERE ? IS NULL OR subject = ? ORDER BY seq DESC LIMIT ? OFFSET ?
"""


class ProfileChangedError(DossierError):
    """Somebody else saved the profile since it was read; nothing was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptEdit:
    """One edit of our profile with who made it and when."""

    number: int
    at: str
    analyst: str
    edit: SellerEdit


def seller_version(seller: Seller | None) -> str:
    """What a form carries to say on which state of the profile it was filled in."""
    return sha256_text(dumps(seller) if seller else "")[:32]


def edit_seller(
    store: Store, seller: Seller, edits: tuple[SellerEdit, ...], *, analyst: str, at: str, seen: str
) -> None:
    """Save the profile and its edits in one transaction; ProfileChangedError where `seen` is no longer its version."""
    with store.transaction():
        if seller_version(load_seller(store)) != seen:
            raise ProfileChangedError("somebody else saved our profile in the meantime; nothing of yours was saved")
        save_seller(store, seller)
        store.write(_ADD, [(at, analyst, e.subject, e.field, e.before, e.after) for e in edits])


def seller_edits(store: Store, subject: str | None = None, *, limit: int = 50, skip: int = 0) -> tuple[KeptEdit, ...]:
    """The edits of the profile, or of one rival or offering by its name, the latest first."""
    return tuple(
        KeptEdit(
            number=row[0],
            at=row[1],
            analyst=row[2],
            edit=SellerEdit(subject=row[3], field=row[4], before=row[5], after=row[6]),
        )
        for row in store.rows(_LIST, (subject, subject, limit, skip))
    )
