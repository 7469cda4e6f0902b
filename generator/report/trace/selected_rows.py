"""From a figure's input back to the rows it sums: the other half of the selectors in `Figure.inputs`.

``entries:<kind>[:<status>][:<condition>]`` with ``until=<day>``,
``week=<ISO week>``, ``opens=<day>``, ``rail=<rail>``, ``source=<source>``, ``proven`` or ``reported``,
several of them with commas between; ``declarations[:<currency>]``;
``config:goal``; ``record:<source>``; else the id of another figure.
"""

from collections.abc import Callable, Iterable

from generator.ledger import Declaration, Entry, Verification
from generator.report.days import day_of, monday_of, week_text
from generator.report.model import ProjectReport
from generator.report.series.subtotals import rail_of

ENTRIES = "entries"
DECLARATIONS = "declarations"


def selected_entries(projects: Iterable[ProjectReport], selector: str) -> list[Entry]:
    """Return the ledger rows that an ``entries:`` selector names, project by project."""
    word, kind, status, where = [*selector.split(":"), "", ""][:4]
    if word != ENTRIES:
        return []
    found = []
    for project in projects:
        holds = _condition(project, where)
        found += [
            entry
            for entry in project.entries
            if entry.kind == kind and status in ("", entry.status) and holds(entry)
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


def _condition(project: ProjectReport, where: str) -> Callable[[Entry], bool]:
    """Return a test of rows: whether all conditions, with commas between, hold of one."""
    tests = [_single_condition(project, part) for part in where.split(",")]
    return lambda entry: all(test(entry) for test in tests)


def _single_condition(project: ProjectReport, where: str) -> Callable[[Entry], bool]:
    name, _, value = where.partition("=")
    match name:
        case "until":
            return lambda entry: str(day_of(entry.at)) <= value
        case "week":
            return lambda entry: week_text(monday_of(day_of(entry.at))) == value
        case "opens":
            opening = {row.id: str(day_of(row.opens_at)) for row in project.entries if row.opens_at}
            return lambda entry: (opening.get(entry.spends) or opening.get(entry.id)) == value
        case "rail" | "source":
            return lambda entry: (rail_of(entry) if name == "rail" else entry.source) == value
        case "proven" | "reported":
            level = Verification(name)
            return lambda entry: entry.verification is level
        case _:
            return lambda _: True
