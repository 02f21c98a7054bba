"""What an edit of our own profile changed, field by field; a pure function of before and after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

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
    edits: list[SellerEdit] = []
    for name, one in old.items():
        if name not in new:  # its words go into the log: nothing that people wrote is lost
            edits.append(SellerEdit(subject=name, field="removed", before=f"{what} {name}", after=""))
            edits += _fields(name, one, type(one)(name=name), _beside_name(one))
    for name, one in new.items():
        if name not in old:
            edits.append(SellerEdit(subject=name, field="added", before="", after=f"{what} {name}"))
        known = old.get(name, type(one)(name=name))
        edits += _fields(name, known, one, _beside_name(one))
    return edits


def _beside_name(one: Rival | SellerOffering) -> list[str]:
    return [field.name for field in fields(one) if field.name != "name"]


def keep_words(stored: Seller | None, loaded: Seller) -> Seller:
    """A profile that was loaded from a file, with what people wrote in the desk where the file says nothing of it."""
    known = {rival.name: rival for rival in stored.rivals} if stored else {}
    rivals = tuple(_kept(known.get(rival.name), rival) for rival in loaded.rivals)
    return replace(
        loaded, rivals=rivals, differentiators=loaded.differentiators or (stored.differentiators if stored else ())
    )


def _kept(stored: Rival | None, loaded: Rival) -> Rival:
    if stored is None:
        return loaded
    unsaid = {name: getattr(stored, name) for name in _beside_name(loaded) if not getattr(loaded, name)}
    return replace(loaded, **{name: value for name, value in unsaid.items() if name != "aliases"})


def _fields(
    subject: str, before: Seller | Rival | SellerOffering, after: Seller | Rival | SellerOffering, names: Sequence[str]
) -> list[SellerEdit]:
    pairs = ((name, _said(getattr(before, name)), _said(getattr(after, name))) for name in names)
    return [SellerEdit(subject=subject, field=name, before=old, after=new) for name, old, new in pairs if old != new]


def _said(value: str | tuple[str, ...]) -> str:
    return value if isinstance(value, str) else "\n".join(value)
