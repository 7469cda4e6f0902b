"""What is said of a webhook's deliveries, held against a courier that knows what it delivered."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.config import PrivacyConfig
from generator.sandbox.btcpay import BTCPayServer as Sandbox
from generator.sandbox.btcpay import Deeds, Town, build_town
from generator.sandbox.btcpay.courier import DELAYS_S
from generator.sandbox.btcpay.faults import Fault
from generator.sandbox.btcpay.keys import MODIFY_WEBHOOKS, Key
from generator.sandbox.btcpay.webhooks import Webhook
from generator.snapshot import Known
from generator.sources.btcpay.webhook_deliveries import (
    LAST_TRY,
    DeliveryAttempt,
    WebhookReceiver,
    judge_attempts,
    reaches,
    unknown,
)
from tests.support.skipping_loop import SKIPPING
from tests.support.town import EXACT, NOW, collect, logged

pytestmark = pytest.mark.anyio
START = int(NOW.timestamp())
URL = "http://receiver.test/btcpay"
DEBOUNCE = timedelta(minutes=2)


@pytest.fixture
def anyio_backend() -> object:
    return SKIPPING


def sent(stories: list[tuple[int, int, bool]]) -> tuple[list[DeliveryAttempt], list[tuple[bool, int]]]:
    """Play events on a server that sends one at a time; tell its list, and how each ended and when.

    A story: seconds since the event before, tries that fail, and whether a restart loses the rest.
    """
    attempts: list[DeliveryAttempt] = []
    ends: list[tuple[bool, int]] = []
    at = free = START
    for since, failures, lost in stories:
        at += since
        free = max(free, at)
        tries = min(failures, 1) if lost else min(failures, len(DELAYS_S) + 1)
        for number in range(tries):
            attempts.append(DeliveryAttempt(timestamp=at, status="HttpError", delivery_time=free))
            if number < len(DELAYS_S) and not (lost or number + 1 == len(DELAYS_S) + 1):
                free += DELAYS_S[number]
        taken = failures <= len(DELAYS_S) and not (lost and failures)
        if taken:
            attempts.append(DeliveryAttempt(timestamp=at, status="HttpSuccess", delivery_time=free))
        ends.append((taken, free))
        free += 11 if lost and failures else 0  # a server takes longer than that to start
        at = max(at, free) if lost and failures else at
    return attempts[::-1], ends


STORIES = st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 9), st.booleans()), max_size=12)


@given(STORIES, st.lists(st.integers(0, 30_000), max_size=4))
def test_each_event_is_judged_once_and_rightly_however_runs_fall(
    stories: list[tuple[int, int, bool]], runs: list[int]
) -> None:
    attempts, ends = sent(stories)
    moments = [START - 1, *sorted({START + moment for moment in runs}), START + 200_000]
    taken, failed = Counter[int](), 0
    for since, until in pairwise(moments):
        seen = [attempt for attempt in attempts if (attempt.delivery_time or 0) <= until]
        now = [datetime.fromtimestamp(moment, UTC) for moment in (since, until)]
        more, lost = judge_attempts(seen, since=now[0], until=now[1])
        taken, failed = taken + more, failed + lost
    assert taken.total() == sum(end for end, _ in ends)
    assert failed == sum(not end for end, _ in ends)


def test_events_of_one_second_are_told_apart() -> None:
    def at(seconds: int, status: str) -> DeliveryAttempt:
        return DeliveryAttempt(timestamp=START, status=status, delivery_time=START + seconds)

    until = datetime.fromtimestamp(START + 90_000, UTC)
    since = datetime.fromtimestamp(START - 1, UTC)
    good, bad = "HttpSuccess", "HttpError"
    cases = [
        ([at(1, good), at(1, good), at(1, good)], (3, 0)),
        ([at(1, bad), at(11, good), at(11, good)], (2, 0)),  # the first was repeated, the second followed
        ([at(1, bad), at(1, good)], (1, 1)),  # refused for good, then the next event at once
        ([at(1, bad), at(1, bad), at(2, good)], (1, 2)),
        ([at(1, "Failed"), at(11, bad), at(71, bad), at(671, good)], (1, 0)),
        ([at(1, bad), at(50_000, good)], (1, 0)),  # redelivered by hand, before anybody judged it
    ]
    for attempts, (taken, failed) in cases:
        found = judge_attempts(attempts[::-1], since=since, until=until)
        assert (found[0].total(), found[1]) == (taken, failed), attempts


def test_a_list_that_was_cut_is_not_judged() -> None:
    attempts = [
        DeliveryAttempt(timestamp=at, status="HttpSuccess", delivery_time=START + at) for at in range(10)
    ]
    begin = datetime.fromtimestamp(START, UTC)
    assert reaches(attempts, begin, 11)
    assert reaches(attempts, begin, 10)
    assert not reaches(attempts[1:], begin, 9)
    assert reaches([], begin, 9)


async def test_more_tries_than_are_read_are_unknown(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.sources.btcpay.webhook_watch.MOST", 4)
    clock: list[int] = [START]
    shop, receiver = served(town, clock, []), WebhookReceiver(url=URL, debounce=DEBOUNCE)
    known, _, _ = await run(shop, town, Known(), NOW, key=town.careless, receiver=receiver)
    await pay(shop, town, clock, NOW + timedelta(hours=1))  # five events
    later = NOW + timedelta(hours=2)
    known, counts, reads = await run(shop, town, known, later, key=town.careless, receiver=receiver)
    assert (counts["webhook_taken"], reads["webhook"]) == (0, "polling")
    monkeypatch.undo()
    later += timedelta(hours=1)
    _, counts, _ = await run(shop, town, known, later, key=town.careless, receiver=receiver)
    assert counts["webhook_taken"] == 5


def test_only_what_a_receiver_could_remember_is_missed() -> None:
    assert unknown({10: 2, 20: 1, 30: 3}, {20: 1, 30: 1}) == 2
    assert unknown({10: 2}, {}) == 0
    assert unknown({10: 2}, {10: 5}) == 0


@pytest.fixture
def town() -> Town:
    return build_town(7, invoices=60, now=START, deeds=Deeds())


def served(town: Town, clock: list[int], says: list[int]) -> Sandbox:
    """Return a server whose webhook's receiver answers as `says`, then 200."""

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(says.pop(0) if says else 200)

    shop = town.server(
        clock=lambda: clock[0] + int(asyncio.get_running_loop().time()),
        reach=lambda: httpx.AsyncClient(transport=httpx.MockTransport(answer)),
    )
    store = town.stores[0]
    shop.webhooks.put(Webhook(id="ours", store=store, url=URL, secret="s"))
    return shop


