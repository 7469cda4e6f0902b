"""What an indexer knows about a chain: transactions by id, histories by script, who spent what."""

from collections import defaultdict
from dataclasses import dataclass, field

from generator.protocol.bitcoin import Output, Transaction
from generator.sandbox.chain import Block, Chain


@dataclass(frozen=True, slots=True, kw_only=True)
class Indexed:
    """A transaction and where it is; `block` is None while it waits."""

    tx: Transaction
    block: Block | None
    position: int


@dataclass(slots=True)
class Index:
    """A chain's first blocks, looked up; the waiting transactions only when it is all of them."""

    blocks: list[Block]
    transactions: dict[str, Indexed] = field(default_factory=dict)
    histories: dict[bytes, list[str]] = field(default_factory=lambda: defaultdict(list))  #: oldest first
    spenders: dict[str, tuple[str, int]] = field(default_factory=dict)  #: by outpoint: txid and input
    heights: dict[str, int] = field(default_factory=dict)  #: by block hash

    @classmethod
    def of(cls, chain: Chain, *, lag_blocks: int = 0) -> "Index":
        """Read a chain as an indexer sees it that is some blocks behind."""
        index = cls(chain.blocks[: len(chain.blocks) - lag_blocks])
        for block in index.blocks:
            index.heights[block.hash] = block.height
            for position, tx in enumerate(block.transactions):
                index._add(Indexed(tx=tx, block=block, position=position))
        if not lag_blocks:
            for position, tx in enumerate(chain.mempool):
                index._add(Indexed(tx=tx, block=None, position=position))
        return index

    @property
    def tip(self) -> Block:
        """The last block it knows."""
        return self.blocks[-1]

    def output(self, txid: str, vout: int) -> Output | None:
        """Return a known output, None for a coinbase's input."""
        known = self.transactions.get(txid)
        return known.tx.outputs[vout] if known else None

    def history(self, script: bytes) -> list[Indexed]:
        """Return every transaction that pays or spends a script, newest first, waiting ones before all."""
        return [self.transactions[txid] for txid in reversed(self.histories.get(script, []))]

    def _add(self, indexed: Indexed) -> None:
        tx = indexed.tx
        self.transactions[tx.txid] = indexed
        touched = dict.fromkeys(output.script for output in tx.outputs)
        for vin, entry in enumerate(tx.inputs):
            if spent := self.output(entry.prev_txid, entry.vout):
                self.spenders[entry.outpoint] = (tx.txid, vin)
                touched[spent.script] = None
        for script in touched:
            self.histories[script].append(tx.txid)
