"""Forgeries by name: what a line says decides nothing that evidence and configuration decide."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import get_args

import msgspec
import pytest

from generator import report
from generator.judge.recorded_chain import RecordedChain
from generator.ledger import AtReceipt, Entry, Kind, Status, Verification
from generator.money import MSAT_PER_BTC
from generator.origin import Origin
from generator.pages.method_page import other_rates
from generator.pages.whose_word import LINES, WHOSE, word_rows
from generator.places import ANGOR
from generator.protocol.proof.header_rules import rules_of
from generator.snapshot import (
    Asked,
    Finding,
    Line,
    OwnNumber,
    Project,
    Rate,
    Record,
    Redaction,
    Result,
    Run,
    Withdrawn,
    fold,
)
from generator.snapshot.takedown import redacted, redactions_of
from generator.verify.bare_rows import unlike
from generator.verify.log_check import read_log
from generator.verify.published_site import Installation
from generator.verify.record_check import check_records
from generator.verify.rederive import check_proof
from generator.verify.results import CheckResult
from generator.verify.site_copy import SiteCopy
from generator.verify.steps import verify
from generator.verify.stores_check import check_stores
from generator.verify.verdict import WordSums, verdict
from generator.verify.word_sums import word_sums
from generator.wording import plain
from tests.support.page_text import without_terms
from tests.verify.forger import Lines, LogTampering, first, lines_of, log_of
from tests.verify.original import Original
from tests.verify.tamperings import of, of_a_server, on_chain, paid_to_a_server, setting, spent_from_nothing

GHOST = "btcpay-0123456789abcdef"


def checks(lines: Lines, original: Original) -> dict[str, CheckResult]:
    """Return what whitelist and judge say of forged lines, without making a site of them."""
    known = fold(lines)
    found = [
        *check_records(lines, known, original.config),
        *check_proof(known, original.config, known.runs[-1]),
    ]
    return {check.name: check for check in found}


def red(lines: Lines, original: Original) -> dict[str, tuple[str, ...]]:
    return {
        name: check.problems
        for name, check in checks(lines, original).items()
        if check.result is Result.FAILED
    }


def added(*records: Record) -> Callable[[Lines], Lines]:
    return lambda lines: [*lines, *(Line(run=lines[-1].run, record=record) for record in records)]


def invented(original: Original, **fields: object) -> Entry:
    place = next(
        line.record.id for line in lines_of(original.copy) if of(Project, source="angor")(line.record)
    )
    said = {
        "id": f"{'ab' * 32}:2",
        "source": "angor",
        "place": place,
        "kind": Kind.INVESTMENT,
        "amount_msat": 1_000 * MSAT_PER_BTC,
        "at": datetime(2025, 12, 1, tzinfo=UTC),
        "status": Status.CONFIRMED,
        "verification": Verification.PROVEN,
    }
    return msgspec.convert(said | fields, Entry)


def test_the_true_log_is_all_within_the_whitelist(original: Original) -> None:
    assert red(lines_of(original.copy), original) == {}


SERVER = "btcpay"
INVENTED = {
    "a source nobody configured": ({"source": "btcpay-ghost"}, "sources", "no such source says this"),
    "a store nobody configured": ({"source": GHOST}, "sources", "no run has read it"),
    "a server, of a project on Angor alone": ({"source": SERVER}, "sources", "no place of this source"),
    "a second Angor source": ({"source": "angor2"}, "sources", "no such source says this"),
    "the chain itself": ({}, "entries-derived", "no evidence gives this row"),
    "an Angor project that is none": ({"place": "angor:nobody"}, "entries-derived", "which is no project"),
}


@pytest.mark.parametrize("who", INVENTED)
def test_an_invented_1000_btc_marked_proven_from(who: str, original: Original) -> None:
    fields, check, told = INVENTED[who]
    if fields.get("source") == SERVER:
        fields = {
            "source": next(line.record.source for line in lines_of(original.copy) if of_a_server(line.record))
        }
    found = red(added(invented(original, **fields))(lines_of(original.copy)), original)
    assert told in found[check][0]


def test_an_invented_1000_btc_marked_proven_fails_the_whole_site(
    original: Original, installation: Installation
) -> None:
    how = LogTampering(edit=added(invented(original, source="btcpay-ghost")))
    forged = SiteCopy(subject="site", files=how.forged(original.copy, original.config), listed=True)
    assert "sources" in verify(forged, installation).failed


def test_a_bitcoin_address_swapped(original: Original) -> None:
    instead = "bcrt1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq0"
    swapped = first(of(Project, source="angor"), setting(address=instead))(lines_of(original.copy))
    assert f"address is '{instead}', evidence says 'bcrt1q" in red(swapped, original)["terms"][0]


def test_worth_that_nobody_could_have_seen(original: Original) -> None:
    def worthy(row: Entry) -> Iterable[Record]:
        seen = AtReceipt(currency="EUR", amount_msat=row.amount_msat, value=Decimal(999_999_999))
        return [msgspec.structs.replace(row, at_receipt=(seen,))]

    found = red(first(on_chain(Kind.INVESTMENT), worthy)(lines_of(original.copy)), original)
    assert "at_receipt is (AtReceipt(currency='EUR'" in found["fields"][0]


def test_a_confirmed_investment_of_4950_btc_spent_from_nothing(original: Original) -> None:
    found = red(spent_from_nothing(lines_of(original.copy), Verification.PROVEN), original)
    assert "verification is proven, evidence says reported" in found["entries-derived"][0]
    # said to be reported it is what an indexer could have said: counted as its word, and named
    lines = spent_from_nothing(lines_of(original.copy))
    assert red(lines, original) == {}
    told = checks(lines, original)["rows-reported"]
    assert told.result is Result.NOT_CHECKED
    assert "by an indexer's word" in told.reason
    before, after = (
        word_sums(report.build(fold(some), original.config, demo=True), fold(some))
        for some in (lines_of(original.copy), lines)
    )
    assert after.proven_msat == before.proven_msat
    assert after.indexer_msat >= before.indexer_msat + 4_949 * MSAT_PER_BTC
    assert "\u202f" not in told.reason, "digits stand apart as on pages"
    # what waits for a block stands beside the sums
    waiting = spent_from_nothing(lines_of(original.copy), status=Status.PENDING)
    assert red(waiting, original) == {}
    words = word_sums(report.build(fold(waiting), original.config, demo=True), fold(waiting))
    assert words.waiting_msat >= before.waiting_msat + 4_949 * MSAT_PER_BTC
    assert words.raised_msat == before.raised_msat
    assert "sat wait for a block, by an indexer's word." in verdict(words, "main")


def test_a_server_s_row_of_more_payments(original: Original) -> None:
    """How many contributions there were is decided with the money, place by place and month by month."""
    counted = first(paid_to_a_server, setting(count=4_000))(lines_of(original.copy))
    found = {check.name: check for check in read_log(log_of(counted)).results}
    assert "payments were decided" in found["store-places"].problems[0]


def of_run(**fields: object) -> Callable[[Lines], Lines]:
    return first(of(Run), setting(**fields))


def of_row(**fields: object) -> Callable[[Lines], Lines]:
    return first(paid_to_a_server, setting(**fields))


LATER = datetime(2099, 1, 1, tzinfo=UTC)
PART = AtReceipt(currency="EUR", amount_msat=10**15, value=Decimal(1))
IMPOSSIBLE: dict[str, tuple[Callable[[Lines], Lines], str, str]] = {
    "a server's row that is an investment": (of_row(kind=Kind.INVESTMENT), "rules", "is on the chain"),
    "a server's row that is proven": (of_row(verification=Verification.PROVEN), "fields", "means nothing"),
    "a server's row with evidence": (of_row(evidence=("ab" * 32,)), "fields", "evidence is"),
    "a server's row in a block": (of_row(height=7, block="00" * 32), "fields", "height is 7"),
    "a server's row of an investor": (of_row(party="02" + "11" * 32, stage=1), "fields", "party is"),
    "a server's row that spends": (of_row(spends=f"{'ab' * 32}:0"), "fields", "spends is"),
    "a payment with a purpose": (of_row(purpose="wages"), "rules", "which only money out has"),
    "a worth of more than the row": (of_row(at_receipt=(PART,)), "rules", "at_receipt values"),
    "a payment of the year 2099": (of_row(at=LATER), "rules", "after its own run"),
    "a row under another name": (of_row(id="rest/today"), "record-ids", "what it says is called"),
    "a row on the chain by a rail": (
        first(on_chain(Kind.INVESTMENT), setting(rail="BTC-CHAIN")),
        "fields",
        "rail is 'BTC-CHAIN'",
    ),
    "a row on the chain of many payments": (
        first(on_chain(Kind.INVESTMENT), setting(count=40)),
        "fields",
        "count is 40",
    ),
    "a shop with an address of its own": (
        first(lambda record: isinstance(record, Project) and of_a_server(record), setting(address="bc1q")),
        "fields",
        "address is 'bc1q'",
    ),
    "a shop that is a fund": (
        first(lambda record: isinstance(record, Project) and of_a_server(record), setting(kind="fund")),
        "rules",
        "kind is fund",
    ),
    "a check that nobody makes": (
        first(of(Finding, check="history"), setting(check="audited", id="audited/x", subject="x")),
        "rules",
        "no such check",
    ),
    "a finding under another name": (
        first(of(Finding, check="history"), setting(subject="x")),
        "record-ids",
        "called history/x",
    ),
    "a check of evidence that no evidence gives": (
        lambda lines: added(
            msgspec.structs.replace(
                next(line.record for line in lines if of(Finding, check="inclusion")(line.record)),
                id=f"inclusion/{'ab' * 32}",
                subject="ab" * 32,
            )
        )(lines),
        "findings-repeated",
        "no evidence gives it",
    ),
    "another reason of a failed check": (
        first(
            lambda record: isinstance(record, Finding) and record.check == "window" and bool(record.reason),
            setting(reason="all is well"),
        ),
        "findings-repeated",
        "'all is well', when repeated",
    ),
    "a withdrawal of what never was": (
        added(Withdrawn(id=f"entry/{'ab' * 32}:2", source="angor", reason="reorganised")),
        "rules",
        "never said",
    ),
    "a redaction of an amount": (
        added(Redaction(id="00" * 32, source="angor", reason="asked for", words=("amount_msat",))),
        "rules",
        "no words of a project",
    ),
    "a run that asked a stranger": (
        of_run(asked=(Asked(source="friend", outcome="ok"),)),
        "rules",
        "no source is called 'friend'",
    ),
    "a run on another network": (of_run(network="main"), "rules", "network is 'main'"),
    "a tip that no chain has": (
        of_run(network="main", tip_height=10**9),
        "rules",
        "no block was higher than",
    ),
    "a price of the 31st of February": (
        first(of(Rate), setting(day="2026-02-31", id="EUR/2026-02-31")),
        "rules",
        "is no price of a day",
    ),
    "a row of a run whose id states no time": (
        lambda lines: [
            line if number else msgspec.structs.replace(line, run=f"0T120000Z{line.run[16:]}")
            for number, line in enumerate(lines)
        ],
        "rules",
        "states no time in its id",
    ),
    "a price of another day": (
        added(
            Rate(
                id="EUR/2025-06-01",
                source="rates",
                currency="EUR",
                day="2025-06-01",
                price=Decimal(5),
                provider="x",
                at=datetime(2025, 6, 1, tzinfo=UTC) - timedelta(days=9),
            )
        ),
        "rules",
        "is not of its day",
    ),
    "a server's own number for the chain": (
        lambda lines: added(
            OwnNumber(
                id="x/2025-06",
                source="angor",
                place=next(line.record.id for line in lines if of(Project, source="angor")(line.record)),
                created_month="2025-06",
                currency="EUR",
                raised=Decimal(1),
                counted=Decimal(1),
                pending=Decimal(0),
            )
        )(lines),
        "sources",
        "no such source says this",
    ),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_what_cannot_be_is_told(name: str, original: Original) -> None:
    edit, check, told = IMPOSSIBLE[name]
    found = red(edit(lines_of(original.copy)), original)
    assert any(told in problem for problem in found.get(check, ())), found


def test_the_verdict_says_whose_word_each_satoshi_is(original: Original) -> None:
    built = report.build(fold(lines_of(original.copy)), original.config, demo=True)
    words = word_sums(built, fold(lines_of(original.copy)))
    figures = built.figures
    assert words.raised_msat == figures["raised"].value
    assert words.proven_msat == figures["proven"].value
    assert words.indexer_msat == figures["reported_chain"].value
    assert words.btcpay_msat == figures["reported_server"].value
    assert words.publisher_msat == 0
    on_chain_waiting = sum(
        entry.amount_msat
        for project in built.projects
        for entry in project.entries
        if on_chain(Kind.INVESTMENT, Status.PENDING)(entry)
    )
    assert words.waiting_msat == on_chain_waiting > 0
    some = WordSums(proven_msat=2_000, btcpay_msat=3_500, indexer_msat=4_000, publisher_msat=1_000)
    assert verdict(some, "main") == (
        "Of 10.500 sat raised, 2 sat are proven, 3.500 sat stand by a BTCPay server's word, 4 sat by an "
        "indexer's word (reported), and the rest, 1 sat, by the publisher's."
    )
    assert "2 sat are proven on a test network" in verdict(some, "signet")


def test_money_of_terms_that_were_taken_down_is_the_publisher_s_word(original: Original) -> None:
    """Any transaction that pays the project's address would pass for an investment, with any outputs."""
    lines = lines_of(original.copy)
    records = [line.record for line in lines]
    place = next(record.place for record in records if on_chain(Kind.INVESTMENT)(record))
    project = next(record for record in records if of(Project, id=place)(record))
    taken = {record.key: record for record in redactions_of(project.event_id, records, "asked for")}
    lines = [Line(run=line.run, record=redacted(line.record, taken)) for line in lines]
    lines += (Line(run=lines[-1].run, record=record) for record in taken.values())
    known = fold(lines)
    built = report.build(known, original.config, demo=True)
    words = word_sums(built, known)
    [own] = [each for each in built.projects if place in {entry.place for entry in each.entries}]
    assert words.publisher_msat == own.figures["proven"].value
    assert words.proven_msat == built.figures["proven"].value - words.publisher_msat
    assert words.raised_msat == built.figures["raised"].value


