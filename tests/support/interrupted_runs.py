"""Runs over a small network in processes of their own, which a budget ends or a signal kills on the way.

Indexer and relay answer inside of each run's process, on a clock that waiting moves and work does not.
"""

import asyncio
import os
import signal
import struct
import traceback
import warnings
from collections.abc import MutableMapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from mmap import mmap
from pathlib import Path
from typing import Any, Final

import httpx
from starlette.applications import Starlette

from generator.config import Config
from generator.protocol.nostr import Event
from generator.sandbox.acts import Acts
from generator.sandbox.chain import ChainWorld
from generator.sandbox.chain.crowd import chance_draft, chance_venture, crowd
from generator.sandbox.chain.play import WORLD_NOW, Play
from generator.sandbox.indexer.server import Indexer, Quirks
from generator.sandbox.project_truth import Aim
from generator.sandbox.relay.quirks import QuirkyRelay, serve_quirky
from generator.sandbox.truth import Truth
from generator.sandbox.worth import Prices
from generator.snapshot import Announced, Census, Known, Record, encode, run_id
from generator.snapshot.batch import Batch
from generator.snapshot.lines import Line
from generator.sources.angor import AngorSource
from generator.sources.collect import RunRequest, collect
from generator.sources.indexers import Indexers
from generator.sources.relays import RelayLimits, Relays
from generator.store import append, journal, load, take_up
from tests.support.skipping_loop import SkippingLoop
from tests.support.trust import trust

#: The relay is not what is slow here, though the clock goes on while it answers.
LISTEN: Final = RelayLimits(open_s=10_000, idle_s=10_000, total_s=20_000)
CONFIG: Final = Config.model_validate(
    {
        "version": 1,
        "site": {"title": "Network"},
        "network": "regtest",
        "angor": {"discover": "all"},
        "sources": {"nostr": {"relays": ["ws://127.0.0.1:1"]}, "indexers": ["http://127.0.0.1:1"]},
    }
)
_HOST: Final = "http://small.test"
_SEEN: Final = struct.Struct("dd")  #: requests and seconds


@dataclass(frozen=True, kw_only=True)
class Network:
    """Projects of chance, really mined and signed, and what their actors noted."""

    chain: ChainWorld
    events: Sequence[Event]
    acts: Acts

    @classmethod
    def drawn(cls, seed: int, projects: int) -> "Network":
        """Return projects with two investments each; of every fourth, money moves on and strangers write."""
        play, acts = Play.of(seed), Acts()
        for number in range(projects):
            if number % 4 == 0:
                chance_venture(play, number, most=2)
                continue
            draft = chance_draft(play.dice, number)
            first, last = (draft.starts_at + timedelta(days=days) for days in (1, 20))
            crowd(play.venture(draft), 2, first, last, (150_000, 5_000_000))
        play.run(acts)
        chain = ChainWorld(
            seed=seed,
            chain=play.chain,
            projects=tuple(venture.project for venture in play.ventures),
            prices=Prices.of(seed),
            now=WORLD_NOW,
        )
        return cls(chain=chain, events=chain.events, acts=acts)

    def truth(self) -> Truth:
        """Return what a report of all of it must say."""
        aims = []
        for project in self.chain.projects:
            draft = project.draft
            aims.append(
                Aim(
                    slug=project.identifier,
                    identifier=project.identifier,
                    goal_msat=draft.target_sat * 1000 or None,
                    kind=draft.type.name.lower(),
                    starts_on=draft.starts_at.date(),
                    ends_on=draft.ends_at.date() if draft.ends_at else None,
                )
            )
        return Truth(
            aims=aims,
            acts=self.acts,
            deeds=(),
            now=self.chain.now,
            network_wide=True,
            asked={"angor": (1, 0, 0)},
        )


