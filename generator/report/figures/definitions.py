"""What each headline figure means: the table of definitions.

Money figures are flows along the paths of `MOVES`, or balances of its
accounts, so the accounting rules stand in one place only.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from generator.ledger import Account, Kind, Status
from generator.report.figures.sums import CONTRIBUTIONS, Path
from generator.report.subjects import ANGOR, BTCPAY

MSAT = "msat"
COUNT = "count"
ALL = "all"
DECLARED = "declared@"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A figure that sums the entries along some paths."""

    name: str
    paths: tuple[Path, ...]
    speakers: tuple[str, ...]  #: kinds of source that could report such entries
    formula: str
    status: Status = Status.CONFIRMED
    unread: str = ""  #: what a source says when it could not read them


FLOWS = (
    Flow(
        name="raised",
        paths=CONTRIBUTIONS,
        speakers=(BTCPAY, ANGOR),
        unread="payments",
        formula="Sum of confirmed, accepted payments and stage outputs; never reduced by what happens later.",
    ),
    Flow(
        name="pending",
        paths=CONTRIBUTIONS,
        speakers=(BTCPAY, ANGOR),
        unread="payments",
        status=Status.PENDING,
        formula="Sum of payments and stage outputs that are not confirmed yet; never part of raised.",
    ),
    Flow(
        name="refunded",
        paths=((Account.FOUNDER, Account.BACKERS),),
        speakers=(BTCPAY,),
        unread="refunds",
        formula="Sum of completed refunds of BTCPay payments.",
    ),
    Flow(
        name="claimed",
        paths=((Account.LOCKED, Account.FOUNDER),),
        speakers=(ANGOR,),
        formula="Sum of stage outputs that the founder claimed after their opening.",
    ),
    Flow(
        name="penalty",
        paths=((Account.LOCKED, Account.PENALTY),),
        speakers=(ANGOR,),
        formula="Sum of stage outputs that investors moved into the penalty time lock, by leaving early.",
    ),
    Flow(
        name="released",
        paths=((Account.PENALTY, Account.BACKERS),),
        speakers=(ANGOR,),
        formula="Sum of penalty outputs that investors took back after their time lock.",
    ),
    Flow(
        name="recovered",
        paths=((Account.LOCKED, Account.BACKERS),),
        speakers=(ANGOR,),
        formula="Sum of stage outputs that went back to investors without a penalty.",
    ),
    Flow(
        name="returned",
        paths=(
            (Account.FOUNDER, Account.BACKERS),
            (Account.LOCKED, Account.BACKERS),
            (Account.PENALTY, Account.BACKERS),
        ),
        speakers=(BTCPAY, ANGOR),
        unread="refunds",
        formula="Sum of everything that went back to backers: refunds, recoveries and releases.",
    ),
    Flow(
        name="unclassified",
        paths=((Account.LOCKED, Account.UNKNOWN),),
        speakers=(ANGOR,),
        formula="Sum of stage outputs spent by a script that fits no known rule; shown, never guessed.",
    ),
    Flow(
        name="fee",
        paths=((Account.BACKERS, Account.ANGOR),),
        speakers=(ANGOR,),
        formula="Sum of the protocol's fee outputs; not part of raised.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A figure that says what lies in an account now."""

    account: Account
    speakers: tuple[str, ...]  #: kinds of source that could report what moves it
    formula: str
    unread: str = ""  #: what a source says when it could not read a part


BALANCES = {
    "locked": Balance(
        account=Account.LOCKED,
        speakers=(ANGOR,),
        formula="Stage outputs funded and not yet spent: the balance of the locked account.",
    ),
    "in_penalty": Balance(
        account=Account.PENALTY,
        speakers=(ANGOR,),
        formula="Moved into the penalty time lock and not yet released: its balance.",
    ),
    "with_founder": Balance(
        account=Account.FOUNDER,
        speakers=(BTCPAY, ANGOR),
        formula="Payments received and stages claimed, less refunds: the balance of the founder's account.",
        unread="refunds",
    ),
}
NET = "net"
NET_PARTS = ("raised", "refunded", "recovered", "released")
NET_FORMULA = "raised minus refunded minus recovered minus released; unknown while one of them is."
COUNTS = {
    "contributions": "Confirmed payments plus distinct investment transactions; contributions, not people.",
    "payments": "Confirmed BTCPay payments; payments, not people.",
    "investor_keys": "Distinct investor keys with a confirmed, accepted stage output; keys, not people.",
    "declarations": "Invoices marked settled by their owner without any payment seen; never part of raised.",
}
DECLARED_SHARE = "declared_share"
PROVEN = "proven"
REPORTED_CHAIN = "reported_chain"
REPORTED_SERVER = "reported_server"
LEVELS = {
    PROVEN: "The part of raised of which every check holds, from the signed event to the block header.",
    REPORTED_CHAIN: "The part of raised whose scripts were derived again, but whose block was not checked.",
    REPORTED_SERVER: "The part of raised that only a BTCPay server can see: payments as it reports them.",
}
PROVEN_SHARE = "proven_share"
PROVEN_SHARE_FORMULA = (
    "proven as a percentage of raised, rounded down; unknown while rows of raised are missing."
)
SUM_OF_PROJECTS = "Sum of the same figure over all projects; unknown while one of them is."
HEADLINES = (*(flow.name for flow in FLOWS), *BALANCES, NET, *LEVELS, *COUNTS)


def figure_id(slug: str | None, name: str) -> str:
    """Return ``<slug>/<name>``, for the portfolio ``all/<name>``."""
    return f"{slug or ALL}/{name}"


def selectors(kinds: Iterable[Kind], status: Status = Status.CONFIRMED, where: str = "") -> tuple[str, ...]:
    """Return which ledger rows a figure sums: ``entries:<kind>:<status>``, maybe with a condition."""
    return tuple(f"entries:{kind}:{status}" + (f":{where}" if where else "") for kind in kinds)
