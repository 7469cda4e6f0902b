"""What the log already holds of this source: evidence not to be fetched again, and what is settled."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

import msgspec

from generator.judge.recorded_chain import TXID, block_of, boundary_headers, inclusions, txid_of
from generator.ledger import Entry, Status
from generator.protocol.angor.op_return_layouts import parse_founding
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.bitcoin import Header, Output, Transaction
from generator.protocol.nostr import Event, EventError
from generator.protocol.proof.founding import is_founding
from generator.protocol.proof.header_rules import HeaderRules
from generator.protocol.proof.placed_transaction import BlockPosition, Inclusion
from generator.snapshot import (
    Announced,
    EventRecord,
    Finding,
    HeaderRecord,
    Known,
    Outcome,
    Project,
    TransactionRecord,
    Withdrawn,
)
from generator.sources.indexers import Spender

R = TypeVar("R", Entry, Project, Finding, EventRecord, TransactionRecord, HeaderRecord)

#: Blocks after which we stop asking whether a spend is still where it was (design: proven from public data).
SETTLED: Final = 100
_JSON: Final = msgspec.json.Decoder()
_HEX: Final = frozenset("0123456789abcdef")


@dataclass(slots=True)
class Archive:
    """The log as one source sees its own records."""

    known: Known
    source: str
    _entries: dict[str, list[Entry]] | None = None  #: by project, made when first asked for
    _findings: dict[str, list[Finding]] | None = None
    _about: dict[str, dict[str, Finding]] = field(default_factory=dict)  #: by check
    _settled: dict[int, frozenset[str]] = field(default_factory=dict)  #: by height of the tip
    #: outputs of recorded transactions with a founding's note, by the script of the first one
    _founding: dict[bytes, list[Sequence[Output]]] | None = None

    @property
    def tip_height(self) -> int:
        """The height of the last run that saw one, 0 before the first."""
        return self.known.tip_height or 0

    def events(self) -> dict[str, Event]:
        """Return stored events, by id; ids and signatures are checked like everyone's."""
        found = {}
        for record in self._own(EventRecord):
            with suppress(EventError, msgspec.DecodeError):
                event = Event.parse(_JSON.decode(record.json))
                if event.problem is None:
                    found[event.id] = event
        return found

    def transactions(self) -> dict[str, Transaction]:
        """Return stored transactions, by the id their bytes have; damaged ones are fetched again."""
        found = {}
        for record in self._own(TransactionRecord):
            with suppress(ValueError):  # not hex, or not a transaction
                transaction = Transaction.parse(bytes.fromhex(record.hex))
                found[transaction.txid] = transaction
        return found

    def has_founding(self, identifier: str, network: str) -> bool:
        """Tell whether something recorded founds a project, read whole or not."""
        if self._founding is None:
            self._founding = {}
            for transaction in self.transactions().values():
                outputs = transaction.outputs
                if len(outputs) > 1 and parse_founding(outputs[1].script):
                    self._founding.setdefault(outputs[0].script, []).append(outputs)
        notes = self._founding.get(project_script(identifier), ())
        return any(is_founding(identifier, network, outputs) for outputs in notes)

    def boundary_headers(self) -> Mapping[int, Collection[Header]]:
        """Return stored headers at the ends of epochs, by height."""
        return boundary_headers(self.known, self.source)

    def inclusions(self, rules: HeaderRules) -> dict[tuple[str, str], Inclusion]:
        """Return stored Merkle branches with their headers, by txid and block hash; damaged ones not."""
        found = inclusions(self.known, self.source, rules)
        return {(txid, block): shown for txid, places in found.items() for block, shown in places.items()}

    def settled(self, tip_height: int) -> dict[str, Spender]:
        """Return who spent an outpoint so long ago that no reorganisation will undo it."""
        return {
            entry.spends: spender_of(entry)
            for entry in self._own(Entry)
            if entry.spends
            and entry.status is Status.CONFIRMED
            and entry.height is not None
            and entry.height <= tip_height - SETTLED
        }

    def project(self, place: str) -> Project | None:
        """Look up what stands of a project, None where nothing does."""
        standing = self.known.records.get(("project", self.source, place))
        return standing if isinstance(standing, Project) else None

    def announced(self, place: str) -> Announced | None:
        """Look up what became of an announced project, None before it was first asked for."""
        standing = self.known.records.get(("announced", self.source, place))
        return standing if isinstance(standing, Announced) else None

    def last_answer_at(self) -> datetime | None:
        """Return the time of the last run that this source answered."""
        return next(
            (
                run.at
                for run in reversed(self.known.runs)
                for asked in run.asked
                if asked.source == self.source and asked.outcome is Outcome.OK
            ),
            None,
        )

    def projects(self) -> tuple[Project, ...]:
        """List every project this source has recorded."""
        return tuple(self._own(Project))

    def entries(self, place: str) -> list[Entry]:
        """List what stands of a project's money, confirmed and pending."""
        if self._entries is None:
            self._entries = _by_project(self._own(Entry))
        return self._entries.get(place, [])

    def all_entries(self) -> Iterator[Entry]:
        """Yield the standing entries of all projects."""
        return self._own(Entry)

    def findings(self, place: str) -> list[Finding]:
        """List what stands of a project's checks, passed ones too."""
        if self._findings is None:
            self._findings = _by_project(self._own(Finding))
        return self._findings.get(place, [])

    def settled_blocks(self, tip_height: int) -> frozenset[str]:
        """Return the recorded blocks so deep that no reorganisation will undo them."""
        if tip_height not in self._settled:
            deep = tip_height - SETTLED
            found = (header.id for header in self._own(HeaderRecord) if header.height <= deep)
            self._settled[tip_height] = frozenset(found)
        return self._settled[tip_height]

    def about(self, check: str) -> dict[str, Finding]:
        """Return the standing findings of a check that are about no single project, by subject."""
        if check not in self._about:
            own = (finding for finding in self._own(Finding) if finding.check == check and not finding.place)
            self._about[check] = {finding.subject: finding for finding in own}
        return self._about[check]

    def first_seen(self, entry: Entry) -> Entry:
        """Date an unconfirmed entry with the time it was first seen at, so that it is no news again."""
        standing = self.known.records.get(entry.key)
        if isinstance(standing, Entry) and standing.height is None:
            return msgspec.structs.replace(entry, at=standing.at)
        return entry

    def blocks_above(self, height: int) -> dict[str, BlockPosition]:
        """Return where the transactions of recorded entries stand that are in later blocks than this."""
        return {
            txid_of(entry.id): block
            for entry in self._own(Entry)
            if entry.height is not None and entry.height > height and (block := block_of(entry)) is not None
        }

    def withdrawn(self, record: Entry | Finding | Project, reason: str) -> Withdrawn:
        """Take a record back; it is named ``<type>/<id>``."""
        return Withdrawn(id=f"{record.key[0]}/{record.id}", source=self.source, reason=reason)

    def _own(self, kind: type[R]) -> Iterator[R]:
        return (record for record in self.known.of(kind) if record.source == self.source)


P = TypeVar("P", Entry, Finding)


def _by_project(records: Iterable[P]) -> dict[str, list[P]]:
    found: dict[str, list[P]] = {}
    for record in records:
        found.setdefault(record.place, []).append(record)
    return found


def spender_of(entry: Entry) -> Spender:
    """Return the input that a spend's entry stands for (its id is ``txid/vin``)."""
    txid, _, vin = entry.id.partition("/")
    return Spender(txid=txid, vin=int(vin), block=block_of(entry))


def txid_in(subject: str) -> str:
    """Return the transaction a finding's subject is about, empty where it is about none."""
    txid = txid_of(subject)
    return txid if len(txid) == TXID and set(txid) <= _HEX else ""
