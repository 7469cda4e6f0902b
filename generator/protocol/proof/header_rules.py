"""What a header of a network must show to count: its own work, and on main its epoch's target."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from generator.protocol.bitcoin import Anchor


@dataclass(frozen=True, slots=True, kw_only=True)
class HeaderRules:
    """The rules of one network; without an anchor its headers have no epochs, and cost nothing."""

    least_difficulty: int = 0  #: below which a header shows nothing
    anchor: Anchor | None = None


_RULES: Final[Mapping[str, HeaderRules]] = {
    "main": HeaderRules(
        least_difficulty=10**13,
        # of before Angor; the last of Electrum's checkpoints (4.3.4, electrum/checkpoints.json), whose
        # target is 956871428990014096800480126306339386063092842672160768
        anchor=Anchor(
            height=747_935,
            hash="00000000000000000001095f6deb27964f80c74f38217a32044c20265e0f40e3",
            bits=0x1709FD7E,
            limit=(1 << 224) - 1,
        ),
    )
}


def rules_of(network: str) -> HeaderRules:
    """Return the rules of a network; every test network has the same."""
    return _RULES.get(network, HeaderRules())
