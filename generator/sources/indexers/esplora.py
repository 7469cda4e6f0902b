"""One Esplora-compatible server: its base path, its pages and its gaps, behind plain questions."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

import msgspec

from generator.errors import Invalid
from generator.protocol.proof.inclusion import Spot
from generator.sources.http import Http, HttpAnswer
from generator.sources.indexers import esplora_types

T = TypeVar("T")

#: Where servers keep the interface: Esplora and mempool.space, mempool on an electrum server, bare electrs.
PREFIXES: Final = ("/api", "/api/v1", "")
#: Transactions of one address beyond which we stop and say so.
LONGEST_HISTORY: Final = 20_000
HTTP_NOT_FOUND: Final = 404
#: How many transactions one question about spends may name (mempool's backend, ``$getBatchedOutspends``).
MANY: Final = 50
#: How servers say that they do not take such a question.
_NO_SUCH_ROUTE: Final = frozenset({400, 404, 405})


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A transaction as an address's history lists it; nothing of it is verified yet."""

    txid: str
    spot: Spot | None  #: None while unconfirmed
    scripts: tuple[str, ...]  #: of its outputs, hex
    spends: tuple[tuple[str, int], ...]  #: outpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class AddressHistory:
    """Everything an address took part in, by txid."""

    listings: Mapping[str, Listing]
    expected: int  #: confirmed transactions by the server's own count

    @property
    def confirmed(self) -> int:
        """Return how many of the listed transactions are in the chain."""
        return sum(listing.spot is not None for listing in self.listings.values())

    @property
    def complete(self) -> bool:
        """Tell whether the pages hold as many confirmed transactions as the server counts."""
        return self.confirmed == self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class Spender:
    """The input that spends an output."""

    txid: str
    vin: int
    spot: Spot | None  #: None while unconfirmed


