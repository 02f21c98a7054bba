"""What an edit of our own profile changed, field by field; a pure function of before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

from research.model.account import Rival, Seller, SellerOffering


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerEdit:
    """One field of our profile (`subject` empty), of an offering or of a rival (by name), before and after; lists are a
    line each, and a thing that was added or taken out has the field `added` or `removed`."""

    subject: str
    field: str
    before: str
    after: str


def seller_changes(before: Seller | None, after: Seller) -> tuple[SellerEdit, ...]:
    """Every field that differs; what there was not is empty."""
    old = before or Seller(name="")
    own = _fields("", old, after, ("name", "differentiators"))
    return (*own, *_things(old.offerings, after.offerings, "offering"), *_things(old.rivals, after.rivals, "rival"))


def _things(
    before: Sequence[Rival | SellerOffering], after: Sequence[Rival | SellerOffering], what: str
) -> list[SellerEdit]:
    old, new = {one.name: one for one in before}, {one.name: one for one in after}
    gone = [
        SellerEdit(subject=name, field="removed", before=f"{what} {name}", after="") for name in old if name not in new
    ]
    edits: list[SellerEdit] = []
    for name, one in new.items():
        if name not in old:
            edits.append(SellerEdit(subject=name, field="added", before="", after=f"{what} {name}"))
        known = old.get(name, type(one)(name=name))
        edits += _fields(name, known, one, [field.name for field in fields(one) if field.name != "name"])
    return [*gone, *edits]


def _fields(
    subject: str, before: Seller | Rival | SellerOffering, after: Seller | Rival | SellerOffering, names: Sequence[str]
) -> list[SellerEdit]:
    pairs = ((name, _said(getattr(before, name)), _said(getattr(after, name))) for name in names)
    return [SellerEdit(subject=subject, field=name, before=old, after=new) for name, old, new in pairs if old != new]


def _said(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(value)
