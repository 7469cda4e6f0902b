"""Where the money of one invoice belongs: spellings of pages, rules A1 to A8, ranks, and forged texts."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.sources.btcpay.attribution import Attribution, Claimant, InvoiceVerdict, Tie
from generator.sources.btcpay.digest_set import digest_of
from generator.sources.btcpay.greenfield.wire import Invoice, Method
from generator.sources.btcpay.order_pages import NO_PAGE, OrderPage, PageKind, page_at
from tests.support.store_invoices import BILL, FUND, HOME, OLD, OLDEST, PUT, TERMS, TILL, TODAY, invoice


def claimants(*listed: str, **fields: Any) -> list[Claimant]:  # noqa: ANN401 -- any field of a claimant
    """Return one of each kind; the invoice ``i`` is listed under the terms of the kinds `listed`."""
    ids = frozenset({digest_of("i")})
    return [
        Claimant(kind=kind, id=name, place=kind, listed=ids if kind in listed else frozenset(), **fields)
        for kind, name in PUT
    ]


def judged(paid: Invoice, *listed: str, **fields: Any) -> tuple[str, Tie]:  # noqa: ANN401 -- any field of a claimant
    """Return the place that has an invoice, and how: ``rest``, or ``?`` and its candidates."""
    verdict = Attribution(claimants(*listed, **fields)).verdict(paid)
    return place(verdict), verdict.how


def place(verdict: InvoiceVerdict) -> str:
    if verdict.owner:
        return verdict.owner
    return "?" + " ".join(verdict.candidates) if verdict.candidates else "rest"


VIEWS = ("static", "cart", "light", "print", "Static", "CART", "0", "1", "2", "3")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        *((f"{HOME}/apps/A1/pos/{view}", OrderPage(PageKind.POS, "A1")) for view in VIEWS),
        (f"{HOME}/apps/A1/pos", OrderPage(PageKind.POS, "A1")),
        (f"{HOME}/Apps/A1/POS", OrderPage(PageKind.POS, "A1")),
        (f"{HOME}/apps/A1/pos/", OrderPage(PageKind.POS, "A1", slash=True)),
        (f"{HOME}/apps/A1/pos?x=1#top", OrderPage(PageKind.POS, "A1")),
        (f"{HOME}/apps/A1/pos/4", OrderPage(PageKind.OTHER)),
        (f"{HOME}/apps/A1/pos/cart/2", OrderPage(PageKind.OTHER)),
        (f"{HOME}/apps/A1/crowdfund", OrderPage(PageKind.CROWDFUND, "A1")),
        (f"{HOME}/btcpay/apps/A1/crowdfund/", OrderPage(PageKind.CROWDFUND, "A1", slash=True)),
        ("http://x.onion/APPS/A1/Crowdfund?lang=de#top", OrderPage(PageKind.CROWDFUND, "A1")),
        ("/apps/A1/crowdfund", OrderPage(PageKind.CROWDFUND, "A1")),
        (f"{HOME}/apps/B1/pos/apps/A1/crowdfund", OrderPage(PageKind.CROWDFUND, "A1")),
        (f"{HOME}/apps/A1/crowdfund/form", OrderPage(PageKind.OTHER)),
        (f"{HOME}/?page=/apps/A1/crowdfund", OrderPage(PageKind.ROOT)),
        (f"{HOME}/BTC/UILNURL/pay/app/A1/tea", OrderPage(PageKind.LNURL, "A1")),
        (f"{HOME}/BTC/uilnurl/pay/app/A1", OrderPage(PageKind.LNURL, "A1")),
        (f"{HOME}/btcpay/BTC/lnurl/pay/app/A1/two%20teas", OrderPage(PageKind.LNURL, "A1")),
        (f"{HOME}/BTC/lnurl/pay/i/A1", OrderPage(PageKind.OTHER)),
        (f"{HOME}/apps/hub?id=xyz", OrderPage(PageKind.HUB)),
        (f"{HOME}/btcpay/Apps/Hub", OrderPage(PageKind.HUB)),
        (HOME, OrderPage(PageKind.ROOT)),
        (f"{HOME}/", OrderPage(PageKind.ROOT)),
        (f"{HOME}/btcpay/", OrderPage(PageKind.ROOT)),
        (f"{HOME}/btcpay", OrderPage(PageKind.ROOT)),
        (f"{HOME}/shop/", OrderPage(PageKind.OTHER)),
        (f"{HOME}/payment-requests/A1", OrderPage(PageKind.OTHER)),
        ("https://shop.example.org/wp-admin/post.php?post=1042", OrderPage(PageKind.OTHER)),
        (f"{HOME}/{'x' * 5000}/apps/A1/pos", OrderPage(PageKind.POS, "A1")),
        (f"{HOME}/{'x' * 5000}/apps/A1", OrderPage(PageKind.OTHER)),
        ("https://[broken/apps/A1/crowdfund", OrderPage(PageKind.CROWDFUND, "A1")),
        ("order 17", NO_PAGE),
        ("", NO_PAGE),
        (" ", NO_PAGE),
        *((other, NO_PAGE) for other in (None, 7, True, ["/apps/A1/crowdfund"], {"a": "/apps/A1/pos"})),
    ],
)
def test_every_spelling_of_a_page(address: object, page: OrderPage) -> None:
    assert page_at(address, "/btcpay") == page


def test_an_id_does_not_ignore_case() -> None:
    assert not page_at(f"{HOME}/apps/a1/pos").names("pos", "A1")
    assert not page_at(f"{HOME}/apps/A1/pos").names("crowdfund", "A1")
    assert page_at(f"{HOME}/BTC/UILNURL/pay/app/A1").names("crowdfund", "A1")


FUND_PAGE, TILL_PAGE = f"{HOME}/apps/{FUND}/crowdfund", f"{HOME}/apps/{TILL}/pos"
SHOP = "https://shop.example.org/orders/1"


@pytest.mark.parametrize(
    ("rule", "paid", "listed", "verdict"),
    [
        ("A1", invoice(orderUrl=FUND_PAGE), ["crowdfund"], ("crowdfund", Tie.PAGE_AND_TERM)),
        ("A1", invoice(orderUrl=TILL_PAGE, orderId="tea"), ["pos"], ("pos", Tie.PAGE_AND_TERM)),
        ("A2", invoice(orderUrl=f"{HOME}/"), ["crowdfund"], ("crowdfund", Tie.TERM)),
        ("A2", invoice(orderId="random"), ["pos"], ("pos", Tie.TERM)),
        ("A3", invoice(OLD, orderId=TERMS["crowdfund"]), ["crowdfund"], ("crowdfund", Tie.ORDER_ID)),
        ("A3", invoice(OLD, orderId=TERMS["pos"]), ["pos"], ("pos", Tie.ORDER_ID)),
        (
            "A3",  # a page that ends in a slash is no weaker than none
            invoice(OLD, orderId=TERMS["crowdfund"], orderUrl=f"{FUND_PAGE}/"),
            ["crowdfund"],
            ("crowdfund", Tie.ORDER_ID),
        ),
        ("A4", invoice(orderId=TERMS["crowdfund"]), ["crowdfund"], ("rest", Tie.NAMED)),
        ("A4", invoice(buyerEmail=TERMS["pos"] + "@x.org"), ["pos"], ("rest", Tie.NAMED)),
        ("A4", invoice(OLD, orderId=TERMS["crowdfund"] + "x"), ["crowdfund"], ("?crowdfund", Tie.DOUBT)),
        ("A5", invoice(orderUrl=SHOP), ["crowdfund", "pos"], ("rest", Tie.NOTHING)),
        ("A5", invoice(OLD, orderUrl=SHOP, orderId=TERMS["pos"]), ["pos"], ("rest", Tie.NOTHING)),
        ("A5", invoice(orderUrl=f"{HOME}/apps/other/pos"), ["pos"], ("rest", Tie.NOTHING)),
        ("A6", invoice(OLD, orderUrl=TILL_PAGE, orderId="tea"), [], ("pos", Tie.PAGE)),
        ("A7", invoice(orderUrl=TILL_PAGE, orderId="tea"), [], ("rest", Tie.NAMED)),
        ("A7", invoice(orderUrl=FUND_PAGE), [], ("rest", Tie.NAMED)),
        ("A8", invoice(OLDEST, back=TILL_PAGE, orderId="tea"), [], ("?pos", Tie.DOUBT)),
        ("request", invoice(paymentRequestId=BILL, orderUrl=SHOP), [], ("request", Tie.REQUEST)),
        ("request", invoice(OLDEST, orderId=TERMS["request"]), [], ("request", Tie.ORDER_ID)),
        ("request", invoice(orderId=TERMS["request"]), [], ("rest", Tie.NAMED)),
        ("request", invoice(OLDEST, orderId=TERMS["request"] + "x"), [], ("rest", Tie.NOTHING)),
        ("request", invoice(paymentRequestId=[BILL]), [], ("rest", Tie.NOTHING)),
        ("request", invoice(paymentRequestId="X", orderId=TERMS["request"]), [], ("rest", Tie.NOTHING)),
    ],
)
def test_the_rules(rule: str, paid: Invoice, listed: list[str], verdict: tuple[str, Tie]) -> None:
    assert judged(paid, *listed) == verdict, rule


def test_an_old_till_counts_by_its_return_page_where_its_owner_says_so() -> None:
    paid = invoice(OLDEST, back=TILL_PAGE + "/cart?x=1", orderId="tea")
    assert judged(paid, old_till=True) == ("pos", Tie.RETURN_PAGE)
    later = msgspec.structs.replace(paid, created_time=OLD)  # BTCPay 1.6.3 writes the page itself
    assert judged(later, old_till=True) == ("?pos", Tie.DOUBT)


class TestRows:
    """The rows of the reference's table of situations that attribution decides, by their number."""

    @pytest.mark.parametrize("page", [f"{HOME}/apps/hub?id=x", None])
    def test_1_an_old_crowdfund(self, page: str | None) -> None:
        paid = invoice(OLD, orderId=TERMS["crowdfund"], orderUrl=page)
        assert judged(paid, "crowdfund") == ("crowdfund", Tie.ORDER_ID)

    @pytest.mark.parametrize("page", [f"/BTC/UILNURL/pay/app/{TILL}/tea", f"/BTC/lnurl/pay/app/{TILL}", None])
    def test_2_a_till_by_lnurl(self, page: str | None) -> None:
        place, _ = judged(invoice(orderId="Ra7dom", orderUrl=page and HOME + page), "pos")
        assert place == "pos"

    @pytest.mark.parametrize("page", ["apps/{}/pos/2", "Apps/{}/POS/Static", "apps/{}/pos?x=1", ""])
    def test_3_pages_of_a_till(self, page: str) -> None:
        assert judged(invoice(orderUrl=f"{HOME}/{page.format(TILL)}"), "pos")[0] == "pos"

    @pytest.mark.parametrize("field", ["orderId", "buyerEmail"])
    def test_4_a_payer_of_a_till_names_a_crowdfund(self, field: str) -> None:
        paid = invoice(orderUrl=TILL_PAGE, **{field: TERMS["crowdfund"]})
        verdict = Attribution(claimants("crowdfund", "pos")).verdict(paid)
        assert (place(verdict), verdict.also, verdict.named) == ("pos", (), ())

    def test_5_a_button_names_a_crowdfund(self) -> None:
        verdict = Attribution(claimants("crowdfund")).verdict(invoice(orderId=TERMS["crowdfund"]))
        assert (place(verdict), verdict.named) == ("rest", ("crowdfund",))

    @pytest.mark.parametrize("at", [TODAY, OLD, OLDEST])
    def test_6_a_payer_of_a_till_names_a_request(self, at: int) -> None:
        assert judged(invoice(at, orderUrl=TILL_PAGE, orderId=TERMS["request"]), "pos")[0] == "pos"

    @pytest.mark.parametrize("at", [TODAY, OLD, OLDEST])
    def test_7_a_sale_beside_a_crowdfund(self, at: int) -> None:
        verdict = Attribution(claimants()[:1]).verdict(invoice(at, orderId="1042"))
        assert verdict == InvoiceVerdict()


