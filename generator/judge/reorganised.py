"""Which blocks transactions were in before they waited again, as older lines of the log say; pure.

Evidence of a block outlives it: header and branch hold by themselves in a chain that
nobody builds on any more, so they do not say that a transaction is still there.
"""

from dataclasses import dataclass
from itertools import pairwise

from generator.ledger import Entry, transaction_of
from generator.snapshot import Known


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftBlock:
    """A block that a row stood in before a later line said that it waits."""

    hash: str
    height: int
    run: str  #: id of the run that said it waits


def left_blocks(known: Known, source: str) -> dict[str, dict[str, LeftBlock]]:
    """Return which blocks older lines named for the rows that wait now, by txid and block hash."""
    found: dict[str, dict[str, LeftBlock]] = {}
    for key, chain in known.history.items():
        row = known.records.get(key)
        if not isinstance(row, Entry) or row.source != source or row.height is not None:
            continue
        for line, later in pairwise(chain):
            said = line.record
            if isinstance(said, Entry) and said.height is not None:
                left = LeftBlock(hash=said.block, height=said.height, run=later.run)
                found.setdefault(transaction_of(row), {})[said.block] = left
    return found
