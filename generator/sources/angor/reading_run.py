"""A run over the projects of a network: each has its turn, until all had one or the run ends before."""

from collections.abc import AsyncIterator, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from generator.protocol.proof.committed_terms import announced_elsewhere
from generator.snapshot import Record
from generator.snapshot.run_record import UNDER_WAY
from generator.sources import WITHOUT_TURN, Tally
from generator.sources.angor.group_reading import GroupReader
from generator.sources.angor.half_read import HalfRead
from generator.sources.angor.moderation import ModerationJudge
from generator.sources.angor.project_reading import ProjectReading
from generator.sources.angor.run_records import RunRecords
from generator.sources.angor.turns import Turns
from generator.sources.angor.unwitnessed import Unwitnessed
from generator.sources.budget import Budget


@dataclass(slots=True, kw_only=True)
class ReadingRun:
    """Reads projects in a fair order and says of each what became of it.

    `standing` are the projects that need no reading, by identifier: what was counted
    shows them unchanged. A full run reads them too, after all others.
    """

    reader: GroupReader
    turns: Turns
    standing: Mapping[str, ProjectReading]
    listed: Collection[str]  #: identifiers
    judge: ModerationJudge
    confirmations: int
    tally: Tally
    budget: Budget
    before: Mapping[str, str]  #: what the last answer left for this run
    _unwitnessed: Unwitnessed = field(init=False)
    _left: dict[str, ProjectReading] = field(default_factory=dict)  #: that had no turn yet
    _again: set[str] = field(default_factory=set)  #: of the standing ones, what was read nevertheless
    _known: int = 0  #: how many projects are to be read
    _weight: int = 0  #: what those weigh together
    _done: int = 0  #: what those of them weigh that were read
    _begun: int = 0  #: requests before the first of them

    def __post_init__(self) -> None:
        self._unwitnessed = Unwitnessed.of(self.before)

    async def records(self, readings: Iterable[ProjectReading]) -> AsyncIterator[Record]:
        """Yield the records of projects, group by group; raise `Unavailable` when no indexer is left.

        What had no turn then stays as it is recorded.
        """
        self._left = {reading.identifier: reading for reading in readings}
        indexers = self.reader.chain.indexers
        self._known, self._begun = len(self._left), self._requests
        self._weight = sum(map(self.turns.weight, self._left.values()))
        half: list[Record] = []
        for group in self.turns.groups(self._left.values()):
            self._tell()
            in_time = await self.budget.wait_for(self.reader.read(group))
            if not in_time or not indexers.healthy:
                half = list(self._half_read(group))
                break
            first = len(self._left) == self._known
            self._had_turn(group)
            for record in (*self._whole(group), *self.reader.agreed.records(self.reader.archive)):
                yield record
            if first:  # from the first part on, what is known names all that it lacks
                for record in self._without_turn(new=True):
                    yield record
            self.tally.whole()
        if not indexers.healthy:
            if len(self._left) < self._known:  # with nothing read, nothing is said
                for record in half:
                    yield record
                self.tally.whole()
            indexers.require()
        standing = [reading for name, reading in self.standing.items() if name not in self._again]
        await self.reader.read_words(standing)
        for record in (*half, *self._without_turn(), *self._whole(standing)):
            yield record
        self.tally.whole()
        self._note_end()

    @property
    def full_to(self) -> str:
        """Up to which identifier the full run before read again, empty when it was not cut short."""
        return self.before.get(UNDER_WAY, "")

    def _whole(self, group: Sequence[ProjectReading]) -> Iterator[Record]:
        """Yield the records of projects that were read to the end, or stand as they are."""
        found = self._found()
        found.add_events(self.judge.lists)
        for reading in group:
            self.judge.judge(reading)
            self._doubt_network(reading)
            self._unwitnessed.see(reading, self.reader.archive.project(reading.place))
            found.add(reading, listed=reading.identifier in self.listed)
        return found.records()

    def _had_turn(self, group: Iterable[ProjectReading]) -> None:
        for reading in group:
            self._done += self.turns.weight(reading)
            del self._left[reading.identifier]
            if reading.identifier in self.standing:
                self._again.add(reading.identifier)

    def _doubt_network(self, reading: ProjectReading) -> None:
        """Say of a listed project that nothing founds here if it is announced as one of another network."""
        network, name = self.reader.chain.network, reading.identifier
        if name in self.listed and isinstance(reading.founding, str):
            other = announced_elsewhere(self.reader.events.values(), name, network)
            if other:
                step = f"its founder's key leads to it on {other}, not on {network}: is the network right?"
                reading.founding = f"{reading.founding}; {step}"

    def _half_read(self, group: Iterable[ProjectReading]) -> Iterator[Record]:
        """Yield evidence of projects that were begun, so that the next run need not ask for it."""
        found, indexers = self._found(), self.reader.chain.indexers
        half = HalfRead.of(self.reader.chain.network, indexers.transactions, indexers.inclusions)
        for reading in group:
            if self.reader.archive.project(reading.place) is None:
                found.add_half_read(half.evidence(reading))
        return found.records()

    def _without_turn(self, *, new: bool = False) -> Iterator[Record]:
        """Yield what the census says of projects that had no turn; if `new`, of those not in it yet."""
        found, archive = self._found(), self.reader.archive
        for name, reading in self._left.items():
            if name not in self.standing and not (new and archive.announced(reading.place)):
                self.judge.judge(reading)
                found.add_without_turn(reading)
        return found.records()

    def _found(self) -> RunRecords:
        reader = self.reader
        return RunRecords(
            archive=reader.archive,
            network=reader.chain.network,
            at=reader.at,
            tip_height=self.tally.tip_height or 0,
            up_to=reader.chain.indexers.common_height,
            confirmations=self.confirmations,
            counts=self.tally.counts,
            agreed=reader.agreed,
            boundaries=reader.chain.indexers.boundaries,
        )

    def _note_end(self) -> None:
        """Remember where the run ended, for the next one."""
        counts, reads, agreed = self.tally.counts, self.tally.reads, self.reader.agreed
        counts["agreed_blocks"] += len(agreed.undisputed)
        counts["unseconded_blocks"] += len(agreed.unseconded)
        counts[WITHOUT_TURN] += sum(name not in self.standing for name in self._left)
        reads.update(self._unwitnessed.reads(all_read=self.reader.full and not self._left))
        if self._left and self.reader.full:
            reads["full_at"] = self.before.get("full_at", reads["full_at"])
            reads[UNDER_WAY] = max(self._again, default=self.full_to)
        if any(map(self.turns.is_unfounded, self._left.values())) and "turns_at" in self.before:
            reads["turns_at"] = self.before["turns_at"]

    @property
    def _requests(self) -> int:
        return sum(server.http.counts["requests"] for server in self.reader.chain.indexers.servers)

    def _tell(self) -> None:
        """Say how far the run is, and about how much is still to do."""
        done = self._known - len(self._left)
        words = [f"{done:,} of {self._known:,} projects read"]
        if done:
            each = (self._requests - self._begun) / self._done
            words.append(f"about {(self._weight - self._done) * each:,.0f} requests to go")
        if (seconds := self.budget.left_s) is not None:
            words.append(f"{seconds / 60:.0f} min of the budget left")
        self.tally.progress(", ".join(words))
