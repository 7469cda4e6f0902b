"""Every way in which indexers differ: the same log, or a sentence that says what is missing."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import pytest

from generator.errors import Unavailable
from generator.sandbox.acts import ActKind
from generator.sandbox.chain import ChainWorld
from generator.sandbox.indexer import PROFILES, Indexer, Quirks, serve_indexer
from generator.sandbox.indexer.quirks import TransactionJson, UnknownCursor
from generator.snapshot import Finding, Record, Result
from generator.snapshot import Project as ProjectRecord
from generator.sources.http import HttpLimits
from tests.support.angor_reading import relay
from tests.support.angor_sandbox import nearby, one_project, played, read
from tests.support.limits import GENEROUS

pytestmark = pytest.mark.anyio

PROJECT = 4  #: has investments of every fate
PATIENT = replace(GENEROUS, attempts=8)
LONG_AGO = "Wed, 01 Jan 2020 00:00:00 GMT"

OVER_ELECTRUM = replace(PROFILES["mempool-fulcrum-old"], page_in_all=4)

#: What changes nothing, even of a server that nobody is beside.
HARMLESS: dict[str, Quirks] = {
    "interface under /api/v1 only": Quirks(prefixes=("/api/v1",)),
    "interface under no prefix": Quirks(prefixes=("",)),
    "pages of 10": Quirks(page=10),
    "pages of 50": Quirks(page=50),
    "pages of 3, each by the transaction before": Quirks(page=3),
    "after_txid ignored": Quirks(page=7, follows_after_txid=False),
    "pages that overlap": Quirks(page=10, overlaps=4),
    "pages in no order": Quirks(page=10, shuffled=True),
    "spends without the spender": Quirks(names_spenders=False),
    "no Merkle branches": Quirks(proves=False),
    "an electrum server": Quirks(page=10, names_spenders=False, proves=False, takes_many=False),
    "plain text in quotation marks": Quirks(quoted=True),
    "every third request refused, to wait 0 s": Quirks(limited_every=3),
    "every fifth request refused, until a date": Quirks(limited_every=5, retry_after=LONG_AGO),
    "every fourth request refused, without saying until when": Quirks(limited_every=4, retry_after=""),
    "a cursor not known at first: page 1 again": replace(OVER_ELECTRUM, forgets_cursors=True),
    "a cursor not known at first: 422": Quirks(
        page_in_all=4, forgets_cursors=True, unknown_cursor=UnknownCursor.REFUSED
    ),
    "a cursor not known at first: an empty page": Quirks(page=4, forgets_cursors=True),
    "waiting rows twice": Quirks(repeats_waiting=True),
    "heights one too high": replace(OVER_ELECTRUM, height_off=1),
    "heights one too low": replace(OVER_ELECTRUM, height_off=-1),
    "hashes that come as a web page": Quirks(html_hashes=True),
    "unspendable outputs that are spent": Quirks(op_return_spent=True, names_spenders=False),
    "nulls, -1 for inputs, spends in any order": Quirks(json=TransactionJson.BLOCKCORE, vin_unknown=True),
}


@cache
def small() -> ChainWorld:
    return one_project(PROJECT)


async def records(*servers: Indexer, limits: HttpLimits = PATIENT) -> list[Record]:
    async with relay([event.to_obj() for event in small().events]) as url:
        return await read(small(), servers, url, limits=limits)


@pytest.fixture(scope="module")
def expected() -> list[Record]:
    return asyncio.run(records(nearby(small())))


@pytest.mark.proof(8)
@pytest.mark.parametrize("quirks", HARMLESS.values(), ids=HARMLESS.keys())
async def test_a_harmless_quirk_changes_nothing(quirks: Quirks, expected: Sequence[Record]) -> None:
    server = nearby(small(), quirks=quirks)
    assert await records(server) == expected
    print(f"{len(expected)} records the same, {len(server.asked)} requests")


def confirmed() -> list[str]:
    """Return the project's investments, the oldest first."""
    acts = played(1)[1]
    slug = small().projects[0].draft.slug
    fees = [act for act in acts if act.project == slug and act.kind is ActKind.FEE]
    return [act.txid for act in fees if act.status.value == "confirmed"]


