"""What became of a webhook's deliveries: what the server says of each try, and what polling saw; pure.

A delivery is a hint, so a lost one costs nothing but time. How much is lost is told
by the server's own list, where the key may read it, and by payments that a run found
long after a delivery would have brought it. Rules: BTCPay Server 2.4.1.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from generator.ledger import Kind
from generator.sources.btcpay.payments import Movement

#: BTCPay gives up about an hour after its first try.
LAST_TRY: Final = timedelta(minutes=80)
#: Longer than it waits between two tries and for an answer: an unanswered one of this age was the last.
BETWEEN: Final = timedelta(minutes=15)
#: The first repetition waits 10 seconds: what comes sooner is another event of the same second.
_SOONEST: Final = timedelta(seconds=9)
#: Tries of one webhook that are read; more than a busy store has between two runs.
MOST: Final = 10_000
_SUCCESS: Final = "HttpSuccess"


class Attempt(msgspec.Struct, frozen=True, rename="camel"):
    """One try, as ``…/webhooks/{id}/deliveries`` lists it; `timestamp` is of the event."""

    timestamp: int
    status: str
    delivery_time: int | None = None  #: since 2.3.4


class Events(msgspec.Struct, frozen=True, rename="camel"):
    """What a webhook is told of."""

    everything: bool = False
    specific_events: tuple[str, ...] = ()


class WebhookState(msgspec.Struct, frozen=True, rename="camel"):
    """A webhook of a store, as far as we read it."""

    id: str
    url: str
    enabled: bool = True
    authorized_events: Events = Events()


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """What is known of the receiver: where it is, how long it waits, and what it took."""

    url: str = ""  #: its public address; without it the server's list is not asked for
    debounce: timedelta = timedelta(0)
    taken: Mapping[int, int] | None = None  #: second of an event → deliveries remembered in this folder


@dataclass(slots=True)
class _Told:
    """One event, put together from its tries."""

    at: int  #: second of the event
    last: datetime  #: its latest try
    taken: bool = False


def judge(attempts: Iterable[Attempt], *, since: datetime, until: datetime) -> tuple[Counter[int], int]:
    """Return events taken, by their second, and how many were given up, from `since` to `until`.

    Each event is judged once: when it was taken, or `BETWEEN` after its last try.
    """
    told = _events(attempts)
    taken = Counter(one.at for one in told if one.taken and since < one.last <= until)
    failed = sum(not one.taken and since < one.last + BETWEEN <= until for one in told)
    return taken, failed


def _events(attempts: Iterable[Attempt]) -> list[_Told]:
    """Join tries to events: a server sends one event at a time and repeats it before the next."""
    found: list[_Told] = []
    waiting: defaultdict[int, list[_Told]] = defaultdict(list)
    for attempt in sorted(attempts, key=lambda one: one.delivery_time or 0):
        at = datetime.fromtimestamp(attempt.delivery_time or 0, UTC)
        failed = [one for one in waiting[attempt.timestamp] if at - one.last >= _SOONEST]
        event = failed[0] if failed else _Told(attempt.timestamp, at)
        if not failed:
            found.append(event)
            waiting[attempt.timestamp].append(event)
        event.last = at
        if attempt.status == _SUCCESS:
            event.taken = True
            waiting[attempt.timestamp].remove(event)
    return found


def tells_times(attempts: Iterable[Attempt]) -> bool:
    """Tell whether a server says when it tried: older ones do not, and their list cannot be judged."""
    return all(attempt.delivery_time is not None for attempt in attempts)


def reaches(attempts: Sequence[Attempt], since: datetime, most: int) -> bool:
    """Tell whether a list of at most `most` tries goes back to a time; a cut one would tell too little."""
    oldest = min((attempt.delivery_time or 0 for attempt in attempts), default=0)
    return len(attempts) < most or oldest <= since.timestamp()


def unknown(taken: Mapping[int, int], remembered: Mapping[int, int]) -> int:
    """Return how many events a server saw taken that the receiver beside us does not remember."""
    oldest = min(remembered, default=None)
    return sum(
        max(0, number - remembered.get(at, 0))
        for at, number in taken.items()
        if oldest is not None and at >= oldest
    )


@dataclass(slots=True, kw_only=True)
class Polled:
    """Counts payments since the last recorded answer, and those that a delivery should have brought sooner.

    A run with news is always recorded, so a payment after the last record was seen by no run before.
    """

    since: datetime
    at: datetime
    debounce: timedelta
    payments: int = field(default=0)
    late: int = field(default=0)

    def take(self, movement: Movement) -> None:
        """Count one payment."""
        if movement.kind is Kind.PAYMENT and self.since < movement.at <= self.at:
            self.payments += 1
            self.late += self.at - movement.at > LAST_TRY + self.debounce
