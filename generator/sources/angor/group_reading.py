"""Reading some projects together, step by step: addresses, terms, words and investments, what is missing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from generator.protocol.nostr import Filter
from generator.snapshot import Cause
from generator.sources.angor.agreement import Agreement, ask_agreement
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import Chain, all_of
from generator.sources.angor.event_index import EventIndex
from generator.sources.angor.founder_words import read_words
from generator.sources.angor.investment_reading import read_investments
from generator.sources.angor.missing_transactions import MissingSearch
from generator.sources.angor.project_reading import ProjectReading, for_each, read_address, read_terms
from generator.sources.relays import Relays, chunks


@dataclass(slots=True, kw_only=True)
class GroupReader:
    """Reads groups of projects of one run, one group after another; asks nothing twice."""

    archive: Archive
    chain: Chain
    relays: Relays
    events: EventIndex  #: grows
    search: MissingSearch
    at: datetime
    full: bool
    agreed: Agreement = field(default_factory=Agreement)

    async def read(self, readings: Sequence[ProjectReading]) -> None:
        """Read projects to the end; a failure is the project's own."""
        await self._read_terms(readings)
        await all_of(
            (
                self.read_words(readings),
                for_each(readings, lambda reading: read_investments(reading, self.chain), Cause.INVESTMENTS),
            )
        )
        await for_each(readings, self.search.search, Cause.HIDDEN)
        placed = [transaction for reading in readings for transaction in reading.rests_on]
        self.agreed = await ask_agreement(
            self.chain.indexers, self.archive, placed, full=self.full, before=self.agreed
        )

    async def read_words(self, readings: Sequence[ProjectReading]) -> None:
        """Ask for what founders say of their projects."""
        await read_words(readings, self.relays, self.events, at=self.at)

    async def _read_terms(self, readings: Sequence[ProjectReading]) -> None:
        """Read addresses, then the events that foundings commit to, asked by id where none has been shown."""
        await for_each(readings, lambda reading: read_address(reading, self.chain), Cause.HISTORY)
        committed = {reading.founded.founding.event_id for reading in readings if reading.founded}
        missing = sorted(committed - self.events.keys())
        if missing:
            self.events.add(await self.relays.read([Filter(ids=ids) for ids in chunks(missing)]))
        for reading in readings:
            read_terms(reading, self.events, self.chain.network)
