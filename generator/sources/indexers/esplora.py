"""One Esplora-compatible server: its base path, its gaps, plain questions and what their answers hold.

Unknown fields are skipped; what is missing where a server is allowed to leave it
out is None (reference: Esplora HTTP API).
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Annotated, Final, TypeVar

import msgspec
from msgspec import Meta

from generator.errors import Invalid
from generator.protocol.proof.placed_transaction import BlockPosition
from generator.sources.http import Http, HttpAnswer
from generator.sources.indexers.health import Health
from generator.sources.indexers.once import Once

T = TypeVar("T")

#: Where servers keep the interface: Esplora and mempool.space, mempool on an electrum server, bare electrs.
PREFIXES: Final = ("/api", "/api/v1", "")
HTTP_NOT_FOUND: Final = 404

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
#: Some servers send an empty text while a transaction is unconfirmed.
BlockHash = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Height = Annotated[int, Meta(ge=0, le=2**31)]
Seconds = Annotated[int, Meta(ge=0, le=2**32)]


class EsploraStatus(msgspec.Struct, frozen=True):
    """Whether and where a transaction is in the chain."""

    confirmed: bool = False
    block_height: Height | None = None
    block_hash: BlockHash | None = None
    block_time: Seconds | None = None  #: seconds


class EsploraInput(msgspec.Struct, frozen=True):
    """What a listed transaction spends."""

    txid: str
    vout: int


class EsploraOutput(msgspec.Struct, frozen=True):
    """An output of a listed transaction."""

    scriptpubkey: str
    value: Count | None = None  #: satoshis


class ListedTransaction(msgspec.Struct, frozen=True):
    """A row of an address's history."""

    txid: Hash
    vin: tuple[EsploraInput, ...] = ()
    vout: tuple[EsploraOutput, ...] = ()
    status: EsploraStatus = EsploraStatus()


class Totals(msgspec.Struct, frozen=True):
    """Counts of an address."""

    tx_count: Count = 0


class AddressInfo(msgspec.Struct, frozen=True):
    """What a server says about an address without listing it."""

    chain_stats: Totals = Totals()
    mempool_stats: Totals = Totals()


class Outspend(msgspec.Struct, frozen=True):
    """Whether and by what an output was spent; some servers leave out by what."""

    spent: bool
    txid: Hash | None = None
    vin: Count | None = None
    status: EsploraStatus | None = None


class MerkleProof(msgspec.Struct, frozen=True):
    """A branch from a transaction to its block's root, hashes as displayed."""

    merkle: tuple[Hash, ...]
    pos: Count


HISTORY = msgspec.json.Decoder(tuple[ListedTransaction, ...])
ADDRESS = msgspec.json.Decoder(AddressInfo)
OUTSPENDS = msgspec.json.Decoder(tuple[Outspend, ...])
MANY_OUTSPENDS = msgspec.json.Decoder(tuple[tuple[Outspend, ...], ...])
PROOF = msgspec.json.Decoder(MerkleProof)
TXIDS = msgspec.json.Decoder(tuple[Hash, ...])
STATUS = msgspec.json.Decoder(EsploraStatus)


@dataclass(slots=True, kw_only=True, eq=False)
class Esplora:
    """One server, found by `probe`."""

    http: Http
    prefix: str = ""
    tip_height: int = -1
    takes_many: bool = True  #: until it says that it does not answer for many transactions at once
    takes_merkle_blocks: bool = True  #: until it has none
    #: asked for with others and not taken yet, by txid
    outspends: dict[str, tuple[Sequence[Outspend], HttpAnswer]] = field(default_factory=dict)
    _headers: Once[str, bytes | None] = field(default_factory=Once)
    health: Health = field(default_factory=Health)
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

    async def counted(self, address: str) -> tuple[int, int]:
        """Return how many transactions the server counts for an address: confirmed, and waiting."""
        answer = await self.get(f"/address/{address}", f"address {address}")
        info = answer.decode(ADDRESS)
        return info.chain_stats.tx_count, info.mempool_stats.tx_count

    async def raw(self, txid: str) -> bytes | None:
        """Return a transaction's bytes, None if the server does not know it."""
        return await self._hex(f"/tx/{txid}/hex", f"transaction {txid}")

    async def block_at(self, height: int) -> str | None:
        """Return the hash of the block at a height, None if the server has none there."""
        answer = await self.get(f"/block-height/{height}", f"block {height}", accept=(HTTP_NOT_FOUND,))
        return None if answer.status == HTTP_NOT_FOUND else _plain(answer)

    async def header(self, block: str) -> bytes | None:
        """Return a block's header by hash, None if the server has none."""
        ask = partial(self._hex, f"/block/{block}/header", f"header {block}")
        return await self._headers.get(block, ask)

    async def merkle_block(self, txid: str) -> bytes | None:
        """Return a header with a Merkle branch, None where the server cannot show both in one answer.

        One that does not know the route is not asked for it again.
        """
        if not self.takes_merkle_blocks:
            return None
        found = await self._hex(f"/tx/{txid}/merkleblock-proof", f"Merkle block of {txid}")
        if found is None:
            self.takes_merkle_blocks = False
        return found

    async def proof(self, txid: str) -> MerkleProof | None:
        """Return the server's own Merkle branch, None where it cannot make one."""
        return await self._json(f"/tx/{txid}/merkle-proof", f"Merkle branch of {txid}", PROOF)

    async def block_txids(self, block: str) -> tuple[str, ...] | None:
        """Return the ids of a block's transactions in order, None if the server has no such list."""
        return await self._json(f"/block/{block}/txids", f"transactions of block {block}", TXIDS)

    async def block_of(self, txid: str) -> BlockPosition | None:
        """Return where a transaction is in the chain, None while unconfirmed."""
        answer = await self.get(f"/tx/{txid}/status", f"status of {txid}")
        return block_in(answer.decode(STATUS), answer)

    async def get(
        self, path: str, subject: str, *, accept: Collection[int] = (), shrinkable: bool = False
    ) -> HttpAnswer:
        """Ask below the server's prefix; see `Http.get`."""
        path = self.prefix + path
        return await self.http.get(path, subject=subject, accept=accept, shrinkable=shrinkable)

    async def _hex(self, path: str, subject: str) -> bytes | None:
        answer = await self.get(path, subject, accept=(HTTP_NOT_FOUND,))
        if answer.status == HTTP_NOT_FOUND:
            return None
        try:
            return bytes.fromhex(_plain(answer))
        except ValueError:
            observed = "sent something that is not hex"
            raise answer.invalid(observed, "expected bytes in hex") from None

    async def _json(self, path: str, subject: str, decoder: msgspec.json.Decoder[T]) -> T | None:
        answer = await self.get(path, subject, accept=(HTTP_NOT_FOUND,))
        return None if answer.status == HTTP_NOT_FOUND else answer.decode(decoder)


def block_in(status: EsploraStatus, answer: HttpAnswer) -> BlockPosition | None:
    """Read where a status puts a transaction, None while unconfirmed; raise `Invalid` for half of it."""
    if not status.confirmed:
        return None
    if status.block_height is None or not status.block_hash or status.block_time is None:
        observed = "confirms a transaction without height, hash or time of its block"
        raise answer.invalid(observed, "expected all three")
    return BlockPosition(height=status.block_height, hash=status.block_hash, time=status.block_time)


def _plain(answer: HttpAnswer) -> str:
    return answer.text().strip('"')  # some servers send JSON where others send text