async def pay(shop: Sandbox, town: Town, clock: list[int], at: datetime) -> None:
    """Let somebody pay at a time, and the server tell of it for as long as it likes."""
    clock[0] = int(at.timestamp()) - int(asyncio.get_running_loop().time())
    invoice = shop.till.sell(town.stores[0], Decimal(5), "EUR")
    await asyncio.sleep(3)
    paid = town.books.invoices.get(invoice.store, invoice.id)
    assert paid
    assert paid.status == "Settled"
    await shop.till.courier.idle()


async def run(  # noqa: PLR0913 -- what a run depends on
    shop: Sandbox,
    town: Town,
    known: Known,
    at: datetime,
    *,
    key: Key,
    receiver: WebhookReceiver,
    privacy: PrivacyConfig = EXACT,
) -> tuple[Known, Counter[str], dict[str, str]]:
    """Read the town; return what the log says then, and what of it concerns webhooks."""
    transport = httpx.ASGITransport(app=shop.application())
    records, source = await collect(
        town, shop, known=known, at=at, key=key, receiver=receiver, privacy=privacy, transport=transport
    )
    tally = source.sources[0].tally  # of the store that sells
    counts = Counter({name: number for name, number in tally.counts.items() if name.startswith("webhook")})
    reads = {name: text for name, text in tally.reads.items() if name.startswith("webhook")}
    return logged(known, records, source, at), counts, reads


async def test_a_key_that_may_see_deliveries_tells_what_failed(town: Town) -> None:
    clock, says = [START], [200] * 5 + [503] * 9 + [200] * 4 + [404, 200, 503, 200, 200, 200]
    shop = served(town, clock, says)
    # the receiver in this folder will remember all but some events of the third payment
    receiver = WebhookReceiver(url=URL, debounce=DEBOUNCE, taken={})
    known, counts, reads = await run(shop, town, Known(), NOW, key=town.careless, receiver=receiver)
    assert counts == {}
    assert reads == {"webhook": "api,receiver", "webhook_until": "2026-03-17T12:00:00Z"}
    for hour in (1, 3, 6):
        await pay(shop, town, clock, NOW + timedelta(hours=hour))
    [webhook] = shop.webhooks
    taken = Counter(delivery.event.at for delivery in webhook.deliveries if delivery.status == "HttpSuccess")
    third = int((NOW + timedelta(hours=6)).timestamp())
    remembered = {at: number for at, number in taken.items() if at < third}
    receiver = WebhookReceiver(url=URL, debounce=DEBOUNCE, taken=remembered | {max(taken): 1})
    later = NOW + timedelta(hours=9)
    known, counts, reads = await run(shop, town, known, later, key=town.careless, receiver=receiver)
    given_up = len({delivery.original for delivery in webhook.deliveries}) - taken.total()
    missed = sum(number for at, number in taken.items() if at >= third) - 1
    print(f"{len(webhook.deliveries)} tries of 15 events: {counts}")
    assert (counts["webhook_taken"], counts["webhook_failed"]) == (13, 2) == (taken.total(), given_up)
    assert counts["webhook_unknown"] == missed > 0
    assert counts["webhook_payments"] == 3
    assert reads["webhook"] == "polling,api,receiver"
    # nothing is judged twice
    _, counts, _ = await run(
        shop, town, known, later + timedelta(hours=1), key=town.careless, receiver=receiver
    )
    assert (counts["webhook_taken"], counts["webhook_failed"], counts["webhook_payments"]) == (0, 0, 0)