MADE_BY_OTHERS: list[dict[str, Any]] = [
    {"orderId": "pos-app_3aaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"orderId": "crowdfund-app_3aaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"orderId": "PAY_REQUEST_3aaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"paymentRequestId": "3aaaaaaaaaaaaaaaaaaaaaaaaaaa"},
    {"posData": {"WooCommerce": {"Order ID": 7}}},
    {"posData": '{"WooCommerce":{"Order ID":7}}'},
    {"back": None},
    {"back": ""},
    {"back": f"{HOME}/apps/3aaaaaaaaaaaaaaaaaaaaaaaaaaa/pos"},
    {"back": FUND_PAGE},
    {"orderUrl": f"{HOME}/apps/hub?id=x"},
    {"orderUrl": SHOP},
]


@pytest.mark.parametrize("fields", MADE_BY_OTHERS)
def test_an_old_sale_that_bears_the_mark_of_another_is_no_tills(fields: dict[str, Any]) -> None:
    assert judged(invoice(OLDEST, **fields)) == ("rest", Tie.NOTHING)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"consumedLightningAddress": "me@pay.example.org"}, "rest"),
        ({"consumedLightningAddress": None}, "?pos"),
        ({"consumedLightningAddress": 7}, "?pos"),
        (["consumedLightningAddress"], "?pos"),
        (None, "?pos"),
    ],
)
def test_a_payment_to_a_lightning_address_is_no_tills(data: object, found: str) -> None:
    method = msgspec.json.decode(msgspec.json.encode({"additionalData": data}), type=Method)
    assert judged(msgspec.structs.replace(invoice(OLDEST), payment_methods=(method,)))[0] == found


