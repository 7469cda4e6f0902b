"""The census of a run: every announced project ends as read, unread, only announced, or of unknown terms."""

from datetime import datetime, timedelta

import httpx
import pytest

from generator.places import angor_place
from generator.protocol.angor.project_identifier import project_script
from generator.protocol.nostr import sign
from generator.snapshot import (
    Announced,
    Asked,
    Cause,
    Census,
    Finding,
    Known,
    Line,
    Outcome,
    Record,
    Run,
    fold,
)
from generator.sources.angor.census import is_due
from generator.sources.angor.moderation import Moderation
from tests.support.angor_reading import AT, angor, collected, of, relay
from tests.support.esplora import Esplora, Fault, Project

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


def said(records: list[Record]) -> tuple[Census, Cause | None, int | None]:
    [announced] = of(records, Announced)
    assert bool(announced.reason) is (announced.outcome is not Census.READ)
    return announced.outcome, announced.cause, announced.at_most_msat


def paid_msat(project: Project) -> int:
    """Add up all that transactions which pay the project and name a key pay beside fee and note, in msat."""
    fee = project_script(project.identifier).hex()
    rows = [row["vout"] for row in project.rows.values() if row["vout"][0]["scriptpubkey"] == fee]
    rows = [vout for vout in rows if len(vout) > 1 and vout[1]["scriptpubkey"].startswith("6a21")]
    noted = [vout for vout in rows if len(vout[1]["scriptpubkey"]) != FOUNDING]
    return 1000 * sum(output["value"] for vout in noted for output in vout[2:])


#: Hex digits of a founding's note: a key of 33 bytes and an event id of 32, each pushed.
FOUNDING = 2 * (1 + 1 + 33 + 1 + 2 + 1 + 32)


def tags(project: Project) -> list[list[str]]:
    return [["d", "angor:deny"], ["p", project.info["nostrPubKey"]]]


def without(project: Project, part: str, *, of: str = "") -> Fault:
    """Refuse one kind of question about a project, or about one transaction of it."""
    theirs = {of} if of else {project.address, *(row["txid"] for row in project.rows.values())}

    def fault(request: httpx.Request) -> httpx.Response | None:
        parts = request.url.path.split("/")
        return httpx.Response(404) if parts[-1] == part and theirs & set(parts) else None

    return fault


async def read(
    project: Project, server: Esplora, *, events: bool = True, known: Known | None = None, at: datetime = AT
) -> list[Record]:
    told = [event for event in project.events if events or event["kind"] != 3030]
    async with relay(told) as url:
        return await collected(angor(url, [server], {project.identifier: "a"}), known, at=at)


async def test_a_project_that_was_read(invest: Project) -> None:
    assert said(await read(invest, Esplora(projects=[invest]))) == (Census.READ, None, None)


async def test_a_lost_event_leaves_unread_what_was_paid(invest: Project) -> None:
    found = said(await read(invest, Esplora(projects=[invest]), events=False))
    assert found[:2] == (Census.UNREAD, Cause.EVENT)
    assert found[2] is not None
    assert found[2] >= paid_msat(invest) > 0


async def test_a_lost_event_of_a_project_that_nobody_paid_bounds_nothing(invest: Project) -> None:
    server = Esplora(projects=[invest])
    server.hidden = {row["txid"] for row in invest.rows.values()} - {invest.txid("creation")}
    assert said(await read(invest, server, events=False)) == (Census.UNKNOWN_TERMS, None, None)


async def test_a_denied_project_that_fails_is_denied_all_the_same(invest: Project) -> None:
    denied = sign(b"\7" * 32, kind=30000, content="", created_at=int(AT.timestamp()) - 9, tags=tags(invest))
    moderation = Moderation(mode="deny", moderators=(denied.pubkey,))
    server = Esplora(projects=[invest], fault=without(invest, "outspends"))
    async with relay([*invest.events, denied.to_obj()]) as url:
        records = await collected(angor(url, [server], {}, discover="all", moderation=moderation))
    assert said(records)[:2] == (Census.UNREAD, Cause.INVESTMENTS)
    checks = {finding.check for finding in of(records, Finding) if finding.place}
    assert checks == {"history", "moderation"}


async def test_transactions_that_no_server_shows(invest: Project) -> None:
    found = said(await read(invest, Esplora(projects=[invest], fault=without(invest, "hex"))))
    assert found[:2] == (Census.UNREAD, Cause.BYTES)
    assert found[2] is not None
    assert found[2] >= paid_msat(invest)


async def test_an_address_that_no_server_lists(invest: Project) -> None:
    found = said(await read(invest, Esplora(projects=[invest], fault=without(invest, "txs"))))
    assert found == (Census.UNREAD, Cause.HISTORY, None)


def test_turns_of_what_is_only_announced_double_up_to_thirty_days() -> None:
    announced = Announced(id="angor:x", source="angor", outcome=Census.UNFOUNDED, since=AT)
    days = [n for n in range(1, 130) if is_due(announced, after=AT + (n - 1) * DAY, at=AT + n * DAY)]
    assert days == [1, 3, 7, 15, 31, 61, 91, 121]
    assert is_due(announced, after=AT + 2 * DAY, at=AT + 20 * DAY)  # turns that nobody took are made up for
    assert not is_due(announced, after=AT, at=AT + timedelta(hours=23))


@pytest.mark.parametrize(("days", "asked"), [(0.5, False), (1, True), (2, False), (3, True)])
async def test_what_is_only_announced_costs_no_request_but_its_turn(
    invest: Project, days: float, *, asked: bool
) -> None:
    place = angor_place(invest.identifier)
    at = AT + days * DAY
    record = Announced(id=place, source="angor", outcome=Census.UNFOUNDED, reason="none", since=AT)
    before = at - DAY if days >= 1 else AT
    run = Run(
        id="r0", source="runs", at=before, asked=(Asked(source="angor", outcome=Outcome.OK),), network="main"
    )
    known = fold([Line(run="r0", record=record), Line(run="r0", record=run)])
    server = Esplora(projects=[])
    async with relay(invest.events) as url:
        records = await collected(angor(url, [server], {}, discover="all"), known, at=at)
    assert any("/address/" in path for path in server.asked) is asked
    assert bool(of(records, Announced)) is asked
