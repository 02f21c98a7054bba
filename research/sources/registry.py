"""Every source kind: adding one is its module, a line here, a policy in corpora/sources.toml and an example."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from research.sources import (
    ashby,
    calendar,
    commoncrawl,
    companieshouse,
    crm,
    edgar,
    feed,
    gdelt,
    gleif,
    greenhouse,
    hackernews,
    lever,
    smartrecruiters,
    statuspage,
    usaspending,
    wayback,
    wikidata,
    workday,
    xbrlfilings,
)
from research.sources.kind import Kind, Step

# In the order in which they are asked: what states identifiers goes before what is found by them.
KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (
        wikidata.KIND,
        edgar.KIND,
        gleif.KIND,
        companieshouse.KIND,
        xbrlfilings.KIND,
        greenhouse.KIND,
        lever.KIND,
        ashby.KIND,
        smartrecruiters.KIND,
        workday.KIND,
        statuspage.KIND,
        usaspending.KIND,
        gdelt.KIND,
        hackernews.KIND,
        feed.KIND,
        wayback.KIND,
        commoncrawl.KIND,
    )
}


# The team's own records, which come from files and are asked of nobody.
_OWN: Final = tuple(
    Kind(name=m.NAME, plan=lambda *_: (), follow=lambda *_: Step(), reads=m.reads, read=m.read) for m in (crm, calendar)
)


def kind_of(url: str) -> Kind | None:
    """The kind whose records stand at this address, None where an ordinary document does."""
    try:
        return next((kind for kind in (*KINDS.values(), *_OWN) if kind.reads(url)), None)
    except ValueError:  # an archive may hold what is no address, such as one with a single bracket
        return None