@pytest.mark.parametrize("key", ["reader", "narrow"])
async def test_with_a_key_that_only_reads_polling_tells_what_came_late(town: Town, key: str) -> None:
    clock: list[int] = [START]
    shop, receiver = served(town, clock, []), WebhookReceiver(url=URL, debounce=DEBOUNCE)
    held: Key = getattr(town, key)
    known, counts, reads = await run(shop, town, Known(), NOW, key=held, receiver=receiver)
    assert (counts, reads) == ({}, {"webhook": ""})  # nobody looked before, so nothing can be late
    end = NOW + timedelta(hours=8)
    young = LAST_TRY + DEBOUNCE
    for at in (
        NOW + timedelta(hours=1),
        end - young - timedelta(seconds=60),
        end - young + timedelta(minutes=1),
    ):
        await pay(shop, town, clock, at)
    known, counts, reads = await run(shop, town, known, end, key=held, receiver=receiver)
    assert counts == {"webhook_payments": 3, "webhook_late": 2}
    assert reads == {"webhook": "polling"}
    _, counts, _ = await run(shop, town, known, end + timedelta(hours=8), key=held, receiver=receiver)
    assert counts == {}


async def test_where_publication_is_delayed_nothing_is_said_of_late_payments(town: Town) -> None:
    clock: list[int] = [START]
    shop, receiver = served(town, clock, []), WebhookReceiver(debounce=DEBOUNCE)
    delayed = PrivacyConfig(min_group=1, publish_delay_hours=6)
    known, _, _ = await run(shop, town, Known(), NOW, key=town.narrow, receiver=receiver, privacy=delayed)
    await pay(shop, town, clock, NOW + timedelta(hours=1))
    later = NOW + timedelta(hours=9)
    _, counts, reads = await run(
        shop, town, known, later, key=town.narrow, receiver=receiver, privacy=delayed
    )
    assert (counts, reads) == ({}, {"webhook": ""})


@pytest.mark.parametrize("fault", [Fault.ERROR, Fault.HTML, Fault.TRUNCATED, Fault.FORBIDDEN])
async def test_a_list_that_cannot_be_read_costs_nothing_else_and_is_judged_later(
    town: Town, fault: Fault
) -> None:
    clock: list[int] = [START]
    shop, receiver = served(town, clock, []), WebhookReceiver(url=URL, debounce=DEBOUNCE)
    known, _, _ = await run(shop, town, Known(), NOW, key=town.careless, receiver=receiver)
    await pay(shop, town, clock, NOW + timedelta(hours=1))
    shop.faults.add(fault, path="/webhooks")
    later = NOW + timedelta(hours=2)
    known, counts, reads = await run(shop, town, known, later, key=town.careless, receiver=receiver)
    assert counts == {"webhook_payments": 1}
    assert reads == {"webhook": "polling", "webhook_until": "2026-03-17T12:00:00Z"}
    shop.faults.heal()
    later += timedelta(hours=1)
    _, counts, _ = await run(shop, town, known, later, key=town.careless, receiver=receiver)
    assert (counts["webhook_taken"], counts["webhook_failed"]) == (5, 0)


async def test_a_server_that_tells_no_times_is_not_judged(town: Town) -> None:
    """Before 2.3.4 a delivery says when its event was, not when it was tried."""
    clock: list[int] = [START]
    shop, receiver = served(town, clock, []), WebhookReceiver(url=URL, debounce=DEBOUNCE)
    await pay(shop, town, clock, NOW - timedelta(hours=1))

    def undressed(document: object) -> object:
        rows = document if isinstance(document, list) else []
        for row in rows:
            row.pop("deliveryTime", None)
        return document

    shop.dress = undressed
    _, _, reads = await run(shop, town, Known(), NOW, key=town.careless, receiver=receiver)
    assert reads == {"webhook": ""}


async def test_no_id_of_a_delivery_stays(town: Town) -> None:
    clock: list[int] = [START]
    shop, receiver = served(town, clock, []), WebhookReceiver(url=URL, debounce=DEBOUNCE)
    key = Key(text="k" * 40, permissions=(*town.narrow.permissions, f"{MODIFY_WEBHOOKS}:{town.stores[0]}"))
    shop.keys = (*shop.keys, key)
    await pay(shop, town, clock, NOW - timedelta(hours=1))
    known, _, reads = await run(shop, town, Known(), NOW, key=key, receiver=receiver)
    assert reads["webhook"] == "api"
    kept = repr(known)
    [webhook] = shop.webhooks
    assert all(delivery.id not in kept and delivery.original not in kept for delivery in webhook.deliveries)
    assert URL not in kept
