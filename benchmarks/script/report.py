"""The same report as somebody would write it in an afternoon: json, pyplot and Jinja2, without a cache.

    python -m benchmarks.script.report SITE OUTPUT

It reads the same log and makes the same kinds of pages, charts and files: for each project an index with its
charts (wide and narrow, inline and as files), a ledger by month and as CSV and JSON, and a page of changes;
for all of them the list, the sources, figures and the log. It checks and explains less than the product.
"""

import csv
import json
import shutil
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any, Final

import matplotlib as mpl

mpl.use("svg")
from jinja2 import Environment, FileSystemLoader
from markdown import markdown
from matplotlib import pyplot as plt

from benchmarks.script.charts import charts_of

Row = dict[str, Any]
COLUMNS: Final = (
    "id",
    "source",
    "place",
    "kind",
    "amount_msat",
    "at",
    "status",
    "verification",
    "count",
    "rail",
    "group",
    "created_month",
    "party",
    "stage",
    "opens_at",
    "spends",
    "height",
    "block",
)
SIGNS: Final = {"payment": 1, "investment": 1, "refund": -1, "recovery": -1}


def read_log(folder: Path) -> tuple[list[Row], list[Row]]:
    """Return what stands of the log, and its runs."""
    lines = []
    for path in sorted(folder.glob("*/*.jsonl")):
        with path.open(encoding="utf-8") as file:
            next(file)
            lines += [json.loads(line) for line in file]
    lines.sort(key=lambda line: line["run"])
    standing: dict[tuple[str, str, str], Row] = {}
    for line in lines:
        record = line["record"]
        standing[record["type"], record["source"], record["id"]] = record
    records = list(standing.values())
    return [r for r in records if r["type"] != "run"], [r for r in records if r["type"] == "run"]


def slug_of(place: str, bindings: Mapping[str, str]) -> str:
    """Return how a project is called in addresses."""
    return bindings.get(place) or place.partition(":")[2].replace("/", "-")


def figures_of(project: Row, entries: Sequence[Row], rates: Mapping[str, float]) -> dict[str, Any]:
    """Sum what a project raised, received, holds and gave back."""
    sums: defaultdict[str, int] = defaultdict(int)
    for entry in entries:
        if entry["status"] == "confirmed":
            sums[entry["kind"]] += entry["amount_msat"]
    raised = sums["payment"] + sums["investment"]
    goal = project.get("goal", {}).get("amount_msat")
    last = max((entry["at"] for entry in entries), default="")
    return {
        "raised": raised,
        "received": sums["payment"] + sums["claim"] - sums["refund"],
        "locked": sums["investment"] - sums["claim"] - sums["recovery"] - sums["penalty"],
        "claimed": sums["claim"],
        "recovered": sums["recovery"],
        "fees": sums["fee"],
        "goal": goal,
        "percent": None if not goal else raised * 100 / goal,
        "backers": len({entry["party"] for entry in entries if entry.get("party")}),
        "rows": len(entries),
        "last": last,
        "worth": sum(
            SIGNS.get(entry["kind"], 0) * entry["amount_msat"] / 1e11 * rates.get(entry["at"][:10], 0)
            for entry in entries
        ),
    }


def text_of(amount_msat: float | None) -> str:
    """Return millisatoshis as people read them."""
    return "n/a" if amount_msat is None else f"{amount_msat / 1000:,.3f}".rstrip("0").rstrip(".") + " sat"


def day_of(text: str) -> date:
    """Return the day of a time as the log writes it."""
    return datetime.fromisoformat(text).date()


