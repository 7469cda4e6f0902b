"""Villages for the report's tests: an empty one, new ones, and one where everything happened once."""

from collections.abc import Callable

import pytest

from generator.ledger import Status
from tests.support.village import SHOP, WELL, Village, moment


@pytest.fixture
def village() -> Village:
    """Return an empty village: nothing observed, no run."""
    return Village()


@pytest.fixture(scope="session")
def fresh() -> Callable[[], Village]:
    """Return what makes empty villages, for tests that need a new one for each example."""
    return Village


@pytest.fixture
def full() -> Village:
    """Return a village whose two projects did everything once; amounts are sums of distinct powers of two.

    So a figure that forgets, doubles or swaps any entry has another value.
    """
    it = Village()
    it.says("well", "angor", title="The well", kind="invest", identifier=WELL, network="regtest")
    it.says("well", SHOP, kind="crowdfund", title="Well at the shop")
    it.says("bread", SHOP)
    first = {"party": "02" + "a" * 64, "opens_at": moment("2025-03-01"), "stage": 1, "height": 100}
    second = {**first, "opens_at": moment("2025-04-01"), "stage": 2}
    it.entry("well", "fee", 1, "2025-01-06T10:00", id="inv1:0", height=100)
    it.entry("well", "investment", 2, "2025-01-06T10:00", id="inv1:2", **first)
    it.entry("well", "investment", 4, "2025-01-06T10:00", id="inv1:3", **second)
    it.entry("well", "investment", 8, "2025-01-07T23:59", id="inv2:2", **{**first, "party": "03" + "b" * 64})
    it.entry(
        "well", "investment", 16, "2025-01-07T23:59", id="inv2:3", **{**second, "party": "03" + "b" * 64}
    )
    it.entry("well", "investment", 32, "2025-01-20T00:00", id="inv3:2", **first)
    it.entry("well", "investment", 64, "2025-01-20T00:00", id="inv3:3", **second)
    it.entry("well", "investment", 128, "2025-01-21", id="inv4:2", status=Status.PENDING, **first)
    it.entry("well", "claim", 2, "2025-03-02", spends="inv1:2", **first)
    it.entry("well", "penalty", 8, "2025-03-03", spends="inv2:2", **first)
    it.entry("well", "penalty", 16, "2025-03-03", spends="inv2:3", **second)
    it.entry("well", "release", 16, "2025-03-20", spends="penalty2:0")
    it.entry("well", "recovery", 32, "2025-03-21", spends="inv3:2", **first)
    it.entry("well", "unclassified", 64, "2025-03-22", spends="inv3:3", **second)
    it.entry("well", "payment", 256, "2025-01-08", count=3, rail="BTC-CHAIN", group="on_time")
    it.entry("well", "payment", 512, "2025-01-09", status=Status.PENDING)
    it.entry("well", "payment", 1024, "2025-01-09", status=Status.EXCLUDED, reason="marked invalid")
    it.entry("well", "refund", 2048, "2025-02-09")
    it.entry("bread", "payment", 4096, "2025-01-07", rail="BTC-LN")
    it.entry("bread", "payment", 8192, "2025-02-05", count=2)
    it.declares("well", "40", "EUR", "2025-01-10")
    it.declares("bread", "12.50", "EUR", "2025-01-11", count=2)
    it.declares("bread", "7", "USD", "2025-01-11")
    it.run("2025-02-10T12:00")
    return it
