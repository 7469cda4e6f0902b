"""One project while a run reads it: its address, terms, what steps found, and why they ended early."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from generator.errors import SourceError
from generator.judge.bookkeeping import ProjectFindings
from generator.judge.profile import Profile
from generator.protocol.angor.project_identifier import address_of, project_script
from generator.protocol.nostr import Event
from generator.protocol.proof.committed_terms import CommittedTerms, establish_terms
from generator.protocol.proof.facts import Fact, transactions_of
from generator.protocol.proof.founding import (
    Founded,
    choose_founding,
    is_founding,
    is_legacy_founding,
    undecided_founding,
)
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.snapshot import Cause
from generator.sources.angor.chain import Chain, all_of
from generator.sources.indexers import Listing, WitnessedHistory
from generator.text_format import counted

#: ``OP_RETURN`` and the push of a 33-byte key, written in any length, begin every note of the protocol.
_NOTE: Final = ("6a21", "6a4c21", "6a4d2100", "6a4e21000000")


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
    cause: Cause | None = None  #: the same in a word, for the census
    hidden: str | None = None  #: why moderators' lists hide it, empty where none does, None: nobody knows
    event_found: bool = False  #: whether there is an event with the id that the founding commits to

    @property
    def place(self) -> str:
        """The project's name in the log."""
        return self.checks.place

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
    def paying(self) -> dict[str, Listing]:
        """What the address's history lists that may be a founding or an investment, by txid."""
        listings = self.address.history.listings if self.address else {}
        return {txid: row for txid, row in listings.items() if _may_be_ours(row, self.identifier)}

    def founded_otherwise(self, network: str) -> bool:
        """Tell whether something founds it that binds no terms: in the old layout, or not in a block yet."""
        return any(
            is_founding(self.identifier, network, placed.transaction.outputs)
            or is_legacy_founding(self.identifier, network, placed.transaction.outputs)
            for placed in self.candidates
        )

    @property
    def shortfall(self) -> str:
        """Say what the address's history lacks, empty where all of it is known."""
        if self.all_listed or self.address is None:
            return ""
        history = self.address.history
        listed = counted(history.confirmed, "confirmed transaction")
        return f"the indexer lists {listed} and counts {history.expected}"

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
        reading.event_found = event is not None
        reading.definition = establish_terms(
            event, reading.founded, reading.identifier, network=network, checks=reading.checks
        )


async def for_each(
    readings: Iterable[ProjectReading], step: Callable[[ProjectReading], Awaitable[None]], cause: Cause
) -> None:
    """Take one step with every project that has not failed; a failure is the project's own.

    `cause` is what the census says where the step knows no better.
    """

    async def safely(reading: ProjectReading) -> None:
        try:
            await step(reading)
        except SourceError as error:
            reading.failure, reading.cause = error.message, reading.cause or cause

    await all_of(safely(reading) for reading in readings if not reading.failure)


async def read_address(reading: ProjectReading, chain: Chain) -> None:
    """List the address and choose the founding among what pays it; raise `SourceError`."""
    identifier = reading.identifier
    reading.cause = Cause.HISTORY
    reading.address = await chain.indexers.history(address_of(identifier, chain.network))
    reading.cause = Cause.BYTES
    found = await all_of(_candidate(listing, identifier, chain) for listing in reading.paying.values())
    reading.cause = None
    reading.candidates = tuple(placed for placed in found if placed is not None)
    reading.founding = choose_founding(reading.candidates, identifier, chain.network)
    if doubt := undecided_founding(reading.candidates, identifier, chain.network):
        reading.failure, reading.cause = doubt, Cause.BYTES


def _may_be_ours(listing: Listing, identifier: str) -> bool:
    """Tell whether a listed transaction may be a founding or an investment of a project."""
    fee, *rest = listing.scripts[:2] or ("",)
    return bool(rest) and fee == project_script(identifier).hex() and rest[0].startswith(_NOTE)


async def _candidate(listing: Listing, identifier: str, chain: Chain) -> PlacedTransaction | None:
    block = listing.block or chain.above.get(listing.txid)
    transaction = await chain.indexers.transaction(listing.txid, block)
    outputs = transaction.outputs
    if len(outputs) < 2 or outputs[0].script != project_script(identifier):  # noqa: PLR2004 -- fee and note
        return None  # the listing said otherwise; its bytes decide
    if is_founding(identifier, chain.network, outputs):
        return await chain.place(listing.txid, block)
    return PlacedTransaction(transaction=transaction, block=block)
