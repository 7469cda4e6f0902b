"""Files that are not pages: style sheets, charts of their own, and everything under ``data/``."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256
from typing import Final

from generator import __version__
from generator.charts.chart import Chart
from generator.charts.chart_sheet import ChartSheet
from generator.language import ENGLISH, Language
from generator.packed import SUFFIX as PACKED
from generator.pages import share_page
from generator.pages.own_figures import with_own_names
from generator.pages.page import Content
from generator.report import ProjectReport, Report
from generator.report.files.changes_json import encode_changes
from generator.report.files.data_dictionary import table_schemas
from generator.report.files.data_package import encode_data_package
from generator.report.files.figures_json import encode_figures, encode_today
from generator.report.files.findings_json import encode_findings
from generator.report.files.ledger_json import encode_ledger
from generator.report.files.parts import FilePart, HashOf, RowKind
from generator.report.files.project_files import data_of_project, data_of_store
from generator.report.files.statements_csv import statements_csv
from generator.report.files.status_json import encode_status
from generator.themes import without_theme

#: Every published number; those that move with the clock or the day's rate stand in the second.
FIGURES: Final = "figures.json"
TODAY: Final = "today.json"
#: How well each source is read, for programs that watch the site.
STATUS: Final = "status.json"
#: Every table with its columns explained.
PACKAGE: Final = "datapackage.json"
#: The statements of all projects together.
STATEMENTS: Final = "statements/statements.csv"
#: What a site is made from besides its log, so that anyone can make it again.
RECIPE: Final = "data/recipe.json"
#: What the maintainer wrote, as it was written.
INPUTS: Final = "data/inputs/"
#: Pictures and files beside pages.
STATIC: Final = "static/"
#: The style sheet of the site, in this order.
SHEETS = ("palette.css", "style.css", "chart.css", "print.css")
#: Of which charts of their own carry what they use.
CHART_SHEETS = ("palette.css", "chart.css")


def chart_sheet(templates: Mapping[str, bytes]) -> ChartSheet:
    """Return the style sheet of which a chart that stands alone carries a part."""
    return ChartSheet("".join(templates[name].decode() for name in CHART_SHEETS))


def style_files(content: Content) -> dict[str, bytes]:
    """Return the site's own style sheets and icon."""
    sheet = b"".join(content.templates[name] for name in SHEETS)
    return {
        "style.css": sheet,
        share_page.STYLE: content.templates["embed.css"],
        "favicon.svg": content.templates["favicon.svg"],
    }


def chart_files(
    folder: str, charts: Iterable[Chart], sheet: ChartSheet, language: Language
) -> dict[str, bytes]:
    """Return each chart as an SVG of its own, and its figures as CSV."""
    found = {}
    for chart in charts:
        path = f"{folder}/{chart.id}.svg"
        found[path] = with_own_names(chart.file(sheet, language).decode(), path).encode()
        found[f"{folder}/{chart.id}.csv"] = figures_csv(chart)
    return found


def figures_csv(chart: Chart) -> bytes:
    """Return the figures that a chart draws: id, value, unit and bound."""
    rows = (
        f"{figure.id},{'' if figure.value is None else figure.value},{figure.unit},{figure.bound}"
        for figure in chart.figures
    )
    return "".join(f"{row}\r\n" for row in ("figure,value,unit,bound", *rows)).encode()


def given_files(report: Report, content: Content) -> dict[str, bytes]:
    """Return what is published as it was given: style, inputs, editions, schemas, the recipe."""
    found = style_files(content) | input_files(content) | {RECIPE: recipe(report, content)}
    found |= {edition_path(edition.month): edition.data for edition in report.editions}
    return found | {schema_path(name): data for name, data in content.schemas.items()}


def report_files(report: Report, hash_of: HashOf | None = None) -> dict[str, bytes]:
    """Return the downloads about the whole report: its figures, findings and changes, lists of all files.

    `hash_of` tells hash and length of the files of projects and stores, which else are made for it.
    """
    parts: dict[RowKind, list[FilePart]] = {kind: [] for kind in RowKind}
    for project in sorted(report.projects, key=lambda project: project.slug):
        for file in data_of_project(report, project):
            parts[file.kind].append(FilePart.of(file, hash_of))
    for account in sorted(report.stores, key=lambda account: account.state.name):
        parts[RowKind.STORES] += (FilePart.of(file, hash_of) for file in data_of_store(report, account))
    return {
        FIGURES: encode_figures(report, parts[RowKind.FIGURES]),
        TODAY: encode_today(report),
        "data/ledger.json": encode_ledger(report, parts),
        "data/findings.json": encode_findings(report.findings, parts[RowKind.FINDINGS]),
        "data/changes.json": encode_changes(report),
        PACKAGE: encode_data_package(report, parts),
        STATUS: encode_status(report),
        **table_schemas(report.prices),
        STATEMENTS: statements_csv(report.statements, report.prices.currencies),
    }


def store_files(report: Report) -> dict[str, bytes]:
    """Return the rows of stores that belong to no project."""
    files = (file for account in report.stores for file in data_of_store(report, account))
    return {file.path: file.encode() for file in files}


def project_files(report: Report, project: ProjectReport, language: Language = ENGLISH) -> dict[str, bytes]:
    """Return the downloads about one project: its figures, rows and findings, and what is read elsewhere.

    The latter is said in the first `language` of the site.
    """
    own = {file.path: file.encode() for file in data_of_project(report, project)}
    return own | share_page.files(report, project, language)


def input_files(content: Content) -> dict[str, bytes]:
    """Return what the maintainer wrote besides the configuration, as it is published."""
    found = {f"{INPUTS}pages/{name}.md": text.encode() for name, text in content.pages.items()}
    found |= {f"{INPUTS}notes.yaml": content.notes.encode()} if content.notes else {}
    found |= {f"{STATIC}{path}": data for path, data in content.static.items()}
    found |= {f"{INPUTS}languages/{code}.po": data for code, data in content.catalogues.items()}
    return found | {f"{INPUTS}theme/{name}.txt": data for name, data in content.theme.items()}


def recipe(report: Report, content: Content) -> bytes:
    """Return version, libraries, configuration, and hashes of inputs and templates, as canonical JSON."""
    document = {
        "schema": 1,
        "sunlit": __version__,
        "libraries": dict(content.libraries),
        "config": report.config.model_dump(mode="json"),
        "inputs": _hashes(input_files(content)),
        "templates": _hashes(without_theme(content.templates, content.theme)),
    }
    return json.dumps(document, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"


def _hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: sha256(data).hexdigest() for path, data in files.items()}


def edition_path(month: str) -> str:
    """Return where the file of an edition is published."""
    return f"report/{month}/edition.json"


def log_path(path: str) -> str:
    """Return where a file of the snapshot log is published."""
    return f"data/snapshots/{path}{PACKED}"


def schema_path(name: str) -> str:
    """Return where a JSON Schema is published."""
    return f"data/schema/{name}.json"
