"""The indexer answers as Esplora does over real HTTP, and misbehaves on demand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from operator import itemgetter

import httpx
import pytest

from generator.protocol.angor.project_identifier import address_of
from generator.protocol.bitcoin import Header, Transaction, merkle_root, root_of_branch
from generator.sandbox.acts import ActKind, Acts, ActStatus
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.chain import build_chain
from generator.sandbox.indexer import Indexer, Quirks, serve_indexer
from tests.support.chain_world import world
from tests.support.trust import trust

GENESIS = "0f9188f13cb7b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206"


@pytest.fixture(scope="module")
def served() -> Iterator[Indexer]:
    with serve_indexer(world()[0]) as indexer:
        yield indexer


@pytest.fixture
def indexer(served: Indexer) -> Iterator[Indexer]:
    """Return the server as it was: healthy, without quirks, nothing asked."""
    served.asked.clear()
    yield served
    served.faults.heal()
    served.quirks = Quirks()


@pytest.fixture
def client(indexer: Indexer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{indexer.url}/api", timeout=60, verify=trust()) as client:
        yield client


@cache
def address() -> str:
    fund = next(project for project in world()[0].projects if project.draft.slug == "harvest-fund")
    return address_of(fund.identifier, "regtest")


def pages(client: httpx.Client, by: str = "?after_txid=") -> list[list[str]]:
    """Read an address's history page by page until an empty one."""
    found: list[list[str]] = []
    while not found or found[-1]:
        after = by + found[-1][-1] if found else ("" if by.startswith("?") else "/chain")
        found.append([row["txid"] for row in client.get(f"/address/{address()}/txs{after}").json()])
    return found


def test_pages_of_25_lead_through_the_whole_history_newest_first(client: httpx.Client) -> None:
    stats = client.get(f"/address/{address()}").json()
    noted = {
        act.txid
        for act in world()[1]
        if act.project == "harvest-fund" and act.kind is ActKind.FEE and act.status is ActStatus.CONFIRMED
    }
    assert stats["chain_stats"]["tx_count"] == len(noted) + 1  # and the founding
    assert stats["mempool_stats"]["tx_count"] == 2
    found = pages(client)
    assert [len(page) for page in found] == [2 + 25, len(noted) + 1 - 25, 0]
    flat = [txid for page in found for txid in page]
    assert len(set(flat)) == len(flat)
    assert noted <= set(flat)
    rows = client.get(f"/address/{address()}/txs").json()
    assert [row["status"]["confirmed"] for row in rows] == [False, False] + [True] * 25
    heights = [row["status"]["block_height"] for row in rows[2:]]
    assert heights == sorted(heights, reverse=True)
    assert pages(client, "/chain/") == [found[0][2:], *found[1:]]
    assert [row["txid"] for row in client.get(f"/address/{address()}/txs/mempool").json()] == found[0][:2]


@pytest.mark.slow
def test_every_transaction_of_the_history_is_in_the_block_it_claims(client: httpx.Client) -> None:
    for txid in (txid for page in pages(client, "/chain/") for txid in page):
        row = client.get(f"/tx/{txid}").json()
        raw = bytes.fromhex(client.get(f"/tx/{txid}/hex").text)
        tx, status = Transaction.parse(raw), row["status"]
        assert tx.txid == txid
        assert [output["value"] for output in row["vout"]] == [output.value_sat for output in tx.outputs]
        spent_sat = sum(entry["prevout"]["value"] for entry in row["vin"])
        assert spent_sat == row["fee"] + sum(output.value_sat for output in tx.outputs)
        header = Header.parse(bytes.fromhex(client.get(f"/block/{status['block_hash']}/header").text))
        assert (header.hash, header.time) == (status["block_hash"], status["block_time"])
        proof = client.get(f"/tx/{txid}/merkle-proof").json()
        assert root_of_branch(txid, proof["pos"], proof["merkle"]) == header.merkle_root
        txids = client.get(f"/block/{status['block_hash']}/txids").json()
        assert merkle_root(txids) == header.merkle_root
        assert txids[proof["pos"]] == txid
        assert client.get(f"/block-height/{status['block_height']}").text == status["block_hash"]
        assert client.get(f"/tx/{txid}/status").json() == status


def test_outspends_name_the_spender_the_actors_noted(client: httpx.Client) -> None:
    spent = {
        act.spends: (act.txid, act.position, act.status is ActStatus.CONFIRMED)
        for act in world()[1]
        if act.spends
    }
    for act in [act for act in world()[1] if act.kind is ActKind.INVESTMENT][::7]:
        row = client.get(f"/tx/{act.txid}/outspends").json()[act.position]
        if act.id in spent:
            assert (row["txid"], row["vin"], row["status"]["confirmed"]) == spent[act.id]
        else:
            assert row == {"spent": False}


def test_tip_first_block_and_the_same_under_v1(client: httpx.Client, indexer: Indexer) -> None:
    chain = world()[0].chain
    assert client.get("/blocks/tip/height").text == str(chain.height)
    assert client.get("/blocks/tip/hash").text == chain.blocks[-1].hash
    assert client.get("/block-height/0").text == GENESIS
    assert client.get(f"/block/{GENESIS}").json()["merkle_root"] == chain.blocks[0].header.merkle_root
    assert client.get("/v1/block-height/0").text == GENESIS
    assert indexer.asked[-1] == "GET /api/v1/block-height/0"