@pytest.mark.parametrize(
    "deep", ["[" * 100_000, '{"WooCommerce":' * 5000, '"WooCommerce', '["WooCommerce"]', 7, None]
)
def test_data_of_a_till_may_be_anything(deep: object) -> None:
    assert judged(invoice(OLDEST, posData=deep)) == ("?pos", Tie.DOUBT)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
_TEXTS = st.sampled_from([*TERMS.values(), *(f"{term}-x" for term in TERMS.values()), "tea", BILL])
_PAGES = st.sampled_from([FUND_PAGE, TILL_PAGE, FUND_PAGE + "/", SHOP, f"{HOME}/", f"{HOME}/apps/hub?id=1"])
_INVOICES = st.builds(
    lambda at, back, fields: invoice(at, back=back, **fields),
    st.sampled_from([TODAY, OLD, OLDEST]),
    _PAGES | _ANYTHING,
    st.fixed_dictionaries(
        {},
        optional={
            "orderUrl": _PAGES | _ANYTHING,
            "orderId": _TEXTS | _ANYTHING,
            "buyerEmail": _TEXTS | _ANYTHING,
            "paymentRequestId": _TEXTS | _ANYTHING,
            "posData": _ANYTHING,
        },
    ),
)
_KINDS = st.sets(st.sampled_from([kind for kind, _ in PUT]))


