"""What became of the deliveries of a webhook, over the 90 days that health covers; pure.

Each run record that looked after a webhook says how, and counts what ended since
the one before it, so sums over run records count each delivery and payment once.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final

from generator.report.figures.definitions import COUNT, figure_id
from generator.report.model import Figure, SourceState, WebhookHealth
from generator.report.series.funding import day_of
from generator.snapshot import Asked, Outcome, Run

#: Key of a source's `reads` that says how its webhook was looked after.
HOW: Final = "webhook"
#: name of a figure → (how it is known, its count in a run record, what it means)
_FIGURES: Final = {
    "webhook_taken": ("api", "webhook_taken", "Events that BTCPay saw taken by the receiver of the webhook"),
    "webhook_failed": ("api", "webhook_failed", "Events that BTCPay gave up telling to the receiver"),
    "webhook_unknown": (
        "receiver",
        "webhook_unknown",
        "Events that BTCPay saw taken and the receiver does not remember",
    ),
    "webhook_payments": ("polling", "webhook_payments", "Payments first seen by a run that could judge them"),
    "webhook_late": (
        "polling",
        "webhook_late",
        "Of these, payments older than BTCPay's last try and the receiver's wait: no delivery brought them",
    ),
}
#: What each figure means, for any source.
FAMILIES: Final = {name: f"{meaning}, in the last 90 days." for name, (_, _, meaning) in _FIGURES.items()}


def webhook_health(state: SourceState, runs: Sequence[Run], begin: date) -> WebhookHealth | None:
    """Return what run records since a day say of a source's webhook, None when none looked after it."""
    looked = [
        (run, one)
        for run in runs
        for one in run.asked
        if one.source == state.name and one.outcome is Outcome.OK and HOW in one.reads
    ]
    counted = [one for run, one in looked if day_of(run.at) >= begin]
    if not counted:
        return None
    made = {name: _figure(name, state, counted) for name in _FIGURES}
    return WebhookHealth(
        since=looked[0][0].at,
        taken=made["webhook_taken"],
        failed=made["webhook_failed"],
        unknown=made["webhook_unknown"],
        payments=made["webhook_payments"],
        late=made["webhook_late"],
    )


def _figure(name: str, state: SourceState, counted: Sequence[Asked]) -> Figure:
    """Return one figure; unknown where no run record could tell it."""
    how, count, meaning = _FIGURES[name]
    told = [one.counts.get(count, 0) for one in counted if how in one.reads[HOW].split(",")]
    whole = f"{name}@{state.name}"
    return Figure(
        id=figure_id(None, whole),
        project=None,
        name=whole,
        value=sum(told) if told else None,
        unit=COUNT,
        complete=True,
        verification=None,
        formula=f"{meaning}, in the last 90 days, of {state.label}.",
        inputs=(),
    )
