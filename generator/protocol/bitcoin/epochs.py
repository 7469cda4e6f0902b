"""Which target a header of a block must have: epochs that follow from one anchor, by consensus.

The target of an epoch follows from its predecessor's first and last header. Headers of
a boundary, the last one of an epoch and the first one of the next, are checked against
what came before: both were mined at their epoch's target, the second one on the first.
The heights of both are only claimed. So a false boundary takes a header that was mined
for it: a true one from elsewhere in its epoch has no successor with the next target,
and no later time than the last, so that it leads to no easier target.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from generator.protocol.bitcoin.compact_target import EPOCH_BLOCKS, next_bits, target_of
from generator.protocol.bitcoin.header import Header

#: Seconds a block takes at least, over years: ten minutes are usual, and less while miners become more.
_BLOCK_S: Final = 9 * 60
#: Blocks of one day, by which chance may be ahead of that.
_LUCK: Final = 144
#: Seconds by which a block's time may differ from those of its epoch: clocks of miners are two hours off.
_SLACK_S: Final = 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class EpochAnchor:
    """The last block of an epoch, known beforehand, and the target of the epoch after it."""

    height: int
    hash: str  #: displayed hex
    bits: int  #: of the next epoch
    limit: int  #: the easiest target of the chain
    begun_s: int | None = None  #: Unix time of which it is not older; None sets no bound to heights

    def highest(self, time_s: int) -> int | None:
        """Return a height that no block reaches by a Unix time; None where nobody knows."""
        if self.begun_s is None:
            return None
        return self.height + _LUCK + max(0, time_s - self.begun_s) // _BLOCK_S

    @property
    def epoch(self) -> int:
        """The first epoch whose target is known."""
        return self.height // EPOCH_BLOCKS + 1


def epoch_of(height: int) -> int:
    """Return the epoch of a block."""
    return height // EPOCH_BLOCKS


def is_boundary(height: int) -> bool:
    """Tell whether a block is the first or the last one of its epoch."""
    return height % EPOCH_BLOCKS in {0, EPOCH_BLOCKS - 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """The last header of an epoch and the first one of the next."""

    last: Header | None  #: None where the anchor stands for it
    first: Header


@dataclass(slots=True, kw_only=True)
class Epochs:
    """The targets of all epochs from an anchor up to where boundaries are known."""

    anchor: EpochAnchor
    bits: dict[int, int] = field(default_factory=dict)  #: by epoch
    problem: str = ""  #: what contradicts itself at the first boundary that does not hold
    _boundaries: dict[int, Boundary] = field(default_factory=dict)  #: by the epoch that begins

    def __post_init__(self) -> None:
        self.bits[self.anchor.epoch] = self.anchor.bits

    @classmethod
    def of(cls, anchor: EpochAnchor, headers: Mapping[int, Collection[Header]]) -> Self:
        """Follow the boundaries among headers, by height, as far as there are any."""
        found = cls(anchor=anchor)
        while not found.problem and found._follow(headers):
            pass
        return found

    @property
    def next_boundary(self) -> int:
        """The epoch at whose beginning stands the first boundary that is not known."""
        return self.anchor.epoch + len(self._boundaries)

    def add(self, boundary: Boundary) -> str | None:
        """Add the next boundary; return what contradicts itself in one sentence, None when it holds."""
        epoch = self.next_boundary
        problem = self._problem_of(epoch, boundary)
        if problem is None:
            self._boundaries[epoch] = boundary
            self.bits[epoch] = boundary.first.bits
        return problem

    def header_problem(self, height: int, header: Header) -> str | None:
        """Return why a header cannot be the one of a block; None where it can, or nobody knows."""
        epoch = epoch_of(height)
        bits = self.bits.get(epoch)
        if bits is None:
            return None
        if header.bits != bits:
            return f"has target {header.bits:08x}, that of block {height} is {bits:08x}"
        begins, ends = self._boundaries.get(epoch), self._boundaries.get(epoch + 1)
        last = ends.last if ends else None
        early = begins is not None and header.time < begins.first.time - _SLACK_S
        if early or (last is not None and header.time > last.time + _SLACK_S):
            return f"has time {header.time}, outside of the epoch of block {height}"
        return None

    def unknown(self, height: int) -> str:
        """Return why the target of a block is not known, empty where it is."""
        epoch = epoch_of(height)
        if epoch < self.anchor.epoch:
            return f"block {height} lies before block {self.anchor.height}, from which targets are known"
        missing = (self.next_boundary if epoch > self.anchor.epoch else epoch) * EPOCH_BLOCKS
        return (
            "" if epoch in self.bits else f"the headers of blocks {missing - 1} and {missing} are not known"
        )

    def _follow(self, headers: Mapping[int, Collection[Header]]) -> bool:
        """Take the next boundary; note a problem where headers for it are there and none holds."""
        height = self.next_boundary * EPOCH_BLOCKS
        pairs = [*_pairs(headers, height, anchored=height == self.anchor.height + 1)]
        problems = {pair: self._problem_of(self.next_boundary, pair) for pair in pairs}
        holding = [pair for pair, problem in problems.items() if problem is None]
        if len(holding) == 1:
            self.add(holding[0])
            return True
        if holding:
            self.problem = f"there are two boundaries at block {height}, both with the work of one"
        else:
            self.problem = next((problem for problem in problems.values() if problem), "")
        return False

    def _problem_of(self, epoch: int, boundary: Boundary) -> str | None:
        height, last, first = epoch * EPOCH_BLOCKS, boundary.last, boundary.first
        bits, before = self.anchor.bits, self.anchor.hash
        if epoch > self.anchor.epoch:
            if last is None:
                return f"block {height - 1} is not shown"
            old, begun = self.bits[epoch - 1], self._boundaries[epoch - 1].first
            if (problem := _mined(last, height - 1, old)) is not None:
                return problem
            bits = next_bits(old, first_s=begun.time, last_s=last.time, limit=self.anchor.limit)
            before = last.hash
        if first.prev != before:
            return f"the header of block {height} follows {first.prev}, not {before}"
        return _mined(first, height, bits)


def _mined(header: Header, height: int, bits: int) -> str | None:
    if header.bits != bits:
        return f"the header of block {height} has target {header.bits:08x}, its epoch {bits:08x}"
    if int(header.hash, 16) > target_of(bits):
        return f"the header of block {height} lacks the work it claims"
    return None


def _pairs(headers: Mapping[int, Collection[Header]], height: int, *, anchored: bool) -> Iterator[Boundary]:
    lasts: Collection[Header | None] = (None,) if anchored else headers.get(height - 1, ())
    yield from (Boundary(last=last, first=first) for last in lasts for first in headers.get(height, ()))
