"""A small network that is read again and again while servers, relays and moderators keep parts of it back."""

import asyncio
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import cache

import httpx

from generator.config import Config
from generator.protocol.angor.project_identifier import address_of
from generator.protocol.nostr import Event, sign
from generator.report import Report, build
from generator.sandbox.acts import ActKind, Acts, ActStatus
from generator.sandbox.chain import ChainWorld
from generator.sandbox.chain.crowd import chance_draft, crowd
from generator.sandbox.chain.play import WORLD_NOW, Play
from generator.sandbox.chain.project import Project
from generator.sandbox.indexer.server import Indexer
from generator.sandbox.relay.quirks import QuirkyRelay, serve_quirky
from generator.sandbox.worth import Prices
from generator.snapshot import Asked, Known, Line, Outcome, Run, fold, news
from generator.sources.angor import AngorSource, Moderation
from generator.sources.indexers import Indexers
from generator.sources.relays import RelayLimits, Relays
from tests.support.limits import GENEROUS
from tests.support.skipping_loop import SkippingLoop
from tests.support.trust import trust

URL, ANSWER_S, MODERATOR = "http://lossy.test", 1 / 3, bytes([11]) * 32
MODERATOR_KEY = sign(MODERATOR, kind=1, content="", created_at=1).pubkey
STATS = ("chain_stats", "mempool_stats")
#: The clock goes on while the relay answers, too.
LISTEN = RelayLimits(open_s=10_000, idle_s=10_000, total_s=20_000)


CONFIG: dict[str, object] = {
    "version": 1,
    "site": {"title": "Network"},
    "network": "regtest",
    "angor": {"discover": "all", "moderation": "deny", "moderators": [MODERATOR_KEY]},
    "sources": {"nostr": {"relays": ["ws://127.0.0.1:1"]}, "indexers": ["http://127.0.0.1:1"]},
}


class Loss(StrEnum):
    """What nobody shows of a project, or what moderators say of it."""

    FOUNDING = "founding bytes hidden"
    CUT = "history cut"
    UNLISTED = "address not listed"
    PROOFS = "proofs refused"
    SPENDS = "spends refused"
    EVENT = "event lost"
    DENIED = "denied"
    EMPTY = "address said to be empty"  #: as electrum servers do where they fail


Losses = Mapping[int, Collection[Loss]]  #: by number of the project


@dataclass(frozen=True, kw_only=True)
class Network:
    """Founded projects, one that is only announced, and what actors say that they paid."""

    world: ChainWorld
    announced: Project  #: that nothing founds
    paid_msat: Mapping[str, int]  #: by identifier of the founded ones

    @property
    def identifiers(self) -> list[str]:
        """Every announced project, the founded ones in their order first."""
        return [project.identifier for project in (*self.world.projects, self.announced)]

    def events(self, losses: Losses, run: int) -> list[Event]:
        """Return what relays still have, and the moderator's list."""
        copied = [self.world.projects[number].event for number, some in losses.items() if Loss.EVENT in some]
        lost = {event.id for event in copied}
        denied = [number for number, some in losses.items() if Loss.DENIED in some]
        keys = [["p", self.world.projects[number].founder.nostr_pubkey] for number in denied]
        deny = sign(
            MODERATOR,
            kind=30000,
            content="",
            created_at=1_700_000_000 + run,
            tags=[["d", "angor:deny"], *keys],
        )
        told = [*self.world.events, self.announced.event]
        return [*(event for event in told if event.id not in lost), *map(impostor, copied), deny]


def impostor(event: Event) -> Event:
    """Return the same words, signed by somebody else."""
    return sign(b"\7" * 32, kind=event.kind, content=event.content, created_at=event.created_at)


@cache
def network(seed: int, projects: int = 5) -> Network:
    """Return projects of chance with an investor or two each, really mined and signed."""
    play, acts = Play.of(seed), Acts()
    for number in range(projects):
        draft = chance_draft(play.dice, number)
        first, last = (draft.starts_at + timedelta(days=days) for days in (1, 20))
        crowd(play.venture(draft), 1 + number % 2, first, last, (150_000, 5_000_000))
    announced = Project(draft=chance_draft(play.dice, projects), founder=play.person("nobody"))
    play.run(acts)
    paid = Counter[str]()
    for act in acts:
        if act.kind is ActKind.INVESTMENT and act.status is ActStatus.CONFIRMED:
            paid[act.identifier] += act.amount_msat
    world = ChainWorld(
        seed=seed,
        chain=play.chain,
        projects=tuple(venture.project for venture in play.ventures),
        prices=Prices.of(seed),
        now=WORLD_NOW,
    )
    return Network(world=world, announced=announced, paid_msat=paid)


