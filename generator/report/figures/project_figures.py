"""The figures of one project: a table of makers."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, TypeAlias

from generator.report.figures.btcpay_number import btcpay_figures
from generator.report.figures.counts import contribution_figures, declaration_figures, declared_share_figure
from generator.report.figures.currency_values import project_value_figures
from generator.report.figures.figure import Figure
from generator.report.figures.flows import balance_figures, flow_figures, net_figure
from generator.report.figures.goal import goal_figures
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.proven import level_figures

Maker: TypeAlias = Callable[[ProjectContext], Iterable[Figure]]

#: In order: each maker finds in its context what the ones before it made.
MAKERS: Final[tuple[Maker, ...]] = (
    flow_figures,
    balance_figures,
    net_figure,
    level_figures,
    contribution_figures,
    declaration_figures,
    goal_figures,
    btcpay_figures,
    declared_share_figure,
    project_value_figures,
)


def with_figures(context: ProjectContext) -> ProjectContext:
    """Return the context with every figure of the table; those of series stand in the series."""
    for make in MAKERS:
        made = {figure.name: figure for figure in make(context)}
        context = replace(context, figures={**context.figures, **made})
    return context
