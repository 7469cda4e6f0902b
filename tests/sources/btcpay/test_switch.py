"""Since when every invoice carries the marks of today, and that this never moves later."""

from datetime import UTC, datetime

import pytest

from generator.snapshot import Project
from generator.sources.btcpay.greenfield.wire import Invoice
from generator.sources.btcpay.switch import (
    BY_INVOICE,
    BY_RELEASE,
    BY_UPGRADE,
    BY_VERSION,
    NEVER,
    Switch,
    decided,
    shows_switch,
)
from tests.support.store_invoices import BILL, OLD, OLDEST, TERMS, TODAY, invoice

NOW = datetime(2026, 5, 20, tzinfo=UTC)
RELEASE = int(datetime(2023, 7, 27, tzinfo=UTC).timestamp())
SEEN = Switch(OLD, BY_INVOICE)


@pytest.mark.parametrize(
    ("earliest", "recorded", "version", "switch"),
    [
        (TODAY, None, "2.4.1", Switch(TODAY, BY_INVOICE)),
        (TODAY + 86_399, None, "2.4.1", Switch(TODAY, BY_INVOICE)),
        (TODAY, None, "1.6.0", Switch(TODAY, BY_INVOICE)),
        (None, None, "2.4.1", Switch(RELEASE, BY_RELEASE)),
        (None, None, "1.11.0-rc1", Switch(RELEASE, BY_RELEASE)),
        (None, None, "", Switch(RELEASE, BY_RELEASE)),
        (None, None, "a fork", Switch(RELEASE, BY_RELEASE)),
        (None, None, "1.10.4", Switch(NEVER, BY_VERSION)),
        (None, None, "1.6.12+build", Switch(NEVER, BY_VERSION)),
        (TODAY, SEEN, "", SEEN),
        (OLDEST, SEEN, "", Switch(OLDEST, BY_INVOICE)),
        (None, SEEN, "1.6.0", SEEN),
        (TODAY, Switch(), "", Switch(RELEASE, BY_RELEASE)),
        (None, Switch(NEVER, BY_VERSION), "1.6.0", Switch(NEVER, BY_VERSION)),
        (None, Switch(NEVER, BY_VERSION), "2.4.1", Switch(int(NOW.timestamp()), BY_UPGRADE)),
        (TODAY, Switch(NEVER, BY_VERSION), "2.4.1", Switch(TODAY, BY_INVOICE)),
    ],
)
def test_the_switch(earliest: int | None, recorded: Switch | None, version: str, switch: Switch) -> None:
    assert decided(earliest, recorded, version, NOW) == switch


@pytest.mark.parametrize("switch", [SEEN, Switch(), Switch(NEVER, BY_VERSION)])
def test_a_record_keeps_the_switch(switch: Switch) -> None:
    record = Project(id="p", source="s", kind="pos", switch_at=switch.recorded_at, switch_by=switch.by)
    assert Switch.of(record) == switch
    assert Switch.of(Project(id="p", source="s", kind="pos")) is None
    assert Switch.of(None) is None


@pytest.mark.parametrize(
    ("paid", "kind", "shown"),
    [
        (invoice(orderId="random"), "crowdfund", True),
        (invoice(orderId=TERMS["crowdfund"]), "crowdfund", False),
        (invoice(buyerEmail=TERMS["pos"] + "@x.org"), "pos", False),
        (invoice(OLD, orderId="changed by its owner"), "crowdfund", False),
        (invoice(OLDEST, paymentRequestId=BILL, orderId=TERMS["request"]), "request", True),
        (invoice(OLDEST, orderId=TERMS["request"]), "request", False),
    ],
)
def test_what_shows_the_switch(paid: Invoice, kind: str, *, shown: bool) -> None:
    assert shows_switch(paid, kind, TERMS[kind]) == shown
