"""A point of sale that nothing was ever seen of is asked for: a mistyped id is no till that sold nothing."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.small_store import FUND, HOME, REFUSED, SECOND, STORE, TILL, TILL_TERM, SmallStore, look

A_TILL = {"source": "pay", "pos": TILL}


class Asked:
    """Counts the questions for a till, and may answer them itself."""

    def __init__(self, answer: httpx.Response | None = None) -> None:
        self.answer, self.times = answer, 0

    def __call__(self, _: httpx.Request) -> httpx.Response | None:
        self.times += 1
        return self.answer


def test_a_till_that_sold_nothing_is_zero_and_asked_for_once(tmp_path: Path) -> None:
    shop, asked = SmallStore(), Asked()
    shop.bent = {"/apps/pos/": asked}
    assert look(tmp_path, {"pay": shop}, {"a": A_TILL}).figures["a/raised"] == (0, "exact")
    look(tmp_path, {"pay": shop}, {"a": A_TILL}, days=1)
    shop.paid("0.01", page=f"{HOME}/apps/{TILL}/pos", terms=(TILL_TERM,))
    assert look(tmp_path, {"pay": shop}, {"a": A_TILL}, days=2).figures["a/raised"] == (1_000_000, "exact")
    assert asked.times == 1


@pytest.mark.parametrize("wrong", ["2fRB6WX9QybQdoPTLg83HHoVWgvm", FUND], ids=["mistyped", "a crowdfund's"])
def test_a_wrong_id_is_unknown_until_its_till_is_there(tmp_path: Path, wrong: str) -> None:
    shop = SmallStore()
    shop.fund()
    binding = {"source": "pay", "pos": wrong}
    for day in (0, 1):
        seen = look(tmp_path, {"pay": shop}, {"a": binding}, days=day)
        assert seen.figures["a/raised"] == (None, "unknown")
        assert "are source and id right in config.yaml?" in seen.said
    shop.tills[wrong] = STORE
    assert look(tmp_path, {"pay": shop}, {"a": binding}, days=2).figures["a/raised"] == (0, "exact")


def test_a_till_of_a_store_that_is_not_listed_is_unknown(tmp_path: Path) -> None:
    shop = SmallStore(tills={TILL: SECOND})
    seen = look(tmp_path, {"pay": shop}, {"a": A_TILL})
    assert seen.figures["a/raised"] == (None, "unknown")
    assert "is in a store that sources.btcpay does not list" in seen.said


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (lambda: httpx.Response(403, json=REFUSED), (0, "exact")),  # before 2.0.5
        (lambda: httpx.Response(404, text=""), (0, "exact")),  # and before there was the question
        (lambda: httpx.Response(503, text="busy"), (None, "unknown")),
    ],
    ids=["refused", "no route", "busy"],
)
def test_a_server_that_cannot_tell_changes_nothing_and_one_that_is_busy_is_asked_again(
    tmp_path: Path, answer: Callable[[], httpx.Response], raised: tuple[object, str]
) -> None:
    shop = SmallStore()
    shop.bent = {"/apps/pos/": Asked(answer())}
    assert look(tmp_path, {"pay": shop}, {"a": A_TILL}).figures["a/raised"] == raised
    shop.bent = {}
    assert look(tmp_path, {"pay": shop}, {"a": A_TILL}, days=1).figures["a/raised"] == (0, "exact")
