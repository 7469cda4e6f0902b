"""The pages of all projects together: lists, network, stages, sources, health and texts."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from benchmarks.script import site_charts
from benchmarks.script.charts import funding
from benchmarks.script.project_pages import MONTHS, feeds
from benchmarks.script.records import IN, World, statements_of
from benchmarks.script.site import Site

Row = dict[str, Any]
LIST, INDEX, FEED, NEXT = 40, 150, 50, 10  #: rows of a page, or of a feed
ORDERS: Final = {
    "by-title": lambda project: project["name"].casefold(),
    "by-state": lambda project: project["figures"]["percent"] or -1,
    "by-last-day": lambda project: project.get("ends_at", ""),
    "by-founder": lambda project: project.get("founder_key", ""),
}


def site_pages(site: Site, world: World) -> None:
    """Write all of them."""
    lists(site, world)
    network(site, world)
    stages(site, world)
    sources(site, world)
    months = statements_of(world.entries)
    site.page("statements/index.html", "statements.html", name="all projects", months=months)
    site.csv("statements/statements.csv", MONTHS, months)
    chart = site_charts.proven(world.entries)
    site.chart("verify", chart)
    site.page("verify/index.html", "verify.html", chart=chart)
    for name in ("method", "glossary", "report", "about"):
        site.page(f"{name}/index.html", f"{name}.html")
    site.page("404.html", "404.html")
    news = [entry for entry in world.entries if entry["kind"] not in IN and entry["kind"] != "fee"]
    feeds(site, "", "All projects", news[: -FEED - 1 : -1])


def chunks(rows: Sequence[Row], size: int) -> list[Sequence[Row]]:
    """Return the rows of each page; one page where there are none."""
    return [rows[at : at + size] for at in range(0, max(len(rows), 1), size)]


def lists(site: Site, world: World) -> None:
    """Write the lists of projects, by what was raised and by other orders."""
    charts = [site_charts.pace(world.projects, world.as_of), site_charts.by_source(world.entries)]
    for chart in charts:
        site.chart("projects", chart)
    sheets = chunks(world.projects, LIST)
    for number, rows in enumerate(sheets, 1):
        path = f"projects/{number}/index.html" if number > 1 else "index.html"
        site.page(
            path,
            "portfolio.html",
            projects=rows,
            charts=charts if number == 1 else [],
            world=world,
            pages=len(sheets),
        )
    for name, order in ORDERS.items() if len(sheets) > 1 else ():
        for number, rows in enumerate(chunks(sorted(world.projects, key=order), INDEX), 1):
            folder = f"projects/{name}/{number}" if number > 1 else f"projects/{name}"
            site.page(f"{folder}/index.html", "list.html", projects=rows, name=name)


def network(site: Site, world: World) -> None:
    """Write the page of the whole network."""
    chart = site_charts.new_projects(world.projects)
    raised = funding([entry for entry in world.entries if entry["kind"] in IN], None)
    for drawn in (raised, chart):
        site.chart("network", drawn)
    top = world.projects[:NEXT]
    site.page("network/index.html", "network.html", charts=[raised, chart], top=top, world=world)


def stages(site: Site, world: World) -> None:
    """Write which stages are open and hold money, and which open next."""
    found = [{"project": p, **stage} for p in world.projects for stage in p["openings"] if stage["locked"]]
    found.sort(key=lambda stage: stage["opens"])
    today = world.as_of[:10]
    is_open = [stage for stage in found if stage["opens"] <= today]
    coming = [stage for stage in found if stage["opens"] > today]
    site.page("stages/index.html", "stages.html", title="Stages", stages=coming[:NEXT] + is_open[:NEXT])
    site.page("stages/stages.ics", "stages.ics", stages=coming)
    for name, rows in (("open", is_open), ("coming", coming)):
        for number, some in enumerate(chunks(rows, LIST), 1):
            folder = f"stages/{name}/{number}" if number > 1 else f"stages/{name}"
            site.page(f"{folder}/index.html", "stages.html", title=f"Stages, {name}", stages=some)


def sources(site: Site, world: World) -> None:
    """Write what the sources answered, and of each store where its money belongs."""
    run, chart = world.runs[-1], site_charts.missing_days(world)
    site.chart("health", chart)
    site.page("health/index.html", "health.html", run=run, chart=chart)
    site.json("status.json", {"as_of": world.as_of, "sources": run["asked"]})
    stores: defaultdict[str, list[Row]] = defaultdict(list)
    for record in world.attributed:
        stores[record["source"]].append(record)
    names = [asked["source"] for asked in run["asked"] if asked["source"].startswith("btcpay")]
    site.page("sources/index.html", "sources.html", names=names)
    slugs = {project["id"]: project["slug"] for project in world.projects}
    for name in names:
        path = f"sources/{name}/index.html"
        site.page(path, "store.html", name=name, rows=stores[name], slugs=slugs)
