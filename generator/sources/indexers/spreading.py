"""Questions whose answers prove themselves: they are spread over whoever is idle while the first is busy."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, TypeVar

from generator.errors import SourceError, Unavailable
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.http import QuestionFailed
from generator.sources.indexers.esplora import Esplora
from generator.sources.indexers.server_pool import ServerPool, now
from generator.sources.indexers.tips import MAX_LAG

T = TypeVar("T")
#: Seconds that another server must spare a question before it is asked out of order.
_WORTH_S: Final = 0.5


@dataclass(slots=True, kw_only=True)
class SpreadingPool(ServerPool):
    """Servers of which one that is slow or limits requests does not hold up what others can answer."""

    spread: int = 0  #: answers that others gave; it hangs on the moment, so no run records it

    async def ask_idle(
        self, question: Callable[[Esplora], Awaitable[T | None]], *, kind: str, block: BlockPosition | None
    ) -> T | None:
        """Ask somebody who answers sooner than the first would; None where nobody does, or gives nothing.

        For answers about a deep block's content that prove themselves: whoever gives them, they are the
        same. What it cannot answer is no fault of a server, so it stays the witness that it is: it is not
        asked for this kind of answer again, and the caller asks in order. Who has refused for too many
        requests is spared for what only a witness can say.
        """
        server = self._idle(kind, block.height) if block else None
        if server is None:
            return None
        answer = None
        with suppress(SourceError):
            async with self.turn(server):
                sent_at = now()
                try:
                    answer = await question(server)
                except Unavailable as error:
                    if not isinstance(error, QuestionFailed):
                        self.fault(server, error, sent_at=sent_at)
        if answer is None:
            server.no_help.add(kind)
        else:
            self.spread += 1
        return answer

    def _idle(self, kind: str, height: int) -> Esplora | None:
        well = self.healthy
        able = [
            other
            for other in well[1:]
            if other.tip_height >= height + MAX_LAG
            and not (kind in other.no_help or other.http.pace.has_refused)
        ]
        best = min(able, key=self._answer_in_s, default=None)
        if best is None:
            return None
        return best if self._answer_in_s(well[0]) - self._answer_in_s(best) > _WORTH_S else None

    def _answer_in_s(self, server: Esplora) -> float:
        at_once = server.http.limits.concurrency
        return server.http.pace.answer_in_s(now(), before=self.under_way[server], at_once=at_once)
