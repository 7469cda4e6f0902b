"""What left a project on each day, folded from what its actors noted when they acted."""

from collections import Counter
from collections.abc import Iterable

from generator.sandbox.acts import ActKind, ActStatus
from generator.sandbox.btcpay.deeds import Deed, DeedKind
from generator.sandbox.project_truth import FLOWS, ProjectTruth, utc_day
from generator.sandbox.worth import Value


def movement_figures(project: ProjectTruth, payouts: Iterable[Deed]) -> dict[str, Value]:
    """Return what moved on each day by each flow but what came in; `payouts` are those of its own stores."""
    found: Counter[str] = Counter()
    for name, kind in FLOWS.items():
        for act in project.acts:
            if act.kind is kind and kind is not ActKind.FEE and act.status is ActStatus.CONFIRMED:
                found[f"moved@{name}@{utc_day(act.at)}"] += act.amount_msat
    for deed in project.deeds:
        if deed.kind is DeedKind.REFUNDED:
            found[f"moved@refunded@{utc_day(deed.at)}"] += deed.amount_msat
    for deed in payouts:
        found[f"moved@paid_out@{utc_day(deed.at)}"] += deed.amount_msat
    return dict(found)
