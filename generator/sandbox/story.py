"""Six days of a world, day by day, as a report saw them: what the demo tells.

A report that begins with a few shops; a server that is down for three days; a goal that is raised; a block
that other miners did not build on; and a store whose owner has not let anybody read it yet.
"""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import TracebackType
from typing import Final, Self

from generator.protocol.bitcoin import Transaction
from generator.sandbox.btcpay import Town
from generator.sandbox.btcpay.books import Books, Shelf
from generator.sandbox.btcpay.campaigns import HARBOUR, Campaign
from generator.sandbox.btcpay.chance import base58, chance
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.btcpay.model import CHAIN, Invoice, Store
from generator.sandbox.chain import ChainWorld
from generator.sandbox.chain.identity import Identity
from generator.sandbox.chain.wallet import Coin, Wallet, assemble
from generator.sandbox.charter import Charter
from generator.sandbox.store_truth import source_of
from generator.sandbox.story_texts import PAGES, STATIC, notes
from generator.sandbox.truth import Truth
from generator.sandbox.world import KEY_ENV, NAMES, World

_DAY: Final = timedelta(days=1)
#: All of them lie in one month, late enough for an edition of the month before.
LAST: Final = datetime(2026, 2, 6, 12, tzinfo=UTC)
#: Days before the last one: the first run, the server that is down, the goal that is raised, and the block
#: that did not stay.
FIRST: Final = 5
DOWN: Final = range(2, 5)
RAISED: Final = 4
UNSTABLE: Final = 1
BAKERY: Final = "bakery"
_GARDEN: Final = "garden"
_MAKERS: Final = "makers-hall"
_LOWER_TARGET: Final = Decimal(5000)
_ORPHANED: Final = 3  #: blocks, as many as a payment needs to count
LANGUAGES: Final = ("en", "de")
#: What the demo's exit code forgives, and why; a test holds that there is no other gap.
GAPS: Final = {BAKERY: "Its owner has not made a key for this report yet"}


@dataclass(slots=True, kw_only=True)
class Story:
    """A world that is shown day by day while the block runs; the last day shows it whole."""

    seed: int
    world: World = field(init=False)
    _books: Books = field(init=False)
    _day: int = 0  #: days before the last one
    _running: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.world = World(seed=self.seed, end=LAST)
        self.world.town = _with_bakery(self.world.town)
        self._books = self.world.town.books
        self.world.btcpay.books = self._books

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.world)
            self._running = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    @property
    def now(self) -> datetime:
        """The day that is shown."""
        return self.world.now - _DAY * self._day

    def days(self, after: datetime | None = None) -> Iterator[datetime]:
        """Show one day after another, from the first one that is later; the last one always."""
        for self._day in range(FIRST, -1, -1):
            if self._day and after is not None and self.now <= after:
                continue
            self._show()
            yield self.now

    def _show(self) -> None:
        server, at = self.world.btcpay, int(self.now.timestamp())
        server.faults.heal()
        server.books = self._books_at(at) if self._day else self._books
        if self._day in DOWN:
            server.faults.add(Fault.HTML, path=self.world.town.stores[0])
        chain = self.world.chain
        for indexer in self.world.indexers:
            indexer.world = _with_orphans(chain, at) if self._day == UNSTABLE else chain

    def _books_at(self, at: int) -> Books:
        """Return what the server knew at a time, of what was over by then."""
        books = self._books
        goals = dict(books.crowdfunds)
        if self._day > RAISED:
            goals |= {
                number: replace(app, target=_LOWER_TARGET)
                for number, app in goals.items()
                if app.name == _GARDEN
            }
        return replace(
            books,
            now=at,
            crowdfunds=goals,
            invoices=Shelf(invoice for invoice in books.invoices if _last_act(invoice) < at),
            pulls=[pull for pull in books.pulls if pull.starts < at],
            payouts=[payout for payout in books.payouts if payout.at < at],
        )

    @property
    def charter(self) -> Charter:
        """What the report covers on the day that is shown."""
        joined = {0: None, UNSTABLE: frozenset({_MAKERS})}
        pages = {
            campaign.slug: f"{NAMES.btcpay}{campaign.page}"
            for campaign in self.world.town.campaigns
            if campaign.app
        }
        return replace(
            self.world.charter,
            joined=joined.get(self._day, frozenset()),
            languages=LANGUAGES,
            gives=pages | {HARBOUR: f"{NAMES.btcpay}/stores/{self.world.town.stores[0]}/pos"},
            accepted=GAPS | {source_of(self.world.town.stores[-1]): GAPS[BAKERY]},
        )

    def config_text(self) -> str:
        """Return the config.yaml of the day that is shown, with lasting names."""
        return self.charter.config_text(NAMES, key_env=KEY_ENV)

    @property
    def contents(self) -> dict[str, bytes]:
        """What the report's owner wrote, by path below ``content/``."""
        until, *_, down = (LAST.date() - _DAY * day for day in DOWN)
        told = notes(down=down, until=until, raised=LAST.date() - _DAY * RAISED)
        texts = {"notes.yaml": told, **PAGES}
        return {path: text.encode() for path, text in texts.items()} | STATIC

    @property
    def truth(self) -> Truth:
        """Return what the report must say in the end."""
        whole = self.world.truth
        *_, closed = self.world.town.stores
        radio = source_of(self.world.town.stores[0])
        days = dict.fromkeys(whole.asked, (FIRST + 1, 0, 0))
        days |= {"angor": (UNSTABLE + 1, 0, 0), source_of(closed): (0, FIRST + 1, FIRST + 1)}
        days[radio] = (FIRST + 1 - len(DOWN), len(DOWN), len(DOWN))
        read = tuple(place for place in whole.places if place.store != closed)
        return replace(whole, unread=frozenset(GAPS), asked=days, places=read)


