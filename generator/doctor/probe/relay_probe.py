"""One Nostr relay: what it says of itself (NIP-11), and how it answers for the announcements of projects."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

import msgspec
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus, WebSocketException

from generator.doctor.probe.gentle import GentleHost
from generator.doctor.probe.probed import ProbedRelay
from generator.protocol.nostr import Filter
from generator.protocol.proof.committed_terms import DEFINITION
from generator.sources.relays import ACCEPT, RelayLimits, parse_information
from generator.sources.relays.reader import DirectConnection
from generator.sources.relays.relay_words import printable, status_text
from generator.unreadable import UNREADABLE

#: Pages of announcements that are read; more are not needed to say how many about there are.
_PAGES: Final = 8
_PAGE_EVENTS: Final = 500
#: Messages of one page, answers or not, after which we stop listening.
_MESSAGES: Final = 2_000
#: Fields of `ProbedRelay` as the document gives them.
_STATED: Final = ("max_limit", "max_message_length", "max_subscriptions", "auth_required", "payment_required")


@dataclass(slots=True, kw_only=True)
class RelayProbe:
    """Asks one relay; `host` counts and paces its requests, by HTTP and by socket."""

    url: str
    host: GentleHost
    place: tuple[str, int] | None = None  #: where to connect, if not to the url's host
    identifiers: set[str] = field(default_factory=set)  #: as announced; nothing of them is verified
    found: dict[str, Any] = field(default_factory=dict)  #: fields of `ProbedRelay`
    seen: set[str] = field(default_factory=set)  #: ids of events
    _refused: str = ""  #: that and why it closed a question
    _oldest: int = 0  #: seconds, of the events seen
    seconds: list[float] = field(default_factory=list)  #: of its pages

    async def run(self) -> ProbedRelay:
        """Ask for the information document, then for announcements page by page."""
        await self._information()
        problem = ""
        try:
            await self._announcements()
        except TimeoutError:
            what = "no end of its answer" if self.seen else "no answer"
            problem = f"{what} within {self.host.pace.patience_s:g} s"
        except InvalidStatus as error:
            problem = f"refuses connections ({status_text(error.response.status_code)})"
        except (OSError, WebSocketException) as error:
            problem = f"cannot be read ({type(error).__name__})"
        return ProbedRelay(
            url=self.url,
            requests=self.host.asked,
            problem=problem or self._refused,
            announced=len(self.identifiers) if self.seen or self.found.get("whole") else None,
            seconds=round(median(self.seconds), 3) if self.seconds else None,
            **self.found,
        )

    async def _information(self) -> None:
        reply = await self.host.ask("", accept=ACCEPT)
        self.host.stopped = ""  # a relay without the document may well answer on its socket
        if reply is None or not reply.well:
            return
        if (said := parse_information(reply.body)) is None:
            return
        self.found["software"] = said.software or None
        for name in _STATED:
            if (value := getattr(said, name)) is not None:
                self.found[name] = value

    async def _announcements(self) -> None:
        to: dict[str, Any] = (
            {"host": self.place[0], "port": self.place[1], "proxy": None} if self.place else {}
        )
        opened: Any = DirectConnection(
            self.url,
            open_timeout=self.host.pace.patience_s,
            max_size=RelayLimits().message_bytes,
            close_timeout=1,
            **to,
        )
        until: int | None = None
        async with opened as connection:
            for number in range(_PAGES):
                if not await self.host.turn():
                    return
                began = self.host.pace.now()
                async with asyncio.timeout(self.host.pace.patience_s):
                    got, fresh = await self._page(connection, f"probe-{number}", until)
                self.seconds.append(self.host.pace.now() - began)
                if number and fresh:
                    self.found.setdefault("page_size", self.found.pop("first", None))
                elif not number:
                    self.found["first"] = got
                if not fresh or self.found.get("whole") is False:
                    break
                until = self._oldest - 1  # a relay that sends one event a page would send it again
            else:
                self.found["whole"] = False
        self.found.pop("first", None)

    async def _page(self, connection: ClientConnection, name: str, until: int | None) -> tuple[int, int]:
        """Ask for one page; return how many events came, and how many of them were new."""
        wanted = Filter(kinds=(DEFINITION,), limit=self.found.get("max_limit", _PAGE_EVENTS), until=until)
        await connection.send(msgspec.json.encode(["REQ", name, wanted.to_obj()]).decode())
        before, got = len(self.seen), 0
        for _ in range(_MESSAGES):
            match _message(await connection.recv()):
                case ["EVENT", subscription, dict(event)] if subscription == name:
                    got += 1
                    self._take(event)
                case ["EOSE", subscription, *_] if subscription == name:
                    self.found["whole"] = True
                    break
                case ["CLOSED" | "NOTICE" as kind, *words]:
                    self.found["words"] = printable(words[-1] if words else kind)
                    if kind == "CLOSED":
                        self._refused = "refuses the question for projects"
                        self.found["whole"] = False
                        break
                case _:
                    continue
        await connection.send(msgspec.json.encode(["CLOSE", name]).decode())
        return got, len(self.seen) - before

    def _take(self, event: Mapping[str, Any]) -> None:
        at = event.get("created_at")
        if isinstance(at, int):
            self.seen.add(str(event.get("id")))
            self._oldest = min(self._oldest or at, at)
        try:
            said = msgspec.json.decode(str(event.get("content")), type=dict[str, Any])
        except UNREADABLE:
            return
        if isinstance(identifier := said.get("projectIdentifier"), str):
            self.identifiers.add(identifier[:100])


def _message(frame: str | bytes) -> Sequence[Any]:
    try:
        return msgspec.json.decode(frame, type=list[Any])
    except UNREADABLE:
        return []
