"""Since when every invoice of a server carries the marks of today; pure.

An older one need not, so it may be told by less, and may be doubtful. Once decided it is recorded,
and moves only to an earlier time: what was money of a place is not taken away by a gift of today.
"""

import re
from datetime import UTC, datetime
from typing import Final, NamedTuple, Self

from generator.snapshot import Project
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.btcpay.terms import explained

#: BTCPay Server 1.11.0 files an invoice under its app's term whatever its order id is (btcpayserver#5127).
TERMS_AT: Final = int(datetime(2023, 7, 27, tzinfo=UTC).timestamp())
_TERMS_SINCE: Final = (1, 11)
NEVER: Final = 2**62  #: later than every invoice
_VERSION: Final = re.compile(r"(\d{1,4})\.(\d{1,4})(?:\.|-|\+|\Z)")
BY_INVOICE: Final = "the first invoice that carries them"
BY_RELEASE: Final = "the release of BTCPay Server 1.11.0"
BY_UPGRADE: Final = "the run that saw the server newer than 1.11.0"
BY_VERSION: Final = "the server is older than 1.11.0"


class Switch(NamedTuple):
    """From when on, in Unix seconds, and how that was decided.

    It is the beginning of a UTC day, for a record must not tell the second of somebody's invoice.
    """

    at: int = TERMS_AT
    by: str = BY_RELEASE

    @classmethod
    def of(cls, record: Project | None) -> Self | None:
        """Read what a record of a place says; None where it says nothing."""
        if record is None or not record.switch_by:
            return None
        return cls(NEVER if record.switch_at is None else int(record.switch_at.timestamp()), record.switch_by)

    @property
    def recorded_at(self) -> datetime | None:
        """The time as a record holds it, None for never."""
        return None if self.at == NEVER else datetime.fromtimestamp(self.at, UTC)


def shows_switch(invoice: Invoice, kind: str, term: str) -> bool:
    """Tell whether a listed invoice carries the marks of today: its app's own term, or its request's id.

    A term on an older invoice is an order id that its owner has changed since.
    """
    if kind == "request":
        return bool(invoice.metadata.payment_request_id)
    return invoice.created_time >= TERMS_AT and not explained(invoice, term)


def decided(earliest: int | None, recorded: Switch | None, version: str, now: datetime) -> Switch:
    """Decide the switch of a place.

    `earliest` is the creation of the first invoice that `shows_switch`, `version` what the server says of
    itself (empty where it does not): without any such invoice only an old one is believed.
    """
    seen = recorded or Switch(NEVER, "")
    if earliest is not None:
        return min(seen, Switch(_day(earliest), BY_INVOICE))
    if recorded is not None and recorded.at != NEVER:
        return recorded
    if _is_old(version):
        return Switch(NEVER, BY_VERSION)
    return Switch(_day(int(now.timestamp())), BY_UPGRADE) if recorded else Switch()


def _day(seconds: int) -> int:
    return seconds - seconds % 86_400


def _is_old(version: str) -> bool:
    found = _VERSION.match(version)
    return found is not None and (int(found[1]), int(found[2])) < _TERMS_SINCE
