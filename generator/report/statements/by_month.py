"""Statements by UTC month: opening + received - returned = closing, exact to the millisatoshi; pure.

Only a month in which money moved has one; the next opens with what it closed with,
and the last closing is `net`. What a founder paid to others stands below, outside the
equation: it is no matter between a project and its backers. The statement of all projects
also says where the same money lay: a claim leaves one account and enters another.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

import msgspec

from generator.ledger import MOVES, Entry, Kind, Status
from generator.report.days import DAY
from generator.report.figures.bounds import Bound, added
from generator.report.figures.definitions import FLOWS
from generator.report.figures.figure import Figure, FigureDefinition, decimal_text
from generator.report.figures.sums import grade, kinds_of, selectors
from generator.report.prices import Prices
from generator.report.statements.month_sums import (
    ACCOUNTS,
    CAME,
    SUM_OF,
    WENT,
    MonthPart,
    MonthSum,
    Sum,
    Sums,
    crosses,
    sums_of_months,
    sums_of_parts,
)
from generator.report.statements.statement import (
    ACCOUNT_CLOSING,
    ACCOUNT_IN,
    ACCOUNT_OPENING,
    ACCOUNT_OUT,
    ALL_ACCOUNTS,
    BY_ACCOUNT,
    CLOSING,
    OPENING,
    PAID_OUT,
    RECEIVED,
    RECEIVED_COUNT,
    RETURNED,
    WORTH,
    AccountLine,
    Statement,
)

#: Each with the figure of all months whose bound it has; others that of raised.
_WHOLE: Final = {
    OPENING.name: "net",
    CLOSING.name: "net",
    RETURNED.name: "returned",
    PAID_OUT.name: "paid_out",
}


def project_statements(
    slug: str, entries: Sequence[Entry], figures: Mapping[str, Figure], prices: Prices
) -> tuple[Statement, ...]:
    """Return the statements of a project's confirmed entries, oldest first; `figures` are its sums."""
    kinds = {entry.kind for entry in entries}
    return tuple(_Statements(slug, kinds, figures, prices.currencies).of(sums_of_months(entries, prices)))


def portfolio_statements(
    projects: Iterable[Sequence[MonthPart]], figures: Mapping[str, Figure], prices: Prices
) -> tuple[Statement, ...]:
    """Return the sums of projects' statements, oldest first; what is unknown of a project adds nothing."""
    return tuple(_Statements(None, SUM_OF, figures, prices.currencies).of(sums_of_parts(projects)))


