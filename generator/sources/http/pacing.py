"""How fast one host is asked: it learns from refusals and slow answers; pure, over the caller's clock.

No public server says its rate, and most refuse with 429 and no ``Retry-After``. So nothing is
held back until a refusal shows that there is a limit; then the rate falls at once and rises slowly.
"""

from collections import deque
from dataclasses import dataclass, field
from typing import Final

#: What remains of the rate after a refusal: of one only observed, and of one that we kept.
_FIRST, _AGAIN = 0.5, 0.7
#: What a good answer adds.
_RISE: Final = 1.005
#: Refusals, each after a longer rest, that are a ban; fewer where another server can be asked instead.
_BAN, _BAN_OF_MANY = 10, 5
#: Seconds over which the rate of answers is observed.
_WINDOW_S: Final = 10.0
#: An answer this long, and so many times longer than usual, is a server that slows us down.
_SLOW_S, _SLOWER = 5.0, 4.0
#: Waits shorter than a clock's steps are none.
_TICK_S: Final = 1e-6


@dataclass(slots=True, kw_only=True)
class HostPace:
    """The state of one host; times are seconds of one monotonic clock."""

    most: float | None = None  #: requests a second that the configuration allows, None without a word
    rest_initial_s: float = 0.5  #: after a refusal; doubles while nothing is answered
    rest_max_s: float = 20.0
    heard: bool = False  #: whether it has answered anything, an error too
    dead: bool = False  #: whether it let its first question wait in vain, so that nobody waits again
    per_second: float | None = None  #: the rate kept now, None while no limit is known
    refusals: int = 0  #: in a row, of requests sent after the rate was lowered
    has_refused: bool = False  #: whether it ever did
    _free_at: float = 0.0  #: when the next request may leave
    _lowered_at: float = float("-inf")
    _answers: deque[float] = field(default_factory=deque)  #: when the latest came
    _usual_s: float | None = None  #: how long an answer takes

    def __post_init__(self) -> None:
        self.per_second = self.per_second or self.most

    def banned(self, *, replaceable: bool) -> bool:
        """Tell whether refusals go on though we waited longer and longer."""
        return self.refusals >= most_refusals(replaceable=replaceable)

    def wait_s(self, now: float) -> float:
        """Return how long the next request must wait; at 0 it is the caller's turn, and taken."""
        wait = self._free_at - now
        if wait > _TICK_S:
            return wait
        self._free_at = now + (1 / self.per_second if self.per_second else 0)
        return 0.0

    def answer_in_s(self, now: float, *, before: int, at_once: int) -> float:
        """Estimate when a question is answered that comes after so many others; 0 while nothing is known."""
        usual_s = self._usual_s or 0.0
        each_s = max(usual_s / at_once, 1 / self.per_second if self.per_second else 0.0)
        return max(0.0, self._free_at - now) + before * each_s + usual_s

    def refused(self, now: float, *, sent_at: float, asked_s: float | None = None) -> None:
        """Take a 429 for a request; `asked_s` is what its ``Retry-After`` says."""
        self.has_refused, rest = True, asked_s or 0.0
        if sent_at > self._lowered_at:  # of several that were under way together, the first one counts
            rest = max(rest, min(self.rest_max_s, self.rest_initial_s * 2**self.refusals))
            if not self.refusals:
                self._lower(now)
            self._lowered_at = now
            self.refusals += 1
        self._free_at = max(self._free_at, now + rest)

    def answered(self, now: float, *, sent_at: float) -> None:
        """Take an answer of any other status: whoever answers has not banned us."""
        self.refusals = 0
        self._answers.append(now)
        while self._answers[0] < now - _WINDOW_S:
            self._answers.popleft()
        took = now - sent_at
        if self._usual_s is not None and took > max(_SLOW_S, _SLOWER * self._usual_s):
            if sent_at > self._lowered_at:
                self._lower(now)
        elif self.per_second:
            self.per_second = min(self.per_second * _RISE, self.most or float("inf"))
        self._usual_s = took if self._usual_s is None else 0.9 * self._usual_s + 0.1 * took

    def _lower(self, now: float) -> None:
        if self.per_second is None:
            rate = max(1.0, _FIRST * len(self._answers) / max(1.0, now - (self._answers or [now])[0]))
        else:
            rate = _AGAIN * self.per_second
        # no pause between two requests is longer than the longest rest, but by the configuration's word
        slowest = min(1 / self.rest_max_s, self.most or float("inf"))
        self.per_second, self._lowered_at = max(slowest, rate), now


def most_refusals(*, replaceable: bool) -> int:
    """Return after how many refusals nobody asks again, of a host or of one question."""
    return _BAN_OF_MANY if replaceable else _BAN