@dataclass(slots=True, kw_only=True)
class Esplora:
    """One server, found by `probe`."""

    http: Http
    prefix: str = ""
    tip_height: int = -1
    takes_many: bool = True  #: until it says that it does not answer for many transactions at once
    faults: list[str] = field(default_factory=list)  #: what went wrong with it in this run, one sentence each

    async def probe(self, genesis: str) -> None:
        """Find base path and tip height; raise `SourceError` if it is not an indexer of our network."""
        wrong: Invalid | None = None
        for prefix in PREFIXES:
            self.prefix = prefix
            try:
                answer = await self._get("/blocks/tip/height", "tip height", missing=True)
                if answer.status != HTTP_NOT_FOUND and _plain(answer).isdigit():
                    self.tip_height = int(_plain(answer))
                    await self._same_chain(genesis)
                    return
            except Invalid as error:
                wrong = wrong or error
        observed = f"tip height: {self.http.host} has no Esplora interface at this address"
        raise wrong or Invalid(self.http.source, observed)

    async def _same_chain(self, genesis: str) -> None:
        answer = await self._get("/block-height/0", "first block", missing=True)
        if answer.status != HTTP_NOT_FOUND and (seen := _plain(answer)) != genesis:
            shown = seen if len(seen) == len(genesis) and seen.isalnum() else "something else"
            observed = f"has {shown} as first block"
            raise answer.invalid(observed, f"expected {genesis}: another network")

    async def counted(self, address: str) -> tuple[int, int]:
        """Return how many transactions the server counts for an address: confirmed, and waiting."""
        answer = await self._get(f"/address/{address}", f"address {address}")
        info = answer.decode(esplora_types.ADDRESS)
        return info.chain_stats.tx_count, info.mempool_stats.tx_count

    async def tx_count(self, address: str) -> int:
        """Return how many confirmed transactions the server counts for an address."""
        return (await self.counted(address))[0]

    async def history(self, address: str) -> AddressHistory:
        """Return an address's transactions, paged until nothing new comes.

        A block that arrives between the count and the last page makes them
        differ, so a difference is looked at twice.
        """
        history = await self._history(address)
        return history if history.complete else await self._history(address)

    async def _history(self, address: str) -> AddressHistory:
        expected = await self.tx_count(address)
        listings: dict[str, Listing] = {}
        await self._pages(address, listings, "?after_txid=")
        history = AddressHistory(listings=listings, expected=expected)
        if history.confirmed < expected:  # servers without `after_txid` send the first page again
            await self._pages(address, listings, "/chain/")
        return AddressHistory(listings=listings, expected=expected)

    async def _pages(self, address: str, listings: dict[str, Listing], by: str) -> None:
        confirmed = [listing.txid for listing in listings.values() if listing.spot is not None]
        if by == "/chain/" and not confirmed:
            return
        cursor = confirmed[-1] if by == "/chain/" else ""
        while len(listings) < LONGEST_HISTORY:
            path = f"/address/{address}/txs" + (by + cursor if cursor else "")
            answer = await self._get(path, f"history of {address}", missing=bool(cursor))
            if answer.status == HTTP_NOT_FOUND:
                return
            page = answer.decode(esplora_types.HISTORY)
            fresh = {row.txid: _listing(row, answer) for row in page if row.txid not in listings}
            if not fresh:
                return
            listings.update(fresh)
            cursor = page[-1].txid

    async def raw(self, txid: str) -> bytes | None:
        """Return a transaction's bytes, None if the server does not know it."""
        return await self._hex(f"/tx/{txid}/hex", f"transaction {txid}")

    async def block_at(self, height: int) -> str | None:
        """Return the hash of the block at a height, None if the server has none there."""
        answer = await self._get(f"/block-height/{height}", f"block {height}", missing=True)
        return None if answer.status == HTTP_NOT_FOUND else _plain(answer)

    async def header(self, block: str) -> bytes | None:
        """Return a block's header by hash, None if the server has none."""
        return await self._hex(f"/block/{block}/header", f"header {block}")

    async def proof(self, txid: str) -> esplora_types.MerkleProof | None:
        """Return the server's own Merkle branch, None where it cannot make one."""
        return await self._maybe(f"/tx/{txid}/merkle-proof", f"Merkle branch of {txid}", esplora_types.PROOF)

    async def block_txids(self, block: str) -> tuple[str, ...] | None:
        """Return the ids of a block's transactions in order, None if the server has no such list."""
        return await self._maybe(
            f"/block/{block}/txids", f"transactions of block {block}", esplora_types.TXIDS
        )

    async def spenders(self, txid: str, addresses: Mapping[int, str]) -> dict[int, Spender]:
        """Return who spends which of these outputs; `addresses` are theirs, by output number."""
        answer = await self._get(f"/tx/{txid}/outspends", f"spends of {txid}")
        rows = answer.decode(esplora_types.OUTSPENDS)
        found: dict[int, Spender] = {}
        for vout, address in addresses.items():
            if vout >= len(rows):
                observed = f"lists {len(rows)} outputs"
                raise answer.invalid(observed, f"expected at least {vout + 1}")
            row = rows[vout]
            if not row.spent:
                continue
            if row.txid is None or row.vin is None:
                found[vout] = await self._spender_in_history(txid, vout, address)
            else:
                spot = _spot(row.status, answer) if row.status is not None else await self.spot(row.txid)
                found[vout] = Spender(txid=row.txid, vin=row.vin, spot=spot)
        return found

    async def spent_of_many(self, txids: Sequence[str]) -> list[frozenset[int]] | None:
        """Return which outputs of up to `MANY` transactions are spent, None where one must ask for each."""
        if not self.takes_many:
            return None
        path, subject = f"/txs/outspends?txids={','.join(txids)}", f"spends of {len(txids)} transactions"
        answer = await self._get(path, subject, accept=_NO_SUCH_ROUTE)
        if answer.status in _NO_SUCH_ROUTE:
            self.takes_many = False
            return None
        rows = answer.decode(esplora_types.MANY_OUTSPENDS)
        if len(rows) != len(txids) or not all(rows):
            observed = f"answers for {sum(map(bool, rows))} transactions"
            raise answer.invalid(observed, f"expected {len(txids)}")
        return [_spent(row) for row in rows]

    async def spent_of(self, txid: str) -> frozenset[int]:
        """Return which outputs of a transaction are spent."""
        answer = await self._get(f"/tx/{txid}/outspends", f"spends of {txid}")
        rows = answer.decode(esplora_types.OUTSPENDS)
        return _spent(rows)

    async def spot(self, txid: str) -> Spot | None:
        """Return where a transaction is in the chain, None while unconfirmed."""
        answer = await self._get(f"/tx/{txid}/status", f"status of {txid}")
        return _spot(answer.decode(_STATUS), answer)

    async def _spender_in_history(self, txid: str, vout: int, address: str) -> Spender:
        history = await self.history(address)
        for listing in history.listings.values():
            if (txid, vout) in listing.spends:
                vin = listing.spends.index((txid, vout))
                return Spender(txid=listing.txid, vin=vin, spot=listing.spot)
        msg = (
            f"spends of {txid}: {self.http.host} says output {vout} is spent and lists nothing that spends it"
        )
        raise Invalid(self.http.source, msg)

    async def _hex(self, path: str, subject: str) -> bytes | None:
        answer = await self._get(path, subject, missing=True)
        if answer.status == HTTP_NOT_FOUND:
            return None
        try:
            return bytes.fromhex(_plain(answer))
        except ValueError:
            observed = "sent something that is not hex"
            raise answer.invalid(observed, "expected bytes in hex") from None

    async def _maybe(self, path: str, subject: str, decoder: msgspec.json.Decoder[T]) -> T | None:
        answer = await self._get(path, subject, missing=True)
        return None if answer.status == HTTP_NOT_FOUND else answer.decode(decoder)

    async def _get(
        self, path: str, subject: str, *, missing: bool = False, accept: Collection[int] = ()
    ) -> HttpAnswer:
        accept = (HTTP_NOT_FOUND,) if missing else accept
        return await self.http.get(self.prefix + path, subject=subject, accept=accept)


_STATUS = msgspec.json.Decoder(esplora_types.EsploraStatus)


def _spent(rows: Iterable[esplora_types.Outspend]) -> frozenset[int]:
    return frozenset(vout for vout, row in enumerate(rows) if row.spent)


def _plain(answer: HttpAnswer) -> str:
    return answer.text().strip('"')  # some servers send JSON where others send text


def _listing(row: esplora_types.ListedTransaction, answer: HttpAnswer) -> Listing:
    return Listing(
        txid=row.txid,
        spot=_spot(row.status, answer),
        scripts=tuple(output.scriptpubkey for output in row.vout),
        spends=tuple((spent.txid, spent.vout) for spent in row.vin),
    )


def _spot(status: esplora_types.EsploraStatus, answer: HttpAnswer) -> Spot | None:
    if not status.confirmed:
        return None
    if status.block_height is None or not status.block_hash or status.block_time is None:
        observed = "confirms a transaction without height, hash or time of its block"
        raise answer.invalid(observed, "expected all three")
    return Spot(height=status.block_height, block=status.block_hash, time=status.block_time)
