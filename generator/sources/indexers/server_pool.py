"""Which servers of a run can be asked, and asking them: in order, one after another, or all."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Final, TypeVar

from generator.errors import Invalid, SourceError, Unavailable
from generator.protocol.proof.header_rules import HeaderRules
from generator.sources.http import QuestionFailed, QuestionRefused, UnclearFailure
from generator.sources.indexers.esplora import Esplora
from generator.sources.indexers.health import ServerHealth
from generator.sources.indexers.tips import MAX_LAG, answers_another, look_again, probe, tip_problem

T = TypeVar("T")
#: Whom messages name.
SOURCE: Final = "angor"
#: Hash of the first block by network; all signets share one (Bitcoin Core, chainparams.cpp).
GENESIS: Final[Mapping[str, str]] = {
    "main": "000000000019d6689c085ae165831e934ff763ae46a2a6c172b3f1b60a8ce26f",
    "angornet": "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    "signet": "00000008819873e925422c1ff0f99f7cc9bbb232af63a077a480a3633bee1ef6",
    "testnet4": "00000000da84f2bafbbc53dee25a72ae507ff4914b867c565be350b0da8bf043",
    "regtest": "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206",
}
#: How many times longer a server rests after a failure than a question waits before it is tried again.
_REST: Final = 10


@dataclass(slots=True, kw_only=True)
class ServerPool:
    """The servers in configured order; one that fails rests and comes back."""

    servers: Sequence[Esplora]
    network: str
    rules: HeaderRules = field(default_factory=HeaderRules)  #: what headers must show
    counts: Counter[str] = field(default_factory=Counter)
    common_height: int = -1  #: the lowest tip among the servers that were healthy when the run began
    opened: Sequence[Esplora] = ()  #: the servers that were healthy then
    _turns: dict[Esplora, asyncio.Semaphore] = field(default_factory=dict)
    _looks: dict[Esplora, asyncio.Task[None]] = field(default_factory=dict)  #: for servers that may be back
    under_way: Counter[Esplora] = field(default_factory=Counter)  #: questions, those that wait too

    @property
    def healthy(self) -> list[Esplora]:
        """The servers that answered when they were asked last, in order."""
        return [server for server in self.servers if server.health.well]

    @property
    def all_healthy(self) -> bool:
        """Tell whether every server still answers."""
        return len(self.healthy) == len(self.servers)

    @property
    def tip_height(self) -> int:
        """The best height among the healthy servers, -1 without any."""
        return max((server.tip_height for server in self.healthy), default=-1)

    async def open(self, *, at_least: int = 0) -> None:
        """Look at every server's tip; raise `Unavailable` naming each when none is usable.

        `at_least` is the height the last run saw: a server that lags behind it,
        or behind its neighbours, is not asked.
        """
        for server in self.servers:
            server.health = ServerHealth(rest_s=_REST * server.http.limits.wait_initial_s)
            server.http.replaceable = partial(self._other_than, server)
        genesis = GENESIS[self.network]
        probes = [probe(server, genesis) for server in self.servers]
        outcomes = await asyncio.gather(*probes, return_exceptions=True)
        for server, outcome in zip(self.servers, outcomes, strict=True):
            if isinstance(outcome, (Unavailable, QuestionRefused)):
                server.health.absent = True
                self._failed(server, outcome, sent_at=now())
            elif isinstance(outcome, SourceError):
                self._exclude(server, outcome.message)
            elif isinstance(outcome, BaseException):
                raise outcome
        await self._doubt_tips(at_least)
        best = max(self.tip_height, at_least)
        for server in self.healthy:
            if server.tip_height < best - MAX_LAG:
                observed = f"{server.http.host} stands at block {server.tip_height}"
                self._exclude(server, f"{observed}, expected {best - MAX_LAG} or later")
        self.require()
        self.opened = self.healthy
        self.common_height = min(server.tip_height for server in self.opened)

    async def _doubt_tips(self, at_least: int) -> None:
        """Exclude servers that claim a tip far above everybody's and the last run's without its block."""
        for server in sorted(self.healthy, key=lambda server: server.tip_height, reverse=True):
            others = [other for other in self.healthy if other is not server]
            believed = max(at_least, max((other.tip_height for other in others), default=-1))
            if server.tip_height <= believed + MAX_LAG:
                return
            try:
                problem = await tip_problem(server, others, self.rules)
            except SourceError as error:
                problem = error.message
            if problem is None:
                return
            self._exclude(server, problem)

    def _other_than(self, server: Esplora) -> bool:
        """Tell whether somebody else answers."""
        return any(other is not server for other in self.healthy)

    def require(self) -> None:
        """Raise `Unavailable` naming each server's fault when none is left."""
        if not self.healthy:
            faults = "; ".join(server.faults[-1] for server in self.servers if server.faults)
            raise Unavailable(SOURCE, f"no indexer answers: {faults or 'none is configured'}")

    async def ask(
        self, server: Esplora, question: Callable[[Esplora], Awaitable[T]], *, good: bool = True
    ) -> T:
        """Ask one server when it is our turn, unless it fails while we wait for it; note what it does.

        With `good` an answer shows that it is well; else the caller looks at it first.
        """
        async with self.turn(server):
            sent_at = now()
            try:
                answer = await question(server)
            except SourceError as error:
                last = isinstance(error, UnclearFailure) and self.healthy == [server]
                self.fault(server, error, sent_at=sent_at, silent=last and await answers_another(server))
                raise
            if good:
                server.health.answered()
            return answer

    @asynccontextmanager
    async def turn(self, server: Esplora) -> AsyncIterator[None]:
        """Wait until a server can be asked; raise `Unavailable` if it fails meanwhile."""
        self._look_for_others()
        turns = self._turns.setdefault(server, asyncio.Semaphore(server.http.limits.concurrency))
        self.under_way[server] += 1
        try:
            async with turns:
                if server.health.back_in_s(now()) != 0:
                    raise Unavailable(SOURCE, server.faults[-1])
                yield
        finally:
            self.under_way[server] -= 1

    def _look_for_others(self) -> None:
        """See meanwhile whether servers that failed are back; nobody waits for them while others answer."""
        for server in self.servers if self.healthy else ():
            if server not in self._looks and server.health.is_looked_for(now()):
                self._looks[server] = asyncio.ensure_future(self._look(server))

    async def _look(self, server: Esplora) -> None:
        sent_at, height = now(), self.tip_height if server.health.absent else None
        try:
            await look_again(server, GENESIS[self.network], height=height)
        except SourceError as error:
            self._failed(server, error, sent_at=sent_at)
        else:
            server.health.answered()
        finally:
            self._looks.pop(server, None)

    def close(self) -> None:
        """Stop looking for servers."""
        for look in self._looks.values():
            look.cancel()
        self._looks.clear()

    async def ask_all(self, question: Callable[[Esplora], Awaitable[T]]) -> list[T]:
        """Return the answer of every server that was well when the run began; nothing when one fails."""
        answers: list[T] = []
        for server in self.opened:
            try:
                answers.append(await self.ask(server, question))
            except SourceError:
                return []
        return answers

    async def ask_first(
        self,
        question: Callable[[Esplora], Awaitable[T]],
        *,
        check: Callable[[Esplora, T], Awaitable[None]] | None = None,
        turn: int = 0,
    ) -> tuple[Esplora, T]:
        """Return the first healthy server whose answer passes the check, with that answer.

        The order begins at the server whose turn it is. Raise `SourceError` when none passes.
        """
        errors: list[SourceError] = []
        for server in await self.in_order(turn):
            try:
                answer = await self.ask(server, question, good=check is None)
                if check is not None:
                    await self._checked(server, check(server, answer))
            except SourceError as error:
                errors.append(error)
            else:
                return server, answer
        self.require()
        kind = Unavailable if any(isinstance(error, Unavailable) for error in errors) else Invalid
        raise kind(SOURCE, "; ".join(error.message for error in errors))

    async def in_order(self, turn: int = 0) -> list[Esplora]:
        """List whom to ask: who is well, then who has rested; wait for the next one where there is nobody."""
        well = self.healthy
        begin = turn % max(1, len(well))
        rests = {
            server: rest for server in self.servers if (rest := server.health.back_in_s(now())) is not None
        }
        rested = [server for server, rest in rests.items() if server not in well and not rest]
        if not (well or rested) and rests:
            await asyncio.sleep(min(rests.values()))
            return sorted(rests, key=rests.__getitem__)
        return [*well[begin:], *well[:begin], *rested]

    async def _checked(self, server: Esplora, checking: Awaitable[None]) -> None:
        try:
            await checking
        except SourceError as error:
            self.fault(server, error, sent_at=now())
            raise
        server.health.answered()

    def fault(self, server: Esplora, error: SourceError, *, sent_at: float, silent: bool = False) -> None:
        """Note what went wrong; a server that fails as a whole rests, a `silent` one when often wrong."""
        self.counts["indexer_faults"] += 1
        server.faults.append(error.message)
        silent = silent or isinstance(error, (QuestionFailed, QuestionRefused))
        if isinstance(error, Unavailable) and not silent:
            server.health.failed(now(), sent_at=sent_at)
        else:
            server.health.wrong(now(), alone=len(self.servers) == 1, silent=silent)

    def _failed(self, server: Esplora, error: SourceError, *, sent_at: float) -> None:
        server.faults.append(error.message)
        server.health.failed(now(), sent_at=sent_at)

    def _exclude(self, server: Esplora, reason: str) -> None:
        server.faults.append(reason)
        server.health.out = True


def now() -> float:
    """Return the seconds of the clock by which servers rest and answer."""
    return asyncio.get_running_loop().time()