#: What a server alone cannot make good: it must be said.
INCOMPLETE: dict[str, Callable[[], Quirks]] = {
    "every page is the first": lambda: Quirks(page=5, restarts=True),
    "an empty page in the middle": lambda: Quirks(page=5, hollow=True),
    "a transaction left out of the history": lambda: Quirks(omits=frozenset(confirmed()[:1])),
    "no counts": lambda: Quirks(no_counts=True),
}


@pytest.mark.proof(2)
@pytest.mark.parametrize("quirks", INCOMPLETE.values(), ids=INCOMPLETE.keys())
async def test_what_may_be_missing_is_said(quirks: Callable[[], Quirks], expected: Sequence[Record]) -> None:
    server, honest = nearby(small(), "server", quirks()), nearby(small(), "honest")
    alone = await records(server)
    shown = [record for record in alone if isinstance(record, ProjectRecord)]
    [finding] = [record for record in alone if isinstance(record, Finding) and record.check == "history"]
    assert all(not record.complete for record in shown)  # figures carry "≥"
    assert finding.result is not Result.OK
    print(finding.reason)
    # beside a server that tells all, nothing is lost
    for servers in ((server, honest), (honest, server)):
        beside = await records(*servers)
        assert entries(beside) == entries(expected)


async def test_what_only_the_witness_shows_is_summed_and_said(expected: Sequence[Record]) -> None:
    missing = frozenset(confirmed()[:2])
    forgetful = Quirks(omits=missing, counts_omitted=False)
    server, honest = nearby(small(), "server", forgetful), nearby(small(), "honest")
    alone = await records(server)
    assert not missing & {entry[:64] for entry in entries(alone)}  # nobody can know
    for servers in ((server, honest), (honest, server)):
        found = await records(*servers)
        assert entries(found) == entries(expected)
        [finding] = [record for record in found if isinstance(record, Finding) and record.check == "witness"]
        assert finding.result is Result.FAILED
        assert "2 confirmed transactions are listed by only one of" in finding.reason


def entries(found: Sequence[Record]) -> set[str]:
    return {record.id for record in found if record.key[0] == "entry"}


async def test_a_tip_that_nobody_has_is_not_believed(expected: Sequence[Record]) -> None:
    honest, liar = nearby(small(), "honest"), nearby(small(), "liar")
    liar.quirks = Quirks(claimed_tip=1_000_000_000)
    assert await records(liar, honest) == expected
    assert await records(honest, liar) == expected
    with pytest.raises(Unavailable, match="claims block 1000000000 and does not show it"):
        await records(liar)


async def test_a_server_that_is_behind_is_no_witness(expected: Sequence[Record]) -> None:
    late, honest = nearby(small(), "late", Quirks(lag_blocks=20)), nearby(small(), "honest")
    assert await records(late, honest) == expected
    assert await records(honest, late) == expected
    # three blocks are no reason to leave it out; what it lacks, the other has
    late.quirks = Quirks(lag_blocks=3)
    assert entries(await records(late, honest)) == entries(expected)


@pytest.mark.proof(2)
@pytest.mark.parametrize("after", [0, 1, 10, 25, 35])
async def test_the_next_server_takes_over_when_the_first_one_dies(
    after: int, expected: Sequence[Record]
) -> None:
    with serve_indexer(small(), quirks=Quirks(dies_after=after)) as dying, serve_indexer(small()) as next_one:
        assert await records(dying, next_one, limits=GENEROUS) == expected
        print(f"the first server died after {after} requests, the second answered {len(next_one.asked)}")
        assert len(dying.asked) > after  # it was asked once more, in vain
        assert len(next_one.asked) > 10
