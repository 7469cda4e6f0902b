"""Whether two indexers have the same block where money stands: work alone does not show a stale block."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Self

from generator.protocol.proof.placed_transaction import BlockPosition, PlacedTransaction
from generator.snapshot import Finding, Record, Result
from generator.snapshot.finding import HEADER_AGREEMENT
from generator.sources.angor.archive import Archive
from generator.sources.angor.chain import all_of
from generator.sources.indexers import Indexers


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """What a second indexer says about the blocks of this run."""

    heights: dict[str, int] = field(default_factory=dict)  #: of disputed blocks, by hash
    undisputed: frozenset[str] = frozenset()  #: blocks that two indexers have
    unseconded: frozenset[str] = frozenset()  #: blocks of which only one indexer could speak

    @property
    def disputed(self) -> frozenset[str]:
        """The hashes of blocks that another indexer does not have at their height."""
        return frozenset(self.heights)

    def __or__(self, later: Self) -> Self:
        """Join what was said about different blocks."""
        return replace(
            self,
            heights=self.heights | later.heights,
            undisputed=self.undisputed | later.undisputed,
            unseconded=self.unseconded | later.unseconded,
        )

    def records(self, archive: Archive) -> Iterator[Record]:
        """Yield a finding for each dispute, and take back those that ended.

        Agreement is the rule and no news: it is told as a number, and by the
        entries, which are not proven while their block is disputed.
        """
        for block, height in sorted(self.heights.items()):
            yield Finding(
                id=f"{HEADER_AGREEMENT}/{block}",
                source=archive.source,
                check=HEADER_AGREEMENT,
                subject=block,
                result=Result.FAILED,
                reason=f"another indexer has another block at height {height}",
            )
        for block, finding in archive.about(HEADER_AGREEMENT).items():
            if block in self.undisputed:
                yield archive.withdrawn(finding, "the indexers agree again")


async def ask_agreement(
    indexers: Indexers,
    archive: Archive,
    transactions: Iterable[PlacedTransaction],
    *,
    full: bool,
    before: Agreement,
) -> Agreement:
    """Ask about each block that is not settled: recorded long ago and not disputed.

    Add it to what was said `before` in this run, which is not asked again.
    """
    settled = archive.settled_blocks(indexers.tip_height) - archive.about(HEADER_AGREEMENT).keys()
    settled = frozenset() if full else settled
    settled |= before.disputed | before.undisputed | before.unseconded
    blocks = {placed.block for placed in transactions if placed.block and placed.inclusion}
    unsettled = (block for block in blocks if block.hash not in settled)
    ordered = sorted(unsettled, key=lambda block: (block.height, block.hash))

    async def ask(block: BlockPosition) -> tuple[BlockPosition, bool | None]:
        return block, await indexers.agreed(block)

    answers = await all_of(ask(block) for block in ordered)
    return before | Agreement(
        heights={block.hash: block.height for block, agreed in answers if agreed is False},
        undisputed=frozenset(block.hash for block, agreed in answers if agreed),
        unseconded=frozenset(block.hash for block, agreed in answers if agreed is None),
    )
