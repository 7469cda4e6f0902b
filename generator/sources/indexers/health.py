"""Whether a server is asked: one that fails rests, ever longer, and comes back; pure, over a given clock."""

from dataclasses import dataclass
from typing import Final

#: Wrong answers in a row after which a server rests.
MAX_WRONG: Final = 3
#: Unanswered questions in a row after which it does: it may serve one project and refuse another.
_SILENT: Final = 12
#: Failures in a row, each after a longer rest, after which a server is not asked again in this run.
_MAX_FAILURES: Final = 6


@dataclass(slots=True, kw_only=True)
class ServerHealth:
    """The state of one server in a run; times are seconds of one monotonic clock."""

    rest_s: float = 5.0  #: after the first failure; doubles with each
    out: bool = False  #: not asked again in this run
    absent: bool = False  #: gave no answer when the run began, and is asked nothing before it is back
    _wrong: int = 0  #: answers in a row, weighed
    _rests: int = 0  #: for wrong answers, in a row
    _failures: int = 0  #: in a row
    _failed_at: float = float("-inf")
    _back_at: float = float("-inf")

    @property
    def well(self) -> bool:
        """Tell whether it answered when it was asked last."""
        return not (self.out or self._failures)

    def back_in_s(self, now: float) -> float | None:
        """Return the seconds until it may be asked, None when it is not asked again in this run."""
        return None if self.out or self.absent else max(0.0, self._back_at - now)

    def is_looked_for(self, now: float) -> bool:
        """Tell whether it failed as a whole and has rested, so that it may be back."""
        return not (self.out or self.well or self._rests) and now >= self._back_at

    def answered(self) -> None:
        """Take a good answer."""
        self.absent = False
        self._wrong = self._rests = self._failures = 0

    def wrong(self, now: float, *, alone: bool, silent: bool = False) -> None:
        """Take a wrong answer, or with `silent` none; often wrong is still better than nobody."""
        self._wrong += 1 if silent else _SILENT // MAX_WRONG
        if self._wrong >= _SILENT * (self._rests + 1) and not alone:
            self._rests += 1
            self._back_at = now + self.rest_s * 2 ** min(self._rests, _MAX_FAILURES)
            self._failures = max(1, self._failures)

    def failed(self, now: float, *, sent_at: float) -> None:
        """Take a failure of the server as a whole; of those under way together, the first one counts."""
        if sent_at < self._failed_at:
            return
        self._back_at, self._failed_at = now + self.rest_s * 2**self._failures, now
        self._failures += 1
        self.out = self._failures >= _MAX_FAILURES
