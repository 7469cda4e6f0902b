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


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow(FigureDefinition):
    """A figure that sums the entries along some paths."""

    paths: tuple[Path, ...]
    status: Status = Status.CONFIRMED


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance(FigureDefinition):
    """A figure that says what lies in an account now."""

    accounts: tuple[Account, ...]  #: moves between them change nothing


FLOWS: Final = (
    Flow(
        name="raised",
        paths=CONTRIBUTIONS,
        formula="Sum of confirmed, accepted payments and stage outputs; never reduced by what happens later.",
    ),
    Flow(
        name="pending",
        paths=CONTRIBUTIONS,
        status=Status.PENDING,
        formula="Sum of payments and stage outputs that are not confirmed yet; never part of raised.",
    ),
    Flow(
        name="refunded",
        paths=((Account.FOUNDER, Account.BACKERS),),
        formula="Sum of completed refunds of BTCPay payments.",
    ),
    Flow(
        name="paid_out",
        paths=((Account.FOUNDER, Account.PAID_OUT),),
        formula="Sum of completed BTCPay payouts that are no refunds; with_founder is not reduced by it.",
    ),
    Flow(
        name="claimed",
        paths=((Account.LOCKED, Account.FOUNDER),),
        formula="Sum of stage outputs that the founder claimed after their opening.",
    ),
    Flow(
        name="penalty",
        paths=((Account.LOCKED, Account.PENALTY),),
        formula="Sum of stage outputs that investors moved into the penalty time lock, by leaving early.",
    ),
    Flow(
        name="released",
        paths=((Account.PENALTY, Account.BACKERS),),
        formula="Sum of penalty outputs that investors took back after their time lock.",
    ),
    Flow(
        name="recovered",
        paths=((Account.LOCKED, Account.BACKERS),),
        formula="Sum of stage outputs that went back to investors without a penalty.",
    ),
    Flow(
        name="returned",
        paths=(
            (Account.FOUNDER, Account.BACKERS),
            (Account.LOCKED, Account.BACKERS),
            (Account.PENALTY, Account.BACKERS),
        ),
        formula="Sum of everything that went back to backers: refunds, recoveries and releases.",
    ),
    Flow(
        name="unclassified",
        paths=((Account.LOCKED, Account.UNKNOWN),),
        formula="Sum of stage outputs spent by a script that fits no known rule; shown, never guessed.",
    ),
    Flow(
        name="fee",
        paths=((Account.BACKERS, Account.ANGOR),),
        formula="Sum of the protocol's fee outputs; not part of raised.",
    ),
)
BALANCES: Final = (
    Balance(
        name="locked",
        accounts=(Account.LOCKED,),
        formula="Stage outputs funded and not yet spent: the balance of the locked account.",
    ),
    Balance(
        name="in_penalty",
        accounts=(Account.PENALTY,),
        formula="Moved into the penalty time lock and not yet released: its balance.",
    ),
    Balance(
        name="with_founder",
        accounts=(Account.FOUNDER, Account.PAID_OUT),
        formula="Payments received and stages claimed, less refunds: what reached the founder; no balance.",
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

#: Figures that can be below zero, because more may go back than came: without a part, a sum says nothing.
SIGNED: Final = frozenset({"net", "with_founder"})
#: What is known of a sum over projects that as a whole is not known.
KNOWN_SUM: Final = FigureDefinition(
    "known_sum",
    "Sum of {of} over the projects that are its inputs: of the others it is not known, or bound otherwise.",
    by="figure",
    meaning="Of a sum that is not known, the part over those projects of which it is; its inputs name them.",
)
#: What every project has, and the portfolio as their sum.
HEADLINES: Final[tuple[FigureDefinition, ...]] = (*FLOWS, *BALANCES, NET, *LEVELS, *COUNTS)
SUM_OF_PROJECTS: Final = "Sum of the same figure over all projects; at least, while one of them is unknown."
