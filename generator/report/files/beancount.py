"""A report as plain-text accounting for beancount: rows as transactions, figures as assertions; pure.

One row is one transaction between two accounts of its project, in satoshis with their thousandths. At each
month's end the statement is asserted, and at the end every balance, so that ``bean-check`` sums all of it
again. Money of a store that belongs to no project stands under the store, its payments by place. What is
pending or excluded moves nothing and is left out. An account of which not all is known says so as it opens:
to a program that sums rows, an empty one is zero.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from generator.ledger import MOVES, Account, Entry, Kind, Status
from generator.report.days import DAY
from generator.report.figures.bounds import Bound, added, less
from generator.report.figures.figure import Figure, decimal_text
from generator.report.model import ProjectReport, Report
from generator.report.statements.edition import month_end
from generator.report.store_account import StoreAccount

COMMODITY: Final = "SAT"
#: Each account of the ledger as beancount knows it; the project stands between.
ACCOUNTS: Final[dict[Account, tuple[str, str]]] = {
    Account.BACKERS: ("Income", "Backers"),
    Account.FOUNDER: ("Assets", "Founder"),
    Account.LOCKED: ("Assets", "Locked"),
    Account.PENALTY: ("Assets", "Penalty"),
    Account.UNKNOWN: ("Assets", "Unclassified"),
    Account.PAID_OUT: ("Expenses", "Paid-Out"),
    Account.ANGOR: ("Expenses", "Fee"),
}


def beancount(report: Report) -> bytes:
    """Return the ledger as UTF-8 text, project by project, then what no project has of each store."""
    lines = [
        f'option "title" {_quoted(report.title)}',
        f'option "operating_currency" "{COMMODITY}"',
        f"; {report.network}, as of {report.as_of:%Y-%m-%d %H:%M} UTC, snapshot {report.snapshot}",
        *(["; Demo data: everything here is invented."] if report.demo else []),
        "; An account with a bound is not known exactly: it holds at_least or at_most that, or is unknown.",
    ]
    for project in report.projects:
        lines += ["", *_project(report, project)]
    for account in report.stores:
        lines += _store(report, account)
    return "\n".join([*lines, ""]).encode()


def _project(report: Report, project: ProjectReport) -> Iterator[str]:
    rows = [entry for entry in project.entries if entry.status is Status.CONFIRMED]
    name = project.slug[:1].upper() + project.slug[1:]
    yield f"* {_quoted(project.title)}"
    if project.figures["raised"].value is None:
        yield "; Not read: nothing of its money is known. Accounts without rows are not zero."
    opened = min((entry.at.date() for entry in rows), default=report.as_of.date())
    yield f"{opened} open Assets:{name}"
    for account, bound in _bounds(project).items():
        root, own = ACCOUNTS[account]
        yield from _open(opened, f"{root}:{name}:{own}", bound)
    for entry in rows:
        source, target = (
            f"{root}:{name}:{own}" for root, own in map(ACCOUNTS.__getitem__, MOVES[entry.kind])
        )
        yield from _transaction(report, entry, source, target)
    yield from _months(project, name)
    if rows:
        yield from _balances(project, name, _after(report, rows))


def _bounds(project: ProjectReport) -> dict[Account, Bound]:
    """Return what is known of each account, without its sign."""
    bounds = {name: project.figures[name].bound for name in _ASSERTED}
    return {
        Account.BACKERS: added(bounds["net"], bounds["fee"]),
        Account.FOUNDER: less(bounds["with_founder"], bounds["paid_out"]),
        Account.LOCKED: bounds["locked"],
        Account.PENALTY: bounds["in_penalty"],
        Account.UNKNOWN: bounds["unclassified"],
        Account.PAID_OUT: bounds["paid_out"],
        Account.ANGOR: bounds["fee"],
    }


def _open(day: date, account: str, bound: Bound) -> Iterator[str]:
    yield f"{day} open {account} {COMMODITY}"
    if bound is not Bound.EXACT:
        yield f'  bound: "{bound}"'


def _store(report: Report, account: StoreAccount) -> Iterator[str]:
    rows = [entry for entry in account.entries if entry.status is Status.CONFIRMED]
    if account.settled.value is None:
        yield ""
        yield f"; Not read: nothing is known of the money of {_line(account.state.label)}."
    if not rows:
        return
    name = account.state.name.replace("btcpay", "BTCPay", 1)  # no project's: slugs have no capital letters
    opened = min(entry.at.date() for entry in rows)
    yield ""
    yield f"* {_quoted(account.state.label)}, what belongs to no project"
    sides = {entry.key: _sides(entry, name) for entry in rows}
    bounds = {_payments(share.place, name): share.amount.bound for share in account.shares}
    bounds[f"Expenses:{name}:Paid-Out"] = account.paid_out.bound
    for opening in sorted({side for pair in sides.values() for side in pair}):
        yield from _open(opened, opening, bounds.get(opening, added(*bounds.values())))
    for entry in rows:
        yield from _transaction(report, entry, *sides[entry.key])
    day = _after(report, rows)
    for side, amount_msat in _store_sums(report, account, name):
        if any(side in pair for pair in sides.values()) and amount_msat is not None:
            yield _assertion(day, side, amount_msat)


def _sides(entry: Entry, name: str) -> tuple[str, str]:
    """Return the accounts that a row of a store leaves and reaches."""
    founder = f"Assets:{name}:Founder"
    if entry.kind is Kind.PAYMENT:
        return _payments(entry.place, name), founder
    root, own = ACCOUNTS[MOVES[entry.kind][1]]
    return founder, f"{root}:{name}:{own}"


def _payments(place: str, name: str) -> str:
    part = place.partition("/")[2].replace(":", "-")
    return f"Income:{name}:{part[:1].upper()}{part[1:]}"


def _store_sums(report: Report, account: StoreAccount, name: str) -> Iterator[tuple[str, int | None]]:
    """Yield what the figures of a store say of its accounts; payouts of projects stand with them."""
    for share in account.shares:
        if not share.slug:
            yield _payments(share.place, name), _less(0, _msat(share.amount))
    of_projects = (
        entry.amount_msat
        for project in report.projects
        for entry in project.entries
        if entry.source == account.state.name
        and entry.kind is Kind.PAYOUT
        and entry.status is Status.CONFIRMED
    )
    yield f"Expenses:{name}:Paid-Out", _less(_msat(account.paid_out), sum(of_projects))


def _after(report: Report, rows: Sequence[Entry]) -> date:
    """Return the first day after all rows."""
    return max(report.as_of.date(), *(entry.at.date() for entry in rows)) + DAY


def _transaction(report: Report, entry: Entry, source: str, target: str) -> Iterator[str]:
    yield f'{entry.at:%Y-%m-%d} * "{entry.kind}"'
    yield f"  id: {_quoted(entry.id)}"
    yield f"  source: {_quoted(entry.source)}"
    yield f'  verification: "{entry.verification}"'
    for currency in report.prices.currencies:
        worth = report.prices.at_receipt(entry, currency)
        if worth.value is not None and not worth.unrated_msat:
            yield f"  worth-{currency.lower()}: {decimal_text(worth.value)} {currency}"
    yield f"  {target}  {_sats(entry.amount_msat)} {COMMODITY}"
    yield f"  {source}  {_sats(-entry.amount_msat)} {COMMODITY}"


def _months(project: ProjectReport, name: str) -> Iterator[str]:
    """Yield what the accounts of a project hold together at the end of each month, by its statement."""
    paid_msat = 0
    for statement in project.statements:
        paid_msat += _msat(statement.paid_out) or 0
        if (closing := _msat(statement.closing)) is not None:
            yield _assertion(month_end(statement.month).date(), f"Assets:{name}", closing - paid_msat)


def _balances(project: ProjectReport, name: str, day: date) -> Iterator[str]:
    """Yield what each account holds in the end, by the figures of all months."""
    figures = {figure: _msat(project.figures[figure]) for figure in _ASSERTED}
    paid_msat, fee_msat = figures["paid_out"] or 0, figures["fee"] or 0
    found = {
        f"Assets:{name}:Locked": figures["locked"],
        f"Assets:{name}:Penalty": figures["in_penalty"],
        f"Assets:{name}:Unclassified": figures["unclassified"],
        f"Assets:{name}:Founder": _less(figures["with_founder"], paid_msat),
        f"Income:{name}:Backers": _less(0, figures["net"], fee_msat),
    }
    for account, amount_msat in found.items():
        if amount_msat is not None:
            yield _assertion(day, account, amount_msat)


_ASSERTED: Final = ("locked", "in_penalty", "unclassified", "with_founder", "paid_out", "net", "fee")


def _less(whole: int | None, *parts: int | None) -> int | None:
    known = [part for part in parts if part is not None]
    return None if whole is None or len(known) < len(parts) else whole - sum(known)


def _assertion(day: date, account: str, amount_msat: int) -> str:
    return f"{day} balance {account}  {_sats(amount_msat)} ~ 0 {COMMODITY}"


def _msat(figure: Figure | None) -> int | None:
    return figure.value if figure is not None and isinstance(figure.value, int) else None


def _sats(amount_msat: int) -> str:
    whole, rest = divmod(abs(amount_msat), 1000)
    return f"{'-' if amount_msat < 0 else ''}{whole}.{rest:03d}"


def _quoted(text: str) -> str:
    """Return a text as a string of beancount, on one line."""
    plain = _line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain}"'


def _line(text: str) -> str:
    return " ".join(text.split())
