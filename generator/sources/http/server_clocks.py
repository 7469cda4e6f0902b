"""What time the servers of a run say it is: the Date of their answers, against our clock."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx


@dataclass(slots=True)
class ServerClocks:
    """How far each server's clock is ahead of ours; made within the event loop that asks them."""

    at: datetime  #: our time when this was made; from then on it is counted, so a clock set meanwhile is none
    ahead: dict[str, timedelta] = field(default_factory=dict)  #: by host, behind where negative
    _begun_s: float = field(default_factory=lambda: asyncio.get_running_loop().time())

    def now(self) -> datetime:
        """Return our time."""
        return self.at + timedelta(seconds=asyncio.get_running_loop().time() - self._begun_s)

    async def hear(self, response: httpx.Response) -> None:
        """Take the time of an answer; a cache's is old, so the latest of a server's counts."""
        try:
            told = parsedate_to_datetime(response.headers.get("date", "")).astimezone(UTC)
        except (TypeError, ValueError, OverflowError):
            return
        host = response.request.url.host
        self.ahead[host] = max(told - self.now(), self.ahead.get(host, timedelta.min))
