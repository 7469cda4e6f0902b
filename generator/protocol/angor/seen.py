"""What Angor asks of a transaction: shapes, so that any transaction type will do."""

from collections.abc import Sequence
from typing import Protocol


class SeenOutput(Protocol):
    """An amount and the script that may spend it."""

    @property
    def value_sat(self) -> int:
        """The amount."""
        ...

    @property
    def script(self) -> bytes:
        """The output script."""
        ...


class SeenInput(Protocol):
    """What is spent, and the proof that it may be."""

    @property
    def prev_txid(self) -> str:
        """The spent output's transaction, displayed hex."""
        ...

    @property
    def vout(self) -> int:
        """The spent output's position."""
        ...

    @property
    def witness(self) -> Sequence[bytes]:
        """The witness items."""
        ...


class SeenTransaction(Protocol):
    """Inputs and outputs in their order."""

    @property
    def inputs(self) -> Sequence[SeenInput]:
        """What is spent."""
        ...

    @property
    def outputs(self) -> Sequence[SeenOutput]:
        """What is paid."""
        ...