@given(_INVOICES, _KINDS, st.permutations(range(3)), st.booleans())
def test_one_verdict_the_strongest_tie_and_then_the_order_of_the_configuration(
    paid: Invoice,
    listed: set[str],
    order: list[int],
    old_till: bool,  # noqa: FBT001 -- drawn
) -> None:
    every = claimants(*listed, old_till=old_till)
    verdict = Attribution(every).verdict(paid)
    assert bool(verdict.owner) + bool(verdict.candidates) + bool(verdict.named) <= 1
    alone = {found.kind: Attribution([found]).verdict(paid) for found in every}
    counting = [found for found in alone.values() if found.owner]
    if counting:
        ranks = list(Tie)
        strongest = min(ranks.index(found.how) for found in counting)
        assert ranks.index(verdict.how) == strongest
        assert len(verdict.also) == len(counting) - 1
    else:
        doubtful = {kind for kind, found in alone.items() if found.candidates}
        assert set(verdict.candidates) == doubtful
    turned = Attribution([every[number] for number in order]).verdict(paid)
    assert turned.how == verdict.how
    if len({found.how for found in counting}) == len(counting):
        assert turned.owner == verdict.owner


@given(_INVOICES, _KINDS)
def test_nothing_is_doubtful_after_the_switch(paid: Invoice, listed: set[str]) -> None:
    for claimant in claimants(*listed, switch=paid.created_time):
        verdict = Attribution([claimant]).verdict(paid)
        assert not verdict.candidates
        assert verdict.how not in (Tie.ORDER_ID, Tie.PAGE)


