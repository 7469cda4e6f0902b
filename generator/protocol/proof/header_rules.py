"""What a header of a network must show to count: its own work, and on main its epoch's target."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Final, Self

from generator.protocol.bitcoin import EpochAnchor, Epochs, Header

_LEAST_DIFFICULTY: Final = {"main": 10**13}
_ANCHORS: Final = {
    # of before Angor; the last of Electrum's checkpoints (4.3.4, electrum/checkpoints.json), whose
    # target is 956871428990014096800480126306339386063092842672160768
    "main": EpochAnchor(
        height=747_935,
        hash="00000000000000000001095f6deb27964f80c74f38217a32044c20265e0f40e3",
        bits=0x1709FD7E,
        limit=(1 << 224) - 1,
        begun_s=1_659_312_000,  # 2022-08-01, some days before it was mined
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRules:
    """The rules of one network, with the targets that are known so far."""

    least_difficulty: int = 0  #: below which a header shows nothing
    epochs: Epochs | None = None  #: None on test networks, where headers cost nothing

    def following(self, headers: Mapping[int, Collection[Header]]) -> Self:
        """Return the rules with the targets that follow from boundaries among headers, by height."""
        return replace(self, epochs=self.epochs and Epochs.of(self.epochs.anchor, headers))

    def problem(self, height: int, header: Header) -> str | None:
        """Return why a header cannot be the one of a block, None where it can."""
        if not header.meets_target():
            return "lacks the work it claims"
        if header.difficulty < self.least_difficulty:
            return f"has difficulty {header.difficulty}, expected {self.least_difficulty} or more"
        highest = self.highest(header.time)
        if highest is not None and height > highest:
            return f"is of a time when no block was higher than {highest}"
        return self.epochs.header_problem(height, header) if self.epochs else None

    def highest(self, time_s: int) -> int | None:
        """Return a height that no block reaches by a Unix time; None where nobody knows."""
        return self.epochs.anchor.highest(time_s) if self.epochs else None

    def unknown(self, height: int) -> str:
        """Return why nobody can tell which target a block must have, empty where one can or need not."""
        return self.epochs.unknown(height) if self.epochs else ""


def rules_of(network: str) -> HeaderRules:
    """Return the rules of a network with the one target that its anchor tells."""
    anchor = _ANCHORS.get(network)
    return HeaderRules(
        least_difficulty=_LEAST_DIFFICULTY.get(network, 0), epochs=Epochs(anchor=anchor) if anchor else None
    )
