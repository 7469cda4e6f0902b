"""A transaction's place in its block, with the header and the Merkle branch that show it."""

from dataclasses import dataclass
from typing import Final

from generator.protocol.bitcoin import Header, MalformedData, Transaction, root_of_branch

#: What a header must at least have cost to count, by network.
_LEAST_DIFFICULTY: Final = {"main": 10**13}


def least_difficulty(network: str) -> int:
    """Return the difficulty below which a network's header proves nothing; 0 where headers cost nothing."""
    return _LEAST_DIFFICULTY.get(network, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockPosition:
    """A block and its place in the chain."""

    height: int
    hash: str  #: displayed hex
    time: int  #: of its header, in seconds since 1970


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """A branch that leads from a transaction to the root in a header."""

    txid: str
    block: str  #: block hash
    height: int  #: as the server says; a header does not hold it
    header: bytes  #: 80 bytes
    position: int
    hashes: tuple[str, ...]  #: siblings from the leaf upwards, as displayed

    def problem(self, least_difficulty: int) -> str | None:
        """Return what contradicts itself in one sentence, None when branch, header and work hold together."""
        try:
            header = Header.parse(self.header)
            root = root_of_branch(self.txid, self.position, self.hashes)
        except MalformedData as error:
            return f"the inclusion of {self.txid} in {self.block} is malformed ({error})"
        if header.hash != self.block:
            return f"the header of {self.block} hashes to {header.hash}"
        if root != header.merkle_root:
            return f"the Merkle branch of {self.txid} does not lead to the root of {self.block}"
        if not header.meets_target():
            return f"the header of {self.block} lacks the work it claims"
        if header.difficulty < least_difficulty:
            expected = f"expected {least_difficulty} or more"
            return f"the header of {self.block} has difficulty {header.difficulty}, {expected}"
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTransaction:
    """A transaction whose bytes hash to its id, and where it stands."""

    transaction: Transaction
    block: BlockPosition | None  #: None while unconfirmed
    inclusion: Inclusion | None = None  #: None where nobody could show one, and while unconfirmed

    @property
    def txid(self) -> str:
        """The id, computed from the bytes."""
        return self.transaction.txid

    @property
    def order(self) -> tuple[int, str]:
        """Where it comes among others of the chain; what waits comes last."""
        return self.block.height if self.block else 2**31, self.txid
