"""Asking every source at once: one that fails keeps its last observations and stops nobody else.

What a source calls whole before it fails, or before the process is killed, counts:
it goes to the journal at once.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

import msgspec

from generator.errors import Invalid, NothingPublishable, SourceError
from generator.places import identifier_in
from generator.snapshot import (
    Asked,
    Finding,
    Known,
    Outcome,
    Project,
    Record,
    news,
    with_records,
)
from generator.snapshot.batch import Batch, latest_by_key
from generator.snapshot.bindings import bindings
from generator.snapshot.gate import Refusal, judge
from generator.sources import Source
from generator.sources.http.unreached import OFFLINE, seems_offline

#: Called with a source's name, what it is doing, and whether it has finished.
Progress = Callable[[str, str, bool], None]

#: Called with what stands by itself of a source, as it comes, and the height of the chain that it saw.
Journal = Callable[[Sequence[Record], int | None], None]

#: Records between two words of progress.
STEP: Final = 250


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What a run is asked to do; everything that is not a source or the log."""

    run: str  #: run id
    at: datetime
    network: str
    full: bool = False  #: reconcile everything instead of reading on
    demo: bool = False
    forbid_total_drop: bool = True
    #: place → slug of the project that the configuration binds it to, empty for none
    project_of: Callable[[str], str] = identifier_in
    bound: str = ""  #: hash of all that, see `Run`
    accept: Mapping[str, str] = field(default_factory=dict)  #: refusal id → the maintainer's reason


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRecords:
    """What the gate kept out of the log: for quarantine, already filtered by its source."""

    source: str
    refusals: tuple[Refusal, ...]
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """The news of one run, and what of it was refused.

    Without a repr of all that: `asyncio.run` makes one of its result, to no use.
    """

    batch: Batch = field(repr=False)
    refused: tuple[RefusedRecords, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class _SourceAnswer:
    asked: Asked
    records: tuple[Record, ...] = ()  #: news that may be appended
    refused: RefusedRecords | None = None
    tip_height: int | None = None


async def collect(  # noqa: PLR0913 -- what a run is made of, by name
    sources: Sequence[Source],
    known: Known,
    request: RunRequest,
    *,
    then: Sequence[Source] = (),
    progress: Progress = lambda _source, _what, _done: None,
    journal: Journal = lambda _records, _tip_height: None,
    clean: Callable[[str], str] = str,
) -> Collected:
    """Ask all sources at once, then those that build on the others' answers (exchange rates).

    Of a source that fails, the records count that it called whole before. `clean` removes
    secrets and ids from messages, which are published. Raise `NothingPublishable` when none
    of `sources` answered and nothing was ever recorded.
    """
    asker = _Asker(request=request, progress=progress, journal=journal, clean=clean)
    answers = await asyncio.gather(*(asker.ask(source, known) for source in sources))
    if not sources:  # nothing is listed yet: a run of its own, which has nothing to say
        return _collected((), known, request)
    if not known.runs and not any(answer.asked.outcome is Outcome.OK or answer.records for answer in answers):
        messages = "; ".join(f"{answer.asked.source}: {answer.asked.message}" for answer in answers)
        msg = f"no source answered and nothing was recorded before ({messages}); the output is untouched"
        if seems_offline(answer.asked.message for answer in answers):
            msg = f"{OFFLINE}\n{msg}"
        raise NothingPublishable(msg)
    if then:
        informed = with_records(known, (record for answer in answers for record in answer.records))
        answers += await asyncio.gather(*(asker.ask(source, informed) for source in then))
    return _collected(answers, known, request)


def _collected(answers: Iterable[_SourceAnswer], known: Known, request: RunRequest) -> Collected:
    ordered = sorted(answers, key=lambda answer: answer.asked.source)
    records = [record for answer in ordered for record in answer.records]
    tips = [answer.tip_height for answer in ordered if answer.tip_height is not None]
    batch = Batch(
        run=request.run,
        at=request.at,
        network=request.network,
        asked=tuple(answer.asked for answer in ordered),
        records=latest_by_key([*records, *_bound_unread(ordered, known, request)]),
        tip_height=max(tips, default=None),
        demo=request.demo,
        bound=request.bound,
    )
    return Collected(batch=batch, refused=tuple(answer.refused for answer in ordered if answer.refused))


def _bound_unread(answers: Iterable[_SourceAnswer], known: Known, request: RunRequest) -> Iterator[Record]:
    """Yield new bindings of sources that did not answer, or are closed: the configuration tells them."""
    read = {answer.asked.source for answer in answers if answer.asked.outcome is Outcome.OK}
    for source in sorted({record.source for record in known.of(Project)} - read):
        yield from news(known, bindings(source, known, (), request.project_of))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asker:
    """Asks the sources of a run, and judges what they say."""

    request: RunRequest
    progress: Progress
    journal: Journal
    clean: Callable[[str], str]

    async def ask(self, source: Source, known: Known) -> _SourceAnswer:
        self.progress(source.name, "asking", False)  # noqa: FBT003 -- the callback's shape
        source.tally.progress = lambda what: self.progress(source.name, what, False)  # noqa: FBT003
        heard = _Heard(source=source, known=known, request=self.request, journal=self.journal)
        source.tally.whole = heard.keep
        outcome, message = Outcome.OK, ""
        try:
            async for record in source.collect(known, at=self.request.at, full=self.request.full):
                heard.records.append(_cleaned(record, self.clean))
                if len(heard.records) % STEP == 0:
                    source.tally.progress(f"{len(heard.records)} records")
        except SourceError as error:
            outcome = Outcome.INVALID if isinstance(error, Invalid) else Outcome.UNAVAILABLE
            message = self.clean(error.message)
            del heard.records[heard.kept :]
        answer = _SourceAnswer(asked=source.tally.asked(source.name, outcome, message))
        if outcome is Outcome.OK or heard.records:
            answer = heard.judged(heard.records, outcome, message)
        self.progress(source.name, _progress_line(answer), True)  # noqa: FBT003 -- the callback's shape
        return answer


@dataclass(slots=True, kw_only=True)
class _Heard:
    """What a source has said so far."""

    source: Source
    known: Known
    request: RunRequest
    journal: Journal
    records: list[Record] = field(default_factory=list)
    kept: int = 0  #: how many of them count whatever comes

    def keep(self) -> None:
        """Count what was said since as whole; what the gate does not refuse goes to the journal.

        The first part has the new bindings of what is known, the others those of their own places.
        """
        known = Known() if self.kept else self.known
        part, self.kept = self.records[self.kept :], len(self.records)
        answer = self.judged(part, Outcome.OK, bound=known)
        if answer.records:
            self.journal(answer.records, answer.tip_height)

    def judged(
        self, records: Iterable[Record], outcome: Outcome, message: str = "", *, bound: Known | None = None
    ) -> _SourceAnswer:
        """Keep what is new and plausible; a source whose records the gate refuses keeps none.

        Places of `bound` get their bindings beside those of the records: of all that is known without it.
        """
        source, known = self.source, self.known
        observed = latest_by_key(records)
        bindings_now = bindings(source.name, bound or known, observed, self.request.project_of)
        fresh = tuple(news(known, (*observed, *bindings_now)))
        verdict = judge(
            known,
            fresh,
            source=source.name,
            tip_height=source.tally.tip_height,
            forbid_total_drop=self.request.forbid_total_drop,
            accept=self.request.accept,
        )
        if verdict.refused:
            refused = RefusedRecords(source=source.name, refusals=verdict.refused, records=fresh)
            why = _refusal_message(verdict.refused)
            return _SourceAnswer(asked=source.tally.asked(source.name, Outcome.REFUSED, why), refused=refused)
        reasons = "; ".join(filter(None, (message, *(finding.reason for finding in verdict.accepted))))
        return _SourceAnswer(
            asked=source.tally.asked(source.name, outcome, reasons),
            records=(*fresh, *news(known, verdict.accepted)),
            tip_height=source.tally.tip_height,
        )


def _cleaned(record: Record, clean: Callable[[str], str]) -> Record:
    """Clean what a finding quotes of a server's refusal."""
    if isinstance(record, Finding) and (reason := clean(record.reason)) != record.reason:
        return msgspec.structs.replace(record, reason=reason)
    return record


def _refusal_message(refusals: Sequence[Refusal]) -> str:
    """Say what was refused and how to let it pass, without naming hundreds."""
    shown = "; ".join(refusal.reason for refusal in refusals[:3])
    rest = f"; and {len(refusals) - 3} more" if len(refusals) > 3 else ""  # noqa: PLR2004 -- as above
    return f"{shown}{rest}. Look at the quarantine; if it is right: --accept-drop {refusals[0].id} --reason …"


def _progress_line(answer: _SourceAnswer) -> str:
    if answer.asked.outcome is Outcome.OK:
        return f"{len(answer.records)} new records" if answer.records else "nothing new"
    return f"{answer.asked.outcome}: {answer.asked.message}"
