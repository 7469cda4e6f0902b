"""How much a server is asked for at once: half after a question that was too heavy, double after quick ones.

A small machine needs up to 0.2 s an invoice, and what stands before it cuts answers off
after a minute (btcpayserver#1776, #3742, #5499). The same question at the same size would
fail again, so it is never repeated.
"""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

USUAL: Final = 200
_BY_TOR: Final = 100  #: a page of 200 invoices is slow there
_QUICK_S: Final = 3.0
_SLOW_S: Final = 20.0
_QUICK_PAGES: Final = 3  #: in a row, before more is asked for


@dataclass(slots=True)
class PageSize:
    """The size of the next page of one server, learnt from the pages before."""

    now: int = USUAL
    most: int = USUAL
    patience_s: float = 120.0  #: how long questions that grow smaller may fail in a row
    _quick: int = 0
    _failing_s: float = 0.0

    @property
    def may_shrink(self) -> bool:
        """Tell whether less can be asked for, and there is time for it."""
        return self.now > 1 and self._failing_s < self.patience_s

    def failed(self, after_s: float) -> None:
        """Ask for half: an answer did not come, or not whole, after so many seconds."""
        self._failing_s += after_s
        self._halve()

    def came(self, after_s: float) -> None:
        """Learn from an answer that came after so many seconds."""
        self._failing_s = 0.0
        self._quick = self._quick + 1 if after_s < _QUICK_S else 0
        if after_s > _SLOW_S:
            self._halve()
        elif self._quick >= _QUICK_PAGES:
            self.now, self._quick = min(self.most, 2 * self.now), 0

    def _halve(self) -> None:
        self.now, self._quick = max(1, self.now // 2), 0


def usual_size(url: str) -> int:
    """Choose how many invoices to ask a server for at first: fewer by Tor."""
    return _BY_TOR if (urlsplit(url).hostname or "").endswith(".onion") else USUAL