def table_csv(rows: Sequence[Row]) -> str:
    """Return a ledger as CSV."""
    out = StringIO()
    writer = csv.DictWriter(out, COLUMNS, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


class Site:
    """Writes pages below a folder."""

    def __init__(self, output: Path) -> None:
        self.output = output
        loader = FileSystemLoader(Path(__file__).with_name("templates"))
        self.env = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True)
        self.env.filters |= {"sat": text_of, "markdown": markdown}

    def write(self, path: str, text: str) -> None:
        """Write a file."""
        target = self.output / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")

    def page(self, path: str, template: str, **values: object) -> None:
        """Write a page."""
        root = "../" * path.count("/")
        self.write(path, self.env.get_template(template).render(root=root, **values))


def project_pages(site: Site, project: Row, entries: Sequence[Row], findings: Sequence[Row]) -> None:
    """Write all that is about one project."""
    folder = f"p/{project['slug']}"
    charts = charts_of(project, entries) if len(entries) >= 5 else []
    for chart in charts:
        site.write(f"{folder}/{chart.name}.svg", chart.wide)
        site.write(f"{folder}/{chart.name}.csv", chart.table)
    months: defaultdict[str, list[Row]] = defaultdict(list)
    for entry in entries:
        months[entry["at"][:7]].append(entry)
    site.page(f"{folder}/index.html", "project.html", project=project, charts=charts, findings=findings)
    by_month = len(entries) > 120
    rows = entries[-120:] if by_month else entries
    site.page(
        f"{folder}/ledger/index.html",
        "ledger.html",
        project=project,
        rows=rows,
        months=sorted(months) if by_month else [],
    )
    if by_month:
        for month, rows in months.items():
            path = f"{folder}/ledger/{month}/index.html"
            site.page(path, "ledger.html", project=project, rows=rows, months=sorted(months))
    site.write(f"{folder}/ledger/ledger.csv", table_csv(entries))
    site.write(f"{folder}/ledger/ledger.json", json.dumps(entries, indent=1))
    week = [entry for entry in entries if entry["at"] >= project["since"]]
    site.page(f"{folder}/changes/index.html", "changes.html", project=project, rows=week)


def main() -> None:
    """Write the whole site anew."""
    root, output = map(Path, sys.argv[1:])
    shutil.rmtree(output, ignore_errors=True)
    plt.rcParams["svg.fonttype"] = "none"
    plt.rcParams["svg.hashsalt"] = "report"
    records, runs = read_log(root / "content/snapshots")
    bindings = {r["id"]: r["project"] for r in records if r["type"] == "binding"}
    rates = {r["day"]: float(r["price"]) for r in records if r["type"] == "rate"}
    entries: defaultdict[str, list[Row]] = defaultdict(list)
    findings: defaultdict[str, list[Row]] = defaultdict(list)
    for record in records:
        if record["type"] == "entry":
            entries[record["place"]].append(record)
        elif record["type"] == "finding":
            findings[record["place"]].append(record)
    as_of = max(run["at"] for run in runs)
    since = f"{day_of(as_of) - timedelta(days=7)}"
    projects = [record for record in records if record["type"] == "project"]
    site = Site(output)
    for project in projects:
        rows = sorted(entries[project["id"]], key=lambda entry: entry["at"])
        project |= {"slug": slug_of(project["id"], bindings), "since": since}
        project["figures"] = figures_of(project, rows, rates)
        project_pages(site, project, rows, findings[project["id"]])
    projects.sort(key=lambda project: -project["figures"]["raised"])
    every = [entry for rows in entries.values() for entry in rows]
    every.sort(key=lambda entry: entry["at"])
    charts = charts_of({"figures": {"goal": None}, "kind": "all"}, every)
    site.page("index.html", "portfolio.html", projects=projects, charts=charts, as_of=as_of)
    site.page("health/index.html", "health.html", run=max(runs, key=lambda run: run["id"]))
    site.write("figures.json", json.dumps({p["slug"]: p["figures"] for p in projects}, indent=1))
    site.write("data/ledger.csv", table_csv(every))
    site.write("data/ledger.json", json.dumps(every, indent=1))
    shutil.copytree(root / "content/snapshots", output / "data/log")


if __name__ == "__main__":
    main()
