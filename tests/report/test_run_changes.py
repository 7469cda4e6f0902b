"""What a run brought of each source, counted from its lines alone."""

from generator.cli.sources_table import table
from generator.ledger import Kind, Status
from generator.report.health.source_states import SourceState
from generator.report.run_changes import SourceChange, changes_in, changes_of
from generator.snapshot import Line, Outcome, Result, fold
from tests.support.records import ANGOR, PAY, entry, finding, gone, project

FIRST, SECOND = "20260314T120000Z-1", "20260315T120000Z-2"
BEFORE = [entry("a", 5_000), entry("b", 7_000), entry("c", 9_000, kind=Kind.PAYOUT), project()]
NOW = [
    entry("a", 6_000),
    gone(entry("b")),
    entry("d", 1_000),
    entry("e", 4_000, status=Status.PENDING),
    entry("f", 8_000, kind=Kind.REFUND),
    finding("wrong", Result.FAILED),
    finding("right"),
]
BROUGHT = {PAY: SourceChange(rows=5, msat=-5_000), ANGOR: SourceChange(failed=1)}


def test_rows_money_and_contradictions_of_a_run_before_and_after_it_is_recorded() -> None:
    earlier = fold(Line(run=FIRST, record=record) for record in BEFORE)
    assert changes_of(NOW, earlier.records.get) == BROUGHT
    lines = [*(Line(run=FIRST, record=one) for one in BEFORE), *(Line(run=SECOND, record=one) for one in NOW)]
    assert changes_in(fold(lines), SECOND) == BROUGHT
    assert changes_in(fold(lines), "20260316T120000Z-3") == {}


def test_the_table_has_a_row_for_each_source() -> None:
    state = SourceState(
        name=PAY,
        label="BTCPay pay",
        outcome=Outcome.INVALID,
        message="a | b",
        data_at=None,
        age=None,
        stale=True,
        counts={},
    )
    assert (
        table([state], BROUGHT)[2]
        == "| BTCPay pay | invalid | no data yet | 5 | \N{MINUS SIGN}5 sats | 0 | `a \\| b` |"
    )
