"""What pages call the figures that they show with a name of their own; `/method/` explains them by these."""

from collections.abc import Mapping
from typing import Final

from generator.pages.period_words import PERIOD_LABELS
from generator.sentence import Sentence, say

#: Sums of a project in its table, in its order.
SUMS: Final = (
    ("raised", say("Raised, confirmed")),
    ("proven", say("Of it proven")),
    ("reported_chain", say("Of it on chain, block not checked")),
    ("reported_server", say("Of it reported by a server")),
    ("pending", say("Pending")),
    ("claimed", say("Claimed from stages by the founder")),
    ("refunded", say("Refunded")),
    ("paid_out", say("Paid out through BTCPay, no refunds")),
    ("recovered", say("Recovered by investors")),
    ("penalty", say("Moved into the penalty time lock")),
    ("released", say("Released from the penalty time lock")),
    ("unclassified", say("Unclassified spends")),
    ("fee", say("Angor fee, paid on top")),
    ("locked", say("Balance: locked in stages")),
    ("in_penalty", say("Balance: in the penalty time lock")),
    ("with_founder", say("Reached the founder")),
    ("net", say("Raised, less what went back")),
)
#: Labels of figures at the head of pages, each where the context asks for it.
_HEADS: Final[Mapping[str, tuple[Sentence, ...]]] = {
    "raised": (say("Raised, all together"),),
    "raised_in_period": PERIOD_LABELS,
    "locked": (say("Locked in stages"),),
    "with_founder": (say("With the founder"), say("With founders")),
    "returned": (say("Returned to backers"), say("Returned to backers, all ways")),
    "goal": (say("Goal"),),
    "projects": (say("Projects"),),
    "due_soon": (say("Opens within 90 days"),),
    "due_later": (say("Opens later"),),
    "claimable": (say("Open and not claimed"),),
}
#: How far a sum is verified.
LEVELS: Final = {None: say("no rows"), "proven": say("proven"), "reported": say("reported")}


def labels(name: str) -> tuple[Sentence, ...]:
    """Return what pages call a figure, or each of a family; nothing where they show it without a name."""
    return (*(label for sum_name, label in SUMS if sum_name == name), *_HEADS.get(name, ()))
