"""The headline figures of one project, from its entries and declarations."""

from decimal import Decimal
from fractions import Fraction

from generator.ledger import Declaration, Entry, Kind, Status, balances
from generator.report.figures.definitions import (
    BALANCES,
    COUNT,
    COUNTS,
    DECLARED,
    FLOWS,
    MSAT,
    NET,
    NET_FORMULA,
    NET_PARTS,
    Flow,
    figure_id,
    selectors,
)
from generator.report.figures.proven import levels, proven_share
from generator.report.figures.sums import CONTRIBUTIONS, Sums, contributions, grade, kinds_of, touching
from generator.report.model import Figure
from generator.report.subjects import ANGOR, BTCPAY, Knowledge, Subject


def project_figures(subject: Subject) -> dict[str, Figure]:
    """Return the headline figures of one project by name, with one ``declared@CUR`` for each currency."""
    sums = Sums.of(subject.entries)
    found = [_flow(subject, sums, flow) for flow in FLOWS]
    found += [_balance(subject, sums, name) for name in BALANCES]
    found.append(_net(subject.slug, {figure.name: figure for figure in found}))
    named = {figure.name: figure for figure in found}
    parts = levels(subject.slug, named["raised"], sums)
    found += [*parts, proven_share(subject.slug, parts[0], named["raised"])]
    found += [_contributions(subject), _payments(subject), _investor_keys(subject), _declarations(subject)]
    found += _declared(subject)
    return {figure.name: figure for figure in found}


def _flow(subject: Subject, sums: Sums, flow: Flow) -> Figure:
    knowledge = subject.knowledge(flow.speakers, flow.unread)
    kinds = kinds_of(flow.paths)
    unknown = knowledge is Knowledge.NONE
    return Figure(
        id=figure_id(subject.slug, flow.name),
        project=subject.slug,
        name=flow.name,
        value=None if unknown else sums.amount_msat(kinds, flow.status),
        unit=MSAT,
        complete=knowledge is Knowledge.FULL,
        verification=None if unknown else sums.grade(kinds, flow.status),
        formula=flow.formula,
        inputs=selectors(kinds, flow.status),
    )


def _balance(subject: Subject, sums: Sums, name: str) -> Figure:
    """Return a balance; with part of its history missing it could be higher or lower, so it is unknown."""
    rule = BALANCES[name]
    full = subject.knowledge(rule.speakers, rule.unread) is Knowledge.FULL
    kinds = touching(rule.account)
    return Figure(
        id=figure_id(subject.slug, name),
        project=subject.slug,
        name=name,
        value=balances(subject.entries)[rule.account] if full else None,
        unit=MSAT,
        complete=full,
        verification=sums.grade(kinds, Status.CONFIRMED) if full else None,
        formula=rule.formula,
        inputs=selectors(kinds),
    )


def _net(slug: str | None, figures: dict[str, Figure]) -> Figure:
    parts = [figures[name] for name in NET_PARTS]
    values = [part.value for part in parts if isinstance(part.value, int) and part.complete]
    full = len(values) == len(parts)
    return Figure(
        id=figure_id(slug, NET),
        project=slug,
        name=NET,
        value=values[0] - sum(values[1:]) if full else None,
        unit=MSAT,
        complete=full,
        verification=grade(part.verification for part in parts) if full else None,
        formula=NET_FORMULA,
        inputs=tuple(part.id for part in parts),
    )


def _count(
    subject: Subject, name: str, knowledge: Knowledge, rows: tuple[int, str | None, tuple[str, ...]]
) -> Figure:
    value, verification, inputs = rows
    unknown = knowledge is Knowledge.NONE
    return Figure(
        id=figure_id(subject.slug, name),
        project=subject.slug,
        name=name,
        value=None if unknown else value,
        unit=COUNT,
        complete=knowledge is Knowledge.FULL,
        verification=None if unknown else verification,
        formula=COUNTS[name],
        inputs=inputs,
    )


def _contributions(subject: Subject) -> Figure:
    rows = contributions(subject.entries)
    outputs = [entry for entry in rows if entry.kind is Kind.INVESTMENT]
    payments = sum(entry.count for entry in rows if entry.kind is not Kind.INVESTMENT)
    value = payments + len({transaction_of(entry) for entry in outputs})
    weakest = grade(entry.verification for entry in rows)
    knowledge = subject.knowledge((BTCPAY, ANGOR), "payments")
    return _count(subject, "contributions", knowledge, (value, weakest, selectors(kinds_of(CONTRIBUTIONS))))


def _payments(subject: Subject) -> Figure:
    rows = [entry for entry in contributions(subject.entries) if entry.kind is not Kind.INVESTMENT]
    weakest = grade(entry.verification for entry in rows)
    found = (sum(entry.count for entry in rows), weakest, selectors((Kind.PAYMENT,)))
    return _count(subject, "payments", subject.knowledge((BTCPAY,), "payments"), found)


def _investor_keys(subject: Subject) -> Figure:
    rows = [entry for entry in contributions(subject.entries) if entry.party]
    weakest = grade(entry.verification for entry in rows)
    found = (len({entry.party for entry in rows}), weakest, selectors((Kind.INVESTMENT,)))
    return _count(subject, "investor_keys", subject.knowledge((ANGOR,)), found)


def _declarations(subject: Subject) -> Figure:
    value = sum(one.count for one in subject.declarations)
    found = (value, None, ("declarations",))
    return _count(subject, "declarations", subject.knowledge((BTCPAY,), "payments"), found)


def _declared(subject: Subject) -> list[Figure]:
    complete = subject.knowledge((BTCPAY,), "payments") is Knowledge.FULL
    by_currency: dict[str, list[Declaration]] = {}
    for one in subject.declarations:
        by_currency.setdefault(one.currency, []).append(one)
    return [
        Figure(
            id=figure_id(subject.slug, DECLARED + currency),
            project=subject.slug,
            name=DECLARED + currency,
            value=decimal_text(sum((Fraction(one.amount) for one in rows), Fraction())),
            unit=currency,
            complete=complete,
            verification=None,
            formula=f"Sum of the declarations in {currency}, by the invoices; never converted.",
            inputs=(f"declarations:{currency}",),
        )
        for currency, rows in sorted(by_currency.items())
    ]


def decimal_text(value: Decimal | Fraction) -> str:
    """Return a decimal number exactly, without exponent and without zeros at the end: ``40``, ``12.5``."""
    exact = Fraction(value)
    sign, scale, places = "-" if exact < 0 else "", 1, 0
    while scale % exact.denominator:  # ends, because it is a decimal number
        scale, places = scale * 10, places + 1
    whole, rest = divmod(abs(exact.numerator) * (scale // exact.denominator), scale)
    return f"{sign}{whole}" + (f".{rest:0{places}d}" if places else "")


def transaction_of(entry: Entry) -> str:
    """Return the transaction id of an on-chain entry, from ``txid:vout`` or ``txid/vin``."""
    return entry.id.replace("/", ":").split(":")[0]
