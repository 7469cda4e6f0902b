"""How blocks are asked for: three questions a block and one a boundary, each once; a liar is passed over."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import httpx
import pytest

from generator.protocol.bitcoin import Epochs, Header, merkle_branch
from generator.protocol.bitcoin.compact_target import EPOCH_BLOCKS
from generator.protocol.proof.header_rules import HeaderRules
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.indexers import GENESIS, Indexers
from tests.support.epoch_chain import ANCHOR, TWO_WEEKS_S, EpochChain, MinedBlock, block, mined
from tests.support.limits import GENEROUS

pytestmark = pytest.mark.anyio
HEIGHT = 3 * EPOCH_BLOCKS + 5
TIP = HEIGHT + 50
Answer = Callable[[str], object]


@dataclass
class Server:
    """An Esplora server over a chain of epochs with one block of ours."""

    chain: EpochChain
    ours: MinedBlock
    lacks: tuple[str, ...] = ()  #: parts of paths that it does not know
    height_off: int = 0
    asked: list[str] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api")
        self.asked.append(path)
        answer = None if any(part in path for part in self.lacks) else self.answer(path.strip("/").split("/"))
        if answer is None:
            return httpx.Response(404, text="not found")
        text = isinstance(answer, str)
        return httpx.Response(200, text=str(answer)) if text else httpx.Response(200, json=answer)

    def answer(self, parts: list[str]) -> object:  # noqa: PLR0911 -- a table of routes
        """Return what a path shows, None where there is nothing."""
        headers = {header.hash: header for header in (*self.chain.headers.values(), self.ours.header)}
        match parts:
            case ["blocks", "tip", "height"]:
                return str(TIP)
            case ["block-height", "0"]:
                return GENESIS["main"]
            case ["block-height", height]:
                return found.hash if (found := self.chain.headers.get(int(height))) else None
            case ["blocks", height]:
                heights = range(int(height), int(height) - 10, -1)
                return [row(self.chain.headers[at], at) for at in heights if at in self.chain.headers]
            case ["block", name, "header"]:
                return headers[name].serialize().hex() if name in headers else None
            case ["block", name, "txids"]:
                return self.ours.txids if name == self.ours.header.hash else None
            case ["tx", txid, "hex"]:
                found = next((tx for tx in self.ours.transactions if tx.txid == txid), None)
                return found.serialize().hex() if found else None
            case ["tx", txid, "merkle-proof"]:
                at = self.ours.txids.index(txid)
                return {"block_height": HEIGHT, "merkle": merkle_branch(self.ours.txids, at), "pos": at}
        return None

    @property
    def spot(self) -> BlockPosition:
        """Where the server says that our block is."""
        header = self.ours.header
        return BlockPosition(height=HEIGHT + self.height_off, hash=header.hash, time=header.time)


def row(header: Header, height: int) -> dict[str, object]:
    """Return a block as the list of blocks has it."""
    return {
        "id": header.hash,
        "height": height,
        "version": header.version,
        "timestamp": header.time,
        "merkle_root": header.merkle_root,
        "previousblockhash": header.prev,
        "nonce": header.nonce,
        "bits": header.bits,
        "difficulty": 1.5,
    }


@pytest.fixture
def server() -> Server:
    chain = EpochChain.of(TWO_WEEKS_S // 2, TWO_WEEKS_S * 2, TWO_WEEKS_S)
    time = chain.headers[3 * EPOCH_BLOCKS].time + 60
    return Server(chain=chain, ours=block(HEIGHT, time=time, bits=chain.bits[3]))


async def opened(*servers: Server) -> Indexers:
    """Return indexers by the rules of the chain, nothing known yet."""
    named = {f"i{number}.example": each for number, each in enumerate(servers)}
    transport = httpx.MockTransport(lambda request: named[request.url.host](request))
    urls = [f"http://{host}" for host in named]
    pool = Indexers.of(urls, client=httpx.AsyncClient(transport=transport), network="main", limits=GENEROUS)
    pool.rules = HeaderRules(epochs=Epochs(anchor=ANCHOR))
    await pool.open(at_least=TIP)
    for each in servers:
        each.asked.clear()
    return pool


async def test_a_block_costs_three_questions_and_a_boundary_one_each_once(server: Server) -> None:
    pool = await opened(server)
    ours = server.ours
    for tx in (ours.ours, ours.transactions[1], ours.ours):
        found = await pool.inclusion(tx.txid, server.spot)
        assert found is not None
        assert (found.height, found.doubt(pool.rules)) == (HEIGHT, "")
    asked = [path.split("/")[-1] for path in server.asked if not path.startswith("/blocks/")]
    # what comes later of a block that is known needs its own branch
    assert sorted(asked) == ["header", "hex", "merkle-proof", "txids"]
    boundaries = [path for path in server.asked if path.startswith("/blocks/")]
    assert boundaries == [f"/blocks/{epoch * EPOCH_BLOCKS}" for epoch in (1, 2, 3)]
    assert sorted(pool.boundaries) == [2016, 4031, 4032, 6047, 6048]
    assert (pool.counts["coinbases"], pool.counts["boundaries"]) == (1, 3)


async def test_the_height_is_the_coinbases_not_the_servers(server: Server) -> None:
    server.height_off = 1
    pool = await opened(server)
    found = await pool.inclusion(server.ours.ours.txid, server.spot)
    assert found is not None
    assert found.height == HEIGHT


async def test_without_a_list_of_blocks_each_header_is_asked_by_its_hash(server: Server) -> None:
    server.lacks = ("/blocks/6", "/blocks/4", "/blocks/2")
    pool = await opened(server)
    await pool.follow_epochs(HEIGHT)
    assert pool.rules.unknown(HEIGHT) == ""
    assert sum("/header" in path for path in server.asked) == 5


@pytest.mark.parametrize(
    ("lacks", "doubt"),
    [
        (("txids",), "no indexer shows the coinbase of block"),
        (("/hex",), "no indexer shows the coinbase of block"),
        (("/blocks/6", "/block-height/6"), "the headers of blocks 6047 and 6048 are not known"),
    ],
)
async def test_what_nobody_shows_leaves_a_doubt(lacks: tuple[str, ...], doubt: str, server: Server) -> None:
    server.lacks = lacks
    pool = await opened(server)
    found = await pool.inclusion(server.ours.ours.txid, server.spot)
    assert found is not None
    assert doubt in found.doubt(pool.rules)
    before = len(server.asked)
    await pool.inclusion(server.ours.transactions[2].txid, server.spot)
    assert not any("blocks/6" in path for path in server.asked[before:])  # asked once in a run


async def test_another_server_helps_where_one_shows_no_coinbase(server: Server) -> None:
    mute = replace(server, lacks=("/hex",), asked=[])
    pool = await opened(mute, server)
    found = await pool.inclusion(server.ours.ours.txid, server.spot)
    assert found is not None
    assert found.doubt(pool.rules) == ""


async def test_a_server_with_a_false_boundary_is_passed_over(server: Server) -> None:
    height = 2 * EPOCH_BLOCKS
    headers = dict(server.chain.headers)
    last = headers[height - 1]
    headers[height - 1] = mined(prev=last.prev, time=last.time + TWO_WEEKS_S, bits=last.bits)
    headers[height] = mined(
        prev=headers[height - 1].hash, time=headers[height].time, bits=headers[height].bits
    )
    liar = replace(server, chain=EpochChain(headers=headers, bits=server.chain.bits), asked=[])
    pool = await opened(liar, server)
    await pool.follow_epochs(HEIGHT)
    assert pool.rules.unknown(HEIGHT) == ""
    assert any("its epoch" in fault for fault in pool.servers[0].faults)
    assert pool.boundaries[height - 1] == last


async def test_a_server_with_an_easy_header_is_passed_over(server: Server) -> None:
    easy = block(HEIGHT, time=server.ours.header.time, bits=0x207FFFFF)
    liar = replace(server, ours=easy, asked=[])
    pool = await opened(liar)
    spot = liar.spot
    with pytest.raises(Exception, match="has target 207fffff"):
        await pool.inclusion(easy.ours.txid, spot)


async def test_a_boundary_near_the_tip_waits(server: Server) -> None:
    pool = await opened(server)
    for each in pool.servers:
        each.tip_height = 3 * EPOCH_BLOCKS + 5
    await pool.follow_epochs(HEIGHT)
    assert not any("/blocks/6048" in path for path in server.asked)
    assert pool.rules.unknown(HEIGHT)
