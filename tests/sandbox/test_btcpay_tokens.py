"""Planted tokens: in every free text a server may fill, known to whoever looks for leaks."""

from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from generator.sandbox.btcpay import BTCPayServer, Deeds, Fault, Token, Town, build_town
from tests.support.trust import trust

NOW = 1_790_000_000
ROUTES = (
    *("/api-keys/current", "/server/info", "/stores", "/stores/{store}"),
    "/stores/{store}/invoices?includePaymentMethods=true&includeArchived=true",
    *("/stores/{store}/pull-payments?includeArchived=true", "/stores/{store}/payouts"),
)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Town, BTCPayServer, str]]:
    """Return a planted server and everything it said."""
    town = build_town(11, invoices=160, now=NOW, deeds=Deeds())
    headers = {"Authorization": f"token {town.reader.text}"}
    with (
        town.server(plant=True) as server,
        httpx.Client(headers=headers, timeout=60, verify=trust()) as client,
    ):
        base = f"{server.url}/api/v1"
        said = [client.get(base + path.format(store=store)).text for path in ROUTES for store in town.stores]
        said += [client.get(f"{base}/apps/crowdfund/{app}").text for app in town.books.crowdfunds]
        server.faults.add(Fault.DOWN)
        said.append(client.get(f"{base}/server/info").text)
        yield town, server, "".join(said)


def _fields(tokens: tuple[Token, ...]) -> Counter[str]:
    return Counter(token.field for token in tokens)


def test_tokens_are_many_unique_and_really_served(served: tuple[Town, BTCPayServer, str]) -> None:
    _, server, said = served
    values = [token.value for token in server.tokens]
    assert len(values) == len(set(values)) >= 1000
    assert all(len(value) >= 20 for value in values)
    assert [value for value in values if value not in said] == []
    assert len(_fields(server.tokens)) >= 60


def test_only_the_texts_of_reported_crowdfunds_are_meant_to_be_seen(
    served: tuple[Town, BTCPayServer, str],
) -> None:
    town, server, _ = served
    published = _fields(tuple(token for token in server.tokens if token.published))
    bound = sum(campaign.app is not None for campaign in town.campaigns)
    assert bound == 3
    shown = ("title", "tagline", "description", "mainImageUrl")
    assert published == {f"crowdfund.{field}": bound for field in shown}
    hidden = _fields(tuple(token for token in server.tokens if not token.published))
    assert {hidden[f"crowdfund.{field}"] for field in shown} == {1}, "nobody reports the rival"


@pytest.mark.parametrize(
    "field",
    [
        "invoice.id",
        "invoice.metadata.buyerEmail",
        "invoice.metadata.orderId",
        "invoice.metadata.(key)",
        "payment.id",
        "payment.destination",
        "method.additionalData.preimage",
        "method.additionalData.providedComment",
        "payout.destination",
        "pull.name",
        "store.name",
        "key.label",
        "crowdfund.perks.title",
        "fault.page",
    ],
)
def test_the_fields_that_matter_most_are_planted(served: tuple[Town, BTCPayServer, str], field: str) -> None:
    assert _fields(served[1].tokens)[field] >= 1


def test_nothing_is_planted_unless_asked_for(town: Town) -> None:
    headers = {"Authorization": f"token {town.reader.text}"}
    with town.server() as server:
        assert "Commons Workshop" in httpx.get(f"{server.url}/api/v1/stores", headers=headers).text
        assert server.tokens == ()


def test_what_must_work_still_works_when_planted(served: tuple[Town, BTCPayServer, str]) -> None:
    town, _, said = served
    for campaign in town.campaigns:
        if campaign.app:
            assert f'{campaign.app.page}"' in said
    refunds = [pull.name for pull in town.books.pulls if pull.refund]
    assert len(refunds) >= 3
    assert all(name in said for name in refunds)
