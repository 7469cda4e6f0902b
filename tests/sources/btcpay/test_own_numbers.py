"""BTCPay's own number: whatever an invoice is, it is ours plus the reasons why it is not."""

from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import BTCPayBinding, ProjectConfig
from generator.report.figures.btcpay_number import btcpay_figures
from generator.report.figures.project_context import ProjectContext, goal_terms
from generator.report.figures.sums import Sums
from generator.report.joined_projects import JoinedProject
from generator.report.prices import Prices
from generator.report.project_rows import ProjectRows
from generator.snapshot import OwnNumber, Project
from generator.sources.btcpay.crowdfund import last_reset
from generator.sources.btcpay.greenfield.wire import Crowdfund, Invoice, Method, Payment
from generator.sources.btcpay.own_numbers import OwnNumbers
from generator.sources.btcpay.state_table import ADDITIONAL_STATUSES, INVOICE_STATUSES, PAYMENT_STATUSES
from generator.sources.btcpay.store_place import StorePlace

START = int(datetime(2026, 5, 1, tzinfo=UTC).timestamp())
BINDING = BTCPayBinding(source="pay", app="A")
BOUND = ProjectConfig(slug="p", btcpay=(BINDING,))

PAYMENTS = st.builds(
    Payment,
    id=st.text("abc", min_size=8, max_size=8),
    received_date=st.sampled_from([START + 60, START + 900, START + 901]),
    value=st.sampled_from(["0.001", "0.00000000001", "junk", "0"]),
    status=st.sampled_from([*PAYMENT_STATUSES, "Vanished"]),
    fee=st.sampled_from(["0", "0.0000025", "junk"]),
)
METHODS = st.builds(
    Method,
    payment_method_id=st.sampled_from(["BTC-CHAIN", "BTC-LN", "XMR-CHAIN"]),
    currency=st.sampled_from(["BTC", "XMR"]),
    rate=st.sampled_from(["57950.20", "100000000", None]),
    payments=st.lists(PAYMENTS, max_size=2).map(tuple),
)
INVOICES = st.builds(
    Invoice,
    id=st.text("xyz", min_size=9, max_size=9),
    status=st.sampled_from([*INVOICE_STATUSES, "Sealed"]),
    additional_status=st.sampled_from(ADDITIONAL_STATUSES),
    created_time=st.sampled_from([START, START - 40 * 86_400, START + 40 * 86_400]),
    expiration_time=st.just(START + 900),
    currency=st.sampled_from(["EUR", "eur", "SATS", "USD"]),
    amount=st.sampled_from(["40.00", "0", "junk"]),
    payment_methods=st.lists(METHODS, max_size=3).map(tuple),
)


def bound(currency: str, *, cap: bool = False, since: int | None = None) -> StorePlace:
    app = Crowdfund(id="A", store_id="S", target_currency=currency, enforce_target_amount=cap)
    period = datetime.fromtimestamp(since, UTC) if since else None
    return StorePlace(place="p", kind="crowdfund", crowdfund=app, period_at=period)


def numbers(project: StorePlace, *invoices: Invoice) -> list[OwnNumber]:
    found = OwnNumbers()
    found.take(project, invoices)
    return list(found.records("btcpay-pay"))


@given(
    st.lists(INVOICES, max_size=6),
    st.sampled_from(["EUR", "SATS"]),
    st.booleans(),
    st.sampled_from([None, START - 86_400, START + 86_400]),
)
def test_their_number_is_ours_and_the_reasons(
    invoices: list[Invoice],
    currency: str,
    cap: bool,  # noqa: FBT001 -- drawn
    since: int | None,
) -> None:
    found = numbers(bound(currency, cap=cap, since=since), *invoices)  # a record refuses what does not add up
    assert len({number.created_month for number in found}) == len(found)
    for number in found:
        parts = [number.counted, *(part.value for part in number.differences)]
        assert Fraction(number.raised) == sum(map(Fraction, parts))


def invoice(*payments: Payment, rail: str = "BTC-CHAIN", **fields: object) -> Invoice:
    plain: dict[str, object] = {
        "id": "i",
        "status": "Settled",
        "additional_status": "None",
        "created_time": START,
        "expiration_time": START + 900,
        "currency": "EUR",
    }
    rate = "100000000" if fields.get("currency") == "SATS" else "50000"
    method = Method(payment_method_id=rail, currency=rail.partition("-")[0], rate=rate, payments=payments)
    return Invoice(payment_methods=(method,), **(plain | fields))  # type: ignore[arg-type]


def paid(value: str = "0.001", *, late: bool = False, status: str = "Settled", fee: str = "0") -> Payment:
    return Payment(id="x", received_date=START + (901 if late else 1), value=value, status=status, fee=fee)


def at_expiry() -> Payment:
    """Return a payment of the last second that is in time."""
    return Payment(id="x", received_date=START + 900, value="0.001", status="Settled")


