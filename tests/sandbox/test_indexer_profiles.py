"""What the profiles of public indexers answer, status and body, as public-servers.md says."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest

from generator.protocol.angor.project_identifier import address_of
from generator.sandbox.indexer import PROFILES, Quirks, serve_indexer
from generator.sandbox.indexer.bucket import Bucket
from generator.sandbox.indexer.quirks import Quota, RefusedAnswer
from tests.support.chain_world import world
from tests.support.trust import trust

NOWHERE = "ab" * 32


@contextmanager
def client(quirks: Quirks) -> Iterator[httpx.Client]:
    with (
        serve_indexer(world()[0], quirks=quirks) as served,
        httpx.Client(base_url=served.url + quirks.prefixes[0], timeout=60, verify=trust()) as asking,
    ):
        yield asking


def address() -> str:
    fund = next(project for project in world()[0].projects if project.draft.slug == "harvest-fund")
    return address_of(fund.identifier, "regtest")


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("mempool-fulcrum", 200, "[]"),
        ("mempool-electrumx", 500, '{"error":"history too large"}'),
        ("blockstream", 400, "Too many history entries"),
    ],
)
def test_a_history_beyond_the_cap(name: str, status: int, body: str) -> None:
    with client(replace(PROFILES[name], cap=3)) as asking:
        answer = asking.get(f"/address/{address()}/txs")
        assert (answer.status_code, answer.text) == (status, body)
        if status == 200:
            assert asking.get(f"/address/{address()}").json()["chain_stats"]["tx_count"] == 0


@pytest.mark.parametrize("name", ["mempool-fulcrum", "mempool-space", "blockstream"])
def test_a_cursor_that_is_not_known(name: str) -> None:
    with client(PROFILES[name]) as asking:
        first = asking.get(f"/address/{address()}/txs").json()
        answer = asking.get(f"/address/{address()}/txs?after_txid={NOWHERE}")
        if name == "mempool-space":
            assert (answer.status_code, answer.text) == (422, "after_txid not found")
        else:
            assert answer.json() == first
        chain = asking.get(f"/address/{address()}/txs/chain/{NOWHERE}")
        assert chain.status_code == (404 if name == "mempool-fulcrum" else 200)
        assert name == "mempool-fulcrum" or chain.json() == []


def test_over_electrum_places_inside_a_block_ascend_and_unspendable_outputs_are_spent() -> None:
    chain = world()[0].chain
    with client(replace(PROFILES["mempool-fulcrum"], page_in_all=1000)) as asking:
        rows = [row for row in asking.get(f"/address/{address()}/txs").json() if row["status"]["confirmed"]]
        places = [
            (
                -row["status"]["block_height"],
                chain.blocks[row["status"]["block_height"]].txids.index(row["txid"]),
            )
            for row in rows
        ]
        assert places == sorted(places)
        assert len(places) > 30
        spends = asking.get(f"/tx/{rows[0]['txid']}/outspends").json()
        marked = [output["scriptpubkey_type"] == "op_return" for output in rows[0]["vout"]]
        assert any(marked)
        assert all(row == {"spent": True} for row, is_mark in zip(spends, marked, strict=True) if is_mark)
        batch = asking.get(f"/txs/outspends?txids={rows[0]['txid']},{NOWHERE}")
        assert (batch.status_code, batch.json()) == (
            500,
            {"error": "No such mempool or blockchain transaction"},
        )
        assert asking.get("/block-height/99999999").status_code == 500


def test_blockcore_answers_json_inside_json_where_json_is_asked_for() -> None:
    with client(PROFILES["blockcore"]) as asking:
        path = f"/address/{address()}/txs"
        plain = asking.get(path, headers={"Accept": "*/*"})
        quoted = asking.get(path, headers={"Accept": "application/json"})
        assert json.loads(quoted.json()) == plain.json()
        assert asking.get("/block-height/0", headers={"Accept": "application/json"}).text.startswith('"')
        unknown = asking.get("/block-height/99999999")
        assert (unknown.status_code, unknown.headers["content-type"]) == (500, "application/problem+json")
        assert asking.get("/blocks/tip/height").status_code == 404
        spent = [
            row["vin"]
            for listed in plain.json()
            for row in asking.get(f"/tx/{listed['txid']}/outspends").json()
            if row["spent"]
        ]
        assert set(spent) == {-1}


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("prices-fresh", 200, {"prices": [{"time": 1279497600, "EUR": 0, "USD": 0}], "exchangeRates": {}}),
        ("prices-signet", 400, "Prices are not available on testnets."),
        ("blockstream", 404, "Cannot GET /api/v1/historical-price"),
    ],
)
def test_prices_that_are_none(name: str, status: int, body: object) -> None:
    with serve_indexer(world()[0], quirks=PROFILES[name]) as served:
        answer = httpx.get(f"{served.url}/api/v1/historical-price?currency=EUR&timestamp=1751328000")
    assert answer.status_code == status
    assert (answer.json() if status == 200 else answer.text) == body


def test_a_dead_origin_and_a_dead_host() -> None:
    with serve_indexer(world()[0], quirks=PROFILES["dead-origin"]) as served:
        answer = httpx.get(f"{served.url}/api/blocks/tip/height")
        assert (answer.status_code, answer.headers["content-type"]) == (530, "text/html; charset=utf-8")
    with serve_indexer(world()[0], quirks=PROFILES["dead-host"]) as served, pytest.raises(httpx.ConnectError):
        httpx.get(served.url)


def test_a_bucket_fills_with_time_and_a_ban_lasts() -> None:
    answer = RefusedAnswer(status=429, body="no")
    bucket, limit = Bucket(), Quota(per_s=2, burst=3, answer=answer)
    assert [bucket.refuses(limit, 0.0) for _ in range(5)] == [False] * 3 + [True] * 2
    assert [bucket.refuses(limit, 1.0) for _ in range(3)] == [False, False, True]
    banned, strict = Bucket(), Quota(per_s=1, burst=1, answer=answer, ban_s=60)
    moments = (0.0, 0.1, 30.0, 60.0, 60.2)
    assert [banned.refuses(strict, at) for at in moments] == [False, True, True, True, False]


def test_a_refusal_by_quota_is_a_page_in_a_text_route_without_retry_after() -> None:
    quirks = PROFILES["esplora-stock"]
    assert quirks.quota is not None
    with client(replace(quirks, quota=replace(quirks.quota, burst=1, per_s=0.001))) as asking:
        assert asking.get("/blocks/tip/height").status_code == 200
        answer = asking.get("/blocks/tip/height")
    assert (answer.status_code, answer.text[:6]) == (429, "<html>")
    assert "retry-after" not in answer.headers
