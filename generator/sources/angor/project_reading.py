"""One project while a run reads it: what each step found, and why it ended early if it did."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field

from generator.errors import SourceError
from generator.judge.profile import Profile
from generator.judge.project_findings import ProjectFindings
from generator.protocol.nostr import Event
from generator.protocol.proof.committed_terms import CommittedTerms, establish_terms
from generator.protocol.proof.facts import Fact, transactions_of
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.sources.concurrency import all_of
from generator.sources.indexers import WitnessedHistory


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTransactions:
    """The recorded transactions of a project that a run was not shown."""

    gone: Mapping[str, str] = field(default_factory=dict)  #: txid → the evidence, one sentence
    hidden: tuple[str, ...] = ()  #: of blocks that every server could show: one of them should have


@dataclass(slots=True, kw_only=True)
class ProjectReading:
    """A project, read step by step: address, terms, investments, what is missing.

    One whose address shows that nothing has happened since the last run is filled
    from recorded evidence instead, with `unchanged_txs` set. A failure ends the
    steps; what is recorded of the project then stays.
    """

    identifier: str
    checks: ProjectFindings
    founding: Founded | str | None = None  #: or why there is none; None before the address is read
    candidates: tuple[PlacedTransaction, ...] = ()  #: transactions that pay the project and name a key
    address: WitnessedHistory | None = None  #: what indexers list; None where they were not asked for it
    unchanged_txs: int | None = None  #: what the address counts, where that showed that nothing is new
    definition: CommittedTerms | None = None
    profile: Profile = field(default_factory=Profile)
    facts: tuple[Fact, ...] = ()
    missing: MissingTransactions = field(default_factory=MissingTransactions)
    failure: str = ""  #: why it could not be read to the end, one sentence

    @property
    def slug(self) -> str:
        """The project's name in the log."""
        return self.checks.project

    @property
    def unchanged(self) -> bool:
        """Tell whether recorded evidence tells all that there is."""
        return self.unchanged_txs is not None

    @property
    def founded(self) -> Founded | None:
        """The founding, if the chain has one."""
        return self.founding if isinstance(self.founding, Founded) else None

    @property
    def all_listed(self) -> bool:
        """Tell whether the address's whole history is known."""
        return self.unchanged or (self.address is not None and self.address.history.complete)

    @property
    def shortfall(self) -> str:
        """Say what the address's history lacks, empty where all of it is known."""
        if self.all_listed or self.address is None:
            return ""
        history = self.address.history
        return f"{history.confirmed} confirmed transactions are listed, the indexer counts {history.expected}"

    @property
    def complete(self) -> bool:
        """Tell whether everything was shown that the server counts and the log holds."""
        return self.all_listed and not self.missing.hidden

    @property
    def transactions(self) -> int:
        """Count the address's transactions, waiting ones too, as far as they are known."""
        listed = len(self.address.history.listings) if self.address else 0
        return listed if self.unchanged_txs is None else self.unchanged_txs

    @property
    def address_txs(self) -> int | None:
        """Count the address's confirmed transactions, None where not all are known."""
        if self.unchanged_txs is not None or self.address is None:
            return self.unchanged_txs
        return self.address.history.confirmed if self.complete else None

    @property
    def rests_on(self) -> list[PlacedTransaction]:
        """The transactions that what is told of it rests on; nothing without a founding."""
        return [self.founded.placed, *transactions_of(self.facts)] if self.founded else []

    @property
    def seen(self) -> dict[str, bool]:
        """All transactions that were read, by id, with whether they are in a block."""
        placed = (*self.candidates, *transactions_of(self.facts))
        return {transaction.txid: transaction.block is not None for transaction in placed}


def read_terms(reading: ProjectReading, events: Mapping[str, Event], network: str) -> None:
    """Read the event that the founding commits to, if there are both."""
    if reading.founded:
        event = events.get(reading.founded.founding.event_id)
        reading.definition = establish_terms(
            event, reading.founded, reading.identifier, network=network, checks=reading.checks
        )


async def for_each(
    readings: Iterable[ProjectReading], step: Callable[[ProjectReading], Awaitable[None]]
) -> None:
    """Take one step with every project that has not failed; a failure is the project's own."""

    async def safely(reading: ProjectReading) -> None:
        try:
            await step(reading)
        except SourceError as error:
            reading.failure = error.message

    await all_of(safely(reading) for reading in readings if not reading.failure)
