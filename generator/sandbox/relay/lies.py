"""A relay that lies: false events among true ones, and never a word that it is done."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, Final

from msgspec.structs import replace
from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from generator.protocol.nostr import Event, sign

DEFINITION: Final = 3030
PROFILE: Final = 0
_LATER_S: Final = 86_400
_COPIED_KINDS: Final = (DEFINITION, PROFILE)


@dataclass(slots=True)
class Liar:
    """The state of a lying relay; `answer` is its connection handler."""

    events: Sequence[Event]  #: true and false, in the order in which they are sent
    asked: list[str] = field(default_factory=list)  #: questions as they came

    async def answer(self, connection: ServerConnection) -> None:
        """Send whatever has a kind that was asked for, whoever wrote it; never EOSE."""
        with suppress(ConnectionClosed):  # readers lose patience with a relay that never ends
            async for message in connection:
                text = message if isinstance(message, str) else message.decode()
                self.asked.append(text)
                kind, *rest = json.loads(text)
                if kind == "REQ":
                    await self._tell(connection, rest[0], rest[1:])

    async def _tell(self, connection: ServerConnection, name: str, filters: Sequence[dict[str, Any]]) -> None:
        for event in self.events:
            if any(event.kind in wanted.get("kinds", [event.kind]) for wanted in filters):
                await connection.send(json.dumps(["EVENT", name, event.to_obj()]))


def lies(seed: int, honest: Sequence[Event]) -> list[Event]:
    """Return false events about the projects of honest ones, each in all its forms.

    Forged signature, wrong author, a newer definition of the same identifier, an
    older profile, and a kind 3030 of another application.
    """
    secret = sha256(f"{seed}/liar".encode()).digest()
    told = [_foreign(secret)]
    for event in honest:
        if event.kind in _COPIED_KINDS:
            told += [_forged(event), _signed(secret, event, event.content, _LATER_S)]
        if event.kind == DEFINITION:
            told.append(_signed(secret, event, _richer(event.content), 2 * _LATER_S))
    return told


def _forged(event: Event) -> Event:
    """Return the event as if its author had said something else later."""
    changed = replace(event, content=_richer(event.content), created_at=event.created_at + _LATER_S)
    return replace(changed, id=changed.computed_id())


def _signed(secret: bytes, event: Event, content: str, later_s: int) -> Event:
    """Return an event like this one, later, really signed by somebody else."""
    created_at = event.created_at + later_s
    return sign(secret, kind=event.kind, content=content, created_at=created_at, tags=event.tags)


def _foreign(secret: bytes) -> Event:
    """Return an event of another application that uses the same kind."""
    content = "0x" + sha256(secret).hexdigest()
    return sign(secret, kind=DEFINITION, content=content, created_at=1_740_000_000)


def _richer(content: str) -> str:
    """Return the content with another goal, name or words."""
    fields = json.loads(content)
    if "targetAmount" in fields:
        fields["targetAmount"] = 1
    else:
        fields["name"] = "Send your coins to me instead"
    return json.dumps(fields, separators=(",", ":"))
