"""What became of the deliveries of a webhook, over the 90 days that health covers; pure.

Each run record that looked after a webhook says how, and counts what ended since
the one before it, so sums over run records count each delivery and payment once.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Final

import msgspec

from generator.report.days import day_of
from generator.report.figures.bounds import Bound
from generator.report.figures.figure import COUNT, Figure, FigureDefinition
from generator.report.health.source_states import SourceState
from generator.snapshot import Asked, Outcome, Run

#: Key of a source's `reads` that says how its webhook was looked after.
HOW: Final = "webhook"


def _definition(name: str, meaning: str) -> FigureDefinition:
    return FigureDefinition(
        name,
        f"{meaning}, in the last 90 days, of {{source}}.",
        COUNT,
        by="source",
        meaning=f"{meaning}, in the last 90 days.",
    )


TAKEN: Final = _definition("webhook_taken", "Events that BTCPay saw taken by the receiver of the webhook")
FAILED: Final = _definition("webhook_failed", "Events that BTCPay gave up telling to the receiver")
UNKNOWN: Final = _definition(
    "webhook_unknown", "Events that BTCPay saw taken and the receiver does not remember"
)
PAYMENTS: Final = _definition("webhook_payments", "Payments first seen by a run that could judge them")
LATE: Final = _definition(
    "webhook_late",
    "Of these, payments older than BTCPay's last try and the receiver's wait: no delivery brought them",
)
DEFINITIONS: Final = (TAKEN, FAILED, UNKNOWN, PAYMENTS, LATE)


class WebhookHealth(msgspec.Struct, frozen=True, kw_only=True):
    """How much of what a webhook should have brought did come; unknown where nobody could tell."""

    since: datetime  #: of the first run record that looked
    taken: Figure  #: by the server's own list
    failed: Figure
    unknown: Figure  #: taken by the server's list, not known to the receiver in the same folder
    payments: Figure  #: by polling
    late: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """All of them."""
        return (self.taken, self.failed, self.unknown, self.payments, self.late)


def webhook_health(state: SourceState, runs: Sequence[Run], begin: date) -> WebhookHealth | None:
    """Return what run records since a day say of a source's webhook, None when none looked after it."""
    looked = [
        (run, asked)
        for run in runs
        for asked in run.asked
        if asked.source == state.name and asked.outcome is Outcome.OK and HOW in asked.reads
    ]
    counted = [asked for run, asked in looked if day_of(run.at) >= begin]
    if not counted:
        return None
    return WebhookHealth(
        since=looked[0][0].at,
        taken=_figure(TAKEN, "api", state, counted),
        failed=_figure(FAILED, "api", state, counted),
        unknown=_figure(UNKNOWN, "receiver", state, counted),
        payments=_figure(PAYMENTS, "polling", state, counted),
        late=_figure(LATE, "polling", state, counted),
    )


def _figure(definition: FigureDefinition, how: str, state: SourceState, counted: Sequence[Asked]) -> Figure:
    """Return a sum over the run records that could tell it, `how` they looked; unknown without any."""
    counts = [asked.counts.get(definition.name, 0) for asked in counted if how in asked.reads[HOW].split(",")]
    bound = Bound.EXACT if counts else Bound.UNKNOWN
    return definition.figure(None, sum(counts), of=state.name, bound=bound, source=state.label)
