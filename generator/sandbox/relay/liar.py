"""A relay that lies: it answers with false events among true ones and never says that it is done."""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from generator.protocol.nostr import Event


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
