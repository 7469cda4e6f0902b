"""A report as a SQLite database: its tables with types and keys, and a view for each figure; pure.

Sums of rows are views that sum them, so that whoever opens the file can hold each against the
figure of the same name; figures that are no sums are views of the table of figures.
"""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Final

from generator.ledger import MOVES, Account, Kind, Status
from generator.report.figures.definitions import BALANCES, FLOWS, NET
from generator.report.figures.figure import ALL
from generator.report.figures.store_payouts import PAID_OUT as STORE_PAID_OUT
from generator.report.figures.sums import crossing, kinds_of
from generator.report.files.tables import WHOLE, ExportTable, tables
from generator.report.model import Report
from generator.report.store_accounts import EXCLUDED, PLACE, SETTLED

#: What stands before the name of a figure in that of its view.
VIEW: Final = "figure_"


def sqlite_file(report: Report) -> bytes:
    """Return the database as the bytes of its file."""
    with closing(sqlite3.connect(":memory:")) as database:
        for table in tables(report):
            database.execute(_create(table))
            marks = ", ".join("?" * len(table.columns))
            database.executemany(f'INSERT INTO "{table.name}" VALUES ({marks})', table.rows)  # noqa: S608 -- our own names
        names = {name for project in report.projects for name in project.single_figures}
        names |= {name for name in report.figures if "@" not in name}
        for statement in (*_views(names), *_store_views()):
            database.execute(statement)
        database.commit()
        return database.serialize()


def _create(table: ExportTable) -> str:
    columns = [f'"{name}" {"INTEGER" if name in WHOLE else "TEXT"}' for name in table.columns]
    key = ", ".join(f'"{name}"' for name in table.columns[: table.key])
    links = ['FOREIGN KEY ("project") REFERENCES "projects" ("slug")'] if table.name in _OF_PROJECTS else []
    return f'CREATE TABLE "{table.name}" ({", ".join([*columns, f"PRIMARY KEY ({key})", *links])}) STRICT'


#: Tables whose rows are each of one project, or of none.
_OF_PROJECTS: Final = frozenset({"entries", "declarations"})


def _views(names: Collection[str]) -> Iterator[str]:
    """Yield a view for each figure, those that sum rows first."""
    sums = dict(_sums())
    for name, amount in sums.items():
        yield (
            f'CREATE VIEW "{VIEW}{name}" AS SELECT p.slug AS project, {_known(amount)} AS amount_msat, '  # noqa: S608 -- our own names
            f"f.bound AS bound FROM projects p JOIN figures f ON f.id = p.slug || '/{name}' "
            "LEFT JOIN entries e ON e.project = p.slug GROUP BY p.slug, f.id"
        )
    for name in sorted(names - sums.keys()):
        quoted = name.replace("'", "''")
        yield (
            f'CREATE VIEW "{VIEW}{name}" AS SELECT project, value_int, value_text, unit, bound '  # noqa: S608 -- our own names
            f"FROM figures WHERE name = '{quoted}'"
        )


#: Which rows a sum of a store adds up.
STORE_SUMS: Final = {
    SETTLED.name: f"e.kind = '{Kind.PAYMENT}' AND e.status <> '{Status.PENDING}'",
    EXCLUDED.name: f"e.kind = '{Kind.PAYMENT}' AND e.status = '{Status.EXCLUDED}'",
    STORE_PAID_OUT.name: f"e.kind = '{Kind.PAYOUT}' AND e.status = '{Status.CONFIRMED}'",
}
_OF_PLACES: Final = f"e.kind = '{Kind.PAYMENT}' AND e.status = '{Status.CONFIRMED}'"


def _store_views() -> Iterator[str]:
    """Yield the sums of each store, and of each of its places, over rows of projects and of none."""
    for name, where in STORE_SUMS.items():
        yield (
            f'CREATE VIEW "{VIEW}{name}" AS SELECT s.source AS source, '  # noqa: S608 -- our own names
            f"{_known('COALESCE(SUM(e.amount_msat), 0)')} AS amount_msat, f.bound AS bound "
            f"FROM stores s JOIN figures f ON f.id = '{ALL}/{name}@' || s.source "
            f"LEFT JOIN entries e ON e.source = s.source AND {where} GROUP BY s.source, f.id"
        )
    yield (
        f'CREATE VIEW "{VIEW}{PLACE.name}" AS SELECT e.source AS source, e.place AS place, '  # noqa: S608 -- our own names
        "SUM(e.amount_msat) AS amount_msat "
        f"FROM stores s JOIN entries e ON e.source = s.source AND {_OF_PLACES} GROUP BY e.source, e.place"
    )


def _known(amount: str) -> str:
    """Return a sum of rows that is null where its figure `f` has no value: what was not read is not zero."""
    return f"CASE WHEN f.value_int IS NULL THEN NULL ELSE {amount} END"


def _sums() -> Iterator[tuple[str, str]]:
    """Yield name and expression of each figure that is a sum of rows along paths of the ledger."""
    for flow in FLOWS:
        yield flow.name, _sum(kinds_of(flow.paths), (), flow.status)
    for balance in BALANCES:
        kinds = crossing(balance.accounts)
        came = [kind for kind in kinds if MOVES[kind][1] in balance.accounts]
        yield balance.name, _sum(came, [kind for kind in kinds if kind not in came], Status.CONFIRMED)
    back = [kind for kind, (_, target) in MOVES.items() if target is Account.BACKERS]
    yield NET.name, _sum(kinds_of(FLOWS[0].paths), back, Status.CONFIRMED)


def _sum(came: Collection[Kind], went: Collection[Kind], status: Status) -> str:
    cases = [f"WHEN e.kind IN ({_texts(came)}) THEN e.amount_msat"]
    cases += [f"WHEN e.kind IN ({_texts(went)}) THEN -e.amount_msat"] if went else []
    return f"COALESCE(SUM(CASE WHEN e.status <> '{status}' THEN 0 {' '.join(cases)} ELSE 0 END), 0)"


def _texts(kinds: Collection[Kind]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds)
