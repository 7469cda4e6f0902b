"""The money of one project: what flowed, what lies where now, and what is left net."""

from collections.abc import Iterator

from generator.ledger import Status, balances
from generator.report.figures.definitions import BALANCES, FLOWS, NET
from generator.report.figures.figure import Figure
from generator.report.figures.project_context import ProjectContext
from generator.report.figures.sums import grade, kinds_of, selectors, touching
from generator.report.joined_projects import Knowledge

#: What `net` is made of: the first less all others.
NET_PARTS = ("raised", "refunded", "recovered", "released")


def flow_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield the sum of entries along the paths of each flow."""
    for flow in FLOWS:
        knowledge = context.project.knowledge(flow.reported_by, flow.unread)
        kinds = kinds_of(flow.paths)
        yield flow.figure(
            context.slug,
            None if knowledge is Knowledge.NONE else context.sums.amount_msat(kinds, flow.status),
            complete=knowledge is Knowledge.FULL,
            verification=context.sums.grade(kinds, flow.status),
            inputs=selectors(kinds, flow.status),
        )


def balance_figures(context: ProjectContext) -> Iterator[Figure]:
    """Yield balances; with part of its history missing one could be higher or lower, so it is unknown."""
    now = balances(context.project.entries)
    for balance in BALANCES:
        full = context.project.knowledge(balance.reported_by, balance.unread) is Knowledge.FULL
        kinds = touching(balance.account)
        yield balance.figure(
            context.slug,
            now[balance.account] if full else None,
            complete=full,
            verification=context.sums.grade(kinds, Status.CONFIRMED),
            inputs=selectors(kinds),
        )


def net_figure(context: ProjectContext) -> Iterator[Figure]:
    """Yield what was raised less all that went back."""
    parts = [context.figures[name] for name in NET_PARTS]
    values = [part.value for part in parts if isinstance(part.value, int) and part.complete]
    full = len(values) == len(parts)
    yield NET.figure(
        context.slug,
        values[0] - sum(values[1:]) if full else None,
        complete=full,
        verification=grade(part.verification for part in parts),
        inputs=tuple(part.id for part in parts),
    )
