"""The figures of the portfolio: a table of makers, first of them the sums over all projects."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Final, TypeAlias

from generator.ledger import NO_CURRENCY
from generator.report.figures.balance_values import balance_values
from generator.report.figures.bounds import Bound, added, share_of
from generator.report.figures.counts import declared_share
from generator.report.figures.currency_values import rate_figures, value_figures
from generator.report.figures.definitions import (
    DECLARATION_COUNT,
    DECLARED,
    HEADLINES,
    KNOWN_SUM,
    PAYMENT_COUNT,
    PROVEN,
    SIGNED,
    SUM_OF_PROJECTS,
)
from generator.report.figures.figure import Figure
from generator.report.figures.flows import proven_share
from generator.report.ledger_sums import LedgerSums
from generator.report.portfolio.network_totals import census_figures, network_figures
from generator.report.portfolio.openings import stake_figures
from generator.report.portfolio.portfolio_context import PortfolioContext, summed


def headline_sums(context: PortfolioContext) -> Iterator[Figure]:
    """Yield each headline figure summed over projects."""
    for definition in HEADLINES:
        parts = [project.figures[definition.name] for project in context.projects]
        total = replace(definition, formula=SUM_OF_PROJECTS)
        yield summed(total, parts, listed=context.whole, every=definition.name)


def known_sums(context: PortfolioContext) -> Iterator[Figure]:
    """Yield what is known of a sum that is not: over projects whose parts are exact, or bound one way."""
    for name in sorted(SIGNED):
        parts = [
            figure for project in context.projects if (figure := project.figures[name]).value is not None
        ]
        if (
            added(*(part.bound for part in parts)) is Bound.UNKNOWN
        ):  # what was left out of it may only lessen it
            parts = [part for part in parts if part.bound.never_more]
        if context.figures[name].value is None and parts:
            yield summed(KNOWN_SUM, parts, of=name)


def shares(context: PortfolioContext) -> Iterator[Figure]:
    """Yield the shares in percent, of the sums."""
    figures = context.figures
    proven, raised = figures[PROVEN.name], figures["raised"]
    yield proven_share(None, proven, raised, share_of(proven.bound, raised.bound))
    yield declared_share(None, figures[DECLARATION_COUNT.name], figures[PAYMENT_COUNT.name])


def declared_sums(context: PortfolioContext) -> Iterator[Figure]:
    """Yield the sums of declarations, one a currency; "at least" where their count is."""
    prefix = f"{DECLARED.name}@"
    names = {
        name for project in context.projects for name in project.single_figures if name.startswith(prefix)
    }
    nameless = f"{prefix}{NO_CURRENCY}" in names  # may be of any currency
    for name in sorted(names):
        every = (project.single_figures for project in context.projects)
        parts = [figures[name] for figures in every if name in figures]
        currency = name.removeprefix(prefix)
        found = summed(replace(DECLARED, formula=SUM_OF_PROJECTS), parts, of=currency, unit=currency)
        counted = context.figures[DECLARATION_COUNT.name].bound
        bound = added(found.bound, counted, Bound.AT_LEAST if nameless else Bound.EXACT)
        yield replace(found, bound=bound, value=None if bound is Bound.UNKNOWN else found.value)


def currency_figures(context: PortfolioContext) -> Iterator[Figure]:
    """Yield the last month's rates, and what was raised in each currency."""
    yield from rate_figures(context.prices, today=False)
    came, back = _worths(context, "raised"), _worths(context, "returned")
    yield from value_figures(
        None, [worth for sums in came for worth in sums.came], context.figures["raised"], context.prices
    )
    yield from balance_values(
        None, [worth for sums in back for worth in sums.back], context.figures, context.prices
    )


def _worths(context: PortfolioContext, name: str) -> list[LedgerSums]:
    """Return the sums of the projects of which a figure is known."""
    return [each.ledger_sums for each in context.projects if each.single_figures[name].value is not None]


Maker: TypeAlias = Callable[[PortfolioContext], Iterable[Figure]]

#: In order: each maker finds in its context what the ones before it made.
MAKERS: Final[tuple[Maker, ...]] = (
    headline_sums,
    known_sums,
    shares,
    declared_sums,
    currency_figures,
    stake_figures,
    census_figures,
    network_figures,
)


def portfolio_figures(context: PortfolioContext) -> dict[str, Figure]:
    """Return the figures of the portfolio by name; those of its series stand in the series."""
    for make in MAKERS:
        made = {figure.name: figure for figure in make(context)}
        context = replace(context, figures={**context.figures, **made})
    return dict(context.figures)
