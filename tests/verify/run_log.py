"""What runs of the source recorded of a small world, one after another, and what verification says of it."""

from dataclasses import dataclass, field, replace
from datetime import timedelta

from generator.config import Config, parse
from generator.ledger import Entry
from generator.protocol.bitcoin import Transaction
from generator.sandbox.chain import Chain, ChainWorld
from generator.snapshot import Asked, Known, Line, Outcome, Record, Result, Run, fold, news
from generator.verify.rederive import check_proof
from generator.verify.results import CheckResult
from tests.support import angor_sandbox as sandbox
from tests.support.angor_reading import relay

BUILT_ON = 3  #: blocks after the one that is reorganised: what stands in it counts


def original(*, spend: bool = False) -> tuple[ChainWorld, Transaction, int]:
    """Return a world of one project soon after an investment or a stage's spend, that, and its height."""
    world = sandbox.one_project(4)
    script = world.projects[0].script
    paid: set[str] = set()
    found: list[tuple[Transaction, int]] = []
    for block in world.chain.blocks:
        for tx in block.transactions:
            invests = tx.outputs[0].script == script and len(tx.outputs) > 3
            spends = any(spent.outpoint in paid for spent in tx.inputs)
            paid |= {f"{tx.txid}:{vout}" for vout in range(2, len(tx.outputs))} if invests else set()
            found += [(tx, block.height)] if (spends if spend else invests) else []
    tx, height = found[-1]
    chain = Chain(world.chain.reward_script, world.chain.blocks[: height + BUILT_ON + 1])
    return replace(world, chain=chain), tx, height


@dataclass(slots=True)
class Log:
    """What runs recorded, and what verification says of it."""

    lines: list[Line] = field(default_factory=list)

    @property
    def known(self) -> Known:
        return fold(self.lines)

    async def read(self, world: ChainWorld) -> None:
        """Take a run of the source."""
        number = len(self.known.runs)
        at, events = original()[0].now + timedelta(days=number), [event.to_obj() for event in world.events]
        async with relay(events) as url, sandbox.source(world, [sandbox.nearby(world)], url) as angor:
            found = [record async for record in angor.collect(self.known, at=at, full=True)]
        self.append(*news(self.known, found), tip=world.chain.height)

    def append(self, *records: Record, tip: int) -> None:
        number = len(self.known.runs)
        at = original()[0].now + timedelta(days=number)
        asked = (Asked(source="angor", outcome=Outcome.OK),)
        run = Run(id=f"r{number}", source="runs", at=at, asked=asked, network="regtest", tip_height=tip)
        self.lines += (Line(run=run.id, record=record) for record in (*records, run))

    def checks(self, settings: Config | None = None) -> dict[str, CheckResult]:
        known = self.known
        return {check.name: check for check in check_proof(known, settings or config(), known.runs[-1])}

    def red(self, settings: Config | None = None) -> dict[str, tuple[str, ...]]:
        return {
            name: check.problems
            for name, check in self.checks(settings).items()
            if check.result is Result.FAILED
        }

    def rows(self, tx: Transaction) -> list[Entry]:
        return [entry for entry in self.known.of(Entry) if entry.id.startswith(tx.txid)]


def config() -> Config:
    return parse(
        "version: 1\nsite: {title: Example}\nnetwork: regtest\nangor: {discover: all}\n"
        "sources:\n  nostr: {relays: ['ws://127.0.0.1:1']}\n  indexers: ['http://127.0.0.1:1']\n"
        "projects: []\n"
    )
