"""What figures of a project are made of where nothing is special: stated once, with definitions; pure.

As in a file of figures, ``./`` stands before those of the same project, ``{of}`` for what is after ``@``.
A row of another kind has its inputs itself, so that nothing rests on this list being right.
"""

from collections.abc import Mapping
from typing import Final

from generator.ledger import Kind, Status
from generator.report.figures.definitions import BALANCES, FLOWS, NET
from generator.report.figures.flows import NET_PARTS
from generator.report.figures.sums import CONTRIBUTIONS, crossing, kinds_of, selectors

_CAME: Final = kinds_of(CONTRIBUTIONS)
_IN_CURRENCY: Final = (*selectors(_CAME), "rates:{of}")
_RETURNED: Final = next(flow for flow in FLOWS if flow.name == "returned")
_RATE: Final = "all/rate_at_month_end@{of}"
#: By the name of a definition.
USUAL: Final[Mapping[str, tuple[str, ...]]] = {
    **{flow.name: selectors(kinds_of(flow.paths), flow.status) for flow in FLOWS},
    **{balance.name: selectors(crossing(balance.accounts)) for balance in BALANCES},
    NET.name: tuple(f"./{name}" for name in NET_PARTS),
    "proven": selectors(_CAME, Status.CONFIRMED, "proven"),
    "reported_chain": selectors((Kind.INVESTMENT,), Status.CONFIRMED, "reported"),
    "reported_server": selectors((Kind.PAYMENT,), Status.CONFIRMED, "reported"),
    "proven_share": ("./proven", "./raised"),
    "contributions": selectors(_CAME),
    "payments": selectors((Kind.PAYMENT,)),
    "investor_keys": selectors((Kind.INVESTMENT,)),
    "declarations": ("declarations",),
    "declared_share": ("./declarations", "./payments"),
    "progress": ("./raised", "./goal"),
    "towards_goal": ("./raised",),
    "left_to_goal": ("./goal", "./towards_goal"),
    "raised_at_receipt@currency": _IN_CURRENCY,
    "rows_without_rate@currency": _IN_CURRENCY,
    "returned_on_days@currency": (*selectors(kinds_of(_RETURNED.paths)), "rates:{of}"),
    **{
        f"{name}_at_month_end@currency": (f"./{name}", _RATE)
        for name in ("raised", "pending", "locked", "with_founder")
    },
}
