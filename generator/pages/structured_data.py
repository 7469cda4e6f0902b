"""What search engines are told of a page: the data set behind it (schema.org), as JSON-LD.

Every number in it is a figure, named by its id; every address that of a published file.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from markupsafe import Markup

from generator.language import Language
from generator.pages.elsewhere import address, one_line, warned
from generator.report import Figure, ProjectReport, Report
from generator.report.days import day_of
from generator.report.figures.bounds import Bound
from generator.report.files.data_package import LICENCES
from generator.report.files.parts import RowKind
from generator.report.files.project_files import data_of_project
from generator.sentence import CalendarMonth, Text, say
from generator.text_format import clean
from generator.wording import plain

#: Where a figure's value stands, by what is known of it.
PROPERTY_OF: Final = {Bound.EXACT: "value", Bound.AT_LEAST: "minValue", Bound.AT_MOST: "maxValue"}
#: What a page's data set is said to measure, by the names of figures.
_MEASURED: Final = {
    "raised": say("Raised, confirmed"),
    "goal": say("Goal"),
    "progress": say("Progress"),
    "contributions": say("Contributions"),
    "locked": say("Locked in stages"),
    "with_founder": say("Reached the founder"),
    "returned": say("Returned to backers"),
    "pending": say("Pending, in no sum"),
}
_NAMES: Final = {
    RowKind.FIGURES: say("Figures with their definitions"),
    RowKind.ENTRIES: say("Ledger, one row a movement"),
    RowKind.DECLARATIONS: say("Declarations, in no sum"),
    RowKind.FINDINGS: say("Results of checks"),
    RowKind.STATEMENTS: say("Statements, one row a month"),
}
_JSON, _CSV = "application/json", "text/csv"


def of_project(report: Report, project: ProjectReport) -> dict[str, Any]:
    """Return the data set of a project's page."""
    title = one_line(project.title)
    files = [
        _file(
            report,
            file.path,
            say("{table}, {month}", table=_NAMES[file.kind], month=CalendarMonth.of(file.month))
            if file.month
            else _NAMES[file.kind],
        )
        for file in data_of_project(report, project)
    ]
    days = [day_of(entry.at) for entry in (*project.entries[:1], *project.entries[-1:])]
    return {
        **_dataset(report, f"p/{project.slug}/index.html", say("Funding of {title}", title=title), files),
        "description": warned(
            report,
            say(
                "What was raised for {title}, where the money is and what can be checked: every published "
                "number with its definition, and one row for each movement of money.",
                title=title,
            ),
        ),
        **({"temporalCoverage": f"{days[0]}/{days[-1]}"} if days else {}),
        **({"dateModified": str(day_of(project.changed_at))} if project.changed_at else {}),
        "variableMeasured": _measured(project.figures),
    }


def of_report(report: Report) -> dict[str, Any]:
    """Return the data set of the whole report."""
    files = [
        _file(report, path, name)
        for path, name in (
            ("datapackage.json", say("Every table with its columns explained (Data Package)")),
            ("figures.json", say("Figures of all projects together, and a list of those of each")),
            ("data/ledger.json", say("List of all ledgers")),
            ("data/findings.json", say("Results of checks")),
            ("data/changes.json", say("Edits of terms and restated sums")),
        )
    ]
    changed = max((project.changed_at for project in report.projects if project.changed_at), default=None)
    return {
        **_dataset(report, "index.html", clean(report.title), files),
        "description": warned(
            report,
            say(
                "{about}: what was raised by each project, where the money is and what can be checked, with "
                "one row for each movement.",
                about=report.config.site.description or report.title,
            ),
        ),
        **({"dateModified": str(day_of(changed))} if changed else {}),
        "variableMeasured": _measured(report.figures),
    }


def _dataset(report: Report, path: str, name: Text, files: list[dict[str, Any]]) -> dict[str, Any]:
    url, licence = address(report, path), report.config.site.licence
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": name,
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


def _file(report: Report, path: str, name: Text) -> dict[str, Any]:
    form = _CSV if path.endswith(".csv") else _JSON
    url = address(report, path)
    found = {"@type": "DataDownload", "name": name, "encodingFormat": form}
    return {**found, "contentUrl": url} if url else found


def _measured(figures: Mapping[str, Figure]) -> list[dict[str, Any]]:
    found: Iterable[tuple[Figure, Text]] = (
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


def json_ld(document: Mapping[str, Any], language: Language) -> Markup:
    """Return a block as it stands in a page, said in its language: no letter of it can end the element."""
    document = {**document, "inLanguage": language.code}
    text = json.dumps(
        document,
        default=lambda words: clean(plain(words, language)),
        ensure_ascii=False,
        separators=(",", ":"),
    )
    text = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Markup(text)  # noqa: S704 -- nothing in it is markup any more