@pytest.mark.parametrize(
    ("path", "status", "text"),
    [
        (f"/tx/{'ab' * 32}", 404, "Transaction not found"),
        (f"/tx/{'ab' * 32}/hex", 404, "Transaction not found"),
        (f"/block/{'ab' * 32}/txids", 404, "Block not found"),
        ("/block-height/99999999", 404, "Block not found"),
        ("/block-height/-1", 404, "Block not found"),
        ("/address/nonsense", 400, "Invalid Bitcoin address"),
        ("/address/bc1quc59k4kt0nv62xhj72xtqfmzk55cexxmg06utd/txs", 400, "Invalid Bitcoin address"),
        ("/v1/historical-price?currency=EUR&timestamp=noon", 400, "Invalid timestamp"),
    ],
)
def test_what_does_not_exist_or_makes_no_sense(
    client: httpx.Client, path: str, status: int, text: str
) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (status, text)


def test_a_waiting_transaction_has_no_block_and_no_proof(client: httpx.Client) -> None:
    txid = world()[0].chain.mempool[0].txid
    assert client.get(f"/tx/{txid}/status").json() == {"confirmed": False}
    assert client.get(f"/tx/{txid}/merkle-proof").status_code == 404


def test_the_price_at_or_before_a_moment(client: httpx.Client) -> None:
    noon = int(datetime(2025, 6, 1, 12, tzinfo=UTC).timestamp())
    [row] = client.get(f"/v1/historical-price?currency=EUR&timestamp={noon}").json()["prices"]
    quote = world()[0].prices.at(datetime(2025, 6, 1, tzinfo=UTC))
    assert quote is not None
    assert row["time"] == noon - 12 * 3600
    assert f"{row['EUR']:.2f}" == str(quote.prices["EUR"])
    for query in ("currency=EUR&timestamp=1", f"currency=XXX&timestamp={noon}"):
        assert client.get(f"/v1/historical-price?{query}").json()["prices"] == []
    table = client.get("/v1/historical-price?currency=EUR").json()["prices"]
    assert {"time": row["time"], "EUR": row["EUR"]} in table
    assert table == sorted(table, key=itemgetter("time"), reverse=True)


def test_quirks_of_servers_met_in_the_wild(client: httpx.Client, indexer: Indexer) -> None:
    txid = pages(client, "/chain/")[0][-1]
    indexer.quirks = Quirks(page=10, follows_after_txid=False, names_spenders=False, proves=False)
    first = client.get(f"/address/{address()}/txs").json()
    assert len(first) == 12
    assert client.get(f"/address/{address()}/txs?after_txid={first[-1]['txid']}").json() == first
    assert {tuple(row) for row in client.get(f"/tx/{txid}/outspends").json()} == {("spent",)}
    assert client.get(f"/tx/{txid}/merkle-proof").status_code == 404
    indexer.quirks = replace(indexer.quirks, lag_blocks=1000)
    assert client.get("/blocks/tip/height").text == str(world()[0].chain.height - 1000)
    assert client.get(f"/address/{address()}").json()["mempool_stats"]["tx_count"] == 0


@pytest.mark.parametrize(
    ("fault", "status", "body"),
    [
        (Fault.DOWN, 503, b"<html>"),
        (Fault.HTML, 200, b"<html>"),
        (Fault.EMPTY, 200, b""),
        (Fault.LIMITED, 429, b"<html>"),
    ],
)
def test_faults_strike_where_and_as_often_as_asked(
    client: httpx.Client, indexer: Indexer, fault: Fault, status: int, body: bytes
) -> None:
    indexer.faults.add(fault, path="/blocks/tip", times=1, seconds=7)
    assert client.get("/block-height/0").text == GENESIS
    answer = client.get("/blocks/tip/height")
    assert (answer.status_code, answer.content[: len(body) or None]) == (status, body)
    assert answer.headers.get("retry-after") == ("7" if fault is Fault.LIMITED else None)
    assert client.get("/blocks/tip/height").text == str(world()[0].chain.height)


def test_an_answer_can_be_cut_or_never_come(client: httpx.Client, indexer: Indexer) -> None:
    whole = client.get(f"/address/{address()}").content
    indexer.faults.add(Fault.TRUNCATED, times=1)
    assert client.get(f"/address/{address()}").content == whole[: len(whole) // 2]
    indexer.faults.add(Fault.TIMEOUT, times=1)
    with pytest.raises(httpx.ReadTimeout):
        client.get("/blocks/tip/height", timeout=0.3)


def test_a_new_block_is_seen_at_once() -> None:
    made = build_chain(3, Acts())
    with (
        serve_indexer(made) as indexer,
        httpx.Client(base_url=f"{indexer.url}/api", verify=trust()) as client,
    ):
        waiting = made.chain.mempool[0].txid
        assert client.get(f"/tx/{waiting}/status").json()["confirmed"] is False
        made.chain.mine(made.chain.blocks[-1].header.time + 600)
        assert client.get(f"/tx/{waiting}/status").json()["block_height"] == made.chain.height
