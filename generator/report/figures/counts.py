"""What is counted of one project, never people: contributions, payments, keys and declarations."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from generator.ledger import NO_CURRENCY, Kind
from generator.report.figures.bounds import Bound, added, share_of
from generator.report.figures.definitions import (
    CONTRIBUTION_COUNT,
    DECLARATION_COUNT,
    DECLARED,
    DECLARED_SHARE,
    INVESTOR_KEYS,
    PAYMENT_COUNT,
)
from generator.report.figures.figure import Figure, decimal_text, percent_text
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.source_bounds import bound_of
from generator.report.figures.sums import (
    CONTRIBUTIONS,
    contribution_count,
    contributions,
    grade,
    kinds_of,
    selectors,
)


def contribution_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield how many contributions, payments and investor keys are in the rows that `raised` sums."""
    rows = contributions(context.project.entries)
    payments = [row for row in rows if row.kind is not Kind.INVESTMENT]
    keyed = [row for row in rows if row.party]
    keys = {row.party for row in keyed}
    counted = (
        (CONTRIBUTION_COUNT, contribution_count(rows), rows, kinds_of(CONTRIBUTIONS)),
        (PAYMENT_COUNT, contribution_count(payments), payments, (Kind.PAYMENT,)),
        (INVESTOR_KEYS, len(keys), keyed, (Kind.INVESTMENT,)),
    )
    for definition, count, some, kinds in counted:
        yield definition.figure(
            context.slug,
            count,
            bound=bound_of(context.project, kinds),
            verification=grade(row.verification for row in some),
            inputs=selectors(kinds),
        )


def declaration_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield how many declarations there are, and their sum in each currency."""
    declarations = context.project.declarations
    bound = bound_of(context.project, (Kind.PAYMENT,))
    yield DECLARATION_COUNT.figure(
        context.slug,
        sum(declaration.count for declaration in declarations),
        bound=bound,
        inputs=("declarations",),
    )
    nameless = any(declaration.currency == NO_CURRENCY for declaration in declarations)  # may be of any
    for currency in sorted({declaration.currency for declaration in declarations}):
        rows = [declaration for declaration in declarations if declaration.currency == currency]
        known = [Fraction(row.known_amount) for row in rows if row.known_amount is not None]
        yield DECLARED.figure(
            context.slug,
            decimal_text(sum(known, Fraction())) if known else None,
            of=currency,
            unit=currency,
            bound=added(
                bound,
                Bound.AT_LEAST if nameless or any(row.amounts_unknown for row in rows) else Bound.EXACT,
            ),
            inputs=(f"declarations:{currency}",),
        )


def declared_share_figure(context: ProjectContext) -> Iterator[Figure]:
    """Yield how much of what a maintainer reports was seen, by count."""
    figures = context.figures
    known = bound_of(context.project.when_read, (Kind.PAYMENT,))
    yield declared_share(
        context.slug,
        replace(figures[DECLARATION_COUNT.name], bound=known),
        replace(figures[PAYMENT_COUNT.name], bound=known),
    )


def declared_share(slug: str | None, declarations: Figure, payments: Figure) -> Figure:
    """Return declarations over declarations and payments in percent, rounded down; None without either."""
    some, others = (int(part.value or 0) for part in (declarations, payments))
    return DECLARED_SHARE.figure(
        slug,
        percent_text(Fraction(some, some + others)) if some + others else None,
        bound=share_of(declarations.bound, payments.bound),
        inputs=(declarations.id, payments.id),
    )
