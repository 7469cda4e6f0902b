"""The whole local world, running: chain, indexers, relays, a BTCPay server, and the truth about it."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import TracebackType
from typing import Final, Self
from urllib.parse import urlsplit

from generator.sandbox.acts import Acts, ActStatus
from generator.sandbox.btcpay import (
    BTCPayServer,
    Deeds,
    PaidPlace,
    Street,
    Town,
    Version,
    build_street,
    build_town,
)
from generator.sandbox.btcpay.campaigns import homes_of
from generator.sandbox.chain import ChainWorld, build_chain
from generator.sandbox.chain.play import WORLD_NOW
from generator.sandbox.charter import CURRENCIES, MIN_GROUP, Addresses, Charter
from generator.sandbox.indexer import PROFILES, Indexer, Quirks, serve_indexer
from generator.sandbox.pictures import HOST, serve_pictures
from generator.sandbox.relay import MEMBER, RELAY_PROFILES, Guard, Relays, serve_relays
from generator.sandbox.store_truth import source_of
from generator.sandbox.truth import Truth

KEY_ENV: Final = "SANDBOX_BTCPAY_KEY"
NOSTR_KEY_ENV: Final = "SANDBOX_NOSTR_KEY"
ID_KEY_ENV: Final = "SUNLIT_ID_KEY"
#: Ids of payments are keyed; a world that comes again must give the same ones.
_ID_KEY: Final = "the sandbox has no donors to protect"
PREFIX: Final = "/btcpay"
#: Lasting names for servers whose ports the system chooses (`.test` is reserved, RFC 6761).
NAMES: Final = Addresses(
    btcpay=f"http://btcpay.sandbox.test{PREFIX}",
    indexers=("http://indexer-1.sandbox.test", "http://indexer-2.sandbox.test"),
    relays=("ws://relay-1.sandbox.test", "ws://relay-2.sandbox.test", "ws://relay-3.sandbox.test"),
    pictures=HOST,
)


@dataclass(slots=True, kw_only=True)
class World:
    """A world from a seed, served while the block runs.

    `projects` are Angor projects of chance beside the six curated ones,
    `invoices` visits to the BTCPay server; `plant` puts a token into every
    free text that server sends; `network_wide` lets the configuration discover
    Angor projects instead of listing them. Ports are chosen by the system.
    """

    seed: int = 1
    end: datetime = WORLD_NOW  #: of all that happens
    projects: int = 0
    invoices: int = 160
    plant: bool = False
    network_wide: bool = False
    street: Street | None = None  #: the BTCPay server's life, instead of `invoices` visits of today
    version: Version = Version.CURRENT  #: of the BTCPay server
    clock: Callable[[], int] | None = None  #: Unix seconds of what happens there while it runs
    #: names of `PROFILES` that the indexers play and of `RELAY_PROFILES`, the first ones first
    profiles: tuple[str, ...] = ()
    latency_scale: float = 0.0  #: of the profiles' latency
    acts: Acts = field(default_factory=Acts)
    deeds: Deeds = field(default_factory=Deeds)
    chain: ChainWorld = field(init=False)
    town: Town = field(init=False)
    btcpay: BTCPayServer = field(init=False)
    indexers: tuple[Indexer, ...] = field(
        init=False
    )  #: two, or one for each profile; the second is the witness
    relays: Relays = field(init=False)
    pictures: str = field(init=False)  #: where those of projects are served
    _running: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.chain = build_chain(self.seed, self.acts, projects=self.projects, now=self.end)
        now = int(self.end.timestamp())
        if self.street is None:
            self.town = build_town(self.seed, invoices=self.invoices, now=now, deeds=self.deeds)
        else:
            self.town = build_street(replace(self.street, seed=self.seed, now=now), self.deeds)
        self.btcpay = self.town.server(
            prefix=PREFIX, plant=self.plant, version=self.version, clock=self.clock
        )

    @property
    def now(self) -> datetime:
        """Return what this world takes for the present."""
        return self.chain.now

    @property
    def charter(self) -> Charter:
        """Return what a report of this world covers."""
        return Charter(chain=self.chain, town=self.town, network_wide=self.network_wide)

    @property
    def truth(self) -> Truth:
        """Return what a report of this world must say in it."""
        return self.truth_at(self.now)

    def truth_at(self, now: datetime) -> Truth:
        """Return what a report must say that somebody makes whose clock tells another time.

        Nothing happens in between; but days, weeks and periods go on, nobody knows a price, and what
        waits for a block is seen for the first time then.
        """
        waiting = ActStatus.PENDING
        bound = (campaign.place for campaign in self.town.campaigns)
        return Truth(
            aims=self.charter.aims(now),
            acts=[replace(act, at=now) if act.status is waiting else act for act in self.acts],
            deeds=self.deeds,
            others=self.deeds.others,
            places=tuple(dict.fromkeys((*map(PaidPlace, self.town.stores), *bound))),
            homes=homes_of(self.town.campaigns),
            pages=self.deeds.pages,
            now=now,
            prices=self.chain.prices,
            currencies=CURRENCIES,
            min_group=MIN_GROUP,
            network_wide=self.network_wide,
            asked=dict.fromkeys(("angor", *map(source_of, self.town.stores), "rates"), (1, 0, 0)),
        )

    @property
    def addresses(self) -> Addresses:
        """Return where everything is served."""
        return Addresses(
            btcpay=self.btcpay.url,
            indexers=tuple(indexer.url for indexer in self.indexers),
            relays=tuple(url.rstrip("/") for url in self.relays.urls),
            pictures=self.pictures,
        )

    @property
    def relay_names(self) -> list[str]:
        """Return the profiles that relays play."""
        return [name for name in self.profiles if name in RELAY_PROFILES]

    @property
    def indexer_names(self) -> list[str]:
        """Return the profiles that indexers play."""
        return [name for name in self.profiles if name in PROFILES]

    @property
    def wants_login(self) -> bool:
        """Tell whether a relay is open to members only."""
        return any(RELAY_PROFILES[name].guard is Guard.MEMBERS for name in self.relay_names)

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.enter_context(self.btcpay)
            played = [PROFILES[name] for name in self.indexer_names]
            self.indexers = tuple(
                stack.enter_context(
                    serve_indexer(self.chain, quirks=quirks, latency_scale=self.latency_scale)
                )
                for quirks in (*played, *([Quirks()] * (len(NAMES.indexers) - len(played))))
            )
            relays = [RELAY_PROFILES[name] for name in self.relay_names]
            self.relays = stack.enter_context(serve_relays(self.chain, relays))
            self.pictures = stack.enter_context(serve_pictures())
            self._running = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    def config_text(self) -> str:
        """Return a config.yaml for this world at the addresses it is served at now."""
        login = NOSTR_KEY_ENV if self.wants_login else ""
        return self.charter.config_text(self.addresses, key_env=KEY_ENV, login_env=login)

    def named_config_text(self) -> str:
        """Return the same with lasting names, so that it is the same in each run; see `hosts`."""
        return self.charter.config_text(NAMES, key_env=KEY_ENV)

    def env(self) -> dict[str, str]:
        """Return the secrets that the configuration names."""
        login = {NOSTR_KEY_ENV: MEMBER.hex()} if self.wants_login else {}
        return {KEY_ENV: self.town.reader.text, ID_KEY_ENV: _ID_KEY, **login}

    def hosts(self) -> dict[str, tuple[str, int]]:
        """Return where the names of `named_config_text` lead: name → (address, port)."""
        places = zip(NAMES.all, self.addresses.all, strict=True)
        return {urlsplit(name).hostname or "": _place(url) for name, url in places}


def _place(url: str) -> tuple[str, int]:
    parts = urlsplit(url)
    return parts.hostname or "", parts.port or 0
