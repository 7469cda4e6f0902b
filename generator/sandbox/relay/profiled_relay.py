"""A relay of the sandbox that answers as its profile says, on loopback."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response

from generator.protocol.nostr import Event, EventError
from generator.sandbox.relay.matching import matches
from generator.sandbox.relay_profiles import Fault, Guard, Over, Refusal, RelayProfile

LOGIN: Final = 22242  #: kind of the event that logs in (NIP-42)
CHALLENGE: Final = "challenge-of-the-sandbox"
_ACCEPT: Final = "application/nostr+json"
_SLOW_READER_GETS: Final = 3  #: events before the database loses patience


@dataclass(slots=True, kw_only=True)
class _Visit:
    """One connection: what is open, who logged in and how many questions it may still put."""

    connection: ServerConnection
    tokens: float
    refilled_at: float
    open: set[str] = field(default_factory=set)
    member: bool = False

    async def say(self, *parts: object) -> None:
        await self.connection.send(json.dumps(parts))


@dataclass(slots=True, kw_only=True)
class ProfiledRelay:
    """What a relay serves and how; remembers what it was asked."""

    events: Iterable[Event] = ()
    profile: RelayProfile = field(default_factory=RelayProfile)
    members: frozenset[str] = frozenset()  #: public keys that may log in
    asked: list[dict[str, Any]] = field(default_factory=list)  #: filters, in the order they came
    logins: list[Event] = field(default_factory=list)
    informed: list[str] = field(default_factory=list)  #: `Accept` headers of questions for NIP-11
    connections: int = 0
    url: str = ""  #: while it is served

    def receive(self, connection: ServerConnection, request: Request) -> Response | None:
        """Answer a handshake, or a question for what the relay says about itself (NIP-11)."""
        if "Upgrade" not in request.headers:
            accept = request.headers.get("Accept", "")
            self.informed.append(accept)
            known = self.profile.information is not None and accept == _ACCEPT
            return connection.respond(*self._information() if known else (426, "Please use a websocket\n"))
        if self.profile.fault is Fault.HANG_UP:
            connection.transport.abort()
        if not self.profile.status:
            return None
        response = connection.respond(503, "no\n")
        response.status_code = self.profile.status
        return response

    def _information(self) -> tuple[int, str]:
        return 200, json.dumps(dict(self.profile.information or {}))

    async def answer(self, connection: ServerConnection) -> None:
        """Answer the messages of one connection."""
        self.connections += 1
        now = asyncio.get_running_loop().time()
        visit = _Visit(connection=connection, tokens=self.profile.burst, refilled_at=now)
        with suppress(ConnectionClosed):  # readers leave when they have had enough
            if self.profile.greets_with_auth:
                await visit.say("AUTH", CHALLENGE)
            async for message in connection:
                match json.loads(message):
                    case ["REQ", name, *filters]:
                        self.asked += filters
                        await self._question(visit, name, filters[0])
                    case ["CLOSE", name]:
                        visit.open.discard(name)
                    case ["AUTH", login]:
                        await self._login(visit, login)
                    case _:
                        await visit.say("NOTICE", "unknown message")

    async def _question(self, visit: _Visit, name: str, wanted: Mapping[str, Any]) -> None:
        profile = self.profile
        if not self._may_ask(visit):
            await self._refuse(visit, name, "rate-limited: there is a bug in the client")
        elif profile.subscriptions and len(visit.open | {name}) > profile.subscriptions:
            await visit.say("NOTICE", "ERROR: too many concurrent REQs")
        elif profile.guard is Guard.MEMBERS and not visit.member and self._is_private(wanted):
            if not profile.greets_with_auth:
                await visit.say("AUTH", CHALLENGE)
            await self._refuse(visit, name, "auth-required: members only")
        elif profile.guard is Guard.KINDS_ALONE and _names_kinds_alone(wanted):
            await self._refuse(visit, name, "filter must name an author or a tag")
        elif profile.over is Over.NOTICE and profile.most and wanted.get("limit", 0) > profile.most:
            await visit.say("NOTICE", f"Subscription rejected: limit must be at most {profile.most}")
        elif profile.fault is not Fault.SHEDDING:
            visit.open.add(name)
            await self._page(visit, name, wanted)

    def _is_private(self, wanted: Mapping[str, Any]) -> bool:
        kinds = self.profile.private_kinds
        return not kinds or any(kind in kinds for kind in wanted.get("kinds", kinds))

    def _may_ask(self, visit: _Visit) -> bool:
        if self.profile.per_minute is None:
            return True
        now = asyncio.get_running_loop().time()
        earned = (now - visit.refilled_at) * self.profile.per_minute / 60
        visit.tokens, visit.refilled_at = min(self.profile.burst, visit.tokens + earned), now
        if visit.tokens < 1:
            return False
        visit.tokens -= 1
        return True

    async def _refuse(self, visit: _Visit, name: str, reason: str) -> None:
        match self.profile.refusal:
            case Refusal.NOTICE:
                await visit.say("NOTICE", reason)
            case Refusal.CLOSED:
                await visit.say("CLOSED", name, reason)
            case Refusal.CLOSED_ERROR:
                await visit.say("CLOSED", name, f"ERROR: {reason}")
            case Refusal.SILENCE:
                return

    async def _page(self, visit: _Visit, name: str, wanted: Mapping[str, Any]) -> None:
        profile = self.profile
        guarded = profile.guard is Guard.SCRAPERS and _names_kinds_alone(wanted)
        failed = profile.fault is Fault.STORAGE
        found = [] if guarded or failed else self._chosen(wanted)
        if failed:
            await visit.say("NOTICE", "mdb_txn_begin: MDB_READERS_FULL")
        for event in found[:_SLOW_READER_GETS] if profile.fault is Fault.SLOW_READER else found:
            await visit.say("EVENT", name, event.to_obj())
        if profile.fault is Fault.SLOW_READER:
            return
        await visit.say("EOSE", name)
        if profile.closes_ids and len(found) == len(wanted.get("ids", ())) > 0:
            visit.open.discard(name)
            await visit.say("CLOSED", name, "")

    def _chosen(self, wanted: Mapping[str, Any]) -> list[Event]:
        profile = self.profile
        limit = wanted.get("limit")
        oldest = limit is None and profile.oldest_without_limit
        fitting = [event for event in self.events if matches(event, wanted)]
        fitting.sort(key=lambda event: (event.created_at if oldest else -event.created_at, event.id))
        if limit == 0 and profile.zero_is_all:
            return fitting
        if limit is None:
            return fitting[: profile.without_limit]
        if profile.most is not None and limit > profile.most:
            limit = profile.most // 4 if profile.over is Over.QUARTER else profile.most
        return fitting[:limit]

    async def _login(self, visit: _Visit, login: object) -> None:
        try:
            event = Event.parse(login)
        except EventError as error:
            await visit.say("NOTICE", str(error))
            return
        self.logins.append(event)
        if not self.profile.judges_logins:
            return
        right = (
            event.kind == LOGIN
            and event.problem is None
            and event.tag("challenge") == CHALLENGE
            and event.tag("relay") == self.url
            and event.pubkey in self.members
        )
        visit.member = right
        await visit.say("OK", event.id, right, "" if right else "restricted: not a member")


def _names_kinds_alone(wanted: Mapping[str, Any]) -> bool:
    return not any(name in ("authors", "ids") or name.startswith("#") for name in wanted)


@asynccontextmanager
async def serve_profile(relay: ProfiledRelay) -> AsyncIterator[ProfiledRelay]:
    """Serve a relay on loopback while the block runs; its address is `relay.url`."""
    async with serve(relay.answer, "127.0.0.1", 0, process_request=relay.receive) as server:
        relay.url = f"ws://127.0.0.1:{next(iter(server.sockets)).getsockname()[1]}"
        yield relay