@pytest.mark.parametrize(
    ("project", "sent", "raised", "reasons"),
    [
        (bound("EUR"), invoice(paid()), "50", {}),
        (bound("BTC"), invoice(paid()), "0", {"currency": "-0.001"}),
        (bound("EUR"), invoice(paid(fee="0.0001")), "45", {}),
        (bound("EUR"), invoice(paid(late=True), status="Expired"), "0", {"late": "-50"}),
        (bound("EUR"), invoice(at_expiry(), status="Expired"), "50", {}),
        (bound("EUR"), invoice(paid(late=True), additional_status="Marked"), "50", {}),
        (bound("EUR"), invoice(additional_status="Marked", amount="40"), "40", {"declared": "40"}),
        (
            bound("EUR"),
            invoice(paid(status="Invalid"), additional_status="Marked", amount="40"),
            "40",
            {"declared": "40"},
        ),
        (bound("EUR"), invoice(paid(), currency="USD"), "0", {"currency": "0"}),
        (bound("EUR"), invoice(paid(), rail="XMR-CHAIN"), "50", {"coin": "50"}),
        (bound("EUR"), invoice(paid(), status="Invalid", additional_status="Marked"), "0", {}),
        (bound("EUR", cap=True), invoice(paid(), status="New"), "0", {"cap": "-50"}),
        (bound("EUR", since=START + 1), invoice(paid()), "0", {"period": "-50"}),
        (bound("EUR", since=START), invoice(paid()), "50", {}),
        (bound("SATS"), invoice(paid(fee="0.0001"), currency="SATS"), "90000", {"fee": "-10000"}),
        (bound("EUR"), invoice(paid(), status="Sealed"), "50", {"other": "50"}),
        (bound("EUR"), invoice(paid(fee="0.0011")), "-5", {"fee": "-5"}),
    ],
)
def test_each_reason(project: StorePlace, sent: Invoice, raised: str, reasons: dict[str, str]) -> None:
    found = numbers(project, sent)
    shown = {part.reason: part.value for number in found for part in number.differences}
    assert shown == {reason: Decimal(value) for reason, value in reasons.items()}
    assert sum(number.raised for number in found) == Decimal(raised)


def test_a_month_before_the_crowdfund_began_anew_brings_nothing_though_it_is_not_read_again() -> None:
    crowdfund = bound("EUR")
    crowdfund.place = f"btcpay:s/{BINDING.part}"
    [old, new] = numbers(crowdfund, invoice(paid(), created_time=START - 86_400), invoice(paid()))
    record = Project(
        id=crowdfund.place,
        source="btcpay-pay",
        kind="crowdfund",
        period_at=datetime(2026, 5, 1, tzinfo=UTC),
    )
    project = JoinedProject(
        slug="p",
        setting=BOUND,
        expected=("btcpay-pay",),
        records=(record,),
        rows=ProjectRows(),
        declarations=(),
        findings=(),
        own_numbers=(old, new),
    )
    context = ProjectContext(
        project=project,
        sums=Sums.of(()),
        terms=goal_terms(project, now := datetime(2026, 5, 2, tzinfo=UTC)),
        prices=Prices(),
        as_of=now,
    )
    values = {figure.name: figure.value for figure in btcpay_figures(context)}
    assert (values["btcpay_raised"], values["btcpay_counted"]) == ("50", "100")
    assert (values["btcpay_difference@period"], values["btcpay_contributors"]) == ("-50", 1)


@pytest.mark.parametrize(
    ("unit", "every", "now", "since"),
    [
        ("Never", 1, "2026-05-20", None),
        ("Day", 7, "2026-05-20", "2026-05-15"),
        ("Month", 1, "2026-05-20", "2026-05-01"),
        ("Month", 2, "2026-06-20", "2026-05-01"),
        ("Year", 1, "2026-05-20", "2026-05-01"),
        ("Year", 1, "2027-05-02", "2027-05-01"),
        ("Month", 0, "2026-05-20", None),
    ],
)
def test_when_a_crowdfund_began_anew(unit: str, every: int, now: str, since: str | None) -> None:
    app = Crowdfund(id="A", store_id="S", start_date=START, reset_every=unit, reset_every_amount=every)
    found = last_reset(app, datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    assert (found and f"{found:%Y-%m-%d}") == since


@pytest.mark.parametrize(
    ("start", "unit", "now", "since"),
    [  # BTCPay steps from the reset before: a day cut to a month's end stays cut
        ("2026-01-31", "Month", "2026-02-27", "2026-01-31"),
        ("2026-01-31", "Month", "2026-03-29", "2026-03-28"),
        ("2026-01-31", "Month", "2026-12-31", "2026-12-28"),
        ("2025-12-30", "Month", "2026-04-30", "2026-04-28"),
        ("2024-02-29", "Year", "2028-03-01", "2028-02-28"),
        ("2026-06-01", "Month", "2026-05-20", "2026-06-01"),  # it has not begun: nothing counts yet
    ],
)
def test_a_period_is_stepped_from_the_one_before(start: str, unit: str, now: str, since: str) -> None:
    begun = int(datetime.fromisoformat(f"{start}T00:00:00+00:00").timestamp())
    app = Crowdfund(id="A", store_id="S", start_date=begun, reset_every=unit, reset_every_amount=1)
    found = last_reset(app, datetime.fromisoformat(f"{now}T12:00:00+00:00"))
    assert found
    assert f"{found:%Y-%m-%d}" == since