def _with_bakery(town: Town) -> Town:
    """Return a town with one store more, which no key may read."""
    store = Store(
        id=base58(chance(town.seed, "story"), 44), name="Night Bakery", currency="EUR", rails=(CHAIN,)
    )
    books = replace(town.books, stores={**town.books.stores, store.id: store})
    bakery = Campaign(
        slug=BAKERY,
        title="Night Bakery",
        store=store.id,
        app=None,
        currencies=("EUR",),
        rails=store.rails,
        starts=town.books.now,
    )
    return replace(town, books=books, campaigns=(*town.campaigns, bakery))


def _last_act(invoice: Invoice) -> int:
    return max([invoice.created, *(payment.received for payment in invoice.payments)])


def _with_orphans(world: ChainWorld, at: int) -> ChainWorld:
    """Return a world whose last blocks were not built on; in them was what an investor then sent anew."""
    whole = world.chain
    height = sum(block.header.time < at for block in whole.blocks) - _ORPHANED
    cheap, fee_sat = _before_it_was_sent_anew(world)
    chain = whole.branch(height, cheap, fee_sat=fee_sat)
    begun = chain.blocks[-1].header.time
    for number in range(1, _ORPHANED + 1):
        chain.mine(begun + 600 * number)
    return replace(world, chain=chain)


def _before_it_was_sent_anew(world: ChainWorld) -> tuple[Transaction, int]:
    """Return the first try of the investment that waits in the end, and its fee: it paid miners less."""
    makers = next(project for project in world.projects if project.draft.slug == _MAKERS)
    late = next(tx for tx in world.chain.mempool if tx.outputs[0].script == makers.script)
    coins = [
        Coin(txid=entry.prev_txid, vout=entry.vout, output=world.chain.output(entry.prev_txid, entry.vout))
        for entry in late.inputs
    ]
    wallet = Wallet(secret=Identity(seed=world.seed, name=f"{_MAKERS}/late-1").coin_secret)
    spent_sat = sum(coin.output.value_sat for coin in coins)
    fee_sat = (spent_sat - sum(output.value_sat for output in late.outputs)) // 2
    *invested, change = late.outputs
    left_sat = spent_sat - sum(output.value_sat for output in invested) - fee_sat
    cheap = assemble([wallet.spend(coin) for coin in coins], [*invested, replace(change, value_sat=left_sat)])
    return cheap, fee_sat
