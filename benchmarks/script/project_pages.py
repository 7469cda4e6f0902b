"""The pages and files of one project: its page, ledger, statements, feeds, and what others show of it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from io import BytesIO
from itertools import groupby
from typing import Any, Final

from matplotlib import pyplot as plt

from benchmarks.script.charts import charts_of
from benchmarks.script.records import statements_of
from benchmarks.script.site import Site, text_of

Row = dict[str, Any]
WHOLE: Final = 120  #: rows of a ledger in one file
PAGE, FIRST_PAGE = 40, 60  #: rows of a page of a ledger
COLUMNS: Final = (
    *("id", "source", "project", "place", "kind", "status", "verification", "amount_msat", "at", "count"),
    *("rail", "group", "party", "stage", "opens_at", "spends", "height", "block"),
    *("at_receipt_EUR", "rate_by_EUR"),
)
MONTHS: Final = ("month", "opening_msat", "received_msat", "returned_msat", "closing_msat", "worth_EUR")


def project_pages(site: Site, project: Row, *, has_changes: bool) -> None:
    """Write all that is about one project."""
    folder, rows = f"p/{project['slug']}", project["rows"]
    charts = charts_of(project)
    for chart in charts:
        site.chart(folder, chart)
    site.page(f"{folder}/index.html", "project.html", project=project, charts=charts)
    statements = statements_of(rows)
    series = {chart.name: {"columns": chart.columns, "rows": chart.rows} for chart in charts}
    data = {"figures": project["figures"], "months": statements, "series": series}
    site.json(f"{folder}/figures.json", data)
    if project["findings"]:
        site.json(f"{folder}/findings.json", project["findings"])
    if has_changes:
        site.page(f"{folder}/changes/index.html", "changes.html", project=project)
    if rows:
        ledger(site, project, folder)
    if project["is_listed"]:
        elsewhere(site, project, folder)
        if rows:
            site.csv(f"{folder}/statements/statements.csv", MONTHS, statements)
            page = f"{folder}/statements/index.html"
            site.page(page, "statements.html", name=project["name"], months=statements)


def ledger(site: Site, project: Row, folder: str) -> None:
    """Write the rows of a project, as CSV and on pages."""
    rows = project["rows"]
    if len(rows) <= WHOLE:
        site.csv(f"{folder}/ledger/ledger.csv", COLUMNS, rows)
    else:
        for month, group in groupby(rows, key=lambda row: row["month"]):
            site.csv(f"{folder}/ledger/{month}.csv", COLUMNS, group)
    sheets = sheets_of(movements(rows))
    links = ["index.html" if not at else f"{sheet[0]['month']}/index.html" for at, sheet in enumerate(sheets)]
    for sheet, link in zip(sheets, links, strict=True):
        site.page(f"{folder}/ledger/{link}", "ledger.html", project=project, rows=sheet, links=links)


def movements(rows: Iterable[Row]) -> list[Row]:
    """Return the rows that people read: what one transaction does in one way is one of them."""
    found: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if row["source"] != "angor":
            found[(row["id"],)] = row
            continue
        kind = "investment" if row["kind"] == "fee" else row["kind"]
        key = (row["id"][:64], kind, row["at"])
        if key not in found:
            found[key] = row | {"id": row["id"][:64], "amount_msat": 0, "kind": kind}
        if row["kind"] != "fee":
            found[key]["amount_msat"] += row["amount_msat"]
    return list(found.values())


def sheets_of(rows: Sequence[Row]) -> list[list[Row]]:
    """Return whole months on pages, the newest first."""
    months: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        months[row["month"]].append(row)
    sheets: list[list[Row]] = []
    for month in months.values():
        if sheets and len(sheets[-1]) + len(month) <= PAGE:
            sheets[-1] += month
        else:
            sheets.append(month)
    if len(sheets) > 1 and len(sheets[-1]) + len(sheets[-2]) <= FIRST_PAGE:
        sheets[-2:] = [sheets[-2] + sheets[-1]]
    return [sheet[::-1] for sheet in reversed(sheets)]


def elsewhere(site: Site, project: Row, folder: str) -> None:
    """Write what a listed project has for other sites: feeds, badges, a card and a picture."""
    slug, name, figures = project["slug"], project["name"], project["figures"]
    news = [row for row in project["rows"] if row["kind"] in {"claim", "recovery", "refund"}][:-51:-1]
    feeds(site, folder + "/", name, news)
    percent = "no goal" if figures["percent"] is None else f"{figures['percent']:.0f} % of goal"
    badges = {"raised": text_of(figures["raised"]), "progress": percent, "updated": project["last"]}
    for label, message in (badges | {"verified": "reported"}).items():
        site.page(f"badge/{slug}/{label}.svg", "badge.svg", label=label, message=message)
        site.json(f"badge/{slug}/{label}.json", {"schemaVersion": 1, "label": label, "message": message})
    card = f'<iframe src="{site.url}embed/{slug}.html" width="480" height="300"></iframe>'
    site.page(f"embed/{slug}.html", "embed.html", project=project)
    site.json(f"embed/{slug}.json", {"version": "1.0", "type": "rich", "title": name, "html": card})
    site.page(f"{folder}/share/index.html", "share.html", project=project, card=card)
    site.write(f"{folder}/preview.png", preview(project))


def feeds(site: Site, folder: str, title: str, news: Sequence[Row]) -> None:
    """Write the same news as Atom and as JSON Feed."""
    site.page(f"{folder}feed.atom", "feed.atom", title=title, news=news, folder=folder)
    items = [
        {
            "id": row["id"],
            "url": f"{site.url}p/{row['project']}/",
            "title": row["kind"],
            "date_published": row["at"],
        }
        for row in news
    ]
    site.json(
        f"{folder}feed.json", {"version": "https://jsonfeed.org/version/1.1", "title": title, "items": items}
    )


def preview(project: Row) -> bytes:
    """Return the picture that messengers show, 1200 x 630 pixels."""
    figure, axes = plt.subplots(figsize=(12, 6.3), dpi=100)
    axes.set_axis_off()
    axes.set(xlim=(0, 100), ylim=(0, 10))
    axes.text(0, 8.5, project["name"], fontsize=32, weight="bold", wrap=True, parse_math=False)
    axes.text(0, 5.5, text_of(project["figures"]["raised"]), fontsize=44, weight="bold")
    if (percent := project["figures"]["percent"]) is not None:
        axes.barh([4], [100], color="#ddd")
        axes.barh([4], [min(percent, 100)])
        axes.text(0, 2, f"{percent:.0f} % of {text_of(project['figures']['goal'])}", fontsize=22)
    axes.text(0, 0, f"As of {project['last']}", fontsize=18)
    out = BytesIO()
    figure.savefig(out, format="png")
    plt.close(figure)
    return out.getvalue()
