"""Stores of one run: a payment that two of them hold counts in the first of the configuration.

Stores of one server are read one after another, servers at once: one that hangs delays no other.

One output on chain can pay invoices of two stores: both have one wallet, or an address is given out
again after a server was rebuilt (btcpayserver#610).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from generator.errors import Unavailable
from generator.snapshot import Finding, Known
from generator.sources.btcpay import findings
from generator.sources.btcpay.digest_set import DigestSet


@dataclass(slots=True, eq=False)
class StoreTurn:
    """One store of a run, and those before it in the configuration."""

    source: str
    server: str = ""  #: its url
    earlier: tuple["StoreTurn", ...] = ()
    held: DigestSet = field(default_factory=DigestSet)  #: its payments, as far as they are read
    ended: asyncio.Event = field(default_factory=asyncio.Event)
    whole: bool = False

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Let later stores read once the block ends, however it ends."""
        try:
            yield
            self.whole = True
        finally:
            self.ended.set()

    def shared(self, known: Known) -> list[Finding]:
        """Return what tells of payments both here and in another store: both are read whole since."""
        return [
            finding
            for finding in known.of(Finding)
            if finding.check == findings.SHARED and self.source in (finding.source, finding.subject)
        ]

    async def begin(self, shared: Iterable[Finding]) -> list["StoreTurn"]:
        """Wait for earlier stores of this server, and for those that are known to share payments.

        Return them. Raise `Unavailable` where one that shares payments was not read: they would
        count here as well until it is.
        """
        holders = {finding.subject for finding in shared}
        read = [turn for turn in self.earlier if turn.server == self.server or turn.source in holders]
        for turn in read:
            await turn.ended.wait()
            if turn.source in holders:
                self._sure_of(turn)
        return read

    async def sharing(self, read: Sequence["StoreTurn"]) -> list["StoreTurn"]:
        """Wait for the other earlier stores, and return those of them that hold payments of this one too."""
        found = []
        for turn in (turn for turn in self.earlier if turn not in read):
            await turn.ended.wait()
            if not self.held.isdisjoint(turn.held):
                self._sure_of(turn)
                found.append(turn)
        return found

    def _sure_of(self, turn: "StoreTurn") -> None:
        if not turn.whole:
            msg = f"not read, because {turn.source}, which holds some payments too, was not"
            raise Unavailable(self.source, f"{msg}; the next run asks again")
