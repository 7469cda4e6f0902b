"""Rows that wait for a block again: how much they are, and what the log itself says against it.

That a block was reorganised is an indexer's word, since evidence of it holds for ever. But
whoever says so must say it of all that stood in the block and in those above it.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Self

from generator.judge.reorganised import LeftBlock, left_blocks
from generator.ledger import Entry, Kind, transaction_of
from generator.money import sat_text
from generator.places import ANGOR
from generator.protocol.bitcoin import Header
from generator.snapshot import Announced, Census, Finding, HeaderRecord, Known, Project
from generator.snapshot.finding import HEADER_AGREEMENT
from generator.snapshot.gate import SETTLED
from generator.text_format import counted
from generator.verify.results import CheckResult, unchecked


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingAgain:
    """Rows that older lines put into a block, and what tells whether that block may be gone."""

    rows: tuple[tuple[Entry, LeftBlock], ...]
    standing: frozenset[str]  #: blocks that rows read to the end name, and what these build on
    tips: Mapping[str, int]  #: the highest tip before a run, by run id
    at_height: Mapping[int, frozenset[str]]  #: published blocks

    @classmethod
    def of(cls, known: Known) -> Self:
        """Gather them from a fold."""
        left = left_blocks(known, ANGOR)
        headers = [record for record in known.of(HeaderRecord) if record.source == ANGOR]
        at_height: dict[int, set[str]] = {}
        for header in headers:
            at_height.setdefault(header.height, set()).add(header.id)
        return cls(
            rows=tuple(
                (row, block)
                for row in known.of(Entry)
                if row.source == ANGOR and row.height is None
                for block in left.get(transaction_of(row), {}).values()
            ),
            standing=frozenset(_with_ancestors(_standing(known), _parents(headers))),
            tips=_tips_before(known),
            at_height={height: frozenset(ids) for height, ids in at_height.items()},
        )

    def problems(self) -> Iterator[str]:
        """Yield rows whose block is not gone, or was too deep to go, as the log itself says."""
        for row, block in self.rows:
            depth = self.tips.get(block.run, 0) - block.height
            if block.hash in self.standing:
                yield f"{row.id}: waits again, and block {block.hash}, which held it, stands for other rows"
            elif depth >= SETTLED:
                yield f"{row.id}: waits again, and its block {block.hash} was {depth} blocks below the tip"

    def told(self) -> Iterator[CheckResult]:
        """Yield how much counts no more because its block is said to be gone."""
        rows = {row.id: row for row, _ in self.rows}
        if rows:
            sat = sat_text(sum(row.amount_msat for row in rows.values() if row.kind is Kind.INVESTMENT))
            lone = {
                row.id for row, block in self.rows if self.at_height.get(block.height, set()) <= {block.hash}
            }
            reason = (
                f"{counted(len(rows), 'row')}, such as {min(rows)}, {sat} sat of investments: in a block "
            )
            reason += "before, which an indexer says was reorganised; no other block of its height is shown "
            yield unchecked("rows-unconfirmed", f"{reason}for {len(lone)} of them")


def _standing(known: Known) -> Iterator[str]:
    """Yield the blocks that rows name; not of projects that were not read to the end, and undisputed."""
    unread = {place.id for place in known.of(Announced) if place.outcome is Census.UNREAD}
    unread |= {project.id for project in known.of(Project) if not project.complete}
    disputed = {finding.subject for finding in known.of(Finding) if finding.check == HEADER_AGREEMENT}
    for row in known.of(Entry):
        if row.source == ANGOR and row.block and row.place not in unread and row.block not in disputed:
            yield row.block


def _tips_before(known: Known) -> dict[str, int]:
    found: dict[str, int] = {}
    highest = 0
    for run in known.runs:
        found[run.id] = highest
        highest = max(highest, run.tip_height or 0)
    return found


def _parents(headers: Iterable[HeaderRecord]) -> dict[str, str]:
    found: dict[str, str] = {}
    for record in headers:
        with suppress(ValueError):  # not hex, or no header
            found[record.id] = Header.parse(bytes.fromhex(record.hex)).prev
    return found


def _with_ancestors(blocks: Iterable[str], parents: Mapping[str, str]) -> set[str]:
    found: set[str] = set()
    for block in blocks:
        at: str | None = block
        while at is not None and at not in found:
            found.add(at)
            at = parents.get(at)
    return found