def test_money_of_a_store_that_is_listed_no_more_is_the_publisher_s_word(original: Original) -> None:
    servers = tuple(
        server.model_copy(update={"stores": ("another",)}) for server in original.config.sources.btcpay
    )
    sources = original.config.sources.model_copy(update={"btcpay": servers})
    config = original.config.model_copy(update={"sources": sources})
    lines = lines_of(original.copy)
    found = {check.name: check for check in check_records(lines, fold(lines), config)}
    assert found["sources"].result is Result.OK
    assert "listed no more" in found["former-stores"].reason


def test_a_rate_of_whom_nobody_asks_is_told(original: Original) -> None:
    lines = lines_of(original.copy)
    assert "former-providers" not in checks(lines, original)
    found = checks(first(of(Rate), setting(provider="rates.example"))(lines), original)["former-providers"]
    assert found.result is Result.NOT_CHECKED
    assert "by rates.example: by the configuration of nobody whom it asks now" in found.reason
    assert "only the publisher's word" in found.reason
    before = report.build(fold(lines), original.config, demo=True)
    forged = first(of(Rate), setting(provider="rates.example"))(lines)
    after = report.build(fold(forged), original.config, demo=True)
    assert [other_rates(before), other_rates(after)] == [[], ["rates.example"]], "the page says so, too"


