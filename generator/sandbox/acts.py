"""What actors of the sandbox did, noted by themselves at the moment of acting.

An actor notes what it knows when it acts: its amount, its key, the opening time
it locked its money to. Nothing here is read back from the chain, so a figure
that was read from the chain can be compared with it.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum


class ActKind(StrEnum):
    """What an actor did with money locked by Angor; the words are those of the ledger's kinds."""

    INVESTMENT = "investment"  #: one per stage output
    FEE = "fee"
    CLAIM = "claim"
    PENALTY = "penalty"
    RELEASE = "release"
    RECOVERY = "recovery"
    UNCLASSIFIED = "unclassified"  #: moved by both to a script that only they know


class ActStatus(StrEnum):
    """Whether the transaction was mined before the world's end."""

    CONFIRMED = "confirmed"
    PENDING = "pending"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """One movement of money by one actor."""

    kind: ActKind
    project: str  #: slug
    identifier: str  #: ``angor1q...``, what the project is called when no one gave it a slug
    amount_msat: int
    at: datetime  #: UTC: time of the block it went into, or of sending while pending
    status: ActStatus
    txid: str
    position: int  #: number of the output (investment, fee) or of the input (all others)
    investor_key: str = ""  #: 33 bytes in hex; empty for a fee
    stage: int | None = None  #: counted from 1
    opens_at: datetime | None = None  #: UTC: when the founder may claim the stage output concerned
    spends: str = ""  #: outpoint ``txid:vout`` that was spent

    @property
    def id(self) -> str:
        """``txid:vout`` of a created output, ``txid/vin`` of a spend."""
        mark = ":" if self.kind in {ActKind.INVESTMENT, ActKind.FEE} else "/"
        return f"{self.txid}{mark}{self.position}"

    @property
    def opens_on(self) -> date | None:
        """The UTC day of `opens_at`."""
        return None if self.opens_at is None else self.opens_at.astimezone(UTC).date()


class Acts(list[Act]):
    """All acts in the order in which they happened."""
