"""Indexers: base paths, pages, gaps of real servers, faults that switch to the next one, and the witness."""

import httpx
import pytest

from generator.errors import Invalid, SourceError, Unavailable
from generator.protocol.proof.placed_transaction import BlockPosition
from tests.support.esplora import FAULTS, Esplora, Fault, Project, indexers, sha256d

pytestmark = pytest.mark.anyio

TXS_AT_ADDRESS = 10  #: of the Invest fixture: 9 confirmed, 1 not


def spot_of(project: Project, name: str) -> BlockPosition:
    status = project.rows[name]["status"]
    return BlockPosition(height=status["block_height"], hash=status["block_hash"], time=status["block_time"])


@pytest.mark.parametrize("prefix", ["/api", "/api/v1", ""])
async def test_the_base_path_is_found(invest: Project, prefix: str) -> None:
    pool = indexers([Esplora(projects=[invest], prefix=prefix)])
    await pool.open()
    assert pool.tip_height == 940_000
    assert len((await pool.history(invest.address)).history.listings) == TXS_AT_ADDRESS


@pytest.mark.parametrize(
    "server",
    [
        {"page": 25},
        {"page": 4},
        {"page": 1},
        {"page": 3, "after_txid": False},
        {"page": 3, "electrum": True},
    ],
    ids=str,
)
async def test_paging_ends_with_all_transactions(invest: Project, server: dict[str, int | bool]) -> None:
    pool = indexers([Esplora(projects=[invest], **server)])  # type: ignore[arg-type]
    await pool.open()
    witnessed = await pool.history(invest.address)
    assert witnessed.history.complete
    assert witnessed.history.confirmed == TXS_AT_ADDRESS - 1
    assert len(witnessed.history.listings) == TXS_AT_ADDRESS
    assert witnessed.disagreement == ""


async def test_a_server_that_repeats_its_first_page_is_told_from_a_whole_history(invest: Project) -> None:
    pool = indexers([Esplora(projects=[invest], page=3, after_txid=False, electrum=True)])
    await pool.open()
    history = (await pool.history(invest.address)).history
    assert (history.complete, history.confirmed, history.expected) == (False, 2, 9)


@pytest.mark.parametrize(("name", "fault", "kind", "says"), FAULTS, ids=[fault[0] for fault in FAULTS])
async def test_each_fault_after_the_probe_has_its_error_and_its_successor(
    invest: Project,
    name: str,
    fault: Fault,
    kind: type[SourceError],
    says: str,
) -> None:
    alone = Esplora(projects=[invest])
    pool = indexers([alone])
    await pool.open()
    alone.fault = fault
    with pytest.raises(kind, match=r"i0\.example") as caught:
        await pool.history(invest.address)
    assert says in str(caught.value), name

    first, second = Esplora(projects=[invest]), Esplora(projects=[invest])
    pool = indexers([first, second])
    await pool.open()
    healthy = (await pool.history(invest.address)).history
    first.fault = fault
    assert (await pool.history(invest.address)).history == healthy
    assert pool.counts["indexer_faults"] >= 1


@pytest.mark.parametrize(("name", "fault", "kind", "says"), FAULTS, ids=[fault[0] for fault in FAULTS])
async def test_a_server_that_fails_at_the_probe_is_passed_over(
    invest: Project,
    name: str,
    fault: Fault,
    kind: type[SourceError],
    says: str,
) -> None:
    del kind
    broken, healthy = Esplora(projects=[invest], fault=fault), Esplora(projects=[invest])
    pool = indexers([broken, healthy])
    await pool.open()
    assert [server.http.host for server in pool.healthy] == ["i1.example"]
    pool = indexers([broken])
    with pytest.raises(Unavailable, match=r"no indexer answers: .*i0\.example") as caught:
        await pool.open()
    if name != "truncated":  # as a tip height it is a text like any other
        assert says in str(caught.value)


async def test_another_network_and_a_stuck_server_are_not_asked(invest: Project) -> None:
    servers = [
        Esplora(projects=[invest], genesis="00" * 32),
        Esplora(projects=[invest], tip=939_990),
        Esplora(projects=[invest], tip=939_995),
        Esplora(projects=[invest]),
    ]
    pool = indexers(servers)
    await pool.open()
    assert [server.http.host for server in pool.healthy] == ["i2.example", "i3.example"]
    assert "another network" in pool.servers[0].faults[0]
    assert "stands at block 939990, expected 939994 or later" in pool.servers[1].faults[0]
    with pytest.raises(Unavailable, match="expected 939995 or later"):
        await indexers([servers[1]]).open(at_least=940_001)


async def test_bytes_that_hash_to_another_id_are_refused_and_the_next_server_is_asked(
    invest: Project,
) -> None:
    txid, other = invest.txid("invest_i1"), invest.txid("invest_i2")

    def swap(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, text=invest.raw[other]) if request.url.path.endswith("/hex") else None

    alone = indexers([Esplora(projects=[invest], fault=swap)])
    await alone.open()
    with pytest.raises(Invalid, match=f"the bytes of transaction {txid} hash to {other}"):
        await alone.transaction(txid)
    both = indexers([Esplora(projects=[invest], fault=swap), Esplora(projects=[invest])])
    await both.open()
    assert (await both.transaction(txid)).txid == txid


