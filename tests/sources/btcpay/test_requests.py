"""A payment request that no invoice shows is asked for: a mistyped id is no request that nobody paid."""

from pathlib import Path

import httpx
import pytest

from tests.support.small_store import (
    BILL,
    FUND,
    NO_REQUEST,
    REFUSED,
    SECOND,
    STORE,
    TILL,
    SmallStore,
    look,
)

A_BILL = {"source": "pay", "payment_request": BILL}
MARKED = {"orderId": f"PAY_REQUEST_{BILL}", "paymentRequestId": BILL}


def bill(shop: SmallStore, *payments: str, place: str = STORE, status: str = "Settled") -> None:
    shop.paid(*payments, metadata=MARKED, terms=(f"PAY_REQUEST_{BILL}",), place=place, status=status)


def refusing() -> SmallStore:
    return SmallStore(bent={"/payment-requests/": lambda _: httpx.Response(403, json=REFUSED)})


def test_a_request_that_nobody_paid_is_zero_and_a_mistyped_one_is_unknown(tmp_path: Path) -> None:
    shop = SmallStore()
    assert look(tmp_path, {"pay": shop}, {"a": A_BILL}).figures["a/raised"] == (0, "exact")
    shop.requests.clear()
    for day in (1, 2):
        seen = look(tmp_path, {"pay": shop}, {"a": A_BILL}, days=day)
        assert seen.figures["a/raised"] == (None, "unknown")
        assert "are source and id right in config.yaml?" in seen.said
        assert "there is no payment request with this id" in seen.said
    bill(shop, "0.01")
    assert look(tmp_path, {"pay": shop}, {"a": A_BILL}, days=3).figures["a/raised"] == (1_000_000, "exact")


def test_a_key_that_may_not_see_requests_says_so_until_an_invoice_shows_one(tmp_path: Path) -> None:
    shop = refusing()
    seen = look(tmp_path, {"pay": shop}, {"a": A_BILL})
    assert seen.figures["a/raised"] == (None, "unknown")
    assert "it lacks btcpay.store.canviewpaymentrequests" in seen.said
    bill(shop, status="New")
    seen = look(tmp_path, {"pay": shop}, {"a": A_BILL}, days=1, full=True)
    assert seen.figures["a/raised"] == (0, "exact")


@pytest.mark.parametrize("place", [STORE, SECOND])
def test_a_request_is_of_any_listed_store(tmp_path: Path, place: str) -> None:
    shop = refusing()
    shop.invoices[SECOND] = []
    bill(shop, "0.01", place=place)
    seen = look(tmp_path, {"pay": shop}, {"a": A_BILL})
    assert seen.figures["a/raised"] == (1_000_000, "exact")
    assert "are source and id right" not in seen.said


@pytest.mark.parametrize("binding", [{"pos": TILL}, {"app": FUND}], ids=["pos", "app"])
def test_an_app_that_is_not_found_by_any_code_is_unknown(tmp_path: Path, binding: dict[str, str]) -> None:
    shop = SmallStore(bent={"/apps/": lambda _: httpx.Response(404, json=NO_REQUEST | {"code": "not-found"})})
    seen = look(tmp_path, {"pay": shop}, {"a": {"source": "pay"} | binding})
    assert seen.figures["a/raised"] == (None, "unknown")
