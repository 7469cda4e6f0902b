"""A chain of epochs that is mined in no time: its own anchor, at a target that every fourth hash meets."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from itertools import count

from generator.protocol.bitcoin import EpochAnchor, Header, Input, Output, Transaction, merkle_root, script_of
from generator.protocol.bitcoin.compact_target import EPOCH_BLOCKS, bits_of, next_bits
from generator.protocol.bitcoin.script import minimal_number

LIMIT = 0x7FFFFF << 232
#: Block 2015 of a chain that nobody has the rest of.
ANCHOR = EpochAnchor(height=EPOCH_BLOCKS - 1, hash="ab" * 32, bits=bits_of(LIMIT // 2), limit=LIMIT)
BEGUN_S = 1_700_000_000
TWO_WEEKS_S = 14 * 24 * 3600


def mined(*, prev: str, time: int, bits: int, merkle_root: str = "cd" * 32) -> Header:
    """Return a header that meets its target."""
    header = Header(version=0x20000000, prev=prev, merkle_root=merkle_root, time=time, bits=bits, nonce=0)
    tried = (replace(header, nonce=nonce) for nonce in count())
    return next(header for header in tried if header.meets_target())


@dataclass
class EpochChain:
    """Headers at the ends of epochs, by height; each epoch takes as long as it is told."""

    headers: dict[int, Header] = field(default_factory=dict)
    bits: dict[int, int] = field(default_factory=lambda: {ANCHOR.epoch: ANCHOR.bits})

    @classmethod
    def of(cls, *took_s: int) -> "EpochChain":
        """Return a chain whose epochs took so many seconds, and the first block after them."""
        chain = cls()
        chain.headers[EPOCH_BLOCKS] = mined(prev=ANCHOR.hash, time=BEGUN_S, bits=ANCHOR.bits)
        for epoch, seconds in enumerate(took_s, ANCHOR.epoch):
            chain.end(epoch, seconds)
        return chain

    def end(self, epoch: int, took_s: int) -> None:
        """Mine the last block of an epoch and the first one after it."""
        height, bits = epoch * EPOCH_BLOCKS, self.bits[epoch]
        first = self.headers[height]
        last = mined(prev="ef" * 32, time=first.time + took_s, bits=bits)
        self.bits[epoch + 1] = next_bits(bits, first_s=first.time, last_s=last.time, limit=LIMIT)
        self.headers[height + EPOCH_BLOCKS - 1] = last
        self.headers[height + EPOCH_BLOCKS] = mined(
            prev=last.hash, time=last.time + 600, bits=self.bits[epoch + 1]
        )

    @property
    def shown(self) -> Mapping[int, Collection[Header]]:
        """The headers as evidence has them."""
        return {height: (header,) for height, header in self.headers.items()}


@dataclass(frozen=True, kw_only=True)
class MinedBlock:
    """A block of a coinbase and three other transactions, the last of which is ours."""

    header: Header
    transactions: tuple[Transaction, ...]

    @property
    def txids(self) -> list[str]:
        """The ids of its transactions."""
        return [transaction.txid for transaction in self.transactions]

    @property
    def ours(self) -> Transaction:
        """The transaction that evidence is of."""
        return self.transactions[-1]


def block(height: int, *, time: int, bits: int, said: int | None = None) -> MinedBlock:
    """Mine a block whose coinbase states the height, or says another one."""
    script = script_of(minimal_number(height if said is None else said), b"epochs")
    spent = [
        Input(prev_txid="00" * 32, vout=0xFFFFFFFF, script_sig=script),
        *(Input(prev_txid=f"{number:02x}" * 32, vout=height) for number in (1, 2, 3)),
    ]
    paid = (Output(value_sat=height, script=b"\x51"),)
    transactions = tuple(Transaction(version=2, inputs=(entry,), outputs=paid) for entry in spent)
    root = merkle_root([transaction.txid for transaction in transactions])
    return MinedBlock(
        header=mined(prev="12" * 32, time=time, bits=bits, merkle_root=root), transactions=transactions
    )
