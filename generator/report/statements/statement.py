"""What a statement of one UTC month states: its figures as values, and what each of them means; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

import msgspec

from generator.report.figures.bounds import Bound
from generator.report.figures.figure import COUNT, CURRENCY, MSAT, Figure, FigureDefinition, figure_id
from generator.report.statements import month_sums
from generator.report.statements.month_sums import MonthPart

OPENING: Final = FigureDefinition(
    "opening",
    "raised minus returned before this UTC month: what the statement before closed with; zero without one.",
    by="month",
)
RECEIVED: Final = FigureDefinition(
    month_sums.RECEIVED, "The part of raised that came in this UTC month.", by="month"
)
RETURNED: Final = FigureDefinition(
    month_sums.RETURNED, "The part of returned that went back in this UTC month.", by="month"
)
CLOSING: Final = FigureDefinition(
    "closing",
    "opening plus received minus returned of this UTC month; of the last one it is net.",
    by="month",
)
PAID_OUT: Final = FigureDefinition(
    month_sums.PAID_OUT,
    "What the founder paid to others than backers in this UTC month; stands below, not part of closing.",
    by="month",
)
WORTH: Final = FigureDefinition(
    month_sums.WORTH,
    "Value of what received of this UTC month sums when it came in; what has no rate is left out.",
    CURRENCY,
    by="currency@month",
)
RECEIVED_COUNT: Final = FigureDefinition(
    month_sums.COUNT,
    "Contributions that received of this UTC month sums, over all projects; contributions, not people.",
    COUNT,
    by="month",
)
ACCOUNT_OPENING: Final = FigureDefinition(
    "account_opening",
    "What lay in an account before this UTC month: what its line of the month before closed with.",
    by="account@month",
)
ACCOUNT_IN: Final = FigureDefinition(
    month_sums.CAME,
    "What entered an account in this UTC month, from backers or from another account.",
    by="account@month",
)
ACCOUNT_OUT: Final = FigureDefinition(
    month_sums.WENT,
    "What left an account in this UTC month, to backers or to another account.",
    by="account@month",
)
ACCOUNT_CLOSING: Final = FigureDefinition(
    "account_closing",
    "account_opening plus account_in minus account_out; of the last month it is what lies there now.",
    by="account@month",
)
#: What the line is called that sums all accounts; what moves between them is in and out of it.
ALL_ACCOUNTS: Final = "all_accounts"
BY_MONTH: Final = (OPENING, RECEIVED, RETURNED, CLOSING, PAID_OUT, RECEIVED_COUNT)
BY_ACCOUNT: Final = (ACCOUNT_OPENING, ACCOUNT_IN, ACCOUNT_OUT, ACCOUNT_CLOSING)
DEFINITIONS: Final = (*BY_MONTH, WORTH, *BY_ACCOUNT)


class AccountLine(msgspec.Struct, frozen=True, kw_only=True):
    """One account in one month: where money of all projects lay."""

    account: str  #: name of the figure of all months: ``locked``
    opening: Figure
    came: Figure
    went: Figure
    closing: Figure

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures, from opening to closing."""
        return (self.opening, self.came, self.went, self.closing)


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """One UTC month of a project, or of all."""

    month: str  #: ``2026-03``
    opening: Figure
    received: Figure
    returned: Figure
    closing: Figure
    paid_out: Figure | None  #: outside the equation; None where no such row is known
    part: MonthPart  #: what the sums of all projects take of it
    worths: tuple[Figure, ...] = ()  #: of what was received, one a currency
    count: Figure | None = None  #: of all projects alone
    accounts: tuple[AccountLine, ...] = ()  #: of all projects alone

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Its figures: opening to closing, what was paid out, worth, count and accounts."""
        equation = (self.opening, self.received, self.returned, self.closing)
        more = tuple(figure for figure in (self.paid_out, *self.worths, self.count) if figure)
        return (*equation, *more, *(figure for line in self.accounts for figure in line.figures))


def at_month(statements: Sequence[Statement], month: str) -> tuple[Figure, ...]:
    """Return the figures of a month, also of one in which nothing moved; none before the first movement."""
    last = next((statement for statement in reversed(statements) if statement.month <= month), None)
    if last is None or last.month == month:
        return last.figures if last else ()
    return (*_rested(last.opening, last.closing, month, last.received, last.returned), *_others(last, month))


def _others(last: Statement, month: str) -> Iterator[Figure]:
    for worth in last.worths:
        yield _moved(worth, month)
    if last.count:
        yield _moved(last.count, month)
    for line in last.accounts:
        yield from _rested(line.opening, line.closing, month, line.came, line.went)


def _rested(opening: Figure, closing: Figure, month: str, came: Figure, went: Figure) -> tuple[Figure, ...]:
    """Return the figures of a month that opens and closes with what an earlier one closed with."""
    opened, closed = (
        replace(
            _moved(figure, month),
            value=closing.value,
            bound=closing.bound,
            verification=closing.verification,
        )
        for figure in (opening, closing)
    )
    return opened, _moved(came, month), _moved(went, month), closed


def _moved(figure: Figure, month: str) -> Figure:
    """Return the figure of the same name of a month in which nothing is known to have moved."""
    name = f"{figure.name.rpartition('@')[0]}@{month}"
    bound = Bound.EXACT if figure.bound is Bound.EXACT else Bound.AT_LEAST
    return replace(
        figure,
        id=figure_id(figure.project, name),
        name=name,
        value="0" if isinstance(figure.value, str) or figure.unit not in (MSAT, COUNT) else 0,
        bound=bound,
        verification=None,
        inputs=(),
    )