def test_rates_of_a_file_are_counted_as_the_publisher_s_word(original: Original) -> None:
    rates = original.config.sources.rates.model_copy(update={"provider": ("csv",)})
    sources = original.config.sources.model_copy(update={"rates": rates})
    config = original.config.model_copy(update={"sources": sources})
    lines = lines_of(original.copy)
    found = {check.name: check for check in check_records(lines, fold(lines), config)}["former-providers"]
    count = sum(isinstance(line.record, Rate) for line in lines)
    assert found.reason.startswith(f"{count} rates")
    assert "the publisher's own file" in found.reason


def test_rows_of_terms_that_were_taken_down_are_still_what_transactions_move(original: Original) -> None:
    known = fold(lines_of(original.copy))
    evidence = RecordedChain.of(known, ANGOR, rules_of(original.config.network))
    rows = [entry for entry in known.of(Entry) if entry.source == ANGOR]
    assert {row.kind for row in rows} >= {Kind.INVESTMENT, Kind.FEE, Kind.CLAIM}
    assert [problem for row in rows for problem in unlike(row, evidence)] == []
    row = next(row for row in rows if row.kind is Kind.INVESTMENT)
    for told, fields in {
        "its transaction moves": {"amount_msat": row.amount_msat + 1},
        "its transaction is not published": {"id": f"{'ab' * 32}:2"},
        "moves None sat": {"id": f"{row.id[:64]}:-1"},
        "evidence says otherwise": {"height": 7},
    }.items():
        assert told in next(unlike(msgspec.structs.replace(row, **fields), evidence))


def test_every_kind_of_line_stands_on_the_page(original: Original) -> None:
    assert {*LINES, Finding} == set(get_args(Record))
    assert set(WHOSE) == set(Origin)
    page = without_terms(original.copy.files["verify/index.html"].decode())
    for row in word_rows():
        assert row.words
        assert plain(row.line) in page
        for whose, names in row.words:
            assert f"{plain(whose)}: <code>{names}</code>" in page


def test_a_store_whose_places_do_not_add_up_is_told(original: Original) -> None:
    built = report.build(fold(lines_of(original.copy)), original.config, demo=True)
    assert check_stores(built).problems == ()
    account = next(account for account in built.stores if account.settled.value)
    assert isinstance(account.settled.value, int)
    more = replace(account.settled, value=account.settled.value + 1)
    [problem] = check_stores(replace(built, stores=(replace(account, settled=more),))).problems
    assert problem.startswith(f"{account.settled.id} is {more.value} msat")
