"""One project of the report: everything its page states."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, TypeAlias

from generator.report.figures.balance_values import project_balance_values
from generator.report.figures.btcpay_number import btcpay_figures
from generator.report.figures.counts import contribution_figures, declaration_figures, declared_share_figure
from generator.report.figures.currency_values import project_value_figures
from generator.report.figures.figure import Figure, Point
from generator.report.figures.flows import balance_figures, flow_figures, level_figures, net_figure
from generator.report.figures.goal import counted_in_goal, counted_rows, goal_figures
from generator.report.figures.other_coins import other_coin_figures
from generator.report.figures.pace import pace_figures
from generator.report.figures.period_figures import period_figures, raised_by_period
from generator.report.figures.project_context import GoalTerms, ProjectContext
from generator.report.figures.sizes import size_figures
from generator.report.figures.sums import Sums
from generator.report.history.edits import Edit
from generator.report.history.news import project_news
from generator.report.history.restatements import Restatement
from generator.report.joined_projects import JoinedProject
from generator.report.ledger_sums import LedgerSums
from generator.report.model import ProjectReport
from generator.report.project_days import ProjectDays
from generator.report.project_inputs import ProjectInputs
from generator.report.project_notes import project_notes
from generator.report.series.pending_by_month import pending_by_month
from generator.report.series.raised_over_time import (
    inflow_by_week,
    inflow_worth,
    raised_by_day,
    raised_in_period_by_day,
    value_by_day,
)
from generator.report.series.stages import stage_rows
from generator.report.series.subtotals import by_rail
from generator.report.statements.by_month import project_statements
from generator.report.status import project_status
from generator.snapshot import Goal

Maker: TypeAlias = Callable[[ProjectContext], Iterable[Figure]]

#: In order: each maker finds in its context what the ones before it made.
MAKERS: Final[tuple[Maker, ...]] = (
    flow_figures,
    balance_figures,
    net_figure,
    level_figures,
    contribution_figures,
    declaration_figures,
    raised_by_period,
    goal_figures,
    period_figures,
    pace_figures,
    btcpay_figures,
    other_coin_figures,
    declared_share_figure,
    project_value_figures,
    project_balance_values,
    size_figures,
)


def project_report(given: ProjectInputs) -> ProjectReport:
    """Return everything the page of one project states: figures, series, stages, notes and history."""
    terms = given.terms
    project = replace(given.project, named=terms.periods.named(given.project.entries))
    made = _with_figures(
        ProjectContext(
            project=project,
            sums=Sums.of(project.entries),
            terms=terms,
            prices=given.prices.found,
            as_of=given.as_of,
            min_group=given.min_group,
            unread=given.unread,
            goals=tuple(_earlier_goals(given.edits, terms)),
        )
    )
    report = _report(made, given)
    report = replace(report, news=project_news(made, report.stages, given.edits, report.restatements))
    nested = {figure.name: figure for figure in report.nested_figures()}
    return replace(report, figures={**report.figures, **nested})


def _earlier_goals(edits: Iterable[Edit], terms: GoalTerms) -> Iterator[tuple[datetime, Goal | None]]:
    for edit in edits:
        if edit.term == "goal" and edit.source == terms.named_by:
            yield edit.seen_after.at, edit.before if isinstance(edit.before, Goal) else None


def _with_figures(context: ProjectContext) -> ProjectContext:
    """Return the context with every figure of the table; those of series stand in the series."""
    for make in MAKERS:
        made = {figure.name: figure for figure in make(context)}
        context = replace(context, figures={**context.figures, **made})
    return context


def _report(made: ProjectContext, given: ProjectInputs) -> ProjectReport:
    """Join what sources say, the figures made of it, and the series and notes that rest on them."""
    project, terms, figures, raised = made.project, made.terms, made.figures, made.figures["raised"]
    slug, entries = project.slug, project.entries
    rows = () if raised.value is None else entries
    sums = LedgerSums.of(entries, given.prices.found)
    came = () if raised.value is None else sums.days
    funding = raised_by_day(slug, came, raised.bound)
    currency = next(iter(given.prices.found.currencies), "")
    receipts = value_by_day(slug, entries, raised, given.prices.found, currency)
    dates = ProjectDays.of(project, terms, given.changed_at, given.first_seen_at, given.as_of)
    weeks = inflow_by_week(slug, came, dates.weeks_until(terms), raised.bound)
    return ProjectReport(
        **_said(project),
        slug=slug,
        picture=project.picture,
        status=project_status(made, given.as_of),
        goal=terms.goal,
        goal_by=terms.named_by,
        starts_at=terms.starts_at,
        ends_at=terms.ends_at,
        end_known=terms.end_known,
        figures=figures,
        funding=funding,
        goal_funding=_goal_funding(made, funding, receipts),
        terms=terms,
        receipts=receipts,
        rails=by_rail(slug, entries, figures),
        weeks=weeks,
        goal_weeks=inflow_worth(slug, weeks, rows, given.prices.found, terms.goal.currency)
        if terms.goal and terms.goal.currency
        else weeks,
        gaps=given.gaps,
        stages=stage_rows(project),
        entries=entries,
        ledger_sums=sums,
        day_prices=given.prices,
        changed_in=given.project.rows.changed_in,
        declarations=project.declarations,
        other_money=project.other_money,
        findings=project.findings,
        notes=(*project_notes(project, figures, given.labels, given.settings_at), *given.notes),
        **dates._asdict(),
        edits=given.edits,
        restatements=tuple(_restated(given.restatements, figures)),
        statements=project_statements(slug, entries, figures, given.prices.found),
        has_extras=given.has_extras,
        pending_months=pending_by_month(slug, entries, figures["pending"]),
    )


def _said(project: JoinedProject) -> dict[str, Any]:
    """Return what sources and configuration say, as it is."""
    names = ("tagline", "description", "website", "address", "founder_key", "event_id", "founding_txid")
    named, _ = project.deciding(lambda record: bool(record.title))
    records, setting = project.records, project.setting
    return {
        **{name: project.text(name) for name in names},
        "title": (setting and setting.title) or (named.title if named else project.slug),
        "titles": setting.titles if setting else {},
        "kind": project.kind,
        "sources": project.sources,
        "identifier": project.text("identifier") or (setting and setting.angor) or "",
        "expires_at": next((record.expires_at for record in records if record.expires_at), None),
        "penalty_days": next((days for record in records if (days := record.penalty_days) is not None), None),
        "planned": next((record.stages for record in records if record.stages), ()),
    }


def _restated(found: Iterable[Restatement], figures: Mapping[str, Figure]) -> Iterator[Restatement]:
    for restatement in found:
        yield restatement.bounded_as(figures.get(restatement.sum, figures["raised"]))


def _goal_funding(
    made: ProjectContext, funding: tuple[Point, ...], receipts: tuple[Point, ...]
) -> tuple[Point, ...]:
    """Return what the goal is compared with, day by day in its unit; none where that is not told."""
    goal, current, raised = made.terms.goal, made.terms.periods.current, counted_in_goal(made)
    if raised is None or raised.value is None:
        return ()
    rows, first, currency = counted_rows(made), current.name if current else "", goal.currency if goal else ""
    if currency:
        known = not first and made.prices.currencies[:1] == (currency,)
        return receipts if known else value_by_day(made.slug, rows, raised, made.prices, currency, first)
    return raised_in_period_by_day(made.slug, rows, raised.bound, first) if first else funding
