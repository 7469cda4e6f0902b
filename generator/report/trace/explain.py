"""A figure as a tree: its definition, its inputs, and the rows at its leaves with their evidence."""

import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec

from generator.ledger import Declaration, Entry, OtherMoney, Verification
from generator.money import sat_text
from generator.report.days import day_of, month_text, week_text
from generator.report.figures.balance_values import ON_DAYS, WEEK_WORTH
from generator.report.figures.bounds import Bound
from generator.report.figures.currency_values import AT_RECEIPT, WITHOUT_RATE
from generator.report.figures.figure import EVERY_PROJECT, MSAT, PERCENT, Figure, figure_id
from generator.report.figures.other_coins import OTHER, name_of
from generator.report.figures.pace import RECENT, TOWARDS
from generator.report.model import ProjectReport, Report
from generator.report.prices import Prices
from generator.report.series.raised_over_time import BY_DAY, IN_BY_DAY, INFLOW_WORTH
from generator.report.series.subtotals import rail_of
from generator.report.source_names import ANGOR
from generator.report.trace import row_lines
from generator.report.trace.row_lines import Tree, time_text
from generator.text_format import counted

#: Figures that value rows in a currency.
_VALUED: Final = frozenset(
    definition.name for definition in (AT_RECEIPT, WITHOUT_RATE, BY_DAY, ON_DAYS, WEEK_WORTH)
)
#: Those that do so where their own unit is one.
_IN_UNIT: Final = frozenset(definition.name for definition in (TOWARDS, RECENT, IN_BY_DAY, INFLOW_WORTH))


class Explained(msgspec.Struct, frozen=True, kw_only=True):
    """What a part of a figure is, in a line, and its own parts."""

    text: str
    parts: "list[Explained]" = []


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """A figure as it is published, where it is from, and the tree below it."""

    figure: Figure
    snapshot: str
    network: str
    as_of: datetime
    tree: Explained


def explained(report: Report, figure: Figure) -> Explanation:
    """Return the same as `explain` does, as a value."""
    return Explanation(
        figure=figure,
        snapshot=report.snapshot,
        network=report.network,
        as_of=report.as_of,
        tree=_explained(_figure(report, figure)),
    )


def _explained(tree: Tree) -> Explained:
    text, branches = tree
    return Explained(text=text, parts=[_explained(branch) for branch in branches])


def explain(report: Report, figure: Figure) -> str:
    """Return the tree of one of the report's figures as text, from its value to rows and snapshot."""
    name, branches = _figure(report, figure)
    origin = f"snapshot {report.snapshot}, network {report.network}, as of {time_text(report.as_of)}"
    return "\n".join([name, *row_lines.drawn([*branches, (origin, [])])]) + "\n"


def value_text(figure: Figure) -> str:
    """Return a figure's value with its unit and bound: ``at least 5 sat``; ``unknown``, or ``none``."""
    if figure.value is None:
        return "none" if figure.bound is Bound.EXACT else "unknown"
    if isinstance(figure.value, int):
        text = f"{sat_text(figure.value)} sat" if figure.unit == MSAT else str(figure.value)
    else:
        text = f"{figure.value} {'%' if figure.unit == PERCENT else figure.unit}"
    return text if figure.bound is Bound.EXACT else f"{figure.bound.replace('_', ' ')} {text}"


def _figure(report: Report, figure: Figure) -> Tree:
    checked = f" ({figure.verification})" if figure.verification else ""
    branches = [_input(report, figure, name) for name in _singly(report, figure.inputs)]
    return f"{figure.id} = {value_text(figure)}{checked}", [(figure.formula, []), *branches]


def _singly(report: Report, inputs: Iterable[str]) -> Iterator[str]:
    """Yield inputs, a figure of every project one by one."""
    for name in inputs:
        own = name.removeprefix(EVERY_PROJECT)
        yield from [name] if own == name else (figure_id(project.slug, own) for project in report.projects)


