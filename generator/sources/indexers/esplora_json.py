"""The JSON of Esplora-compatible servers, as much of it as is read.

Unknown fields are skipped; what is missing where a server is allowed to leave it
out is None (reference: Esplora HTTP API).
"""

from typing import Annotated

import msgspec
from msgspec import Meta

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
#: Some servers send an empty text while a transaction is unconfirmed.
BlockHash = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Height = Annotated[int, Meta(ge=-1, le=2**31)]  #: -1 from blockcore's server for what waits
Seconds = Annotated[int, Meta(ge=0, le=2**32)]


class EsploraStatus(msgspec.Struct, frozen=True):
    """Whether and where a transaction is in the chain."""

    confirmed: bool = False
    block_height: Height | None = None
    block_hash: BlockHash | None = None
    block_time: Seconds | None = None  #: seconds


class EsploraInput(msgspec.Struct, frozen=True):
    """What a listed transaction spends."""

    txid: str | None  #: None from blockcore's server where a coinbase spends nothing
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
    electrum: bool = False  #: from mempool over an Electrum server


class Outspend(msgspec.Struct, frozen=True):
    """Whether and by what an output was spent; some servers leave out by what."""

    spent: bool
    txid: Hash | None = None
    vin: Annotated[int, Meta(ge=-1, le=2**53)] | None = (
        None  #: -1 from blockcore's server, which does not say
    )
    status: EsploraStatus | None = None


class MerkleProof(msgspec.Struct, frozen=True):
    """A branch from a transaction to its block's root, hashes as displayed."""

    merkle: tuple[Hash, ...]
    pos: Count


class BlockRow(msgspec.Struct, frozen=True):
    """A row of the list of blocks: all that is in a header."""

    height: Count
    version: Annotated[int, Meta(ge=-(2**31), lt=2**32)]  #: signed where Core says it
    timestamp: Seconds
    merkle_root: Hash
    previousblockhash: Hash
    nonce: Annotated[int, Meta(ge=0, lt=2**32)]
    bits: Annotated[int, Meta(ge=0, lt=2**32)]


TEXT = msgspec.json.Decoder(str)
HISTORY = msgspec.json.Decoder(tuple[ListedTransaction, ...])
ADDRESS = msgspec.json.Decoder(AddressInfo)
OUTSPENDS = msgspec.json.Decoder(tuple[Outspend, ...])
MANY_OUTSPENDS = msgspec.json.Decoder(tuple[tuple[Outspend, ...], ...])
PROOF = msgspec.json.Decoder(MerkleProof)
TXIDS = msgspec.json.Decoder(tuple[Hash, ...])
BLOCKS = msgspec.json.Decoder(tuple[BlockRow, ...])
STATUS = msgspec.json.Decoder(EsploraStatus)
