"""One project in a run: what was found out about it so far, and the steps that find it out."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field

from generator.errors import SourceError
from generator.judge.project_findings import ProjectFindings
from generator.protocol.proof.committed_terms import CommittedTerms
from generator.protocol.proof.facts import Fact, RejectedInvestment, transactions_of
from generator.protocol.proof.founding import Founded
from generator.protocol.proof.placed_transaction import PlacedTransaction
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import Chain, Sight, all_of, read_in
from generator.sources.angor.fates import Fates, Inquest
from generator.sources.angor.refresh import Standing
from generator.sources.angor.withdrawals import recorded


@dataclass(slots=True, kw_only=True)
class Look:
    """One project, looked at step by step until it is told or fails."""

    identifier: str
    checks: ProjectFindings
    sight: Sight | None = None
    definition: CommittedTerms | None = None
    facts: tuple[Fact, ...] = ()
    fates: Fates = field(default_factory=Fates)
    unchanged: bool = False  #: told from evidence, because nothing has happened since
    failure: str = ""  #: why it could not be read to the end, one sentence

    @property
    def founded(self) -> Founded | None:
        """Return the founding, if the chain has one."""
        founding = self.sight.founding if self.sight else None
        return founding if isinstance(founding, Founded) else None

    @property
    def places(self) -> list[PlacedTransaction]:
        """Return the transactions that what is told of it rests on, as this run saw them."""
        return [self.founded.placed, *transactions_of(self.facts)] if self.founded else []

    def stands(self, standing: Standing) -> None:
        """Take a project as recorded evidence tells it."""
        self.unchanged = True
        self.checks = standing.checks
        self.sight, self.definition, self.facts = standing.sight, standing.definition, standing.facts


async def see(look: Look, chain: Chain) -> None:
    """Read the project's address."""
    look.sight = await chain.sight(look.identifier)


async def gather_facts(look: Look, chain: Chain) -> None:
    """Read its investments and what became of them."""
    if look.sight and look.founded and look.definition:
        look.facts = tuple(await chain.investments(look.sight, look.founded, look.definition.terms))


async def learn_fates(look: Look, inquest: Inquest, archive: Archive) -> None:
    """Ask what became of what is recorded and was not shown; a short list shows too little to ask."""
    if look.sight and look.definition and look.sight.sighting.history.complete:
        seen = read_in(look.sight, look.facts)
        refused = {fact.placed.txid for fact in look.facts if isinstance(fact, RejectedInvestment)}
        known = recorded(archive, look.checks.project, refused=refused)
        missing = [one for txid, one in known.items() if txid not in seen]
        look.fates = await inquest.fates(missing, seen)


async def each(looks: Iterable[Look], step: Callable[[Look], Awaitable[None]]) -> None:
    """Take one step with every project that has not failed; a failure is the project's own."""

    async def safely(look: Look) -> None:
        try:
            await step(look)
        except SourceError as error:
            look.failure = error.message

    await all_of(safely(look) for look in looks if not look.failure)
