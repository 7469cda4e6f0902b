"""Every refusal of the reference's table becomes a sentence: who, which store, what came, what to do."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import httpx
import pytest

from generator.config import BTCPayServer, PrivacyConfig, ProjectConfig
from generator.errors import Invalid, SourceError, Unavailable
from generator.ledger import Entry
from generator.places import store_source
from generator.snapshot import Finding, Known, Project
from generator.sources.btcpay.greenfield import authorization
from generator.sources.btcpay.greenfield.refusals import VIEW_INVOICES, key_page, refusal
from generator.sources.btcpay.source import BTCPay
from generator.sources.http import HttpAnswer
from tests.support.limits import GENEROUS
from tests.support.paths import SAMPLES

pytestmark = pytest.mark.anyio
ERRORS = json.loads((SAMPLES / "errors.json").read_bytes())
SERVER = BTCPayServer.model_validate(
    {
        "id": "pay",
        "url": "https://pay.example.org/btcpay/",
        "token_env": "BTCPAY_TOKEN",
        "stores": ["S1"],
        "include": ["invoices", "crowdfund", "payouts"],
    }
)
PAGE = (
    "https://pay.example.org/btcpay/api-keys/authorize?permissions=btcpay.store.canviewinvoices"
    "&applicationName=Sunlit&selectiveStores=true&strict=true"
)
NO_RIGHT = (
    "refused the API key in BTCPAY_TOKEN (403): it lacks btcpay.store.canviewinvoices, or the store is not "
    f"one of its user's; check the store id, or create a key with btcpay.store.canviewinvoices at {PAGE}"
)
NO_KEY = (
    "does not accept the API key in BTCPAY_TOKEN (401): unknown, revoked, or its user is disabled; "
    f"create a key with btcpay.store.canviewinvoices at {PAGE}"
)
LOOK = "expected 200; look at the server's own log, then run: sunlit doctor"
#: The codes of 404 in the reference's table, each with the step that its message must name.
NOT_FOUND = {
    "invoice-not-found": "the next run asks again",
    "app-not-found": "copy the id from the app's settings",
    "webhook-not-found": "the next run asks again",
    "webhookdelivery-not-found": "the next run asks again",
    "payment-request-not-found": "copy the id from its address",
    "paymentmethod-not-found": "the next run asks again",
}
TABLE: dict[str, tuple[type[SourceError], str]] = {
    "401_no_header": (Unavailable, NO_KEY),
    "401_unknown_key": (Unavailable, NO_KEY),
    "403_missing_permission": (Unavailable, NO_RIGHT),
    "403_unknown_or_foreign_store": (Unavailable, NO_RIGHT),
    "403_apps_list_with_view_key": (Unavailable, NO_RIGHT),
    "404_invoice": (
        Invalid,
        "answered 404 invoice-not-found; the invoice is gone since it was listed; the next run asks again",
    ),
    "404_app": (
        Invalid,
        "answered 404 app-not-found; no app of this kind has this id; copy the id from the app's settings",
    ),
    "404_webhook": (
        Invalid,
        "answered 404 webhook-not-found; the webhook is gone since it was listed; the next run asks again",
    ),
    "409_delivery_pruned": (
        Invalid,
        "answered 409 webhookdelivery-pruned; the server keeps deliveries for 60 days only; polling has read "
        "what it told",
    ),
    "422_bad_timestamp": (Invalid, "refused startDate (422); is the server newer than Sunlit?"),
    "422_dates_inverted": (Invalid, "refused endDate, startDate (422); is the server newer than Sunlit?"),
}


def answer_of(status: int, body: object) -> HttpAnswer:
    content = b"" if body is None else json.dumps(body).encode()
    return HttpAnswer(
        source="btcpay-pay",
        subject="invoices of store S1",
        host="pay.example.org",
        status=status,
        content=content,
    )


@pytest.mark.parametrize("name", TABLE)
def test_refusal(name: str) -> None:
    error = refusal(answer_of(ERRORS[name]["status"], ERRORS[name]["body"]), SERVER, VIEW_INVOICES)
    kind, says = TABLE[name]
    assert isinstance(error, kind)
    assert str(error) == f"btcpay-pay: invoices of store S1: pay.example.org {says}"


def test_the_table_covers_every_sample_that_is_not_a_crash() -> None:
    assert set(ERRORS) - set(TABLE) == {"500_or_unknown_route"}


@pytest.mark.parametrize(
    ("status", "body", "says"),
    [
        (410, {"code": "unsupported-in-v2"}, "the server no longer has this route"),
        (400, {"code": "generic-error", "message": "hush"}, "the server names no reason"),
        (400, {"code": "generic-error"}, "look at the server's own log, then run: sunlit doctor"),
        (400, {"code": "hush"}, f"answered 400; {LOOK}"),
        (404, {"code": "hush"}, f"answered 404; {LOOK}"),
        (409, None, f"answered 409; {LOOK}"),
        (410, None, f"answered 410; {LOOK}"),
        (422, [{"path": "hush", "message": "hush"}], "refused the question (422)"),
        (422, {"no": "list"}, "refused the question (422)"),
        (404, None, "shows no Greenfield API here"),
        (405, None, "shows no Greenfield API here"),
    ],
)
def test_a_refusal_without_a_known_code_repeats_nothing_of_it(status: int, body: object, says: str) -> None:
    text = str(refusal(answer_of(status, body), SERVER, VIEW_INVOICES))
    assert says in text
    assert "hush" not in text


@pytest.mark.parametrize("code", NOT_FOUND)
def test_what_greenfield_does_not_find_is_not_taken_for_a_wrong_address(code: str) -> None:
    text = str(refusal(answer_of(404, {"code": code, "message": "hush"}), SERVER, VIEW_INVOICES))
    assert text.startswith(f"btcpay-pay: invoices of store S1: pay.example.org answered 404 {code}; ")
    assert text.endswith(NOT_FOUND[code])
    assert "Greenfield" not in text


def test_links_keep_the_path_prefix() -> None:
    assert SERVER.url == "https://pay.example.org/btcpay"
    assert key_page(SERVER, VIEW_INVOICES) == PAGE


@pytest.mark.parametrize(
    ("answer", "kind", "says"),
    [
        (httpx.Response(500), Unavailable, "answered 500"),
        (httpx.Response(503, html="<html>"), Unavailable, "answered 503"),
        (httpx.Response(429), Unavailable, "answered 429"),
        (httpx.Response(401, json=ERRORS["401_unknown_key"]["body"]), Unavailable, NO_KEY),
        (httpx.Response(403, json=ERRORS["403_missing_permission"]["body"]), Unavailable, NO_RIGHT),
        (httpx.Response(404), Invalid, "shows no Greenfield API here"),
        (httpx.Response(200, html="<html>Log in</html>"), Invalid, "answered 200 with a web page"),
        (httpx.Response(200), Invalid, "answered 200 with nothing"),
        (httpx.Response(200, text='[{"id": "SECRET", "sta'), Invalid, "damaged or cut off"),
        (
            httpx.Response(200, json=[{"id": "SECRET"}]),
            Invalid,
            "Object missing required field `status` - at `$[0]`",
        ),
        (httpx.Response(200, json={"id": "SECRET"}), Invalid, "Expected `array`, got `object`"),
        (
            httpx.Response(302, headers={"location": "https://pay.example.org/login?SECRET"}),
            Invalid,
            "redirects to",
        ),
    ],
)
async def test_each_fault_of_the_invoice_list(
    answer: httpx.Response, kind: type[SourceError], says: str
) -> None:
    with pytest.raises(kind) as caught:
        await collect(lambda _: answer)
    text = str(caught.value)
    assert text.startswith(f"{store_source('S1')}: invoices of store S1: pay.example.org")
    assert says in text
    assert "SECRET" not in text
    assert "hush" not in text


@pytest.mark.parametrize(
    "fault", [httpx.ReadTimeout, httpx.ConnectTimeout, httpx.ConnectError, httpx.ReadError]
)
async def test_a_server_that_cannot_be_reached(fault: type[httpx.TransportError]) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise fault("")  # noqa: EM101 -- httpx's own text is not what is tested

    says = rf"^{store_source('S1')}: invoices of store S1: pay\.example\.org: .*next run asks again"
    with pytest.raises(Unavailable, match=says):
        await collect(fail)


@pytest.mark.parametrize(
    "cut_off",
    [
        lambda text: httpx.Response(200, text=text[:900]),  # a proxy keeps no answer for longer
        httpx.ReadError,
        httpx.RemoteProtocolError,
    ],
)
async def test_a_page_that_is_cut_off_is_asked_for_half(cut_off: Callable[[str], object]) -> None:
    rows = json.loads((SAMPLES / "invoices_list.json").read_bytes())

    def answer(request: httpx.Request, bears: int = 3) -> httpx.Response:
        asked = request.url.params
        if not request.url.path.endswith("/invoices") or "textSearch" in asked:
            return httpx.Response(200, json=[])
        first, last, skip = (int(asked[name]) for name in ("startDate", "endDate", "skip"))
        found = [row for row in rows if first <= row["createdTime"] <= last][skip:][: int(asked["take"])]
        if len(found) > bears:
            cut = cut_off(json.dumps(found))
            if isinstance(cut, Exception):
                raise cut
            assert isinstance(cut, httpx.Response)
            return cut
        return httpx.Response(200, json=found)

    found = [record for record in await collect(answer) if isinstance(record, Entry)]
    whole = [
        record
        for record in await collect(lambda asked: answer(asked, len(rows)))
        if isinstance(record, Entry)
    ]
    assert found == whole != []


async def test_refunds_that_may_not_be_read_are_unread_and_said() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/invoices"):
            return httpx.Response(200, json=[])
        return httpx.Response(403, json=ERRORS["403_missing_permission"]["body"])

    records = await collect(answer)
    [project] = [record for record in records if isinstance(record, Project)]
    assert project.unread == ("refunds",)
    [finding] = [record for record in records if isinstance(record, Finding)]
    assert (finding.check, finding.result, finding.place) == ("refunds-read", "not checked", project.id)
    assert "it lacks btcpay.store.canviewpullpayments" in finding.reason


async def test_a_crowdfund_of_a_store_that_is_not_listed_is_not_read_and_stops_nothing_else() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/invoices"):
            return httpx.Response(200, json=[])
        return httpx.Response(200, json={"id": "A", "storeId": "SECRET"})

    [finding] = [
        record
        for record in await collect(answer, app="A")
        if isinstance(record, Finding) and record.check == "app-known"
    ]
    assert finding.reason.endswith(
        "crowdfund A is in a store that sources.btcpay does not list; listed: S1; add its store id to stores"
    )


async def collect(answer: object, **binding: str) -> list[object]:
    project = ProjectConfig.model_validate(
        {"slug": "all-of-it", "btcpay": {"source": "pay", **(binding or {"store": "S1"})}}
    )
    transport = httpx.MockTransport(answer)  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, headers=authorization("hush")) as client:
        source = BTCPay(
            SERVER,
            SERVER.stores[0],
            projects=[project],
            privacy=PrivacyConfig(),
            client=client,
            limits=GENEROUS,
        )
        now = datetime(2026, 7, 20, tzinfo=UTC)
        return [record async for record in source.collect(Known(), at=now, full=False)]
