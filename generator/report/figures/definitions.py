"""What each headline figure means: the table of definitions.

Money figures are flows along the paths of `MOVES`, or balances of its
accounts, so the accounting rules stand in one place only. `catalogue` lists
these and every family of figures.
"""

from dataclasses import dataclass
from typing import Final

from generator.ledger import Account, Status
from generator.report.figures.figure import COUNT, CURRENCY, PERCENT, FigureDefinition
from generator.report.figures.sums import CONTRIBUTIONS, Path
from generator.report.source_names import ANGOR, FUNDED_BY, PAID_BY


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(FigureDefinition):
    """A figure that sums the entries along some paths."""

    paths: tuple[Path, ...]
    reported_by: tuple[str, ...]  #: kinds of source that could report such entries
    status: Status = Status.CONFIRMED
    unread: str = ""  #: what a source says when it could not read them


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(FigureDefinition):
    """A figure that says what lies in an account now."""

    account: Account
    reported_by: tuple[str, ...]  #: kinds of source that could report what moves it
    unread: str = ""  #: what a source says when it could not read a part


FLOWS: Final = (
    Flow(
        name="raised",
        paths=CONTRIBUTIONS,
        reported_by=FUNDED_BY,
        unread="payments",
        formula="Sum of confirmed, accepted payments and stage outputs; never reduced by what happens later.",
    ),
    Flow(
        name="pending",
        paths=CONTRIBUTIONS,
        reported_by=FUNDED_BY,
        unread="payments",
        status=Status.PENDING,
        formula="Sum of payments and stage outputs that are not confirmed yet; never part of raised.",
    ),
    Flow(
        name="refunded",
        paths=((Account.FOUNDER, Account.BACKERS),),
        reported_by=PAID_BY,
        unread="refunds",
        formula="Sum of completed refunds of BTCPay payments.",
    ),
    Flow(
        name="claimed",
        paths=((Account.LOCKED, Account.FOUNDER),),
        reported_by=(ANGOR,),
        formula="Sum of stage outputs that the founder claimed after their opening.",
    ),
    Flow(
        name="penalty",
        paths=((Account.LOCKED, Account.PENALTY),),
        reported_by=(ANGOR,),
        formula="Sum of stage outputs that investors moved into the penalty time lock, by leaving early.",
    ),
    Flow(
        name="released",
        paths=((Account.PENALTY, Account.BACKERS),),
        reported_by=(ANGOR,),
        formula="Sum of penalty outputs that investors took back after their time lock.",
    ),
    Flow(
        name="recovered",
        paths=((Account.LOCKED, Account.BACKERS),),
        reported_by=(ANGOR,),
        formula="Sum of stage outputs that went back to investors without a penalty.",
    ),
    Flow(
        name="returned",
        paths=(
            (Account.FOUNDER, Account.BACKERS),
            (Account.LOCKED, Account.BACKERS),
            (Account.PENALTY, Account.BACKERS),
        ),
        reported_by=FUNDED_BY,
        unread="refunds",
        formula="Sum of everything that went back to backers: refunds, recoveries and releases.",
    ),
    Flow(
        name="unclassified",
        paths=((Account.LOCKED, Account.UNKNOWN),),
        reported_by=(ANGOR,),
        formula="Sum of stage outputs spent by a script that fits no known rule; shown, never guessed.",
    ),
    Flow(
        name="fee",
        paths=((Account.BACKERS, Account.ANGOR),),
        reported_by=(ANGOR,),
        formula="Sum of the protocol's fee outputs; not part of raised.",
    ),
)
BALANCES: Final = (
    Balance(
        name="locked",
        account=Account.LOCKED,
        reported_by=(ANGOR,),
        formula="Stage outputs funded and not yet spent: the balance of the locked account.",
    ),
    Balance(
        name="in_penalty",
        account=Account.PENALTY,
        reported_by=(ANGOR,),
        formula="Moved into the penalty time lock and not yet released: its balance.",
    ),
    Balance(
        name="with_founder",
        account=Account.FOUNDER,
        reported_by=FUNDED_BY,
        formula="Payments received and stages claimed, less refunds: the balance of the founder's account.",
        unread="refunds",
    ),
)
NET: Final = FigureDefinition(
    "net", "raised minus refunded minus recovered minus released; unknown while one of them is."
)

PROVEN: Final = FigureDefinition(
    "proven", "The part of raised of which every check holds, from the signed event to the block header."
)
REPORTED_CHAIN: Final = FigureDefinition(
    "reported_chain", "The part of raised whose scripts were derived again, but whose block was not checked."
)
REPORTED_SERVER: Final = FigureDefinition(
    "reported_server", "The part of raised that only a BTCPay server can see: payments as it reports them."
)
LEVELS: Final = (PROVEN, REPORTED_CHAIN, REPORTED_SERVER)
PROVEN_SHARE: Final = FigureDefinition(
    "proven_share",
    "proven as a percentage of raised, rounded down; unknown while rows of raised are missing.",
    PERCENT,
)

CONTRIBUTION_COUNT: Final = FigureDefinition(
    "contributions",
    "Confirmed payments plus distinct investment transactions; contributions, not people.",
    COUNT,
)
PAYMENT_COUNT: Final = FigureDefinition("payments", "Confirmed BTCPay payments; payments, not people.", COUNT)
INVESTOR_KEYS: Final = FigureDefinition(
    "investor_keys",
    "Distinct investor keys with a confirmed, accepted stage output; keys, not people.",
    COUNT,
)
DECLARATION_COUNT: Final = FigureDefinition(
    "declarations",
    "Invoices marked settled by their owner without any payment seen; never part of raised.",
    COUNT,
)
COUNTS: Final = (CONTRIBUTION_COUNT, PAYMENT_COUNT, INVESTOR_KEYS, DECLARATION_COUNT)
DECLARED: Final = FigureDefinition(
    "declared",
    "Sum of the declarations in {of}, by the invoices; never converted.",
    CURRENCY,
    by="currency",
    meaning="Declarations in one currency, by their invoices; never converted, never in raised.",
)
DECLARED_SHARE: Final = FigureDefinition(
    "declared_share", "Declarations over declarations and payments together, by count, rounded down.", PERCENT
)

#: What every project has, and the portfolio as their sum.
HEADLINES: Final[tuple[FigureDefinition, ...]] = (*FLOWS, *BALANCES, NET, *LEVELS, *COUNTS)
SUM_OF_PROJECTS: Final = "Sum of the same figure over all projects; unknown while one of them is."
