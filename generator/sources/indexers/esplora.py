"""One Esplora-compatible server: its base path, its gaps, plain questions and what their answers hold."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final, TypeVar

from generator.errors import Invalid
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.http import Http, HttpAnswer, TooHeavy
from generator.sources.indexers.esplora_json import (
    ADDRESS,
    PROOF,
    STATUS,
    TEXT,
    TXIDS,
    EsploraStatus,
    MerkleProof,
    Outspend,
)
from generator.sources.indexers.health import ServerHealth
from generator.sources.indexers.once import Once

T = TypeVar("T")

#: Where servers keep the interface: Esplora and mempool.space, mempool on an electrum server, bare electrs.
PREFIXES: Final = ("/api", "/api/v1", "")
HTTP_NOT_FOUND: Final = 404
#: How JSON inside a JSON string begins.
_QUOTED: Final = (b'"{', b'"[')
#: Lists of a block's ids that are kept: each takes half a megabyte, and who asks again does so soon.
_LISTS: Final = 16
#: Where the search for a tip begins.
_FIRST_GUESS: Final = 2**17


@dataclass(slots=True, kw_only=True, eq=False)
class Esplora:
    """One server, found by `probe`."""

    http: Http
    prefix: str = ""
    tip_height: int = -1
    takes_many: bool = True  #: until it says or shows that it does not answer for many transactions at once
    many_failures: int = 0  #: at such questions, in a row
    over_electrum: bool = False  #: whether it said that an Electrum server stands behind it
    no_help: set[str] = field(
        default_factory=set
    )  #: kinds of answers that it gave none of, asked out of order
    #: asked for with others and not taken yet, by txid
    outspends: dict[str, tuple[Sequence[Outspend], HttpAnswer]] = field(default_factory=dict)
    _headers: Once[str, bytes | None] = field(default_factory=Once)
    _lists: Once[str, tuple[str, ...] | None] = field(default_factory=lambda: Once(most=_LISTS))
    health: ServerHealth = field(default_factory=ServerHealth)
    faults: list[str] = field(default_factory=list)  #: what went wrong with it in this run, one sentence each

    async def probe(self, genesis: str) -> None:
        """Find base path and tip height; raise `SourceError` if it is not an indexer of our network."""
        wrong: Invalid | None = None
        for prefix in PREFIXES:
            self.prefix = prefix
            try:
                answer = await self.get("/blocks/tip/height", "tip height", accept=(HTTP_NOT_FOUND,))
                if answer.status != HTTP_NOT_FOUND and _plain(answer).isdigit():
                    self.tip_height = int(_plain(answer))
                    await self._require_network(genesis)
                    return
                if answer.status == HTTP_NOT_FOUND and await self.block_at(0) == genesis:
                    self.tip_height = await self._highest_block()  # blockcore's server has no such route
                    return
            except Invalid as error:
                wrong = wrong or error
        observed = f"tip height: {self.http.host} has no Esplora interface at this address"
        raise wrong or Invalid(self.http.source, observed)

    async def _require_network(self, genesis: str) -> None:
        answer = await self.get("/block-height/0", "first block", accept=(HTTP_NOT_FOUND,))
        if answer.status != HTTP_NOT_FOUND and (seen := _plain(answer)) != genesis:
            shown = seen if len(seen) == len(genesis) and seen.isalnum() else "something else"
            observed = f"has {shown} as first block"
            raise answer.invalid(observed, f"expected {genesis}: another network")

    async def _highest_block(self) -> int:
        """Return the tip's height, found by asking for blocks: double, then halve."""

        async def has(height: int) -> bool:
            return await self.block_at(height) is not None

        low, high = 0, _FIRST_GUESS
        while await has(high):
            low, high = high, 2 * high
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if await has(middle) else (low, middle)
        return low

    async def counted(self, address: str) -> tuple[int, int]:
        """Return how many transactions the server counts for an address: confirmed, and waiting."""
        answer = await self.get(f"/address/{address}", f"address {address}")
        info = answer.decode(ADDRESS)
        self.over_electrum = info.electrum
        return info.chain_stats.tx_count, info.mempool_stats.tx_count

    async def raw(self, txid: str) -> bytes | None:
        """Return a transaction's bytes, None if the server does not know it."""
        return await self._hex(f"/tx/{txid}/hex", f"transaction {txid}")

    async def block_at(self, height: int) -> str | None:
        """Return the hash of the block at a height, None if the server has none there."""
        path, subject = f"/block-height/{height}", f"block {height}"
        try:
            answer = await self.get(path, subject, accept=(HTTP_NOT_FOUND,), shrinkable=True)
        except TooHeavy:  # 500 is how mempool over Electrum and blockcore's server say that they have none
            return None
        return None if answer.status == HTTP_NOT_FOUND else _plain(answer)

    async def header(self, block: str) -> bytes | None:
        """Return a block's header by hash, None if the server has none."""
        ask = partial(self._hex, f"/block/{block}/header", f"header {block}")
        return await self._headers.get(block, ask)

    async def proof(self, txid: str) -> MerkleProof | None:
        """Return the server's own Merkle branch, None where it cannot make one.

        Over Electrum it cannot while its height of the transaction is wrong, and answers 500.
        """
        path, subject = f"/tx/{txid}/merkle-proof", f"Merkle branch of {txid}"
        try:
            answer = await self.get(path, subject, accept=(HTTP_NOT_FOUND,), shrinkable=True)
        except TooHeavy:
            return None
        return None if answer.status == HTTP_NOT_FOUND else answer.decode(PROOF)

    async def block_txids(self, block: str) -> tuple[str, ...] | None:
        """Return the ids of a block's transactions in order, None if the server has no such list."""
        return await self._lists.get(block, partial(self._block_txids, block))

    async def _block_txids(self, block: str) -> tuple[str, ...] | None:
        path, subject = f"/block/{block}/txids", f"transactions of block {block}"
        answer = await self.get(path, subject, accept=(HTTP_NOT_FOUND,))
        return None if answer.status == HTTP_NOT_FOUND else answer.decode(TXIDS)

    async def block_of(self, txid: str) -> BlockPosition | None:
        """Return where a transaction is in the chain, None while unconfirmed."""
        answer = await self.get(f"/tx/{txid}/status", f"status of {txid}")
        return block_in(answer.decode(STATUS), answer)

    async def get(
        self, path: str, subject: str, *, accept: Collection[int] = (), shrinkable: bool = False
    ) -> HttpAnswer:
        """Ask below the server's prefix; see `Http.get`."""
        path = self.prefix + path
        answer = await self.http.get(path, subject=subject, accept=accept, shrinkable=shrinkable)
        return _unquoted(answer) if answer.content[:2] in _QUOTED else answer

    async def _hex(self, path: str, subject: str) -> bytes | None:
        answer = await self.get(path, subject, accept=(HTTP_NOT_FOUND,))
        if answer.status == HTTP_NOT_FOUND:
            return None
        try:
            return bytes.fromhex(_plain(answer))
        except ValueError:
            observed = "sent something that is not hex"
            raise answer.invalid(observed, "expected bytes in hex") from None


def block_in(status: EsploraStatus, answer: HttpAnswer) -> BlockPosition | None:
    """Read where a status puts a transaction, None while unconfirmed; raise `Invalid` for half of it."""
    if not status.confirmed:
        return None
    height = status.block_height
    if height is None or height < 0 or not status.block_hash or status.block_time is None:
        observed = "confirms a transaction without height, hash or time of its block"
        raise answer.invalid(observed, "expected all three")
    return BlockPosition(height=height, hash=status.block_hash, time=status.block_time)


def _unquoted(answer: HttpAnswer) -> HttpAnswer:
    """Return an answer whose JSON came inside a JSON string, as blockcore's server sends it, without it."""
    inner = answer.decode(TEXT).encode()
    return replace(answer, content=inner)


def _plain(answer: HttpAnswer) -> str:
    return answer.text().strip('"')  # some servers send JSON where others send text
