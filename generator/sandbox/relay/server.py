"""Two honest relays and one that lies, on loopback, in a thread with an event loop of its own."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Final

from nostr_sdk import LocalRelayBuilder, NostrSdkError, RateLimit
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import serve

from generator.protocol.nostr import Event
from generator.sandbox.chain import ChainWorld
from generator.sandbox.relay.lies import Liar, lies

_PATIENCE_S: Final = 20.0
#: The relay's own limit refuses most of what a world publishes at once.
_LIMIT: Final = {"max_reqs": 1_000, "notes_per_minute": 1_000_000}


@dataclass(slots=True, kw_only=True)
class Relays:
    """The addresses of a world's relays, while they are served."""

    honest: list[str] = field(default_factory=list)
    lying: str = ""
    liar: Liar

    @property
    def urls(self) -> list[str]:
        """All of them, the honest ones first."""
        return [*self.honest, self.lying]


@contextmanager
def serve_relays(world: ChainWorld) -> Iterator[Relays]:
    """Serve a world's events on two real relays and a lying one while the block runs."""
    events = world.events
    relays = Relays(liar=Liar([*lies(world.seed, events), *events]))
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop, failure = asyncio.Event(), []

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(_serve(relays, events, ready=ready, stop=stop))
            except (OSError, RuntimeError, NostrSdkError) as error:
                failure.append(error)
            finally:
                ready.set()

    thread = threading.Thread(target=run, name="relays", daemon=True)
    thread.start()
    ready.wait(_PATIENCE_S)
    try:
        if failure:
            raise failure[0]
        yield relays
    finally:
        if thread.is_alive():
            loop.call_soon_threadsafe(stop.set)
        thread.join(_PATIENCE_S)


async def _serve(
    relays: Relays,
    events: Sequence[Event],
    *,
    ready: threading.Event,
    stop: asyncio.Event,
) -> None:
    async with AsyncExitStack() as stack:
        for _ in range(2):
            url = await stack.enter_async_context(_honest())
            await _publish(url, events)
            relays.honest.append(url)
        server = await stack.enter_async_context(serve(relays.liar.answer, "127.0.0.1", 0))
        port = next(iter(server.sockets)).getsockname()[1]
        relays.lying = f"ws://127.0.0.1:{port}"
        ready.set()
        await stop.wait()


@asynccontextmanager
async def _honest() -> AsyncIterator[str]:
    """Run nostr-sdk's own relay, which looks for a free port."""
    relay = LocalRelayBuilder().addr("127.0.0.1").rate_limit(RateLimit(**_LIMIT)).build()
    await relay.run()
    try:
        yield str(await relay.url())
    finally:
        relay.shutdown()


async def _publish(url: str, events: Sequence[Event]) -> None:
    """Publish events as a client does, oldest first; raise `RuntimeError` when one is refused."""
    async with connect(url) as connection:
        for event in sorted(events, key=lambda event: event.created_at):
            await connection.send(json.dumps(["EVENT", event.to_obj()]))
        for _ in events:
            await _accepted(connection)


async def _accepted(connection: ClientConnection) -> None:
    match json.loads(await connection.recv()):
        case ["OK", _, True, *_]:
            return
        case other:
            msg = f"the relay answered {other!r} to an event of the world"
            raise RuntimeError(msg)
