"""One project's page: figures, charts, stages, notes, its own words, and where everything comes from."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any, Final, TypeAlias

from generator.charts import (
    daily_pace,
    flow,
    funding_over_time,
    inflow,
    periods,
    rails,
    sizes,
    stage_claims,
    value_at_receipt,
)
from generator.charts.chart import Chart
from generator.charts.goal_bar import goal_bar
from generator.ledger import Kind, Status, transaction_of
from generator.money import FIAT
from generator.pages import changes_page, structured_data
from generator.pages.calendar import has_calendar
from generator.pages.contribution_words import contributions
from generator.pages.evidence_sentence import evidence_sentence
from generator.pages.figure_labels import LEVELS, SUMS
from generator.pages.page import Page
from generator.pages.period_words import each_text, period_label, period_sentence
from generator.pages.portfolio_page import declared
from generator.pages.preview import ProjectPreview
from generator.pages.project_picture import picture, why_none
from generator.pages.state_marks import STATUSES, contradicted, source_states
from generator.pages.statements_page import first_day, has_statements
from generator.pages.status_sentence import status_sentence
from generator.pages.ways_to_give import ways_to_give
from generator.report import Figure, ProjectReport, Report, Subtotal
from generator.report.figures.balance_values import AT_MONTH_END, ON_DAYS
from generator.report.figures.bounds import Bound
from generator.report.figures.btcpay_number import DIFFERENCE, INVOICES, REASONS
from generator.report.figures.currency_values import AT_RECEIPT, MONTH_RATE
from generator.report.figures.goal_periods import RAISED_IN
from generator.report.figures.other_coins import CoinRail, coin_rails
from generator.report.figures.period_figures import NO_PERIOD
from generator.report.ledger_rows import row_counts, rows_behind
from generator.sentence import Sentence, Text, say
from generator.wording import value_of

ChartMaker: TypeAlias = Callable[[Report, ProjectReport], Chart | None]

#: Charts of a project by their ids. To add one: write its module, name it here, place it in `project.html`.
CHARTS: Final[dict[str, ChartMaker]] = {
    "c1": funding_over_time.of_project,
    "c2": inflow.chart,
    "c3": daily_pace.chart,
    "c4": flow.chart,
    "c5": stage_claims.chart,
    "c6": sizes.chart,
    "c7": rails.chart,
    "c8": value_at_receipt.chart,
    "r1": periods.chart,
}
#: A project page has charts from this many confirmed entries on.
LEAST_ENTRIES: Final = 5
#: Periods of a goal in the table, the latest; figures.json has all.
MOST_PERIODS: Final = 36
#: Transactions can be looked at here; the networks of a sandbox have no public explorer.
EXPLORERS: Final = {
    "main": "https://mempool.space/tx/",
    "signet": "https://mempool.space/signet/tx/",
    "testnet4": "https://mempool.space/testnet4/tx/",
}
#: Sums at the head of the page.
HEADS: Final = ("raised", "locked", "with_founder", "returned", "pending")
#: Codes of other coins that say too little.
COINS: Final = {"LBTC": say("Liquid bitcoin (L-BTC)"), "XXX": say("unknown coin")}
#: What money in other coins is called.
COIN_KINDS: Final = {
    Kind.PAYMENT: say("paid in"),
    Kind.REFUND: say("went back"),
    Kind.PAYOUT: say("paid out"),
}
KINDS: Final = {
    "invest": say("Angor Invest project"),
    "fund": say("Angor Fund project"),
    "subscribe": say("Angor Subscribe project"),
    "crowdfund": say("BTCPay crowdfund"),
    "pos": say("BTCPay point of sale"),
    "request": say("BTCPay payment request"),
    "store": say("BTCPay store"),
}


def charts(report: Report, project: ProjectReport) -> dict[str, Chart | None]:
    """Return the charts of a project by id; none below five confirmed entries."""
    confirmed = sum(entry.status is Status.CONFIRMED for entry in project.entries)
    if confirmed < LEAST_ENTRIES:
        return dict.fromkeys(CHARTS)
    return {name: draw(report, project) for name, draw in CHARTS.items()}


def pages(report: Report, project: ProjectReport) -> Iterator[Page]:
    """Yield the page of one project."""
    drawn = charts(report, project)
    yield Page(
        path=f"p/{project.slug}/index.html",
        template="project.html",
        title=project.title,
        section="projects",
        description=ProjectPreview.of(report, project).summary,
        structured=structured_data.of_project(report, project) if project.has_extras else {},
        values={
            **_states(report, project),
            "project": project,
            "picture": picture(project),
            "no_picture": why_none(project),
            "kind": KINDS.get(project.kind, project.kind),
            "has_calendar": has_calendar(project),
            "has_statements": has_statements(project),
            "has_changes": changes_page.has_page(report, project),
            "charts": drawn,
            "bar": goal_bar(project),
            "ways": ways_to_give(report, project),
            "rails": [(rails.label(rail), rail, _part_of_raised(project, rail)) for rail in project.rails],
            "coins": coins(project),
            "coin_kinds": COIN_KINDS,
            "worths": worths(report, project),
            "at_month_end": say("at the rate of {month_end}", month_end=report.prices.month_end),
            "row_counts": rows_behind(project.ledger_sums.behind, [project.figures[name] for name in HEADS]),
            "declared": declared(project.figures.values()),
            **_contributions(report, project),
            "sums": SUMS,
            "levels": LEVELS,
            "nothing_moved": nothing_moved(project),
            "claims": claims(project),
            "own": own(project),
            "payers": [
                account.state.name
                for account in report.stores
                if account.paid_out.value and account.state.name in project.sources
            ],
            **_periods(project),
            "month_end_rates": [
                (currency, report.figures[MONTH_RATE.name_of(currency)])
                for currency in report.prices.currencies
            ],
            "explorer": EXPLORERS.get(report.network, ""),
        },
        charts=tuple(chart for chart in drawn.values() if chart),
        folder=f"p/{project.slug}",
    )


def _part_of_raised(project: ProjectReport, rail: Subtotal) -> str:
    """Return the width of a rail's bar, percent."""
    part = 100 * 100 * value_of(rail.raised) // (value_of(project.figures["raised"]) or 1)
    return f"{part // 100}.{part % 100:02d}"