@pytest.mark.parametrize("tail", ["/crowdfund/", "/pos/", "/pos/static/"])
@pytest.mark.parametrize("text", ["tea", TERMS["crowdfund"]])
def test_a_till_on_its_own_domain_keeps_its_sale_behind_a_prefix_that_a_payer_wrote(
    tail: str, text: str
) -> None:
    paid = invoice(orderUrl=f"https://till.example.org/apps/{FUND}{tail}", orderId=text)
    assert judged(paid, "pos", *(["crowdfund"] if text != "tea" else [])) == ("pos", Tie.TERM)


@given(_INVOICES)
def test_a_crowdfund_is_doubted_only_where_the_server_lists_it(paid: Invoice) -> None:
    assert not Attribution(claimants()[:1]).verdict(paid).candidates


def test_of_two_equals_the_first_in_the_configuration_counts() -> None:
    first, second = (replace(claimants("pos")[1], place=name) for name in ("first", "second"))
    for former, latter in ((first, second), (second, first)):
        verdict = Attribution([former, latter]).verdict(invoice(orderUrl=TILL_PAGE))
        assert (verdict.owner, verdict.also) == (former.place, (latter.place,))


#: Where a payer of a point of sale that nobody bound, or of a button, can write.
_FIELDS = ("orderId", "buyerEmail")
_WRITTEN = [*TERMS.values(), *(f"{term}@x.org" for term in TERMS.values()), FUND_PAGE, TILL_PAGE]
_UNBOUND = f"{HOME}/apps/3aaaaaaaaaaaaaaaaaaaaaaaaaaa/pos"
_FORGED: list[dict[str, Any]] = [
    *({field: text, "orderUrl": page} for field in _FIELDS for text in _WRITTEN for page in (None, _UNBOUND)),
    *({"back": text} for text in (FUND_PAGE, TILL_PAGE, f"{HOME}/BTC/UILNURL/pay/app/{TILL}")),
    *({"orderUrl": f"https://x.org/apps/{app}{tail}", "orderId": TERMS["crowdfund"]} for app, tail in (
        (FUND, "/crowdfund/"),  # X-Forwarded-Prefix on the domain of an app's own
        (FUND, "/crowdfund/apps/3aaaaaaaaaaaaaaaaaaaaaaaaaaa/pos"),
        (TILL, "/pos/"),
    )),
    {"orderUrl": f"https://{FUND}.org/?apps/{FUND}/crowdfund", "orderId": TERMS["crowdfund"]},
    {"orderUrl": f"{_UNBOUND}?/apps/{FUND}/crowdfund", "orderId": TERMS["crowdfund"]},
    {"orderUrl": f"{_UNBOUND}#/apps/{FUND}/crowdfund", "orderId": TERMS["crowdfund"]},
    {"posData": {"app": FUND, "appId": TILL}, "orderId": TERMS["pos"]},
]  # fmt: skip


@pytest.mark.parametrize("forged", _FORGED)
def test_what_a_payer_writes_today_counts_for_nobody_and_bounds_nobody(forged: dict[str, Any]) -> None:
    assert len(_FORGED) >= 30
    paid = invoice(**forged)
    listed = [
        kind
        for kind, term in TERMS.items()
        if any(str(forged.get(field, "")).startswith(term) for field in _FIELDS)
    ]
    verdict = Attribution(claimants(*listed)).verdict(paid)
    assert (verdict.owner, verdict.candidates) == ("", ())
