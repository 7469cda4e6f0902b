"""One relay, read to the end, with how it ended.

No event enters without its id and signature being checked, whatever the relay says.
"""

import asyncio
from collections.abc import Sequence
from typing import Any, Final

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from generator.protocol.nostr import Filter
from generator.sources.relays.event_pages import Paging
from generator.sources.relays.reading import Ending, ReadingEnded, RelayLimits, RelayReading

TOO_BIG: Final = 1009  # RFC 6455 section 7.4.1


async def read_relay(
    url: str, filters: Sequence[Filter], limits: RelayLimits, *, place: tuple[str, int] | None = None
) -> RelayReading:
    """Ask one relay for everything the filters want; never raises for what a relay does.

    `place` is the address and port to connect to, where they are not those of the url.
    """
    reading = RelayReading(url=url)
    try:
        async with asyncio.timeout(limits.total_s), _connection(url, limits, place) as connection:
            for number, wanted in enumerate(filters):
                paging = Paging(
                    connection=connection, wanted=wanted, reading=reading, limits=limits, name=f"q{number}"
                )
                await paging.run()
            reading.ending = _ending(reading)
    except ReadingEnded as end:
        reading.ending, reading.detail = end.ending, end.detail
    except TimeoutError:
        reading.ending, reading.detail = Ending.TIMEOUT, "stopped answering"
    except ConnectionClosed as error:
        if error.sent is not None and error.sent.code == TOO_BIG:
            reading.ending = Ending.FLOOD
            reading.detail = f"sent a message larger than {limits.message_bytes} bytes"
        else:
            reading.ending, reading.detail = Ending.DROPPED, "closed the connection before the end"
    except (OSError, WebSocketException) as error:
        reading.ending, reading.detail = Ending.REFUSED, f"cannot connect: {type(error).__name__}"
    return reading


def _ending(reading: RelayReading) -> Ending:
    if reading.counts["unpaged"]:
        return Ending.UNPAGED
    return Ending.SAME_SECOND if reading.counts["gaps"] else Ending.COMPLETE


def _connection(url: str, limits: RelayLimits, place: tuple[str, int] | None) -> connect:
    connect_to: dict[str, Any] = {"host": place[0], "port": place[1], "proxy": None} if place else {}
    return connect(
        url, open_timeout=limits.open_s, max_size=limits.message_bytes, close_timeout=1, **connect_to
    )
