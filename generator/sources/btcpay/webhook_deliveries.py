"""What became of a webhook's deliveries: what the server says of each try, and what polling saw; pure.

A delivery is a hint, so a lost one costs nothing but time. How much is lost is told
by the server's own list, where the key may read it, and by payments that a run found
long after a delivery would have brought it. Rules: BTCPay Server 2.4.1.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from generator.ledger import Kind
from generator.sources.btcpay.greenfield.wire import DeliveryAttempt
from generator.sources.btcpay.movement import Movement

#: BTCPay gives up about an hour after its first try.
LAST_TRY: Final = timedelta(minutes=80)
#: Longer than it waits between two tries and for an answer: an unanswered one of this age was the last.
BETWEEN: Final = timedelta(minutes=15)
#: The first repetition waits 10 seconds: what comes sooner is another event of the same second.
_SOONEST: Final = timedelta(seconds=9)
#: Tries of one webhook that are read; more than a busy store has between two runs.
MOST: Final = 10_000
_SUCCESS: Final = "HttpSuccess"


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookReceiver:
    """What a run knows of the receiver: where it is, how long it waits, and what it took."""

    url: str = ""  #: its public address; without it the server's list is not asked for
    debounce: timedelta = timedelta(0)
    taken: Mapping[int, int] | None = None  #: second of an event → deliveries remembered in this folder


@dataclass(slots=True)
class _Event:
    """One event, put together from its tries."""

    at: int  #: second of the event
    last: datetime  #: its latest try
    taken: bool = False


def judge_attempts(
    attempts: Iterable[DeliveryAttempt], *, since: datetime, until: datetime
) -> tuple[Counter[int], int]:
    """Count events taken, by their second, and events given up, from `since` to `until`.

    Each event is judged once: when it was taken, or `BETWEEN` after its last try.
    """
    events = _events(attempts)
    taken = Counter(event.at for event in events if event.taken and since < event.last <= until)
    failed = sum(not event.taken and since < event.last + BETWEEN <= until for event in events)
    return taken, failed


def _events(attempts: Iterable[DeliveryAttempt]) -> list[_Event]:
    """Join tries to events: a server sends one event at a time and repeats it before the next."""
    found: list[_Event] = []
    waiting: defaultdict[int, list[_Event]] = defaultdict(list)
    for attempt in sorted(attempts, key=lambda attempt: attempt.delivery_time or 0):
        at = datetime.fromtimestamp(attempt.delivery_time or 0, UTC)
        failed = [event for event in waiting[attempt.timestamp] if at - event.last >= _SOONEST]
        event = failed[0] if failed else _Event(attempt.timestamp, at)
        if not failed:
            found.append(event)
            waiting[attempt.timestamp].append(event)
        event.last = at
        if attempt.status == _SUCCESS:
            event.taken = True
            waiting[attempt.timestamp].remove(event)
    return found


def tells_times(attempts: Iterable[DeliveryAttempt]) -> bool:
    """Tell whether a server says when it tried: older ones do not, and their list cannot be judged."""
    return all(attempt.delivery_time is not None for attempt in attempts)


def reaches(attempts: Sequence[DeliveryAttempt], since: datetime, most: int) -> bool:
    """Tell whether a list of at most `most` tries goes back to a time; a cut one would tell too little."""
    oldest = min((attempt.delivery_time or 0 for attempt in attempts), default=0)
    return len(attempts) < most or oldest <= since.timestamp()


def unknown(taken: Mapping[int, int], remembered: Mapping[int, int]) -> int:
    """Count events that a server saw taken and the receiver beside us does not remember."""
    oldest = min(remembered, default=None)
    return sum(
        max(0, number - remembered.get(at, 0))
        for at, number in taken.items()
        if oldest is not None and at >= oldest
    )


@dataclass(slots=True, kw_only=True)
class PollingCheck:
    """Counts payments since the last recorded answer, and those that a delivery should have brought sooner.

    A run with news is always recorded, so a payment after the last record was seen by no run before.
    """

    since: datetime
    at: datetime
    debounce: timedelta
    payments: int = 0
    late: int = 0

    def take(self, movement: Movement) -> None:
        """Count one payment."""
        if movement.stratum.kind is Kind.PAYMENT and self.since < movement.at <= self.at:
            self.payments += 1
            self.late += self.at - movement.at > LAST_TRY + self.debounce
