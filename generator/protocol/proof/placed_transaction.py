"""A transaction's place in its block, with what shows it: header, Merkle branch, and the block's coinbase."""

from dataclasses import dataclass

from generator.protocol.bitcoin import Header, MalformedData, Transaction, root_of_branch, stated_height
from generator.protocol.proof.header_rules import HeaderRules


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPosition:
    """A block and its place in the chain."""

    height: int
    hash: str  #: displayed hex
    time: int  #: of its header, in seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCoinbase:
    """The first transaction of a block, with its branch: how deep the tree is, and which height it has."""

    transaction: Transaction
    hashes: tuple[str, ...]  #: siblings from the leaf upwards, as displayed

    @property
    def height(self) -> int | None:
        """The height that it states, None where it states none."""
        return stated_height(self.transaction)

    def problem(self, merkle_root: str) -> str | None:
        """Return why this is not the coinbase of a block in one sentence, None when it is."""
        txid = self.transaction.txid
        if not self.transaction.is_coinbase or self.transaction.could_be_merkle_node:
            return f"{txid} is no coinbase"
        try:
            root = root_of_branch(txid, 0, self.hashes)
        except MalformedData as error:
            return f"the Merkle branch of coinbase {txid} is malformed ({error})"
        leads = root == merkle_root
        return (
            None if leads else f"the Merkle branch of coinbase {txid} does not lead to the root of its block"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """A branch that leads from a transaction to the root in a header."""

    txid: str
    block: str  #: block hash
    height: int  #: a header does not hold it: as the coinbase states, or else as a server says
    header: bytes  #: 80 bytes
    position: int
    hashes: tuple[str, ...]  #: siblings from the leaf upwards, as displayed
    coinbase: ShownCoinbase | None = None  #: None where nobody could show it

    def problem(self, rules: HeaderRules) -> str | None:
        """Return what contradicts itself in one sentence, None when everything shown holds together."""
        try:
            header = Header.parse(self.header)
            root = root_of_branch(self.txid, self.position, self.hashes)
        except MalformedData as error:
            return f"the inclusion of {self.txid} in {self.block} is malformed ({error})"
        if header.hash != self.block:
            return f"the header of {self.block} hashes to {header.hash}"
        if root != header.merkle_root:
            return f"the Merkle branch of {self.txid} does not lead to the root of {self.block}"
        if (problem := rules.problem(self.height, header)) is not None:
            return f"the header of {self.block} {problem}"
        return None if self.coinbase is None else self._contradiction(self.coinbase, header)

    def _contradiction(self, coinbase: ShownCoinbase, header: Header) -> str | None:
        """Return where the block's coinbase says otherwise.

        An inner node of the tree can be shown as a transaction of 64 bytes (CVE-2017-12842), but
        never as a coinbase; so the coinbase's branch tells how deep all of them are.
        """
        if (problem := coinbase.problem(header.merkle_root)) is not None:
            return problem
        depth = len(coinbase.hashes)
        if len(self.hashes) != depth:
            shown = f"the Merkle branch of {self.txid} has {len(self.hashes)} hashes"
            return f"{shown}, that of its block's coinbase {depth}"
        if coinbase.height not in (None, self.height):
            return f"the coinbase of {self.block} states height {coinbase.height}, not {self.height}"
        return None

    @property
    def stands(self) -> BlockPosition:
        """Where that is; the header must be one."""
        return BlockPosition(height=self.height, hash=self.block, time=Header.parse(self.header).time)

    def doubt(self, rules: HeaderRules) -> str:
        """Return what its place lacks to be proven, where nothing contradicts it; empty when it is proven."""
        if self.coinbase is None:
            return f"no indexer shows the coinbase of block {self.block}"
        if self.coinbase.height is None:
            return f"the coinbase of block {self.block} states no height"
        return rules.unknown(self.height)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTransaction:
    """A transaction whose bytes hash to its id, and where it stands."""

    transaction: Transaction
    block: BlockPosition | None  #: None while unconfirmed
    inclusion: Inclusion | None = None  #: None where nobody could show one, and while unconfirmed
    doubt: str = ""  #: what the inclusion lacks to prove block and height

    @property
    def txid(self) -> str:
        """The id, computed from the bytes."""
        return self.transaction.txid

    @property
    def is_proven(self) -> bool:
        """Whether it stands in its block at its height by the work of the chain alone."""
        return self.inclusion is not None and not self.doubt

    @property
    def order(self) -> tuple[int, str]:
        """Where it comes among others of the chain; what waits comes last."""
        return self.block.height if self.block else 2**31, self.txid
