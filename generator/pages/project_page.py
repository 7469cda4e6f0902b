"""One project's page: figures, charts, stages, notes, its own words, and where everything comes from."""

from collections.abc import Sequence
from datetime import date, datetime

from generator.charts import flow, funding, inflow, rails, stage_claims, worth
from generator.charts.chart import Chart
from generator.ledger import Status
from generator.pages import changes_page
from generator.pages.page import Page
from generator.pages.portfolio_page import declared, meter
from generator.pages.state_marks import STANDINGS, contradicted, evidence, freshness
from generator.report.figures.headline import transaction_of
from generator.report.figures.own_number import COUNTED, DIFFERENCE, REASONS
from generator.report.model import Figure, ProjectReport, Report, Standing
from generator.wording import Words, day_text, days_text

#: A project page has charts from this many confirmed entries on.
LEAST_ENTRIES = 5
#: Ids of the charts that a page may have.
CHARTS = ("c1", "c2", "c4", "c5", "c7", "c8")
#: Transactions can be looked at here; the networks of a sandbox have no public explorer.
EXPLORERS = {
    "main": "https://mempool.space/tx/",
    "signet": "https://mempool.space/signet/tx/",
    "testnet4": "https://mempool.space/testnet4/tx/",
}
#: Sums of the table, in its order.
SUMS = (
    ("raised", "Raised, confirmed"),
    ("proven", "Of it proven"),
    ("reported_chain", "Of it on chain, block not checked"),
    ("reported_server", "Of it reported by a server"),
    ("pending", "Pending"),
    ("claimed", "Claimed from stages by the founder"),
    ("refunded", "Refunded"),
    ("recovered", "Recovered by investors"),
    ("penalty", "Moved into the penalty time lock"),
    ("released", "Released from the penalty time lock"),
    ("unclassified", "Unclassified spends"),
    ("fee", "Angor fee, paid on top"),
    ("locked", "Balance: locked in stages"),
    ("in_penalty", "Balance: in the penalty time lock"),
    ("with_founder", "Balance: with the founder"),
    ("net", "Raised, less what went back"),
)
KINDS = {
    "invest": "Angor Invest project",
    "fund": "Angor Fund project",
    "subscribe": "Angor Subscribe project",
    "crowdfund": "BTCPay crowdfund",
    "pos": "BTCPay point of sale",
    "request": "BTCPay payment request",
    "store": "BTCPay store",
}


def charts(project: ProjectReport, as_of: datetime, currencies: Sequence[str] = ()) -> list[Chart]:
    """Return the charts of a project, in the order of its page; none below five confirmed entries."""
    confirmed = sum(entry.status is Status.CONFIRMED for entry in project.entries)
    if confirmed < LEAST_ENTRIES:
        return []
    found = (
        funding.of_project(project, as_of),
        inflow.inflow(project, as_of),
        flow.flow(project),
        stage_claims.stages(project, as_of),
        rails.rails(project),
        worth.worth(project, as_of.date(), currencies),
    )
    return [chart for chart in found if chart is not None]


def page(report: Report, project: ProjectReport, drawn: list[Chart]) -> Page:
    """Return the page of one project."""
    states = {source.name: source for source in report.sources}
    speakers = [states[name] for name in project.sources if name in states]
    return Page(
        path=f"p/{project.slug}/index.html",
        template="project.html",
        title=project.title,
        section="projects",
        description="What was raised, where the money is and what can be checked.",
        values={
            "project": project,
            "kind": KINDS.get(project.kind, project.kind),
            "standing": STANDINGS[project.standing],
            "status": status(project, report.as_of),
            "evidence": evidence(project.figures["raised"]),
            "failed": contradicted(project),
            "sources": [(source, freshness(source)) for source in speakers],
            "has_changes": changes_page.has_page(report, project),
            "missing": [name for name in project.sources if name not in states],
            "charts": dict.fromkeys(CHARTS) | {chart.id: chart for chart in drawn},
            "rails": [(rails.name_of(way), way) for way in project.rails],
            "done": meter(project.figures["progress"]),
            "declared": declared(project.figures.values()),
            "sums": SUMS,
            "claims": claims(project),
            "own": own(project),
            "explorer": EXPLORERS.get(report.network, ""),
        },
    )


def own(project: ProjectReport) -> list[tuple[str, Figure | None, Figure]]:
    """Return why BTCPay's own number is not ours: (reason, by how much if that has a value, how often)."""
    figures = project.figures
    return [
        (why, figures.get(f"{DIFFERENCE}@{reason}"), figures[f"{COUNTED}@{reason}"])
        for reason, why in REASONS.items()
        if f"{COUNTED}@{reason}" in figures
    ]


def claims(project: ProjectReport) -> list[tuple[date, str]]:
    """Return day and transaction of each claim, once each."""
    found = {(claim.at.date(), transaction_of(claim)) for row in project.stages for claim in row.claims}
    return sorted(found)


def status(project: ProjectReport, as_of: datetime) -> Words:
    """Return the sentence after a project's state."""
    sentences = {
        Standing.UNKNOWN: "What is missing to judge it is named below.",
        Standing.NO_GOAL: "It asks for no certain sum, so there is no share to state.",
    }
    if project.standing is Standing.UPCOMING and project.starts_at:
        return (f"It opens on {day_text(project.starts_at.date())}.",)
    return (sentences.get(project.standing) or _time_left(project, as_of),)


def _time_left(project: ProjectReport, as_of: datetime) -> str:
    if project.ends_at is None:
        return "It has no last day."
    days = (project.ends_at.date() - as_of.date()).days
    end = day_text(project.ends_at.date())
    return f"It ends on {end}, in {days_text(days)}." if days > 0 else f"It ended on {end}."
