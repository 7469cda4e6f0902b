"""A report as tables with typed columns, for programs that sum and join; pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from operator import attrgetter
from typing import Final, TypeAlias

from generator.ledger import MOVES, Entry
from generator.report.figures.figure import ALL, CURRENCY, Figure, decimal_text
from generator.report.files.downloads import DECLARATION_COLUMNS, ENTRY_COLUMNS, PROJECT
from generator.report.model import ProjectReport, Report
from generator.report.statements.statement import Statement

Value: TypeAlias = int | str | None

_SUMS: Final = ("opening_msat", "received_msat", "returned_msat", "closing_msat", "paid_out_msat")
#: Columns of whole numbers; of any other name a column holds text, decimals and times too.
WHOLE: Final = frozenset(
    {"amount_msat", "count", "stage", "height", "amounts_unknown", "unrated_msat", "value_int", *_SUMS}
)


@dataclass(frozen=True, slots=True)
class ExportTable:
    """Rows under the names of their columns; the first `key` columns name a row."""

    name: str
    columns: tuple[str, ...]
    key: int
    rows: tuple[tuple[Value, ...], ...]


def tables(report: Report) -> tuple[ExportTable, ...]:
    """Return the tables of a report, each with its rows in order of its key."""
    return (
        ExportTable("meta", ("name", "value"), 1, tuple(_meta(report))),
        ExportTable("moves", ("kind", "from_account", "to_account"), 1, tuple(_moves())),
        ExportTable("projects", _PROJECT, 1, tuple(map(_project, report.projects))),
        ExportTable("stores", ("source", "label"), 1, tuple(sorted(_stores(report)))),
        ExportTable("entries", _ENTRY, 2, tuple(_entries(report))),
        ExportTable("worths", _WORTH, 3, tuple(_worths(report))),
        ExportTable("declarations", _DECLARATION, 2, tuple(_declarations(report))),
        ExportTable("rates", ("currency", "day", "price", "provider"), 2, tuple(_rates(report))),
        ExportTable("statements", _STATEMENT, 2, tuple(_statements(report))),
        ExportTable("figures", _FIGURE, 1, tuple(map(_figure, _figures(report)))),
    )


_PROJECT: Final = ("slug", "title", "kind", "status", "identifier", "starts_at", "ends_at")
#: The two that name a row come first.
_ENTRY: Final = ("source", "id", *(name for name in ENTRY_COLUMNS if name not in ("source", "id")))
_DECLARATION: Final = (
    "source",
    "id",
    *(name for name in DECLARATION_COLUMNS if name not in ("source", "id")),
)
_WORTH: Final = ("source", "entry", "currency", "value", "rate_by", "unrated_msat")
_STATEMENT: Final = ("project", "month", *_SUMS)
_NUMBER: Final = ("value_int", "value_text", "unit", "bound")
_FIGURE: Final = ("id", "project", "name", *_NUMBER, "verification", "formula")
_OF_DECLARATION: Final = {"amount": "known_amount"}


def _meta(report: Report) -> Iterator[tuple[Value, ...]]:
    yield ("as_of", _value(report.as_of))
    yield ("demo", "yes" if report.demo else "no")
    yield ("network", report.network)
    yield ("snapshot", report.snapshot)
    yield ("title", report.title)


def _moves() -> Iterator[tuple[Value, ...]]:
    for kind, (source, target) in sorted(MOVES.items()):
        yield (str(kind), str(source), str(target))


def _project(project: ProjectReport) -> tuple[Value, ...]:
    texts = (project.slug, project.title, project.kind, str(project.status), project.identifier)
    return (*texts, _value(project.starts_at), _value(project.ends_at))


def _stores(report: Report) -> Iterator[tuple[str, str]]:
    for account in report.stores:
        yield (account.state.name, account.state.label)


def _owned(report: Report) -> Iterator[tuple[Value, Entry]]:
    """Yield every row with the slug of its project, at last those of stores that belong to none."""
    for project in report.projects:
        for entry in sorted(project.entries, key=lambda entry: entry.key):
            yield project.slug, entry
    for account in report.stores:
        for entry in sorted(account.entries, key=lambda entry: entry.key):
            yield None, entry


def _entries(report: Report) -> Iterator[tuple[Value, ...]]:
    for slug, entry in _owned(report):
        yield tuple(slug if name == PROJECT else _value(getattr(entry, name)) for name in _ENTRY)


def _worths(report: Report) -> Iterator[tuple[Value, ...]]:
    for _, entry in _owned(report):
        yield from _worth(report, entry)


def _worth(report: Report, entry: Entry) -> Iterator[tuple[Value, ...]]:
    for currency in report.prices.currencies:
        value, unrated_msat, by = report.prices.at_receipt(entry, currency)
        text = None if value is None else decimal_text(value)
        yield (entry.source, entry.id, currency, text, by or None, unrated_msat)


def _declarations(report: Report) -> Iterator[tuple[Value, ...]]:
    for project in report.projects:
        for row in sorted(project.declarations, key=lambda row: row.key):
            yield tuple(
                project.slug if name == PROJECT else _value(attrgetter(_OF_DECLARATION.get(name, name))(row))
                for name in _DECLARATION
            )


def _rates(report: Report) -> Iterator[tuple[Value, ...]]:
    for _, rate in sorted(report.prices.rates.items()):
        yield (rate.currency, rate.day, decimal_text(rate.price), rate.provider or None)


def _statements(report: Report) -> Iterator[tuple[Value, ...]]:
    yield from (_statement(ALL, statement) for statement in report.statements)
    for project in report.projects:
        yield from (_statement(project.slug, statement) for statement in project.statements)


def _statement(slug: str, month: Statement) -> tuple[Value, ...]:
    figures = (month.opening, month.received, month.returned, month.closing, month.paid_out)
    return (slug, month.month, *(figure.value if figure else None for figure in figures))


def _figures(report: Report) -> Iterator[Figure]:
    yield from sorted((*report.all_figures(), *report.today.values()), key=lambda figure: figure.id)


def _figure(figure: Figure) -> tuple[Value, ...]:
    value = figure.value
    whole, text = (value, str(value)) if isinstance(value, int) else (None, value)
    unit = figure.unit or CURRENCY
    return (
        *(figure.id, figure.project, figure.name, whole, text, unit),
        *(str(figure.bound), figure.verification, figure.formula),
    )


def _value(value: object) -> Value:
    """Return a field as tables hold it: times in ISO 8601 with ``Z``, decimals as exact text."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, Decimal):
        return decimal_text(value)
    return int(value) if isinstance(value, int) else str(value)
