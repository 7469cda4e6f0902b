"""One Bitcoin indexer, asked in at most twenty questions what it can do (public-servers.md 1)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import msgspec

from generator.doctor.probe.gentle import GentleHost, Reply
from generator.doctor.probe.probed import ProbedIndexer
from generator.sources.indexers.esplora import PREFIXES
from generator.sources.indexers.esplora_json import (
    ADDRESS,
    HISTORY,
    MANY_OUTSPENDS,
    OUTSPENDS,
    PROOF,
    TXIDS,
    ListedTransaction,
)
from generator.unreadable import UNREADABLE

T = TypeVar("T")
#: Requests that are kept for other questions while the address with the longest history is looked for.
_KEPT: Final = 14
_NOWHERE: Final = "0" * 64
#: A moment at which every full table of prices has a row: 2025-07-01.
_PRICED_AT: Final = 1_751_328_000


@dataclass(slots=True, kw_only=True)
class IndexerProbe:
    """Asks one server; `addresses` are of projects whose histories may be long."""

    host: GentleHost
    genesis: str
    addresses: Sequence[str]
    per_second: float | None = None  #: requests that the configuration allows
    prefix: str = ""
    found: dict[str, Any] = field(default_factory=dict)  #: fields of `ProbedIndexer`
    transactions: list[int] = field(default_factory=list)  #: how many each address asked for has

    async def run(self) -> ProbedIndexer:
        """Ask everything, in the order of what matters most."""
        if await self._find_prefix():
            await self._backend()
            if (rows := await self._history()) is not None:
                await self._spends(rows)
                await self._blocks(rows)
            await self._prices()
        return self._probed()

    async def _ask(self, path: str) -> Reply | None:
        return await self.host.ask(self.prefix + path)

    async def _find_prefix(self) -> bool:
        """Find the base path by the height; by the first block where no height is served."""
        for path in ("/blocks/tip/height", "/block-height/0"):
            for self.prefix in PREFIXES:
                reply = await self._ask(path)
                if reply is None or reply.status == _ORIGIN_DEAD:
                    self.host.stopped = (
                        self.host.stopped or f"answers {_ORIGIN_DEAD}: nothing stands behind it"
                    )
                    return False
                if reply.well and len(reply.text) in (len(_NOWHERE), *range(1, 9)) and reply.text.isalnum():
                    break
            else:
                continue
            self.found["prefix"] = self.prefix
            self.found["tip"] = path.endswith("height")
            if self.found["tip"]:
                self.found["tip_height"] = int(reply.text) if reply.text.isdigit() else None
                reply = await self._ask("/block-height/0")
            return self._is_ours(reply)
        return False

    def _is_ours(self, first_block: Reply | None) -> bool:
        if first_block is None or not first_block.well:
            return first_block is not None
        self.found["quoted"] = first_block.body.strip().startswith(b'"')
        self.found["right_network"] = first_block.text == self.genesis
        return first_block.text == self.genesis

    async def _backend(self) -> None:
        reply = await self.host.ask("/api/v1/backend-info")
        read = _read(reply, msgspec.json.Decoder(dict[str, Any]))
        if read and isinstance(word := read.get("backend"), str) and word.isalnum():
            self.found["backend"] = word[:20]

    async def _history(self) -> Sequence[ListedTransaction] | None:
        """Look for the longest history, page through its beginning, and return the first page."""
        longest, address = -1, ""
        for candidate in self.addresses:
            if address and self.host.left <= _KEPT:
                break
            if (info := _read(await self._ask(f"/address/{candidate}"), ADDRESS)) is None:
                continue
            count = info.chain_stats.tx_count + info.mempool_stats.tx_count
            self.transactions.append(count)
            if count > longest:
                longest, address = count, candidate
        rows = _read(await self._ask(f"/address/{address}/txs"), HISTORY) if longest > 0 else None
        if not rows:
            return rows
        if len(rows) < longest:
            self.found["page_size"] = len(rows)
            await self._cursor(address, rows)
        return rows

    async def _cursor(self, address: str, first: Sequence[ListedTransaction]) -> None:
        known = {row.txid for row in first}
        confirmed = next((row.txid for row in reversed(first) if row.status.confirmed), first[-1].txid)
        ways = {"after_txid": f"?after_txid={first[-1].txid}", "chain": f"/chain/{confirmed}"}
        for name, way in ways.items():
            rows = _read(await self._ask(f"/address/{address}/txs{way}"), HISTORY)
            if rows and any(row.txid not in known for row in rows):
                self.found["cursor"] = name
                unknown = way.replace(first[-1].txid, _NOWHERE).replace(confirmed, _NOWHERE)
                await self._unknown_cursor(f"/address/{address}/txs{unknown}")
                return
        if self.host.left:
            self.found["cursor"] = "none"

    async def _unknown_cursor(self, path: str) -> None:
        if (reply := await self._ask(path)) is not None:
            rows = _read(reply, HISTORY)
            shown = "the first page" if rows else "an empty page"
            self.found["unknown_cursor"] = str(reply.status) if rows is None else shown

    async def _spends(self, rows: Sequence[ListedTransaction]) -> None:
        row = next((row for row in rows if row.vin), None)
        if row is None:
            return
        txid, vout = row.vin[0].txid, row.vin[0].vout  # spent for certain, and by whom
        reply = await self._ask(f"/tx/{txid}/outspends")
        if reply is not None:
            spends = _read(reply, OUTSPENDS) or ()
            told = (spends[vout].txid, spends[vout].vin) if vout < len(spends) else None
            self.found["spenders"] = told == (row.txid, 0)
        reply = await self._ask(f"/txs/outspends?txids={txid}")
        if reply is not None:
            self.found["batch"] = _read(reply, MANY_OUTSPENDS) is not None

    async def _blocks(self, rows: Sequence[ListedTransaction]) -> None:
        row = next((row for row in rows if row.status.block_hash), None)
        if row is None:
            return
        if (reply := await self._ask(f"/tx/{row.txid}/merkle-proof")) is not None:
            self.found["proofs"] = _read(reply, PROOF) is not None
        if (reply := await self._ask(f"/block/{row.status.block_hash}/header")) is not None:
            self.found["headers"] = reply.well
        if (reply := await self._ask(f"/block/{row.status.block_hash}/txids")) is not None:
            self.found["block_txids"] = _read(reply, TXIDS) is not None

    async def _prices(self) -> None:
        reply = await self.host.ask(f"/api/v1/historical-price?currency=EUR&timestamp={_PRICED_AT}")
        if reply is None:
            return
        table = _read(reply, msgspec.json.Decoder(_Prices))
        if table is None:
            self.found["price_history"] = "none"
        else:
            # an empty table answers 200 with a price of 0, a missing currency is -1 (public-servers.md 4)
            self.found["price_history"] = "yes" if any(row.EUR > 0 for row in table.prices) else "empty"

    def _probed(self) -> ProbedIndexer:
        host, parts = self.host, urlsplit(self.host.base_url)
        return ProbedIndexer(
            host=(parts.hostname or "") + (f":{parts.port}" if parts.port else ""),
            requests=host.asked,
            problem=host.stopped,
            quota=host.limited or None,
            per_second=self.per_second,
            seconds=round(median(host.seconds), 3) if host.seconds else None,
            **self.found,
        )


class _Price(msgspec.Struct):
    EUR: float = -1


class _Prices(msgspec.Struct):
    prices: tuple[_Price, ...] = ()


_ORIGIN_DEAD: Final = 530  # Cloudflare: the origin cannot be reached


def _read(reply: Reply | None, decoder: msgspec.json.Decoder[T]) -> T | None:
    """Read a success as the decoder's type, JSON inside a JSON text too; None for anything else."""
    if reply is None or not reply.well:
        return None
    body = reply.body
    try:
        if body.lstrip().startswith(b'"'):
            body = msgspec.json.decode(body, type=str).encode()
        return decoder.decode(body)
    except UNREADABLE:
        return None