def nothing_moved(project: ProjectReport) -> bool:
    """Tell whether every sum is known to be zero."""
    sums = [project.figures[name] for name, _ in SUMS]
    return all(figure.value == 0 and figure.bound is Bound.EXACT for figure in sums)


def _contributions(report: Report, project: ProjectReport) -> dict[str, Any]:
    """Return what is said of contributions, and the project's row of the census while it is not read."""
    unread = next((row for row in report.census.unread if row.slug == project.slug), None)
    figures = project.figures
    said = contributions(figures["contributions"], figures["investor_keys"], unread)
    return {"unread": unread, "contributions": said}


def _states(report: Report, project: ProjectReport) -> dict[str, Any]:
    """Return how the project stands, how sure that is, and how fresh its sources are."""
    mark, words = evidence_sentence(project, report.network)
    return {
        "status": STATUSES[project.status],
        "sentence": status_sentence(project, next(iter(report.prices.currencies), "")),
        "evidence": mark,
        "evidence_words": words,
        "edition_day": first_day(report.edition) if report.edition else None,
        "failed": contradicted(project),
        **source_states(report, project),
    }


def worths(report: Report, project: ProjectReport) -> dict[str, Figure | None]:
    """Return what the sums at the head of the page are worth in the first currency; None without one."""
    currency, figures = next(iter(report.prices.currencies), ""), project.figures
    found = {"raised": AT_RECEIPT, "returned": ON_DAYS, **AT_MONTH_END}
    return {name: figures.get(definition.name_of(currency)) for name, definition in found.items()}


def _periods(project: ProjectReport) -> dict[str, Any]:
    """Return what the goal is compared with, and the periods that stand in the table, newest first."""
    every, rule = periods.rows(project), project.terms.periods.rule
    running = every[-1] if project.terms.periods.current else None
    return {
        "counted": running.amount if running else project.figures["raised"],
        "each": each_text(rule) if rule else "",
        "running": running,
        "period_label": period_label(rule, running=running.running) if rule and running else "",
        "running_rows": _rows_of(project, running.period.name) if running else 0,
        "period_sentence": period_sentence(project, every),
        "periods": every[: -MOST_PERIODS - 1 : -1],
        "earlier": max(0, len(every) - MOST_PERIODS),
        "no_period": project.figures.get(RAISED_IN.name_of(NO_PERIOD)),
    }


def _rows_of(project: ProjectReport, period: str) -> int:
    """Return how many rows of the ledger make what was raised in a period."""
    raised = project.figures["raised"]
    counts = row_counts(entry for entry in project.entries if entry.period == period)
    return rows_behind(counts, [raised])[raised.name]


def own(project: ProjectReport) -> list[tuple[Sentence, Figure | None, Figure]]:
    """Return why BTCPay's own number is not ours: (reason, by how much if that has a value, how often)."""
    figures = project.figures
    return [
        (why, figures.get(DIFFERENCE.name_of(reason)), figures[INVOICES.name_of(reason)])
        for reason, why in REASONS.items()
        if INVOICES.name_of(reason) in figures
    ]


def coins(project: ProjectReport) -> list[tuple[Text, Text, CoinRail]]:
    """Return what came and left in other coins: name of the coin, name of the rail, figures."""
    return [
        (
            COINS.get(found.coin, found.coin),
            say("Fiat ({rail})", rail=found.rail) if found.coin in FIAT else found.rail,
            found,
        )
        for found in coin_rails(project.figures.values())
    ]


def claims(project: ProjectReport) -> list[tuple[date, str]]:
    """Return day and transaction of each claim, once each."""
    found = {(claim.at.date(), transaction_of(claim)) for row in project.stages for claim in row.claims}
    return sorted(found)