@pytest.mark.parametrize("electrum", [False, True])
async def test_the_spender_is_found_even_where_outspends_do_not_name_it(
    invest: Project,
    electrum: bool,  # noqa: FBT001 -- a parametrised flag
) -> None:
    pool = indexers([Esplora(projects=[invest], electrum=electrum, page=2)])
    await pool.open()
    row = invest.rows["invest_i2"]
    addresses = {vout: row["vout"][vout]["scriptpubkey_address"] for vout in (2, 3, 4, 5)}
    found = await pool.spenders(row["txid"], addresses)
    claim, recovery = invest.txid("founder_claim_stage1"), invest.txid("recovery_penalty_i2")
    assert {vout: (spend.txid, spend.vin) for vout, spend in found.items()} == {
        2: (claim, 1),
        3: (recovery, 0),
        4: (recovery, 1),
        5: (recovery, 2),
    }
    assert found[2].block == spot_of(invest, "founder_claim_stage1")


async def test_a_spender_that_does_not_spend_is_refused(invest: Project) -> None:
    txid, liar = invest.txid("invest_i1"), invest.txid("recovery_penalty_i2")
    lie = [{"spent": False}] * 2 + [{"spent": True, "txid": liar, "vin": 0, "status": {"confirmed": False}}]

    def fault(request: httpx.Request) -> httpx.Response | None:
        return httpx.Response(200, json=lie) if request.url.path.endswith("/outspends") else None

    servers = [Esplora(projects=[invest], fault=fault), Esplora(projects=[invest])]
    pool = indexers(servers)
    await pool.open()
    address = invest.rows["invest_i1"]["vout"][2]["scriptpubkey_address"]
    found = await pool.spenders(txid, {2: address})
    assert found[2].txid == invest.txid("founder_claim_stage1")
    assert any(f"input 0 of {liar} does not spend {txid}:2" in fault for fault in pool.servers[0].faults)


@pytest.mark.parametrize("electrum", [False, True])
async def test_inclusion_is_checked_against_the_header(invest: Project, electrum: bool) -> None:  # noqa: FBT001 -- a parametrised flag
    pool = indexers([Esplora(projects=[invest], electrum=electrum)])
    await pool.open()
    spot, txid = spot_of(invest, "invest_i1"), invest.txid("invest_i1")
    inclusion = await pool.inclusion(txid, spot)
    assert inclusion is not None
    assert sha256d(inclusion.header)[::-1].hex() == inclusion.block == spot.hash
    coinbase = inclusion.coinbase
    assert coinbase is not None
    assert (inclusion.position, inclusion.hashes) == (1, (coinbase.transaction.txid,))
    assert (coinbase.height, inclusion.height) == (spot.height, spot.height)
    with pytest.raises(Invalid, match=r"does not lead to the root|listed without"):
        await pool.inclusion(invest.txid("invest_i2"), spot)


async def test_a_server_without_headers_is_no_fault(invest: Project) -> None:
    invest.headers.clear()
    pool = indexers([Esplora(projects=[invest])])
    await pool.open()
    assert await pool.inclusion(invest.txid("invest_i1"), spot_of(invest, "invest_i1")) is None
    assert not pool.counts


async def test_the_witness_finds_what_the_first_server_hides(invest: Project) -> None:
    hidden = invest.txid("invest_i2")
    liar, honest = Esplora(projects=[invest], hidden={hidden}), Esplora(projects=[invest])
    pool = indexers([liar, honest])
    await pool.open()
    witnessed = await pool.history(invest.address)
    assert hidden in witnessed.history.listings
    assert witnessed.history.complete
    told = "1 confirmed transactions are listed by only one of i0.example and i1.example, such as "
    assert witnessed.disagreement == told + hidden

    agreeing = indexers([honest, honest])
    await agreeing.open()
    assert (await agreeing.history(invest.address)).disagreement == ""
    assert agreeing.counts["witnessed"] == 1


async def test_a_witness_one_block_behind_does_not_disagree(invest: Project) -> None:
    newest = invest.rows["invest_i4_after_end_date"]["status"]["block_height"]
    ahead = Esplora(projects=[invest], tip=newest)
    behind = Esplora(projects=[invest], tip=newest - 1, hidden={invest.txid("invest_i4_after_end_date")})
    pool = indexers([ahead, behind])
    await pool.open()
    witnessed = await pool.history(invest.address)
    assert witnessed.disagreement == ""
    assert invest.txid("invest_i4_after_end_date") in witnessed.history.listings


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
async def test_a_server_without_a_tip_that_sends_json_inside_json_is_read(
    invest: Project, accept: str
) -> None:
    server = Esplora(projects=[invest], blockcore=True, electrum=True, prefix="/api/v1")
    pool = indexers([server])
    assert [reader.http.headers["Accept"] for reader in pool.servers] == ["*/*"]
    pool.servers[0].http.headers = {"Accept": accept}
    await pool.open()
    assert pool.tip_height == 940_000
    assert len(server.asked) < 40
    assert (await pool.history(invest.address)).history.complete
    txid = invest.txid("invest_i2")
    assert (await pool.transaction(txid)).txid == txid
    assert await pool.spent_outputs([txid])
