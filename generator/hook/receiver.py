"""The HTTP side: bytes in, one of six short answers out."""

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from generator.hook.delivery import Delivery, NotADelivery, parse, signed
from generator.hook.trigger import Trigger

SIGNATURE: Final = "btcpay-sig"
#: More than any delivery has; metadata is what its shop puts there.
MOST_BYTES: Final = 256 * 1024
#: Deliveries a minute beyond which BTCPay is asked to come again (it retries after 429).
MOST_A_MINUTE: Final = 1_200
_MINUTE: Final = 60.0


@dataclass(slots=True, kw_only=True)
class Receiver:
    """Judges deliveries; `remember` keeps one and tells whether it is new."""

    secret: bytes = field(repr=False)
    stores: frozenset[str]
    remember: Callable[[Delivery], bool]
    trigger: Trigger
    now: Callable[[], float]  #: a clock that never goes back, in seconds
    say: Callable[[str], None] = print
    overdue: bool = False  #: an earlier receiver was told of something and stopped before it could ask
    _genuine: deque[float] = field(default_factory=deque)  #: times of signed ones of the last minute
    _forged: deque[float] = field(default_factory=deque)  #: times of the others

    def __post_init__(self) -> None:
        """Refuse an empty secret: everybody could sign with it."""
        if not self.secret:
            msg = "a webhook needs a secret"
            raise ValueError(msg)

    async def receive(self, request: Request) -> Response:
        """Answer one delivery: 200 taken or known, 400, 401, 403, 413, 429 refused with the reason."""
        body = await _body(request)
        if body is None:
            return PlainTextResponse("too large", 413)
        genuine = signed(self.secret, body, request.headers.get(SIGNATURE, ""))
        # each has a limit of its own, so that nobody without the secret can crowd out who has it
        if self._too_many(self._genuine if genuine else self._forged):
            return PlainTextResponse("too many deliveries", 429, {"Retry-After": "60"})
        return self._judged(body, genuine=genuine)

    def _judged(self, body: bytes, *, genuine: bool) -> Response:
        if not genuine:
            self.say("a delivery without a valid signature was refused: does the secret match?")
            return PlainTextResponse("bad signature", 401)
        try:
            delivery = parse(self.secret, body)
        except NotADelivery as error:
            self.say(f"a signed delivery was refused: {error}")
            return PlainTextResponse("malformed", 400)
        if delivery.store not in self.stores:
            self.say("a signed delivery of another store was refused: it is not in sources.btcpay")
            return PlainTextResponse("another store", 403)
        if not self.remember(delivery):
            return PlainTextResponse("known")
        self.trigger.offer()
        return PlainTextResponse("taken")

    def _too_many(self, times: deque[float]) -> bool:
        now = self.now()
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        if len(times) >= MOST_A_MINUTE:
            return True
        times.append(now)
        return False


async def _body(request: Request) -> bytes | None:
    """Read a request's body as it comes; None beyond the limit, whatever its headers say."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def application(receiver: Receiver, *, path: str = "/btcpay") -> Starlette:
    """Make the ASGI application: deliveries at `path`, and ``/healthz``."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if receiver.overdue:
            receiver.trigger.offer()
        yield
        await receiver.trigger.close()

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [
        Route(path, receiver.receive, methods=["POST"]),
        Route("/healthz", health, methods=["GET"]),
    ]
    return Starlette(routes=routes, lifespan=lifespan)
