"""Who is researched, and from where."""

from __future__ import annotations

from dataclasses import dataclass

SourceKind = str
"""`site`, `warc`, `file`, `folder`, or the name of a kind in `research.sources.registry`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A company that is researched; `id` is its slug, unique in a store."""

    id: str
    name: str
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    identifiers: tuple[tuple[str, str], ...] = ()
    segment: str | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias, the name first."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One place from which an account's captures come; `url` is an address, or the path of a file or folder."""

    id: str
    account_id: str
    kind: SourceKind
    url: str
    max_pages: int = 200
    cadence_days: int = 7
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rival:
    """A company that competes with the seller, with the names and products by which pages mention it.

    The rest is our own people's knowledge for a battlecard, a line each; what is empty stands there as a question.
    """

    name: str
    aliases: tuple[str, ...] = ()
    about: str = ""
    strategy: tuple[str, ...] = ()
    strengths: tuple[str, ...] = ()
    weaknesses: tuple[str, ...] = ()
    customers_say: tuple[str, ...] = ()
    where_we_win: tuple[str, ...] = ()
    landmines: tuple[str, ...] = ()
    do_not_claim: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerOffering:
    """Something that the seller sells, and the words of the pains that it solves."""

    name: str
    description: str = ""
    solves: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Seller:
    """Our own side: who we are, what we sell, what sets it apart, and who our rivals are."""

    name: str
    offerings: tuple[SellerOffering, ...] = ()
    rivals: tuple[Rival, ...] = ()
    differentiators: tuple[str, ...] = ()

    def for_reading(self) -> Seller:
        """The profile without what stands on battlecards only: all that analysers and drafters depend on, so that a new
        line on a card makes nobody read every page again."""
        rivals = tuple(Rival(name=rival.name, aliases=rival.aliases) for rival in self.rivals)
        return Seller(name=self.name, offerings=self.offerings, rivals=rivals)
