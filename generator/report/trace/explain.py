"""A figure as a tree: its definition, its inputs, and the rows at its leaves with their evidence."""

from collections.abc import Sequence
from difflib import get_close_matches
from typing import Final

from generator.errors import SunlitError
from generator.money import sat_text
from generator.report.figures.currency_values import AT_RECEIPT, WITHOUT_RATE
from generator.report.figures.figure import MSAT, PERCENT, Figure
from generator.report.model import ProjectReport, Report
from generator.report.prices import Prices
from generator.report.series.raised_over_time import BY_DAY
from generator.report.source_names import ANGOR
from generator.report.trace import row_lines, selected_rows
from generator.report.trace.row_lines import Tree, time_text
from generator.text_format import counted

#: Figures that value rows in a currency.
_VALUED: Final = frozenset(definition.name for definition in (AT_RECEIPT, WITHOUT_RATE, BY_DAY))


class UnknownFigure(SunlitError):
    """The report has no figure of this id."""


def explain(report: Report, figure_id: str) -> str:
    """Return the tree of one figure as text, from its value to rows and snapshot.

    Raises `UnknownFigure`, with a similar id if there is one.
    """
    figure = report.figure(figure_id)
    if figure is None:
        near = get_close_matches(figure_id, [known.id for known in report.all_figures()], n=1)
        hint = f"did you mean {near[0]}?" if near else "figures.json lists all ids"
        msg = f"no figure {figure_id!r} in snapshot {report.snapshot}: {hint}"
        raise UnknownFigure(msg)
    name, branches = _figure(report, figure)
    origin = f"snapshot {report.snapshot}, network {report.network}, as of {time_text(report.as_of)}"
    return "\n".join([name, *row_lines.drawn([*branches, (origin, [])])]) + "\n"


def value_text(figure: Figure) -> str:
    """Return a figure's value with its unit; ``unknown`` for null, ``at least`` where it may be more."""
    if figure.value is None:
        return "unknown"
    if isinstance(figure.value, int):
        text = f"{sat_text(figure.value)} sat" if figure.unit == MSAT else str(figure.value)
    else:
        text = f"{figure.value} {'%' if figure.unit == PERCENT else figure.unit}"
    return text if figure.complete else f"at least {text}"


def _figure(report: Report, figure: Figure) -> Tree:
    checked = f" ({figure.verification})" if figure.verification else ""
    branches = [_input(report, figure, name) for name in figure.inputs]
    return f"{figure.id} = {value_text(figure)}{checked}", [(figure.formula, []), *branches]


def _input(report: Report, figure: Figure, name: str) -> Tree:
    projects = [project for project in report.projects if figure.project in (None, project.slug)]
    kind, _, of = name.partition(":")
    if kind == selected_rows.ENTRIES:
        entries = selected_rows.selected_entries(projects, name)
        total = sat_text(sum(entry.amount_msat for entry in entries))
        values = row_lines.RowValues(report.prices, _currency(figure))
        return f"{name}: {counted(len(entries), 'row')}, {total} sat", row_lines.entry_leaves(entries, values)
    if kind == selected_rows.DECLARATIONS:
        found = selected_rows.selected_declarations(projects, name)
        return f"{name}: {counted(len(found), 'row')}", [row_lines.declaration_leaf(row) for row in found]
    if kind == "rates":
        return _rate(report.prices, name, of), []
    if kind in ("config", "record"):
        return _source(of if kind == "record" else "", projects), []
    inner = report.figure(name)
    return (name, []) if inner is None else _figure(report, inner)


def _source(source: str, projects: Sequence[ProjectReport]) -> str:
    if not source:
        return "named in config.yaml"
    event = next((project.event_id for project in projects), "") if source == ANGOR else ""
    return f"named by the source {source}" + (f", Nostr event {event}" if event else "")


def _currency(figure: Figure) -> str:
    """Return the currency in which a figure values rows; empty for figures of satoshis."""
    name, _, of = figure.name.partition("@")
    return of[:3] if name in _VALUED else ""


def _rate(prices: Prices, name: str, of: str) -> str:
    currency, _, day = of.partition("/")
    if not day:
        return f"{name}: the rate of each row stands beside it"
    rate = prices.on(currency, day)
    if rate is None:
        return f"{name}: none is recorded"
    moment = f", of {time_text(rate.at)}" if rate.at else ""
    return f"{name}: {rate.price:f} {currency} by {rate.provider or 'unnamed'}{moment}"