@dataclass(slots=True, kw_only=True)
class MortalServer:
    """Passes requests on to an indexer, notes how many, and kills the process at a time."""

    application: Starlette
    seen: mmap
    killed_s: float | None

    async def __call__(self, scope: MutableMapping[str, Any], receive: Any, send: Any) -> None:  # noqa: ANN401 -- ASGI
        now = asyncio.get_running_loop().time()
        self.seen[:] = _SEEN.pack(_SEEN.unpack(self.seen[:])[0] + 1, now)
        if self.killed_s is not None and now >= self.killed_s:
            os.kill(os.getpid(), signal.SIGKILL)
        await self.application(scope, receive, send)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """A run that is over."""

    killed: bool
    requests: int
    seconds: float  #: of the simulated clock, until the last request
    cpu_s: float  #: of its process: reader, indexer and relay
    peak_mib: int


@dataclass(slots=True, kw_only=True)
class Site:
    """One log, and the runs that write it."""

    network: Network
    folder: Path
    quirks: Quirks = field(default_factory=Quirks)
    runs: int = 0
    seconds: float = 0.0  #: of the simulated clock, over all runs

    @property
    def log(self) -> Path:
        """Where the log is."""
        return self.folder / "log"

    @property
    def known(self) -> Known:
        """What the log says now."""
        return load(self.log)

    def run(self, *, budget_s: float | None = None, killed_s: float | None = None, days: int = 0) -> Ended:
        """Take a snapshot as `sunlit build` does, in a process that may be killed; see what became of it."""
        at = self.network.chain.now + timedelta(seconds=int(self.seconds), minutes=self.runs, days=days)
        self.runs += 1
        seen = mmap(-1, _SEEN.size)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of threads, of which the child uses none
            child = os.fork()
        if not child:
            code = 1
            try:
                with asyncio.Runner(loop_factory=SkippingLoop) as runner:
                    runner.run(self._run(f"{self.runs}", at, budget_s, killed_s, seen))
                code = 0
            except BaseException:
                traceback.print_exc()
                raise
            finally:
                os._exit(code)  # pytest's own way out is the parent's
        _, status, used = os.wait4(child, 0)
        assert status in (0, 0 if killed_s is None else signal.SIGKILL), f"a run ended with status {status}"
        self.take_up()
        requests, seconds = _SEEN.unpack(seen[:])
        self.seconds += seconds
        return Ended(
            killed=os.WIFSIGNALED(status),
            requests=int(requests),
            seconds=seconds,
            cpu_s=used.ru_utime + used.ru_stime,
            peak_mib=used.ru_maxrss // 1024,
        )

    def take_up(self) -> None:
        """Append what a killed run left, as the next one does first."""
        take_up(self.folder / "journal", self.log, network="regtest", refresh_hours=24)

    async def _run(
        self, salt: str, at: datetime, budget_s: float | None, killed_s: float | None, seen: mmap
    ) -> None:
        request = RunRequest(run=run_id(at, salt), at=at, network="regtest")
        begun = Batch(run=request.run, at=at, network="regtest")
        path = self.folder / "journal" / f"{request.run}.jsonl"
        server = Indexer(world=self.network.chain, quirks=self.quirks)
        mortal = MortalServer(application=server.application(), seen=seen, killed_s=killed_s)
        mounts = {_HOST: httpx.ASGITransport(app=mortal)}
        async with (
            serve_quirky(QuirkyRelay(events=self.network.events)) as relay,
            httpx.AsyncClient(mounts=mounts, verify=trust()) as client,
        ):
            angor = AngorSource(
                network="regtest",
                relays=Relays(urls=(relay.url,), limits=LISTEN),
                indexers=Indexers.of([_HOST], client=client, network="regtest"),
                listed={},
                discover="all",
                budget_s=budget_s,
            )
            with journal(path, begun) as add:
                found = await collect([angor], self.known, request, journal=add)
        append(self.log, found.batch, refresh_hours=24)
        path.unlink(missing_ok=True)


def read_whole(known: Known) -> set[str]:
    """Return the places that a log says were read."""
    return {record.id for record in known.of(Announced) if record.outcome is Census.READ}


def canonical(known: Known) -> dict[tuple[str, str, str], bytes]:
    """Return every record that stands in its canonical form, whichever run observed it."""
    return {key: _line(record) for key, record in known.records.items()}


def _line(record: Record) -> bytes:
    return encode(Line(run="", record=record))
