"""Every figure by name, with what it means, as the method page shows and the documentation says it."""

from typing import Final

from generator.report import census, store_accounts
from generator.report.figures import (
    balance_values,
    btcpay_number,
    currency_values,
    definitions,
    goal,
    goal_periods,
    other_coins,
    pace,
    period_figures,
    sizes,
    store_payouts,
)
from generator.report.figures.figure import FigureDefinition
from generator.report.history.edits import GOAL_AT_RUN
from generator.report.history.news import MOVED
from generator.report.history.restatements import SUMS_OF_MONTH, VALUE_OF_MONTH
from generator.report.portfolio import network_totals, openings, today_figures
from generator.report.series import pending_by_month, raised_over_time, stages, subtotals
from generator.report.statements import edition, statement

#: One figure each, of a project or of the portfolio.
SINGLE: Final[tuple[FigureDefinition, ...]] = (
    *definitions.HEADLINES,
    definitions.PROVEN_SHARE,
    definitions.DECLARED_SHARE,
    goal.GOAL,
    goal.PROGRESS,
    period_figures.OVER,
    period_figures.REACHED,
    *pace.DEFINITIONS,
    *sizes.DEFINITIONS,
    btcpay_number.RAISED,
    btcpay_number.PENDING,
    btcpay_number.COUNTED_HERE,
    btcpay_number.CONTRIBUTORS,
    *openings.STAKES,
    network_totals.PROJECTS,
    network_totals.READ,
)
#: One figure for each day, week, currency, rail, source …, in the order of the method page.
FAMILIES: Final[tuple[FigureDefinition, ...]] = (
    raised_over_time.RAISED_BY_DAY,
    raised_over_time.RAISED_IN_BY_DAY,
    raised_over_time.INFLOW,
    raised_over_time.INFLOW_WORTH,
    goal_periods.RAISED_IN,
    period_figures.GOAL_OF,
    period_figures.WORTH_IN,
    period_figures.PROGRESS_OF,
    *statement.DEFINITIONS,
    pending_by_month.PENDING_IN,
    stages.FUNDED,
    stages.CLAIMED,
    stages.LEFT,
    btcpay_number.DIFFERENCE,
    btcpay_number.INVOICES,
    stages.LOCKED,
    MOVED,
    currency_values.AT_RECEIPT,
    currency_values.MONTH_RATE,
    currency_values.AT_MONTH_END,
    currency_values.WITHOUT_RATE,
    *balance_values.DEFINITIONS,
    raised_over_time.BY_DAY,
    raised_over_time.IN_BY_DAY,
    VALUE_OF_MONTH,
    census.RAISED_AT_MOST,
    network_totals.ANNOUNCED,
    network_totals.NEW,
    network_totals.OF_TYPE,
    network_totals.RAISED_OF,
    network_totals.LOCKED_OF,
    *sizes.FAMILIES,
    subtotals.RAIL,
    subtotals.RAIL_COUNT,
    subtotals.SOURCE,
    subtotals.SOURCE_COUNT,
    subtotals.SOURCE_BY_DAY,
    store_accounts.SETTLED,
    store_accounts.PLACE,
    store_accounts.PLACE_COUNT,
    store_accounts.EXCLUDED,
    store_accounts.SETTLED_COUNT,
    store_accounts.EXCLUDED_COUNT,
    store_payouts.PAID_OUT,
    definitions.DECLARED,
    definitions.KNOWN_SUM,
    *other_coins.DEFINITIONS,
)
#: What moves with the clock or the day's rate: in ``today.json``, on the first page and on Health alone.
OF_TODAY: Final[tuple[FigureDefinition, ...]] = today_figures.DEFINITIONS
#: What earlier runs said; the formula of each names the run.
OF_EARLIER_RUNS: Final[tuple[FigureDefinition, ...]] = (
    GOAL_AT_RUN,
    *SUMS_OF_MONTH.values(),
    *(frozen for name, frozen in edition.FROZEN.items() if name not in SUMS_OF_MONTH),
)
