"""Charts of all projects by pyplot: pace, sources, new projects, missing days and what is proven."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from itertools import accumulate
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from benchmarks.script.charts import Chart, chart, finished
from benchmarks.script.records import IN, World

Row = dict[str, Any]


def pace(projects: Sequence[Row], as_of: str) -> Chart:
    """Draw the share of the goal over time of eight projects with a last day, those furthest behind first."""
    found = [project for project in projects if project["figures"]["goal"]]
    found.sort(key=lambda project: project["figures"]["percent"])
    shown = [project for project in found if project.get("ends_at", "") > as_of] or found
    figure, axes = plt.subplots(2, 4, sharex=True, sharey=True, figsize=(7.0, 3.1))
    for project, axis in zip(shown, axes.flat, strict=False):
        came = [entry for entry in project["rows"] if entry["kind"] in IN]
        heights = accumulate(entry["amount_msat"] * 100 / project["figures"]["goal"] for entry in came)
        axis.step([date.fromisoformat(entry["day"]) for entry in came], list(heights), where="post")
        axis.set_title(project["name"][:16], fontsize="small", parse_math=False)
    rows = [(project["slug"], round(project["figures"]["percent"], 2)) for project in found]
    return finished(figure, "p1", "Pace of each project towards its goal", ("project", "percent"), rows)


def by_source(entries: Sequence[Row]) -> Chart:
    """Draw what came through each source, stacked."""
    sums: defaultdict[str, Counter[Any]] = defaultdict(Counter)
    for entry in entries:
        if entry["kind"] in IN:
            sums[entry["source"]][date.fromisoformat(entry["day"])] += entry["amount_msat"]
    days = sorted(set().union(*sums.values()))
    total = {source: list(accumulate(by_day[day] for day in days)) for source, by_day in sums.items()}

    def draw(axes: Axes) -> None:
        axes.stackplot(days, *total.values(), labels=list(total))
        axes.legend()

    rows = list(zip(days, *total.values(), strict=True))
    return chart("p2", "Funding by source", ("day", *total), rows, draw)


def new_projects(projects: Sequence[Row]) -> Chart:
    """Draw how many projects began each month."""
    found = sorted(Counter(project.get("starts_at", "")[:7] for project in projects).items())

    def draw(axes: Axes) -> None:
        axes.bar([month for month, _ in found], [count for _, count in found])
        axes.tick_params(axis="x", rotation=45)

    return chart("n1", "New projects", ("month", "projects"), found, draw)


def missing_days(world: World) -> Chart:
    """Draw on which of the last 90 days each source answered."""
    last = date.fromisoformat(world.as_of[:10])
    answered: defaultdict[str, set[int]] = defaultdict(set)
    for run in world.runs[-100:]:
        before = (last - date.fromisoformat(run["at"][:10])).days
        for asked in run["asked"] if before < 90 else ():
            if asked["outcome"] == "ok":
                answered[asked["source"]].add(before)

    def draw(axes: Axes) -> None:
        first = last - timedelta(90)
        axes.imshow([[90 - day in days for day in range(90)] for days in answered.values()], aspect="auto")
        axes.set_yticks(range(len(answered)), list(answered))
        axes.set_xlabel(f"90 days from {first}")

    rows = [(source, len(days), 90 - len(days)) for source, days in answered.items()]
    return chart("h1", "Days on which our sources answered", ("source", "answered", "missing"), rows, draw)


def proven(entries: Sequence[Row]) -> Chart:
    """Draw how much of what was raised is proven."""
    sums = Counter[str]()
    for entry in entries:
        if entry["kind"] in IN:
            sums[entry.get("verification", "reported")] += entry["amount_msat"]

    def draw(axes: Axes) -> None:
        left = 0
        for level, value in sums.items():
            axes.barh([0], [value], left=left, label=level)
            left += value
        axes.legend()

    return chart("v1", "What was raised, by how far it is verified", ("level", "msat"), [*sums.items()], draw)
