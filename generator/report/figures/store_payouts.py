"""What left a store by payouts that are no refunds."""

from collections.abc import Sequence
from typing import Final

from msgspec import structs

from generator.ledger import Kind, Status, Verification
from generator.report.figures.figure import Figure, FigureDefinition
from generator.report.figures.source_bounds import bound_in
from generator.report.figures.sums import selectors
from generator.snapshot import Finding, Known, LoggedRow, Project, PromisedMoney

PAID_OUT: Final = FigureDefinition(
    "store_paid_out",
    "Completed payouts of {label} that are no refunds, as BTCPay records them; not subtracted anywhere.",
    by="store",
    meaning="Completed payouts of one store that are no refunds; not subtracted anywhere.",
)


def store_paid_out(
    known: Known, rest: Project | None, payouts: Sequence[LoggedRow], *, source: str, label: str
) -> Figure:
    """Sum completed payouts; at least, where BTCPay hides payouts or could not be asked for them lately."""
    hidden = any(
        promise.source == source and promise.archived and not promise.final and not promise.place
        for promise in known.of(PromisedMoney)
    )
    failed = any(
        finding.source == source and finding.check == "refunds-read" for finding in known.of(Finding)
    )
    told = rest and structs.replace(rest, at_least=("payouts",) if hidden or failed else ())
    return PAID_OUT.figure(
        None,
        sum(row.amount_msat for row in payouts),
        of=source,
        bound=bound_in([(told, "payouts")]),
        verification=str(Verification.REPORTED) if payouts else None,
        inputs=selectors((Kind.PAYOUT,), Status.CONFIRMED, f"store={source}"),
        label=label,
    )
