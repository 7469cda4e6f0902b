"""Stores of one run, read one after another: a payment that two of them hold counts in the first.

One output on chain can pay invoices of two stores: both have one wallet, or an address is given out
again after a server was rebuilt (btcpayserver#610).
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from generator.errors import Unavailable
from generator.snapshot import Finding, Known
from generator.sources.btcpay import findings
from generator.sources.btcpay.digest_set import DigestSet


@dataclass(slots=True)
class StoreTurn:
    """One store of a run, and those before it in the configuration."""

    source: str
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

    async def wait(self, shared: Iterable[Finding]) -> None:
        """Wait for earlier stores; raise `Unavailable` where one that shares payments was not read.

        Its payments would count here as well until it is.
        """
        holders = {finding.subject for finding in shared}
        for turn in self.earlier:
            await turn.ended.wait()
            if turn.source in holders and not turn.whole:
                msg = f"not read, because {turn.source}, which holds some payments too, was not"
                raise Unavailable(self.source, f"{msg}; the next run asks again")
