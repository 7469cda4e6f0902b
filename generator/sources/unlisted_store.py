"""A store that the log knows and the configuration lists no more: the gate judges that its money goes."""

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from generator.config import Config
from generator.report.place_owners import PlaceOwners
from generator.report.unlisted_stores import unlisted
from generator.snapshot import Known, Record, Withdrawn
from generator.sources import Tally

UNLISTED: Final = "sources.btcpay of config.yaml lists its store no more"


@dataclass(slots=True, kw_only=True)
class UnlistedStore:
    """A source that asks nobody and shows nothing of `stands` any more."""

    name: str
    stands: Iterable[Record]
    tally: Tally = field(default_factory=Tally)

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        """Yield a withdrawal for each record that stands; see `generator.sources.Source`."""
        del known, at, full
        for record in self.stands:
            kind, _, _ = record.key
            yield Withdrawn(id=f"{kind}/{record.id}", source=self.name, reason=UNLISTED)


def unlisted_stores(config: Config, known: Known) -> tuple[UnlistedStore, ...]:
    """Return one for each store whose money would leave sums because it is listed no more."""
    found = unlisted(known, PlaceOwners.of(config))
    return tuple(UnlistedStore(name=name, stands=stands) for name, stands in found.items())
