"""The HTTP side: bytes in, one short answer out."""

from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from generator.hook.delivery import Delivery, digesting, parse, signed
from generator.hook.trigger import Trigger

SIGNATURE: Final = "btcpay-sig"
#: What is read; metadata is what its shop puts there, so a larger body is taken without a look at it.
MOST_BYTES: Final = 1024 * 1024
#: What all bodies that are under way hold together; beyond it they are taken without a look as well.
MOST_HELD: Final = 32 * MOST_BYTES
#: More than a web server of .NET takes for an invoice (30 MB); nobody may stream for ever.
MOST_DIGESTED: Final = 64 * MOST_BYTES
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
    _held: int = 0  #: bytes of bodies
    _genuine: deque[float] = field(default_factory=deque)  #: times of signed ones of the last minute
    _forged: deque[float] = field(default_factory=deque)  #: times of the others

    def __post_init__(self) -> None:
        """Refuse an empty secret: everybody could sign with it."""
        if not self.secret:
            msg = "a webhook needs a secret"
            raise ValueError(msg)

    async def receive(self, request: Request) -> Response:
        """Answer one delivery; a signed one is taken, or answered so that BTCPay comes again."""
        try:
            came = await self._whole(request)
        except ClientDisconnect:
            return PlainTextResponse("cut off", 408)
        if came is None:
            return PlainTextResponse("too large", 503)
        body, digest = came
        genuine = signed(digest, request.headers.getlist(SIGNATURE))
        # each has a limit of its own, so that nobody without the secret can crowd out who has it
        if self._too_many(self._genuine if genuine else self._forged):
            return PlainTextResponse("too many deliveries", 429, {"Retry-After": "60"})
        if not genuine:
            self.say("a delivery without a valid signature was refused: does the secret match?")
            return PlainTextResponse("bad signature", 401)
        return self._judged(parse(self.secret, body, digest))

    def _judged(self, delivery: Delivery) -> Response:
        if delivery.test:
            return PlainTextResponse("test")
        if not delivery.store:
            self.say("a signed delivery cannot be read, so everything is: is BTCPay newer than Sunlit?")
        elif delivery.store not in self.stores:
            self.say("a signed delivery of another store was refused: it is not in sources.btcpay")
            return PlainTextResponse("another store", 403)
        try:
            if not self.remember(delivery):
                return PlainTextResponse("known")
        except OSError as error:  # a rebuild is asked for now, and for the redelivery if this process ends
            self.say(f"a delivery cannot be kept ({error}): is the disk full?")
            self.trigger.offer()
            return PlainTextResponse("not kept", 503)
        self.trigger.offer()
        return PlainTextResponse("taken")

    async def _whole(self, request: Request) -> tuple[bytes, str] | None:
        """Read a body as it comes, whatever its headers say; of a large one only the digest is held."""
        body, size, digest = bytearray(), 0, digesting(self.secret)
        is_kept = True
        try:
            async for part in request.stream():
                size += len(part)
                if size > MOST_DIGESTED:
                    return None
                digest.update(part)
                is_kept = is_kept and size <= MOST_BYTES and self._held + len(part) <= MOST_HELD
                if is_kept:
                    body += part
                    self._held += len(part)
                else:
                    self._held -= len(body)
                    body.clear()
        finally:
            self._held -= len(body)
        return bytes(body), digest.hexdigest()

    def _too_many(self, times: deque[float]) -> bool:
        now = self.now()
        while times and times[0] <= now - _MINUTE:
            times.popleft()
        if len(times) >= MOST_A_MINUTE:
            return True
        times.append(now)
        return False


def application(receiver: Receiver) -> Starlette:
    """Make the ASGI application: deliveries at whatever path a proxy makes of it, and ``/healthz``."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        if receiver.overdue:
            receiver.trigger.offer()
        yield
        await receiver.trigger.close()

    async def health(_: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [
        Route("/healthz", health, methods=["GET"]),
        Route("/{path:path}", receiver.receive, methods=["POST"]),  # a 404 would be final for BTCPay
    ]
    return Starlette(routes=routes, lifespan=lifespan)
