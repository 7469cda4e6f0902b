"""A world's relays and one that lies, on loopback, in a thread with an event loop of its own."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final

from nostr_sdk import LocalRelay, LocalRelayBuilder, NostrSdkError, RateLimit
from websockets.asyncio.client import ClientConnection, connect
from websockets.asyncio.server import serve
from websockets.exceptions import WebSocketException

from generator.protocol.nostr import Event, sign
from generator.sandbox.chain import ChainWorld
from generator.sandbox.relay.lies import Liar, lies
from generator.sandbox.relay.profiled_relay import LOGIN, ProfiledRelay, serve_profile
from generator.sandbox.relay_profiles import RelayProfile

_PATIENCE_S: Final = 20.0
#: How often a relay is told to stop at most, and how long one waits between.
_WORDS: Final = 50
_BETWEEN_WORDS_S: Final = 0.1
#: Relays that tell the truth, unless more profiles are played.
_HONEST: Final = 2
#: Secret key of the one member of relays that are open to members only.
MEMBER: Final = sha256(b"member of the sandbox's relays").digest()
#: The relay's own limit refuses most of what a world publishes at once.
_LIMIT: Final = {"max_reqs": 1_000, "notes_per_minute": 1_000_000}


@dataclass(slots=True, kw_only=True)
class Relays:
    """The addresses of a world's relays, while they are served."""

    honest: list[str] = field(default_factory=list)  #: those that play a profile first
    lying: str = ""
    liar: Liar

    @property
    def urls(self) -> list[str]:
        """All of them, the honest ones first."""
        return [*self.honest, self.lying]


@contextmanager
def serve_relays(world: ChainWorld, played: Sequence[RelayProfile] = ()) -> Iterator[Relays]:
    """Serve a world's events on two real relays and a lying one while the block runs.

    Relays that play a profile stand in for the real ones, the first one first.
    """
    events = world.events
    relays = Relays(liar=Liar([*lies(world.seed, events), *events]))
    ready, loop = threading.Event(), asyncio.new_event_loop()
    stop, failure = asyncio.Event(), []

    def run() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner:
            try:
                runner.run(_serve(relays, events, played, ready=ready, stop=stop))
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
    played: Sequence[RelayProfile],
    *,
    ready: threading.Event,
    stop: asyncio.Event,
) -> None:
    members = frozenset({sign(MEMBER, kind=LOGIN, content="", created_at=0).pubkey})
    async with AsyncExitStack() as stack:
        for profile in played:
            relay = ProfiledRelay(events=events, profile=profile, members=members)
            relays.honest.append((await stack.enter_async_context(serve_profile(relay))).url)
        for _ in range(_HONEST - len(played)):
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
    url = str(await relay.url())
    try:
        yield url
    finally:
        await _stop(relay, url)


async def _stop(relay: LocalRelay, url: str) -> None:
    """Stop a relay: a word that comes while it takes a connection is lost, so repeat it until it is heard."""
    for _ in range(_WORDS):
        relay.shutdown()
        try:
            (await connect(url, open_timeout=_BETWEEN_WORDS_S)).transport.abort()
        except (OSError, WebSocketException):
            return
        await asyncio.sleep(_BETWEEN_WORDS_S)


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
