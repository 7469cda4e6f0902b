"""Collecting: sources fail alone, their observations stay, and the gate has the last word."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

import msgspec
import pytest

from generator.errors import ConfigError, Invalid, NothingPublishable, Problem, Unavailable
from generator.ledger import Entry
from generator.snapshot import Binding, Known, Outcome, Rate, Record, Run, fold
from generator.snapshot.lines import Line
from generator.sources import Source, Tally
from generator.sources.collect import Collected, RunRequest, collect
from tests.support.records import ANGOR, NOON, PAY, entry, finding, gone, project, rate

REQUEST = RunRequest(run="20260314T120000Z-1", at=NOON, network="regtest")


class Said:
    """A source that says what it was told to, and may fail at the end."""

    def __init__(
        self, name: str, *records: Record, error: Exception | None = None, tip: int | None = None
    ) -> None:
        self.name = name
        self.tally = Tally(tip_height=tip)
        self.records = records
        self.error = error
        self.known: Known | None = None
        self.full: bool | None = None

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        assert at == NOON
        self.known, self.full = known, full
        for record in self.records:
            yield record
            await asyncio.sleep(0)
        if self.error:
            raise self.error
        self.tally.counts["requests"] = 3
        self.tally.reads["full_at"] = "2026-03-14"


def knowing(*records: Record) -> Known:
    run = Run(id="20260101T000000Z-0", source="runs", at=NOON)
    return fold(Line(run=run.id, record=record) for record in (run, *records))


def ask(
    *sources: Source, known: Known | None = None, request: RunRequest = REQUEST, **other: object
) -> Collected:
    return asyncio.run(collect(sources, known or knowing(), request, **other))  # type: ignore[arg-type]


def test_what_a_run_found_is_never_made_one_text() -> None:
    """`asyncio.run` makes a repr of its result; of a large store that took more memory than all else."""
    assert "entry" not in repr(ask(Said(PAY, entry("a"), project()))).lower()


def outcomes(collected: Collected) -> dict[str, str]:
    return {asked.source: asked.outcome for asked in collected.batch.asked}


def test_news_of_all_sources_become_one_batch() -> None:
    known = knowing(entry("old"))
    batch = ask(Said(PAY, entry("old"), entry("new")), Said(ANGOR, finding("f"), tip=7), known=known).batch
    assert batch.records == (entry("new"), finding("f"))
    assert [asked.source for asked in batch.asked] == [ANGOR, PAY]
    assert batch.asked[0].counts == {"requests": 3}
    assert batch.asked[0].reads == {"full_at": "2026-03-14"}
    assert (batch.run, batch.at, batch.network, batch.tip_height, batch.demo) == (
        REQUEST.run,
        NOON,
        "regtest",
        7,
        False,
    )


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Unavailable(PAY, "no answer in 30 s"), Outcome.UNAVAILABLE),
        (Invalid(PAY, "not JSON"), Outcome.INVALID),
    ],
)
def test_a_source_that_fails_is_dropped_whole_and_alone(error: Exception, outcome: Outcome) -> None:
    batch = ask(Said(PAY, entry("half"), error=error), Said(ANGOR, finding("f"))).batch
    assert batch.records == (finding("f"),)
    assert outcomes(ask(Said(PAY, error=error), Said(ANGOR))) == {ANGOR: "ok", PAY: outcome}
    assert batch.asked[1].message == error.message  # type: ignore[attr-defined]
    assert batch.asked[1].reads == {}


def test_sources_are_asked_at_the_same_time() -> None:
    meeting = asyncio.Barrier(2)

    class Waiting(Said):
        async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
            await asyncio.wait_for(meeting.wait(), 60)
            async for record in super().collect(known, at=at, full=full):
                yield record

    assert outcomes(ask(Waiting(PAY), Waiting(ANGOR))) == {ANGOR: "ok", PAY: "ok"}


def test_no_source_and_no_log_is_nothing_publishable() -> None:
    down: Sequence[Source] = (
        Said(PAY, error=Unavailable(PAY, "refused")),
        Said(ANGOR, error=Invalid(ANGOR, "odd")),
    )
    with pytest.raises(NothingPublishable, match="btcpay-pay: refused; angor: odd"):
        ask(*down, known=Known())
    assert outcomes(ask(*down, known=knowing())) == {PAY: "unavailable", ANGOR: "invalid"}


def test_a_report_that_lists_nothing_yet_asks_nobody_and_has_a_run() -> None:
    found = ask(known=Known(), then=[Said("rates", rate("2026-03-14"))])
    assert (found.batch.asked, found.batch.records) == ((), ())


def test_a_first_run_without_one_source_has_what_it_has() -> None:
    batch = ask(Said(PAY, entry("a")), Said(ANGOR, error=Unavailable(ANGOR, "down")), known=Known()).batch
    assert batch.records == (entry("a"),)


def test_rates_are_asked_when_the_days_of_this_run_are_known() -> None:
    rates = Said("rates", rate("2026-03-14"))
    known = knowing(entry("old"), entry("stays"))
    batch = ask(Said(PAY, entry("new"), gone(entry("old"))), known=known, then=[rates], request=REQUEST).batch
    assert rates.known is not None
    assert [entry.id for entry in rates.known.of(Entry)] == ["new", "stays"]
    assert Rate in map(type, batch.records)
    assert [asked.source for asked in batch.asked] == [PAY, "rates"]


def test_what_the_gate_refuses_is_kept_out_and_handed_over_for_quarantine() -> None:
    collected = ask(
        Said(PAY, gone(entry("a")), project()), Said(ANGOR, finding("f")), known=knowing(entry("a"))
    )
    assert collected.batch.records == (finding("f"),)
    assert outcomes(collected) == {ANGOR: "ok", PAY: "refused"}
    [refused] = collected.refused
    assert refused.records == (gone(entry("a")), project())
    assert "--accept-drop btcpay-pay/empty/rows-of-money --reason" in collected.batch.asked[1].message


def test_an_accepted_drop_is_recorded_with_its_reason() -> None:
    request = RunRequest(
        run="r", at=NOON, network="regtest", accept={"btcpay-pay/received/well": "wrong store"}
    )
    known = knowing(entry("a"), entry("b"))
    batch = ask(Said(PAY, gone(entry("a"))), known=known, request=request).batch
    assert {record.key[0] for record in batch.records} == {"withdrawn", "finding"}
    assert batch.asked[0].outcome is Outcome.OK
    assert "accepted by the maintainer: wrong store" in batch.asked[0].message


def test_full_and_demo_are_passed_on() -> None:
    source = Said(PAY)
    batch = ask(source, request=RunRequest(run="r", at=NOON, network="regtest", full=True, demo=True)).batch
    assert source.full is True
    assert batch.demo


def test_messages_lose_their_secrets() -> None:
    error = Unavailable(PAY, "token hunter2 was refused")
    batch = ask(Said(PAY, error=error), clean=lambda text: text.replace("hunter2", "•••")).batch
    assert batch.asked[0].message == "token ••• was refused"


def test_progress_says_what_each_source_does_and_how_it_ended() -> None:
    said: list[tuple[str, str, bool]] = []
    many = [entry(f"n{number}") for number in range(501)]
    ask(
        Said(PAY, *many),
        Said(ANGOR, error=Unavailable(ANGOR, "down")),
        progress=lambda *word: said.append(word),
    )
    assert [word for word in said if word[0] == PAY] == [
        (PAY, "asking", False),
        (PAY, "250 records", False),
        (PAY, "500 records", False),
        (PAY, "501 new records", True),
    ]
    assert (ANGOR, "unavailable: down", True) in said


def test_mistakes_of_the_configuration_and_of_our_own_stop_the_run() -> None:
    problem = ConfigError(Problem(path="x", message="wrong key"))
    with pytest.raises(ConfigError, match="wrong key"):
        ask(Said(PAY, error=problem))
    with pytest.raises(ZeroDivisionError):
        ask(Said(PAY, error=ZeroDivisionError()))


def test_bindings_of_a_source_that_does_not_answer_or_is_closed_are_recorded_too() -> None:
    down = Said(PAY, error=Unavailable(PAY, "no answer in 30 s"))
    known = knowing(project(), msgspec.structs.replace(project("btcpay-gone"), id="bread"))
    wish = replace(REQUEST, project_of=lambda place: f"new-{place}", bound="b")
    batch = ask(down, known=known, request=wish).batch
    assert [asked.outcome for asked in batch.asked] == [Outcome.UNAVAILABLE]
    assert batch.records == (
        Binding(id="bread", source="btcpay-gone", project="new-bread"),
        Binding(id="well", source=PAY, project="new-well"),
    )
    assert batch.bound == "b"


class SaidInParts(Said):
    """A source that calls each record whole by itself."""

    async def collect(self, known: Known, *, at: datetime, full: bool) -> AsyncIterator[Record]:
        async for record in super().collect(known, at=at, full=full):
            yield record
            self.tally.whole()


def test_parts_of_a_run_look_at_each_binding_a_few_times_however_many_there_are() -> None:
    wells = [msgspec.structs.replace(project(), id=f"{number:03}") for number in range(50)]
    asked, parts = list[str](), list[Sequence[Record]]()

    def project_of(place: str) -> str:
        asked.append(place)
        return f"new-{place}"

    source = SaidInParts(PAY, *(msgspec.structs.replace(well, title="Deep well") for well in wells))
    wish = replace(REQUEST, project_of=project_of)
    batch = ask(source, known=knowing(*wells), request=wish, journal=lambda part, _: parts.append(part)).batch
    assert [len([record for record in part if isinstance(record, Binding)]) for part in parts] == [
        50,
        *([1] * 49),
    ]
    assert sum(isinstance(record, Binding) for record in batch.records) == 50
    assert len(asked) <= 3 * 50, "each part of the run asked for every project"


def test_records_of_a_kind_are_looked_for_once() -> None:
    known = knowing(project(), entry("a"))
    assert known.of(Entry) is known.of(Entry)