class _Statements(msgspec.Struct, frozen=True):
    """Makes the statements of one project, or of all (None)."""

    slug: str | None
    kinds: Collection[Kind]  #: that it has rows of
    figures: Mapping[str, Figure]
    currencies: Sequence[str]

    def of(self, months: Mapping[str, Sums]) -> Iterator[Statement]:
        """Yield one statement a month, oldest first."""
        balance, accounts = Sum(), {name: Sum() for name in ACCOUNTS if self.slug is None}
        for month, sums in months.items():
            opening, received, returned, closing = self._equation(month, balance, sums)
            yield Statement(
                month=month,
                opening=opening,
                received=received,
                returned=returned,
                closing=closing,
                paid_out=self._of_month(PAID_OUT, month, sums) if PAID_OUT.name in sums else None,
                part=MonthPart(month, tuple(self._parts(sums))),
                worths=tuple(self._worth(currency, month, sums) for currency in self.currencies),
                count=None if self.slug else self._of_month(RECEIVED_COUNT, month, sums),
                accounts=_with_sum(
                    [self._account(name, month, held, sums) for name, held in accounts.items()], month
                ),
            )

    def _equation(self, month: str, balance: Sum, sums: Sums) -> tuple[Figure, ...]:
        """Return opening, received, returned and closing; the balance is then that of the month's end."""
        before = self._rows((RECEIVED.name, RETURNED.name), _until(month))
        opening = self._figure(OPENING, month, balance, before)
        received, returned = (self._of_month(each, month, sums) for each in (RECEIVED, RETURNED))
        balance.move(sums[RECEIVED.name], sums[RETURNED.name])
        inputs = (opening.id, received.id, returned.id)
        return opening, received, returned, self._figure(CLOSING, month, balance, inputs)

    def _account(self, name: str, month: str, held: Sum, sums: Sums) -> AccountLine:
        """Return one account's line; what it holds is then that of the month's end."""
        of, bound = f"{name}@{month}", self.figures[name].bound
        moving = [kind for kind in MOVES if crosses(kind, name)]
        opening = self._figure(
            ACCOUNT_OPENING, of, held, selectors(moving, Status.CONFIRMED, _until(month)), bound
        )
        came, went = (
            self._figure(
                definition,
                of,
                sums[definition.name_of(name)],
                selectors(
                    [kind for kind in moving if crosses(kind, name) == way],
                    Status.CONFIRMED,
                    f"month={month}",
                ),
                added(
                    bound if bound is Bound.EXACT else self._flow_bound(name, way),
                    Bound.EXACT if sums[definition.name_of(name)].exact else Bound.AT_LEAST,
                ),
            )
            for definition, way in ((ACCOUNT_IN, 1), (ACCOUNT_OUT, -1))
        )
        held.move(sums[ACCOUNT_IN.name_of(name)], sums[ACCOUNT_OUT.name_of(name)])
        closing = self._figure(ACCOUNT_CLOSING, of, held, (opening.id, came.id, went.id), bound)
        return AccountLine(account=name, opening=opening, came=came, went=went, closing=closing)

    def _flow_bound(self, name: str, way: int) -> Bound:
        """Return the bound of what enters or leaves an account: that of the flows which it is a part of."""
        crossing = {kind for kind in MOVES if crosses(kind, name) == way}
        flows = [flow for flow in FLOWS if flow.status is Status.CONFIRMED and flow.name != "returned"]
        return added(*(self.figures[flow.name].bound for flow in flows if crossing & {*kinds_of(flow.paths)}))

    def _parts(self, sums: Sums) -> Iterator[MonthSum]:
        """Yield what the sums of all projects take: nothing known of what is unknown as a whole."""
        for name, found in sorted(sums.items()):
            base, _, account = name.partition("@")
            whole = account if base in (CAME, WENT) else _WHOLE.get(name, "raised")
            known = found.known and self.figures[whole].value is not None
            yield MonthSum(
                name, decimal_text(found.value) if known else None, grade(found.grades), found.exact
            )

    def _worth(self, currency: str, month: str, sums: Sums) -> Figure:
        found = sums[WORTH.name_of(currency)]
        unrated = sums[RECEIVED.name].known and not found.known
        bound = added(self.figures["raised"].bound, Bound.EXACT if found.exact else Bound.AT_LEAST)
        rows = self._rows((RECEIVED.name,), f"month={month}")
        return WORTH.figure(
            self.slug,
            decimal_text(found.value),
            of=f"{currency}@{month}",
            unit=currency,
            bound=Bound.UNKNOWN if unrated else bound,
            verification=grade(found.grades),
            inputs=(*rows, f"rates:{currency}"),
        )

    def _of_month(self, definition: FigureDefinition, month: str, sums: Sums) -> Figure:
        counted = RECEIVED.name if definition is RECEIVED_COUNT else definition.name
        return self._figure(
            definition, month, sums[definition.name], self._rows((counted,), f"month={month}")
        )

    def _rows(self, counted: Collection[str], where: str) -> tuple[str, ...]:
        kinds = [kind for kind, name in SUM_OF.items() if kind in self.kinds and name in counted]
        return selectors(kinds, Status.CONFIRMED, where)

    def _figure(
        self,
        definition: FigureDefinition,
        of: str,
        found: Sum,
        inputs: tuple[str, ...],
        bound: Bound | None = None,
    ) -> Figure:
        """Return a figure; its bound is that of all months, as what was not read may be of any month."""
        whole = self.figures[_WHOLE.get(definition.name, "raised")].bound
        return definition.figure(
            self.slug,
            int(found.value),
            of=of,
            bound=bound or whole,
            verification=grade(found.grades),
            inputs=inputs,
        )


def _with_sum(lines: Sequence[AccountLine], month: str) -> tuple[AccountLine, ...]:
    """Return the lines of accounts and below them, where there are some, their sum."""
    if not lines:
        return ()
    columns = zip(*(line.figures for line in lines), strict=True)
    opening, came, went, closing = (
        definition.figure(
            None,
            sum(int(part.value or 0) for part in parts),
            of=f"{ALL_ACCOUNTS}@{month}",
            bound=added(*(part.bound for part in parts)),
            verification=grade(part.verification for part in parts),
            inputs=tuple(part.id for part in parts),
        )
        for definition, parts in zip(BY_ACCOUNT, columns, strict=True)
    )
    return (*lines, AccountLine(account=ALL_ACCOUNTS, opening=opening, came=came, went=went, closing=closing))


def _until(month: str) -> str:
    return f"until={date.fromisoformat(f'{month}-01') - DAY}"
