"""What search engines are told of a page: the data set behind it (schema.org), as JSON-LD.

Every number in it is a figure, named by its id; every address that of a published file.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup

from generator.pages.elsewhere import address, one_line, warning
from generator.report import Figure, ProjectReport, Report
from generator.report.days import day_of
from generator.report.figures.bounds import Bound
from generator.report.files.data_package import LICENCES
from generator.report.files.parts import RowKind
from generator.report.files.project_files import data_of_project
from generator.text_format import clean

#: Where a figure's value stands, by what is known of it.
PROPERTY_OF: Final = {Bound.EXACT: "value", Bound.AT_LEAST: "minValue", Bound.AT_MOST: "maxValue"}
#: What a page's data set is said to measure, by the names of figures.
_MEASURED: Final = {
    "raised": "Raised, confirmed",
    "goal": "Goal",
    "progress": "Progress",
    "contributions": "Contributions",
    "locked": "Locked in stages",
    "with_founder": "Reached the founder",
    "returned": "Returned to backers",
    "pending": "Pending, in no sum",
}
_NAMES: Final = {
    RowKind.FIGURES: "Figures with their definitions",
    RowKind.ENTRIES: "Ledger, one row a movement",
    RowKind.DECLARATIONS: "Declarations, in no sum",
    RowKind.FINDINGS: "Results of checks",
    RowKind.STATEMENTS: "Statements, one row a month",
}
_JSON, _CSV = "application/json", "text/csv"


def of_project(report: Report, project: ProjectReport) -> dict[str, Any]:
    """Return the data set of a project's page."""
    title = one_line(project.title)
    files = [
        _file(report, file.path, f"{_NAMES[file.kind]}{f', {file.month}' if file.month else ''}")
        for file in data_of_project(report, project)
    ]
    days = [day_of(entry.at) for entry in (*project.entries[:1], *project.entries[-1:])]
    return {
        **_dataset(report, f"p/{project.slug}/index.html", f"Funding of {title}", files),
        "description": f"{warning(report)}What was raised for {title}, where the money is and what can be "
        "checked: every published number with its definition, and one row for each movement of money.",
        **({"temporalCoverage": f"{days[0]}/{days[-1]}"} if days else {}),
        **({"dateModified": str(day_of(project.changed_at))} if project.changed_at else {}),
        "variableMeasured": _measured(project.figures),
    }


def of_report(report: Report) -> dict[str, Any]:
    """Return the data set of the whole report."""
    files = [
        _file(report, path, name)
        for path, name in (
            ("datapackage.json", "Every table with its columns explained (Data Package)"),
            ("figures.json", "Figures of all projects together, and a list of those of each"),
            ("data/ledger.json", "List of all ledgers"),
            ("data/findings.json", "Results of checks"),
            ("data/changes.json", "Edits of terms and restated sums"),
        )
    ]
    changed = max((project.changed_at for project in report.projects if project.changed_at), default=None)
    return {
        **_dataset(report, "index.html", report.title, files),
        "description": f"{warning(report)}{report.config.site.description or report.title}: what was raised "
        "by each project, where the money is and what can be checked, with one row for each movement.",
        **({"dateModified": str(day_of(changed))} if changed else {}),
        "variableMeasured": _measured(report.figures),
    }


def _dataset(report: Report, path: str, name: str, files: list[dict[str, str]]) -> dict[str, Any]:
    url, licence = address(report, path), report.config.site.licence
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": clean(name),
        **({"@id": url, "url": url} if url else {}),
        "license": LICENCES.get(licence, {"@type": "CreativeWork", "name": licence}),
        "isAccessibleForFree": True,
        "includedInDataCatalog": {
            "@type": "DataCatalog",
            "name": clean(report.title),
            **({"url": address(report)} if url else {}),
        },
        "distribution": files,
    }


def _file(report: Report, path: str, name: str) -> dict[str, str]:
    form = _CSV if path.endswith(".csv") else _JSON
    url = address(report, path)
    found = {"@type": "DataDownload", "name": name, "encodingFormat": form}
    return {**found, "contentUrl": url} if url else found


def _measured(figures: Mapping[str, Figure]) -> list[dict[str, Any]]:
    found: Iterable[tuple[Figure, str]] = (
        (figures[name], word) for name, word in _MEASURED.items() if name in figures
    )
    return [
        {
            "@type": "PropertyValue",
            "propertyID": figure.id,
            "name": word,
            PROPERTY_OF[figure.bound]: figure.value,
            "unitText": figure.unit,
        }
        for figure, word in found
        if figure.value is not None
    ]


def json_ld(document: Mapping[str, Any]) -> Markup:
    """Return a block as it stands in a page: no letter of it can end the element."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704 -- nothing in it is markup any more