class Lossy(httpx.AsyncBaseTransport):
    """A server that fails to answer some questions in the same way each time; its answers take time."""

    def __init__(self, network: Network, losses: Losses) -> None:
        world, indexer = network.world, Indexer(world=network.world)
        self.inner = httpx.ASGITransport(app=indexer.application())
        self.refused: dict[str, int] = {}  #: path → status
        self.empty: set[str] = set()  #: paths
        self.cut: set[str] = set()  #: addresses of which one transaction is listed
        self.asked: list[str] = []
        index = indexer.index
        for number, some in losses.items():
            project = world.projects[number]
            address = address_of(project.identifier, "regtest")
            own = [known for known in index.history(project.script) if known.block is not None]
            if Loss.FOUNDING in some:
                self.refused[f"/tx/{own[-1].tx.txid}/hex"] = 404
            if Loss.UNLISTED in some:
                self.refused |= dict.fromkeys((f"/address/{address}", f"/address/{address}/txs"), 500)
            if Loss.EMPTY in some:
                self.empty |= {f"/address/{address}", f"/address/{address}/txs"}
            if Loss.CUT in some:
                self.cut.add(address)
            if Loss.SPENDS in some:
                self.refused |= {f"/tx/{known.tx.txid}/outspends": 500 for known in own}
                self.refused["/txs/outspends"] = 500
            if Loss.PROOFS in some:
                self.refused |= {f"/tx/{known.tx.txid}/merkle-proof": 500 for known in own}
                self.refused |= {f"/block/{known.block.hash}/txids": 500 for known in own if known.block}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, SkippingLoop)
        loop.advance(ANSWER_S)
        path = request.url.path.removeprefix("/api")
        self.asked.append(path)
        if (status := self.refused.get(path)) is not None:
            return httpx.Response(status, text="Not today", request=request)
        if path in self.empty:
            nothing: object = [] if path.endswith("/txs") else {key: {"tx_count": 0} for key in STATS}
            return httpx.Response(200, json=nothing, request=request)
        answer = await self.inner.handle_async_request(request)
        parts = path.split("/")
        if parts[1] == "address" and parts[2] in self.cut and len(parts) > 3:
            after = request.url.params.get("after_txid") or parts[4:]
            rows = [] if after else json.loads(await answer.aread())[:1]
            return httpx.Response(200, json=rows, request=request)
        return answer


@dataclass(kw_only=True)
class Watching:
    """One log of a network, run after run; to be used in a loop that skips waiting."""

    network: Network
    besides: Sequence[Event] = ()  #: events that relays have as well
    lines: list[Line] = field(default_factory=list)
    known: Known = field(default_factory=Known)
    asked: list[str] = field(default_factory=list)  #: paths, in the last run

    async def run(self, losses: Losses, *, budget_s: float | None = None, day: int = 0) -> Known:
        """Read the network as of a day, and return the log then."""
        at = self.network.world.now + timedelta(days=day, minutes=10 * len(self.known.runs))
        relay, server = (
            QuirkyRelay(events=[*self.network.events(losses, len(self.known.runs)), *self.besides]),
            Lossy(self.network, losses),
        )
        async with serve_quirky(relay), httpx.AsyncClient(mounts={URL: server}, verify=trust()) as client:
            angor = AngorSource(
                network="regtest",
                relays=Relays(urls=(relay.url,), limits=LISTEN),
                indexers=Indexers.of([URL], client=client, network="regtest", limits=GENEROUS),
                listed=(),
                discover="all",
                budget_s=budget_s,
                moderation=Moderation(mode="deny", moderators=(MODERATOR_KEY,)),
            )
            found = [record async for record in angor.collect(self.known, at=at, full=False)]
        name = f"r{len(self.known.runs)}"
        tally = angor.tally
        asked = Asked(source="angor", outcome=Outcome.OK, counts=dict(tally.counts), reads=dict(tally.reads))
        ran = Run(
            id=name, source="runs", at=at, asked=(asked,), network="regtest", tip_height=tally.tip_height
        )
        self.lines += [Line(run=name, record=record) for record in (*news(self.known, found), ran)]
        self.known, self.asked = fold(self.lines), server.asked
        return self.known


def report_of(known: Known, accepted: Collection[str] = ()) -> Report:
    """Return the report of a log; `accepted` are identifiers."""
    gaps = [{"place": name, "reason": "its server is gone"} for name in sorted(accepted)]
    return build(known, Config.model_validate({**CONFIG, "accepted": gaps}), demo=False)
