"""`sunlit export`: the report for programs of others."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from generator.cli.options import config_option
from generator.cli.terminal import Terminal
from generator.text_format import counted

if TYPE_CHECKING:
    from generator.report import Report

#: What the file, or for CSV the folder, is called unless --output says otherwise.
NAMES: Final = {"csv": "sunlit-csv", "beancount": "sunlit.beancount", "sqlite": "sunlit.sqlite"}


@click.command()
@config_option
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(NAMES)),
    required=True,
    help="csv: a folder of tables; beancount: plain-text accounting; sqlite: a database.",
)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write it, here by default.")
@click.option("--demo", is_flag=True, help="Export the demo's report.")
@click.option("--at", "snapshot", metavar="ID", help="As of an older snapshot; how its id begins.")
@click.pass_obj
def export(
    terminal: Terminal, *, config: Path, form: str, output: Path | None, demo: bool, snapshot: str | None
) -> None:
    """Write the report as tables, plain-text accounting or a database, from the log alone.

    Every number in it is the report's own: bean-check sums the accounting again, and in the database each
    figure has a view.
    """
    from generator.atomic import write_whole
    from generator.cli.demo import open_site
    from generator.cli.report_step import report_of

    place = output or Path(NAMES[form])
    if form != "csv" and place.is_dir():
        message = f"{place} is a folder; name the file to write"
        raise click.UsageError(message)
    files = files_of(report_of(open_site(config, demo=demo), snapshot), form)
    for name, data in files.items():
        write_whole(place / name if name else place, [data])
    terminal.result(f"{place}: {counted(len(files), 'file')}, {sum(map(len, files.values()))} bytes.")


def files_of(report: "Report", form: str) -> dict[str, bytes]:
    """Return what is written, by name in its folder; the name is empty for a file that stands alone."""
    from generator.report.files.beancount import beancount
    from generator.report.files.downloads import csv_bytes
    from generator.report.files.sqlite_file import sqlite_file
    from generator.report.files.tables import tables

    if form == "csv":
        return {f"{table.name}.csv": csv_bytes(table.columns, table.rows) for table in tables(report)}
    return {"": beancount(report) if form == "beancount" else sqlite_file(report)}
