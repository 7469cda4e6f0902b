"""A relay of our own that answers as real ones do on bad days; quirks are fields and can be combined.

The two real relays of the sandbox show what is right; this one shows what a
reader must survive. It serves given events, signed or not, and never checks.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from generator.protocol.nostr import Event
from generator.sandbox.relay.matching import matches

_LARGER_THAN_READ: Final = 20_000_000  #: bytes; the reader stops a message at sixteen million
_DEEPER_THAN_READ: Final = 100_000


@dataclass(slots=True, kw_only=True)
class Quirks:
    """How a relay departs from what is expected; the default departs in nothing."""

    cap: int = 500  #: events of a page at most, without a word about it
    silent: bool = False  #: takes questions and never answers
    no_eose: bool = False  #: sends events and never says that these were all
    early_eose: bool = False  #: says that these were all before it sends any
    closed: str = ""  #: ends each subscription with this reason after its events
    drops: bool = False  #: breaks the connection after the events of a page
    drip_s: float = 0.0  #: seconds before each event
    chatter: int = 0  #: notices before each page's end
    oldest_first: bool = False  #: a page of the oldest events instead of the newest
    ignores_until: bool = False  #: every page is the first page
    no_tags: bool = False  #: has no index of tags and finds nothing by them
    everything: bool = False  #: answers with all it has, whatever was asked
    twice: bool = False  #: sends each event twice
    huge: bool = False  #: ends a page with a message larger than anybody reads
    deep: bool = False  #: ends a page with JSON nested deeper than anybody reads
    beyond_limit: bool = False  #: sends more events than asked for
    frames: Sequence[str | bytes] = ()  #: sent as they are at each page's end; ``{name}`` is the subscription


@dataclass(slots=True, kw_only=True)
class QuirkyRelay:
    """What a relay serves, how it misbehaves and what it was asked."""

    events: Iterable[Event] = ()
    quirks: Quirks = field(default_factory=Quirks)
    asked: list[dict[str, Any]] = field(default_factory=list)  #: filters, in the order they came
    connections: int = 0
    url: str = ""  #: while it is served
    _by_author: dict[str, list[Event]] = field(default_factory=dict)
    _indexed: Iterable[Event] = ()  #: what `_by_author` is of

    async def answer(self, connection: ServerConnection) -> None:
        """Answer the questions of one connection."""
        self.connections += 1
        with suppress(ConnectionClosed):  # readers leave when they have had enough
            async for message in connection:
                kind, name, *rest = json.loads(message)
                if kind == "REQ":
                    self.asked.append(rest[0])
                    await self._page(connection, name, rest[0])

    async def _page(self, connection: ServerConnection, name: str, wanted: dict[str, Any]) -> None:
        quirks = self.quirks
        if quirks.silent:
            return
        if quirks.early_eose:
            await connection.send(json.dumps(["EOSE", name]))
        for event in self._chosen(wanted):
            await asyncio.sleep(quirks.drip_s)
            for _ in range(1 + quirks.twice):
                await connection.send(json.dumps(["EVENT", name, event.to_obj()]))
        for frame in self._strange(name):
            await connection.send(frame)
        if quirks.drops:
            connection.transport.abort()
        elif quirks.closed:
            await connection.send(json.dumps(["CLOSED", name, quirks.closed]))
        elif not (quirks.no_eose or quirks.early_eose):
            await connection.send(json.dumps(["EOSE", name]))

    def _chosen(self, wanted: dict[str, Any]) -> list[Event]:
        quirks = self.quirks
        fitting = list(self.events) if quirks.everything else self._fitting(wanted)
        sign = 1 if quirks.oldest_first else -1
        fitting.sort(key=lambda event: (sign * event.created_at, event.id))
        limit = len(fitting) if quirks.beyond_limit else wanted.get("limit", quirks.cap)
        return fitting[: limit if quirks.beyond_limit else min(limit, quirks.cap)]

    def _fitting(self, wanted: dict[str, Any]) -> list[Event]:
        if self.quirks.no_tags and any(name.startswith("#") for name in wanted):
            return []
        ignored = {"until"} if self.quirks.ignores_until else set[str]()
        kept = {name: value for name, value in wanted.items() if name not in ignored}
        some = self.events
        if "authors" in wanted:  # of a whole network's events each question is about a few
            by_author = self._index()
            some = [event for author in set(wanted["authors"]) for event in by_author.get(author, ())]
        return [event for event in some if matches(event, kept)]

    def _index(self) -> dict[str, list[Event]]:
        if self._indexed is not self.events:
            self._indexed, self._by_author = self.events, {}
            for event in self.events:
                self._by_author.setdefault(event.pubkey, []).append(event)
        return self._by_author

    def _strange(self, name: str) -> list[str | bytes]:
        quirks = self.quirks
        frames: list[str | bytes] = [json.dumps(["NOTICE", "hello"])] * quirks.chatter
        frames += [
            frame.replace("{name}", name) if isinstance(frame, str) else bytes(frame)
            for frame in quirks.frames
        ]
        if quirks.deep:
            frames.append("[" * _DEEPER_THAN_READ)
        if quirks.huge:
            frames.append(json.dumps(["NOTICE", "x" * _LARGER_THAN_READ]))
        return frames


@asynccontextmanager
async def serve_quirky(relay: QuirkyRelay) -> AsyncIterator[QuirkyRelay]:
    """Serve a relay on loopback while the block runs; its address is `relay.url`."""
    async with serve(relay.answer, "127.0.0.1", 0) as server:
        relay.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield relay
