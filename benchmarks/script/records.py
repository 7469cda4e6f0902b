"""The log as a script reads it: what stands of it, the projects with their rows, and sums over them."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

Row = dict[str, Any]
IN: Final = frozenset({"payment", "investment"})
BACK: Final = frozenset({"refund", "recovery"})


@dataclass(frozen=True, slots=True)
class World:
    """All that the pages are made of."""

    title: str
    url: str
    as_of: str
    projects: list[Row]  #: those that raised most first
    entries: list[Row]  #: of all of them, oldest first
    runs: list[Row]
    attributed: list[Row]


def read_world(root: Path) -> World:
    """Read a site's configuration and log."""
    site = yaml.load((root / "config.yaml").read_bytes(), yaml.CSafeLoader)["site"]
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for record in read_log(root / "content/snapshots"):
        found[record["type"]].append(record)
    bindings = {record["id"]: record["project"] for record in found["binding"]}
    add_worth(found["entry"], {rate["day"]: float(rate["price"]) for rate in found["rate"]})
    found["entry"].sort(key=lambda entry: entry["at"])
    entries, findings = by_place(found["entry"]), by_place(found["finding"])
    for project in found["project"]:
        place = project["id"]
        fill(project, bindings.get(place), entries.get(place, []), findings.get(place, []))
    found["project"].sort(key=lambda project: -project["figures"]["raised"])
    runs = sorted(found["run"], key=lambda run: run["at"])
    every = found["entry"]
    return World(
        site["title"], site["base_url"], runs[-1]["at"], found["project"], every, runs, found["attributed"]
    )


def read_log(folder: Path) -> Iterable[Row]:
    """Return the records that stand."""
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
    return standing.values()


def by_place(records: Iterable[Row]) -> dict[str, list[Row]]:
    """Return the records of each project."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for record in records:
        found[record["place"]].append(record)
    return found


def add_worth(entries: Iterable[Row], rates: Mapping[str, float]) -> None:
    """Say of each entry what it was worth when it came, EUR."""
    for entry in entries:
        entry["day"], entry["month"] = entry["at"][:10], entry["at"][:7]
        if parts := entry.get("at_receipt"):
            worth, by = sum(float(part["value"]) for part in parts), "invoice"
        else:
            worth, by = entry["amount_msat"] / 1e11 * rates.get(entry["day"], 0), "day"
        entry["at_receipt_EUR"], entry["rate_by_EUR"] = round(worth, 2), by


def fill(project: Row, bound: str | None, rows: list[Row], findings: list[Row]) -> None:
    """Put all that is known of a project into its record."""
    slug = bound or project["id"].partition(":")[2].replace("/", "-")
    project |= {"slug": slug, "is_listed": bound is not None, "rows": rows, "findings": findings}
    project["name"] = project.get("title") or slug
    project["openings"] = openings_of(rows)
    project["figures"] = figures_of(project, rows)
    project["last"] = rows[-1]["day"] if rows else project.get("starts_at", "")[:10]
    for row in rows:
        row["project"] = slug


def figures_of(project: Row, entries: Sequence[Row]) -> Row:
    """Sum what a project raised, received, holds and gave back."""
    sums: defaultdict[str, int] = defaultdict(int)
    for entry in entries:
        sums[entry["kind"]] += entry["amount_msat"]
    raised = sums["payment"] + sums["investment"]
    goal = project.get("goal", {}).get("amount_msat")
    return {
        "raised": raised,
        "received": sums["payment"] + sums["claim"] - sums["refund"],
        "locked": sums["investment"] - sums["claim"] - sums["recovery"] - sums["penalty"],
        "claimed": sums["claim"],
        "recovered": sums["recovery"],
        "fees": sums["fee"],
        "goal": goal,
        "percent": raised * 100 / goal if goal else None,
        "backers": len({entry["party"] for entry in entries if entry.get("party")}),
        "rows": len(entries),
        "worth_EUR": round(sum(entry["at_receipt_EUR"] for entry in entries if entry["kind"] in IN), 2),
    }


def openings_of(entries: Iterable[Row]) -> list[Row]:
    """Return what was put into each stage, claimed and taken back, by the day it opens."""
    found: dict[str, Row] = {}
    for entry in entries:
        if opens := entry.get("opens_at"):
            stage = found.setdefault(
                opens[:10], {"opens": opens[:10], "funded": 0, "claimed": 0, "left": 0, "first": None}
            )
            if entry["kind"] == "claim":
                stage["first"] = stage["first"] or entry["day"]
            name = {"investment": "funded", "claim": "claimed"}.get(entry["kind"], "left")
            stage[name] += entry["amount_msat"]
    for stage in found.values():
        stage["locked"] = stage["funded"] - stage["claimed"] - stage["left"]
    return [found[day] for day in sorted(found)]


def statements_of(entries: Iterable[Row]) -> list[Row]:
    """Return opening, in, out and closing of each month with rows."""
    months: dict[str, Row] = {}
    for entry in entries:
        month = months.setdefault(entry["month"], {"received_msat": 0, "returned_msat": 0, "worth": 0.0})
        if entry["kind"] in IN:
            month["received_msat"] += entry["amount_msat"]
            month["worth"] += entry["at_receipt_EUR"]
        elif entry["kind"] in BACK:
            month["returned_msat"] += entry["amount_msat"]
    found, closing = [], 0
    for name, month in months.items():
        opening, closing = closing, closing + month["received_msat"] - month["returned_msat"]
        worth = round(month.pop("worth"), 2)
        found.append(
            {"month": name, "opening_msat": opening, "closing_msat": closing, "worth_EUR": worth, **month}
        )
    return found
