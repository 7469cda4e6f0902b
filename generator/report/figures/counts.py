"""What is counted of one project, never people: contributions, payments, keys and declarations."""

from collections.abc import Iterator
from fractions import Fraction

from generator.ledger import Kind
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
from generator.report.figures.sums import (
    CONTRIBUTIONS,
    contribution_count,
    contributions,
    grade,
    kinds_of,
    selectors,
)
from generator.report.joined_projects import Knowledge
from generator.report.source_names import ANGOR, BTCPAY, FUNDED_BY, PAID_BY


def contribution_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield how many contributions, payments and investor keys are in the rows that `raised` sums."""
    ask, rows = context.project.knowledge, contributions(context.project.entries)
    payments = [row for row in rows if row.kind is not Kind.INVESTMENT]
    keyed = [row for row in rows if row.party]
    keys = {row.party for row in keyed}
    counted = (
        (
            CONTRIBUTION_COUNT,
            contribution_count(rows),
            rows,
            kinds_of(CONTRIBUTIONS),
            ask(FUNDED_BY, "payments"),
        ),
        (PAYMENT_COUNT, contribution_count(payments), payments, (Kind.PAYMENT,), ask(PAID_BY, "payments")),
        (INVESTOR_KEYS, len(keys), keyed, (Kind.INVESTMENT,), ask((ANGOR,))),
    )
    for definition, count, some, kinds, knowledge in counted:
        yield definition.figure(
            context.slug,
            None if knowledge is Knowledge.NONE else count,
            complete=knowledge is Knowledge.FULL,
            verification=grade(row.verification for row in some),
            inputs=selectors(kinds),
        )


def declaration_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield how many declarations there are, and their sum in each currency."""
    declarations = context.project.declarations
    knowledge = context.project.knowledge((BTCPAY,), "payments")
    complete = knowledge is Knowledge.FULL
    yield DECLARATION_COUNT.figure(
        context.slug,
        None if knowledge is Knowledge.NONE else sum(declaration.count for declaration in declarations),
        complete=complete,
        inputs=("declarations",),
    )
    for currency in sorted({declaration.currency for declaration in declarations}):
        rows = [declaration for declaration in declarations if declaration.currency == currency]
        known = [Fraction(row.known_amount) for row in rows if row.known_amount is not None]
        yield DECLARED.figure(
            context.slug,
            decimal_text(sum(known, Fraction())) if known else None,
            of=currency,
            unit=currency,
            complete=complete and not any(row.amounts_unknown for row in rows),
            inputs=(f"declarations:{currency}",),
        )


def declared_share_figure(context: ProjectContext) -> Iterator[Figure]:
    """Yield how much of what a maintainer reports was seen, by count."""
    figures = context.figures
    yield declared_share(context.slug, figures[DECLARATION_COUNT.name], figures[PAYMENT_COUNT.name])


def declared_share(slug: str | None, declarations: Figure, payments: Figure) -> Figure:
    """Return declarations over declarations and payments in percent, rounded down; None without either."""
    parts = (declarations.value, payments.value)
    counts = [part for part in parts if isinstance(part, int)]
    known = len(counts) == len(parts) and declarations.complete and payments.complete
    total = sum(counts)
    return DECLARED_SHARE.figure(
        slug,
        percent_text(Fraction(counts[0], total)) if known and total else None,
        complete=known,
        inputs=(declarations.id, payments.id),
    )
