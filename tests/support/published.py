"""What a site publishes as data, put together again from the files of its projects."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from generator.pages.files import project_files, report_files, store_files
from generator.report import Report
from generator.report.files.figure_shorthand import by_figure
from generator.report.files.figures_json import decode_figures


def data_of(report: Report) -> dict[str, bytes]:
    """Return the data files of a report, without a log."""
    found = report_files(report) | store_files(report)
    for project in report.projects:
        found |= project_files(report, project)
    return found


def figure_files(report: Report) -> dict[str, bytes]:
    """Return every ``figures.json`` of a report, and ``today.json``."""
    return {
        path: data for path, data in data_of(report).items() if path.endswith(("figures.json", "today.json"))
    }


def figures(site: Path | Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Return the figures of ``today.json`` and of every ``figures.json``, which the one at the root lists."""
    document = decode_figures(_read(site, "figures.json"))
    known = by_figure(document.definitions)
    parts = (decode_figures(_read(site, part.path)) for part in document.projects)
    today = decode_figures(_read(site, "today.json"))
    return [msgspec.to_builtins(row) for each in (today, document, *parts) for row in each.every(known)]


def ledger_rows(site: Path | Mapping[str, bytes], kind: str = "entries") -> Iterator[dict[str, str]]:
    """Yield every entry, or declaration, of the files that ``data/ledger.json`` lists."""
    for part in json.loads(_read(site, "data/ledger.json"))[kind]:
        yield from csv.DictReader(io.StringIO(_read(site, part["path"]).decode(), newline=""))


def _read(site: Path | Mapping[str, bytes], path: str) -> bytes:
    return (site / path).read_bytes() if isinstance(site, Path) else site[path]