def _input(report: Report, figure: Figure, name: str) -> Tree:
    projects = [project for project in report.projects if figure.project in (None, project.slug)]
    kind, _, of = name.partition(":")
    if kind == ENTRIES:
        loose = [row for account in report.stores for row in account.entries] if not figure.project else []
        entries = selected_entries(projects, name, loose)
        total = sat_text(sum(entry.amount_msat for entry in entries))
        values = row_lines.RowValues(report.prices, _currency(figure))
        return f"{name}: {counted(len(entries), 'row')}, {total} sat", row_lines.entry_leaves(entries, values)
    if kind == DECLARATIONS:
        found = selected_declarations(projects, name)
        return f"{name}: {counted(len(found), 'row')}", [row_lines.declaration_leaf(row) for row in found]
    if kind == OTHER:
        money = selected_other_money(projects, name)
        return f"{name}: {counted(len(money), 'row')}", [row_lines.other_money_leaf(row) for row in money]
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
    if name in _IN_UNIT and figure.unit != MSAT:
        return figure.unit
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


ENTRIES = "entries"
DECLARATIONS = "declarations"


def selected_entries(
    projects: Iterable[ProjectReport], selector: str, loose: Iterable[Entry] = ()
) -> list[Entry]:
    """Return the ledger rows that an ``entries:`` selector names, project by project, then `loose` ones.

    Inputs of figures are ``entries:<kind>[:<status>][:<condition>]`` with ``since=<day>``,
    ``until=<day>``, ``month=<month>``, ``period=<first day>``, ``week=<ISO week>``, ``opens=<day>``,
    ``rail=<rail>``, ``source=<source>``, ``store=<source>`` (rows of no project too),
    ``part=<part of a store>``, ``proven`` or ``reported``, several with commas between;
    ``declarations[:<currency>]``; ``other:<coin>-<rail>:<status>:<kind>``; ``config:goal``;
    ``record:<source>``; else another figure's id.
    """
    word, kind, status, where = [*selector.split(":"), "", ""][:4]
    if word != ENTRIES:
        return []
    found = []
    for rows in (*(project.entries for project in projects), list(loose) if "store=" in where else ()):
        holds = _condition(rows, where)
        found += [
            entry for entry in rows if entry.kind == kind and status in ("", entry.status) and holds(entry)
        ]
    return found


def selected_declarations(projects: Iterable[ProjectReport], selector: str) -> list[Declaration]:
    """Return the declarations that a ``declarations`` selector names, project by project."""
    word, currency = [*selector.split(":"), ""][:2]
    if word != DECLARATIONS:
        return []
    return [
        declaration
        for project in projects
        for declaration in project.declarations
        if currency in ("", declaration.currency)
    ]


def selected_other_money(projects: Iterable[ProjectReport], selector: str) -> list[OtherMoney]:
    """Return the rows in other coins that an ``other`` selector names, project by project."""
    word, _, which = selector.partition(":")
    return [
        money
        for project in projects
        for money in project.other_money
        if word == OTHER and which == f"{name_of(money)}:{money.status}:{money.kind}"
    ]


def _condition(rows: Sequence[Entry], where: str) -> Callable[[Entry], bool]:
    """Return a test of rows: whether all conditions, with commas between, hold of one."""
    tests = [_single_condition(rows, part) for part in where.split(",")]
    return lambda entry: all(test(entry) for test in tests)


#: Conditions that compare a text of a row.
_FIELDS: Final[Mapping[str, Callable[[Entry], str]]] = {
    "rail": rail_of,
    "source": lambda entry: entry.source,
    "period": lambda entry: entry.period,
    "store": lambda entry: entry.source,
    "part": lambda entry: entry.place.partition("/")[2].replace(":", "-"),
}


def _single_condition(rows: Sequence[Entry], where: str) -> Callable[[Entry], bool]:
    name, _, value = where.partition("=")
    match name:
        case "since" | "until":
            compare = operator.ge if name == "since" else operator.le
            return lambda entry: compare(str(day_of(entry.at)), value)
        case "week" | "month":
            text = week_text if name == "week" else month_text
            return lambda entry: text(day_of(entry.at)) == value
        case "opens":
            opening = {row.id: str(day_of(row.opens_at)) for row in rows if row.opens_at}
            return lambda entry: (opening.get(entry.spends) or opening.get(entry.id)) == value
        case "rail" | "source" | "store" | "part" | "period":
            read = _FIELDS[name]
            return lambda entry: read(entry) == value
        case "proven" | "reported":
            level = Verification(name)
            return lambda entry: entry.verification is level
        case _:
            return lambda _: True
