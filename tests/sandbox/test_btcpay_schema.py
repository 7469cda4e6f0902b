"""Every answer of every route is what BTCPay's own OpenAPI document and the samples say."""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from generator.sandbox.btcpay import Town, build_town
from generator.sandbox.btcpay.deeds import Deeds
from generator.sandbox.btcpay.routes import ROUTES
from tests.sandbox.openapi_answers import answers, validator
from tests.support.paths import SAMPLES

INDEX = json.loads((SAMPLES / "index.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def errors() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / "errors.json").read_text(encoding="utf-8"))
    return found


def _urls(town: Town, path: str) -> Iterator[str]:
    """Yield every address of a route in a town, with the parameters that make it say most."""
    query = {
        "/stores/{store}/invoices": "?includePaymentMethods=true&includeArchived=true",
        "/stores/{store}/rates": "?currencyPair=BTC_EUR&currencyPair=BTC_XYZ",
        "/stores/{store}/pull-payments": "?includeArchived=true",
        "/stores/{store}/payouts": "?includeCancelled=true",
        "/pull-payments/{pull}/payouts": "?includeCancelled=true",
    }.get(path, "")
    ids: list[dict[str, str]] = [{}]
    if "{invoice}" in path:
        ids = [{"store": invoice.store, "invoice": invoice.id} for invoice in town.books.invoices]
    elif "{request}" in path:
        ids = [{"store": store, "request": request} for request, store in town.books.requests.items()]
    elif "{store}" in path:
        ids = [{"store": store} for store in town.stores]
    elif "{app}" in path:
        ids = [{"app": app} for app in town.books.crowdfunds]
    elif "{till}" in path:
        ids = [{"till": till} for till in town.books.tills]
    elif "{pull}" in path:
        ids = [{"pull": pull.id} for pull in town.books.pulls]
    for parameters in ids:
        yield path.format(**parameters) + query


@pytest.mark.slow
@pytest.mark.parametrize("plant", [False, True], ids=["plausible", "planted"])
def test_every_answer_validates(openapi: dict[str, Any], plant: bool) -> None:  # noqa: FBT001 -- a parameter
    town = build_town(3, invoices=120, now=1_790_000_000, deeds=Deeds())
    checked = 0
    with (
        town.server(plant=plant) as server,
        httpx.Client(
            base_url=f"{server.url}/api/v1", headers={"Authorization": f"token {town.reader.text}"}
        ) as client,
    ):
        for path in ROUTES:
            judge = answers(openapi, path)
            for url in _urls(town, path):
                answer = client.get(url)
                assert answer.status_code == 200, url
                assert [error.message for error in judge.iter_errors(answer.json())] == [], url
                checked += 1
    assert checked >= len(ROUTES) + 2 * len(town.books.invoices)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (("/stores/{store}/invoices", ""), (401, "401_no_header")),
        (("/stores/{store}/invoices", "token 00"), (401, "401_unknown_key")),
        (("/stores/nobody/invoices", None), (403, "403_unknown_or_foreign_store")),
        (("/stores/{store}/invoices/nothing", None), (404, "404_invoice")),
        (("/apps/crowdfund/nothing", None), (404, "404_app")),
        (("/apps/pos/nothing", None), (404, "404_app")),
        (("/stores/{store}/invoices?startDate=soon", None), (422, "422_bad_timestamp")),
        (("/stores/{store}/invoices?startDate=1790000000000", None), (422, "422_bad_timestamp")),
        (("/stores/{store}/invoices?startDate=9&endDate=8", None), (422, "422_dates_inverted")),
    ],
)
def test_refusals_are_those_of_the_samples(
    openapi: dict[str, Any],
    errors: dict[str, Any],
    town: Town,
    client: httpx.Client,
    *,
    asked: tuple[str, str | None],
    expected: tuple[int, str],
) -> None:
    (url, authorization), (status, sample) = asked, expected
    if authorization is not None:
        client.headers["Authorization"] = authorization
    answer = client.get(url.format(store=town.stores[0]))
    assert (answer.status_code, answer.json()) == (status, errors[sample]["body"])
    schema = "ValidationProblemDetails" if status == 422 else "ProblemDetails"
    judge = validator(openapi, {"$ref": f"#/components/schemas/{schema}"})
    assert not list(judge.iter_errors(answer.json()))


def _differences(sample: object, found: object, at: str) -> Iterator[str]:
    """Yield where an answer has other keys or other types than every sample of the same place."""
    samples = sample if isinstance(sample, list) else [sample]
    if isinstance(found, dict):
        likes = [sample for sample in samples if isinstance(sample, dict)]
        if all(set(sample) != set(found) for sample in likes):
            yield f"{at}: keys {sorted(found)}"
        for key, value in found.items():
            yield from _differences([sample[key] for sample in likes if key in sample], value, f"{at}.{key}")
    elif isinstance(found, list):
        inner = [part for sample in samples if isinstance(sample, list) for part in sample]
        for number, value in enumerate(found if inner else ()):
            yield from _differences(inner, value, f"{at}[{number}]")
    elif found is not None and any(sample is not None for sample in samples):
        kinds = {type(sample) for sample in samples if sample is not None}
        kinds |= {int, float} if kinds & {int, float} else set()
        if type(found) not in kinds:
            yield f"{at}: {found!r}"


@pytest.mark.parametrize(
    ("url", "sample"),
    [
        ("/api-keys/current", "api_key_current"),
        ("/health", "health"),
        ("/server/info", "server_info"),
        ("/stores", "stores"),
        ("/stores/{store}", "store"),
        ("/stores/{store}/rates?currencyPair=BTC_EUR&currencyPair=BTC_XYZ", "rates"),
        ("/stores/{store}/payment-methods", "store_payment_methods"),
        ("/apps/crowdfund/{app}", "crowdfund_app"),
        ("/stores/{store}/pull-payments", "pull_payments"),
        ("/stores/{store}/invoices?includePaymentMethods=true&includeArchived=true", "invoices_list"),
        ("/stores/{store}/invoices?includeArchived=true", "invoices_list_plain"),
    ],
)
def test_answers_have_the_shape_of_the_samples(
    town: Town, client: httpx.Client, *, url: str, sample: str
) -> None:
    wanted = json.loads((SAMPLES / f"{sample}.json").read_text(encoding="utf-8"))
    address = url.format(store=town.stores[1], app=next(iter(town.books.crowdfunds)))
    found = client.get(address).json()
    if "invoices" in url:
        for invoice in (*wanted, *found):
            invoice["metadata"] = {}  # free-form; the OpenAPI document looks at it
    assert list(_differences([wanted], found, sample)) == []


def test_a_wrong_shape_would_be_seen() -> None:
    assert list(_differences([{"a": 1}], {"a": "1"}, "x")) == ["x.a: '1'"]
    assert list(_differences([{"a": 1}], {"b": 1}, "x")) == ["x: keys ['b']"]
    assert list(_differences([[{"a": None}, {"a": [1]}]], [{"a": ["2"]}], "x")) == ["x[0].a[0]: '2'"]


@pytest.mark.parametrize("sample", INDEX)
def test_every_sample_is_what_the_document_says(openapi: dict[str, Any], sample: str) -> None:
    method, path = re.fullmatch(r"(?:(\w+) )?(.*)", INDEX[sample]).groups()  # type: ignore[union-attr]
    responses = openapi["paths"][path][(method or "get").lower()]["responses"]
    schema = responses["200"]["content"]["application/json"]["schema"]
    validator(openapi, schema).validate(json.loads((SAMPLES / sample).read_text(encoding="utf-8")))
